"""`device_statement`: statements of the authority about a device and a period."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.tables.common import FACILITY_ID
from transforms.tables.schema import Column, Table

COUNTS_AT, TAKEN_BACK = "counts_at", "withdrawn"
SOURCE = "derived: drlake device"

DEVICE_STATEMENT = Table(
    name="device_statement",
    grain="One row per statement of the authority about a device; a withdrawal is one too.",
    key=("statement_id",),
    columns=(
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
            "counts_at: examinations of the device that several facilities have sent count at "
            "this facility; withdrawn: an earlier statement is withdrawn.",
            SOURCE,
            nullable=False,
            allowed=(COUNTS_AT, TAKEN_BACK),
        ),
        Column(
            "device_key",
            pa.string(),
            "Device, by its key in the nation or at one of the facilities; NULL for a withdrawal.",
            SOURCE,
        ),
        replace(
            FACILITY_ID,
            description="Facility at which the device counts; NULL for a withdrawal.",
            source=SOURCE,
            nullable=True,
        ),
        Column("first_day", pa.date32(), "First study day; NULL without a limit.", SOURCE),
        Column("last_day", pa.date32(), "Last study day; NULL without a limit.", SOURCE),
        Column(
            "withdrawn_statement_id",
            pa.string(),
            "Statement that is withdrawn; NULL if none.",
            SOURCE,
        ),
        Column(
            "repetition",
            pa.int32(),
            "How often the same statement had been made and withdrawn before.",
            "derived: statements about devices",
            nullable=False,
            minimum=0,
        ),
        Column(
            "reason",
            pa.string(),
            "Reason in the authority's own words; NULL if none was given.",
            "derived: --reason",
        ),
    ),
)
