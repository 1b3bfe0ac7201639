"""`statement`: statements of a facility about objects that it sent."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.tables.common import FACILITY_ID, OBJECT_SHA256
from transforms.tables.schema import Column, Table

WITHDRAWN = "withdrawn"
STATEMENTS = ("retracted", "superseded", "confirmed_same", "confirmed_other", WITHDRAWN)

STATEMENT = Table(
    name="statement",
    grain="One row per statement of a facility about an object; a withdrawal is a statement too.",
    key=("facility_id", "statement_id"),
    columns=(
        FACILITY_ID,
        Column(
            "statement_id",
            pa.string(),
            "Identifier of the statement, in hexadecimal; statements with the same content have "
            "the same identifier.",
            "derived: SHA-256 of the content",
            nullable=False,
        ),
        Column(
            "statement",
            pa.string(),
            "retracted: the object must not be used; superseded: the other object replaces it; "
            "confirmed_same, confirmed_other: the examination is, or is not, one that was also "
            "sent under other UIDs; withdrawn: an earlier statement about the object is "
            "withdrawn.",
            "derived: drlake retract, supersede, confirm, withdraw",
            nullable=False,
            allowed=STATEMENTS,
        ),
        replace(
            OBJECT_SHA256, description="SHA-256 checksum of the object that the statement is about."
        ),
        Column(
            "other_object_sha256",
            pa.string(),
            "Object that replaces it; NULL if the statement names none.",
            "derived: drlake supersede",
        ),
        Column(
            "withdrawn_statement_id",
            pa.string(),
            "Statement that is withdrawn; NULL if none.",
            "derived: drlake withdraw",
        ),
        Column(
            "repetition",
            pa.int32(),
            "How often the same statement had been made and withdrawn before.",
            "derived: statements of the facility",
            nullable=False,
            minimum=0,
        ),
        Column(
            "reason",
            pa.string(),
            "Reason in the facility's own words; NULL if none was given.",
            "derived: --reason",
        ),
    ),
)
