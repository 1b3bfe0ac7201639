"""`declared_training`: courses that were held, and for how many."""

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
    grain="One row per course, audience, country, year and load; the newest load counts as a "
    "whole.",
    key=(
        *("year", "provider", "manufacturer", "curriculum_id", "course", "audience", "country"),
        "sequence_number",
    ),
    columns=(
        year("year", "Calendar year of the sessions.", first=2000, nullable=False),
        word("provider", "Who held the course."),
        text("manufacturer", "Maker whose devices it is about; NULL where about none."),
        text("curriculum_id", "Curriculum, as in curricula.csv; NULL where it follows none."),
        word("course", "Title of the course."),
        word("audience", "Whom it was for.", AUDIENCES),
        COUNTRY,
        count("n_sessions", "Sessions held; NULL where not known."),
        count("n_participants", "Persons who took part; NULL where not known."),
        EVIDENCE_URI,
        *OF_A_LOAD,
    ),
)
