"""`declared_facility`: information a facility declares about itself per year and modality."""

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
    grain="One row per facility, year, modality and load; only the latest load is used.",
    key=("facility_id", "period", "modality", "sequence_number"),
    columns=(
        replace(FACILITY_ID, source=FORM),
        year("period", "Calendar year that the row refers to.", first=2000, nullable=False),
        word("modality", "Kind of equipment.", MODALITIES),
        count(
            "n_examinations",
            "Examinations performed in the year, with or without a dose report; NULL if unknown.",
        ),
        word(
            "has_dose_management_system",
            "Whether the facility uses a dose management system.",
            YES_NO_UNKNOWN,
        ),
        day("dose_training_on", "Date of the last dose training; NULL if none is known."),
        *OF_A_LOAD,
    ),
)
