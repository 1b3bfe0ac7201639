"""`statement`: what a facility says of an object that it sent."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.schema import Column, Table
from transforms.tables.common import FACILITY_ID, OBJECT_SHA256

STATEMENTS = ("retracted", "superseded", "confirmed_same", "confirmed_other")

STATEMENT = Table(
    name="statement",
    grain="One row per statement of a facility about one object; none is ever taken back.",
    key=("facility_id", "statement", "object_sha256", "other_object_sha256"),
    columns=(
        FACILITY_ID,
        Column(
            "statement",
            pa.string(),
            "retracted: the object is not to be used; superseded: the other object stands in its "
            "place; confirmed_same, confirmed_other: the examination is, or is not, one that was "
            "sent under other UIDs too.",
            "derived: drlake retract, supersede, confirm",
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
            "reason",
            pa.string(),
            "Why, in the words of who stated it; NULL where nothing was said.",
            "derived: --reason",
        ),
    ),
)
