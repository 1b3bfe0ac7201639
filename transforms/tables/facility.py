"""`facility`: who may submit, as the authority's registry says."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.tables.common import FACILITY_ID
from transforms.tables.schema import Column, Table

CADENCES = ("daily", "weekly", "monthly", "quarterly", "yearly")
ALLOWANCES = ("institution", "serial_number")
FACILITY_TYPES = ("university_hospital", "hospital", "clinic", "practice", "screening_unit")

_SOURCE = "derived: facility registry"


def _text(name: str, description: str, allowed: tuple[str, ...] = ()) -> Column:
    return Column(name, pa.string(), description, _SOURCE, nullable=False, allowed=allowed)


FACILITY = Table(
    name="facility",
    grain="One row per facility of the registry; its address and its contact stay there.",
    key=("facility_id",),
    columns=(
        replace(FACILITY_ID, source=_SOURCE),
        _text("name", "The facility's name."),
        _text("country", "ISO 3166-1 alpha-2 code of the country."),
        _text("region", "Region of the country, in the authority's words."),
        _text("facility_type", "What kind of facility it is.", FACILITY_TYPES),
        _text("cadence", "How often it has agreed to send.", CADENCES),
        Column(
            "allows",
            pa.string(),
            "What its agreement lets through the identity check, words with a space between them; "
            "NULL where nothing.",
            _SOURCE,
        ),
        Column(
            "registered_devices",
            pa.int32(),
            "Number of devices registered to it.",
            _SOURCE,
            nullable=False,
            minimum=0,
        ),
        Column("since", pa.date32(), "First day on which it takes part.", _SOURCE, nullable=False),
        Column("until", pa.date32(), "Last day on which it takes part; NULL if open.", _SOURCE),
    ),
)
