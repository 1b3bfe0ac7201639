"""`device_statement`: statements of the authority about a device and a period."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.tables.common import FACILITY_ID
from transforms.tables.schema import Column, Table
from transforms.tables.statement import STATEMENT, WITHDRAWN

COUNTS_AT = "counts_at"
KEEP_IN_LEVELS, LEAVE_OUT_OF_LEVELS = "keep_in_levels", "leave_out_of_levels"
NOT_USED = "not_used"
ABOUT_VALUES = (KEEP_IN_LEVELS, LEAVE_OUT_OF_LEVELS, NOT_USED)
"""Statements about the values of one device of one facility."""

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
            "this facility; keep_in_levels: its values are right and stay in the national levels; "
            "leave_out_of_levels: they do not enter them; not_used: its examinations enter no "
            "statistic; withdrawn: an earlier statement is withdrawn.",
            SOURCE,
            nullable=False,
            allowed=(COUNTS_AT, *ABOUT_VALUES, WITHDRAWN),
        ),
        Column(
            "device_key",
            pa.string(),
            "Device, by its key in the nation or at one of the facilities; NULL for a withdrawal.",
            SOURCE,
        ),
        replace(
            FACILITY_ID,
            description="Facility of the device, or at which it counts; NULL for a withdrawal.",
            source=SOURCE,
            nullable=True,
        ),
        Column(
            "drl_quantity",
            pa.string(),
            "DRL quantity that a statement about values concerns; NULL for all.",
            SOURCE,
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
