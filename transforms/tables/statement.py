"""`statement`: what a facility says of an object that it sent."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.tables.common import FACILITY_ID, OBJECT_SHA256
from transforms.tables.schema import Column, Table

WITHDRAWN = "withdrawn"
STATEMENTS = ("retracted", "superseded", "confirmed_same", "confirmed_other", WITHDRAWN)

STATEMENT = Table(
    name="statement",
    grain="One row per statement of a facility about one object; what takes one back is another.",
    key=("facility_id", "statement_id"),
    columns=(
        FACILITY_ID,
        Column(
            "statement_id",
            pa.string(),
            "What a person calls the statement by: equal for what says the same, in hexadecimal.",
            "derived: SHA-256 of what is stated",
            nullable=False,
        ),
        Column(
            "statement",
            pa.string(),
            "retracted: the object is not to be used; superseded: the other object stands in its "
            "place; confirmed_same, confirmed_other: the examination is, or is not, one that was "
            "sent under other UIDs too; withdrawn: an earlier statement about it is taken back.",
            "derived: drlake retract, supersede, confirm, withdraw",
            nullable=False,
            allowed=STATEMENTS,
        ),
        replace(OBJECT_SHA256, description="SHA-256 of the object that the statement is about."),
        Column(
            "other_object_sha256",
            pa.string(),
            "Object that stands in its place; NULL where the statement names none.",
            "derived: drlake supersede",
        ),
        Column(
            "withdrawn_statement_id",
            pa.string(),
            "Statement that is taken back; NULL where none is.",
            "derived: drlake withdraw",
        ),
        Column(
            "repetition",
            pa.int32(),
            "How often the same had been stated and taken back before.",
            "derived: statements of the facility",
            nullable=False,
            minimum=0,
        ),
        Column(
            "reason",
            pa.string(),
            "Why, in the words of who stated it; NULL where nothing was said.",
            "derived: --reason",
        ),
    ),
)
