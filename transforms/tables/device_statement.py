"""`device_statement`: statements of the authority about a device and a period."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.tables.common import FACILITY_ID
from transforms.tables.schema import Column, Table
from transforms.tables.statement import STATEMENT, WITHDRAWN

COUNTS_AT = "counts_at"
SOURCE = "derived: drlake device"

_OF_FACILITIES = {column.name: column for column in STATEMENT.columns}

DEVICE_STATEMENT = Table(
    name="device_statement",
    grain="One row per statement of the authority about a device; a withdrawal is one too.",
    key=("statement_id",),
    columns=(
        _OF_FACILITIES["statement_id"],
        Column(
            "statement",
            pa.string(),
            "counts_at: examinations of the device that several facilities have sent count at "
            "this facility; withdrawn: an earlier statement is withdrawn.",
            SOURCE,
            nullable=False,
            allowed=(COUNTS_AT, WITHDRAWN),
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
        replace(_OF_FACILITIES["withdrawn_statement_id"], source=SOURCE),
        replace(_OF_FACILITIES["repetition"], source="derived: statements about devices"),
        replace(
            _OF_FACILITIES["reason"],
            description="Reason in the authority's own words; NULL if none was given.",
        ),
    ),
)
