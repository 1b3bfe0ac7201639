"""`declared_training`: training courses held, with sessions and participants."""

from __future__ import annotations

from transforms.tables.declared.common import (
    COUNTRY,
    EVIDENCE_URI,
    OF_A_LOAD,
    count,
    text,
    word,
    year,
)
from transforms.tables.schema import Table

AUDIENCES = ("radiologist", "technologist", "physicist", "own_staff", "other")

DECLARED_TRAINING = Table(
    name="declared_training",
    grain="One row per course, audience, country, year and load; only the latest load is used.",
    key=(
        *("year", "provider", "manufacturer", "curriculum_id", "course", "audience", "country"),
        "sequence_number",
    ),
    columns=(
        year("year", "Calendar year of the sessions.", first=2000, nullable=False),
        word("provider", "Organisation that held the course."),
        text(
            "manufacturer",
            "Manufacturer whose devices the course covers; NULL if not specific to one.",
        ),
        text("curriculum_id", "Curriculum, as in curricula.csv; NULL if the course follows none."),
        word("course", "Title of the course."),
        word("audience", "Audience of the course.", AUDIENCES),
        COUNTRY,
        count("n_sessions", "Number of sessions held; NULL if unknown."),
        count("n_participants", "Number of participants; NULL if unknown."),
        EVIDENCE_URI,
        *OF_A_LOAD,
    ),
)
