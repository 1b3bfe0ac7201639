"""`facility`: facilities that may submit, from the authority's registry."""

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
    grain="One row per facility of the registry; address and contact are not copied.",
    key=("facility_id",),
    columns=(
        replace(FACILITY_ID, source=_SOURCE),
        _text("name", "Name of the facility."),
        _text("country", "ISO 3166-1 alpha-2 code of the country."),
        _text("region", "Region of the country, as named by the authority."),
        _text("facility_type", "Type of facility.", FACILITY_TYPES),
        _text("cadence", "Agreed frequency of submissions.", CADENCES),
        Column(
            "allows",
            pa.string(),
            "Kinds of identifiers that the facility's agreement allows in the identity check, "
            "separated by a space; NULL if none.",
            _SOURCE,
        ),
        Column(
            "registered_devices",
            pa.int32(),
            "Number of devices registered to the facility.",
            _SOURCE,
            nullable=False,
            minimum=0,
        ),
        Column("since", pa.date32(), "First day of participation.", _SOURCE, nullable=False),
        Column("until", pa.date32(), "Last day of participation; NULL if open-ended.", _SOURCE),
    ),
)
