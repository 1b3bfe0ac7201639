"""`name_review`: what a reviewer has said about decided names of examinations."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.tables.schema import Column, Table
from transforms.tables.statement import STATEMENT

SOURCE = "derived: drlake mapping review"
_OF_FACILITIES = {column.name: column for column in STATEMENT.columns}

NAME_REVIEW = Table(
    name="name_review",
    grain="One row per name of a reviewed check sheet; all rows of a sheet are one statement.",
    key=("statement_id", "modality", "field", "compared_text", "decision"),
    columns=(
        replace(_OF_FACILITIES["statement_id"], source="derived: SHA-256 of the reviewed rows"),
        Column("reviewer", pa.string(), "Person who reviewed the sheet.", SOURCE, nullable=False),
        Column(
            "reviewed_on", pa.date32(), "Day on which the sheet was loaded.", SOURCE, nullable=False
        ),
        Column("modality", pa.string(), "Modality of the name.", SOURCE, nullable=False),
        Column("field", pa.string(), "Field that holds the name.", SOURCE, nullable=False),
        Column("compared_text", pa.string(), "The name as compared.", SOURCE, nullable=False),
        Column(
            "decision", pa.string(), "Rule or row that decided the name.", SOURCE, nullable=False
        ),
        Column(
            "procedure_id",
            pa.string(),
            "Procedure that the name had; NULL if it was decided to be none.",
            SOURCE,
        ),
        Column(
            "n_draws",
            pa.int32(),
            "How often the name was drawn into the sample; 0 if it was listed for doubt only.",
            SOURCE,
            nullable=False,
            minimum=0,
        ),
        Column(
            "is_right", pa.bool_(), "Whether the reviewer says it is right.", SOURCE, nullable=False
        ),
        Column(
            "right_procedure_id",
            pa.string(),
            "Procedure that is right instead; NULL if none is, or if the decision is right.",
            SOURCE,
        ),
        replace(
            _OF_FACILITIES["reason"],
            description="Reason in the reviewer's own words; NULL if none was given.",
            source=SOURCE,
        ),
    ),
)
