"""`declared_facility`: what a facility says of itself for one year and modality."""

from __future__ import annotations

from dataclasses import replace

from transforms.tables.common import FACILITY_ID
from transforms.tables.declared.common import (
    FORM,
    OF_A_LOAD,
    YES_NO_UNKNOWN,
    count,
    day,
    word,
    year,
)
from transforms.tables.dose_report import MODALITIES
from transforms.tables.schema import Table

DECLARED_FACILITY = Table(
    name="declared_facility",
    grain="One row per facility, year, modality and load; the newest load counts as a whole.",
    key=("facility_id", "period", "modality", "sequence_number"),
    columns=(
        replace(FACILITY_ID, source=FORM),
        year("period", "Calendar year it is stated for.", first=2000, nullable=False),
        word("modality", "Kind of equipment.", MODALITIES),
        count(
            "n_examinations",
            "Examinations done in the year, with a dose report or without; NULL where not known.",
        ),
        word(
            "has_dose_management_system",
            "Whether a system collects and shows its doses.",
            YES_NO_UNKNOWN,
        ),
        day("dose_training_on", "Day of the last training about dose; NULL where none is known."),
        *OF_A_LOAD,
    ),
)
