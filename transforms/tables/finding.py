"""`finding`: a doubtful row, or a doubtful submission as a whole."""

from __future__ import annotations

import pyarrow as pa

from transforms.tables.common import FACILITY_ID, SUBMISSION_ID
from transforms.tables.schema import Column, Table

SEVERITIES = ("flag", "hold")

FINDING = Table(
    name="finding",
    grain="One row per expectation that a row (or a whole table) of a submission fails.",
    key=("submission_id", "finding_index"),
    columns=(
        FACILITY_ID,
        SUBMISSION_ID,
        Column(
            "finding_index",
            pa.int32(),
            "Position in the submission's list of findings, from 1.",
            "derived: order of suite, expectation and row",
            nullable=False,
            minimum=1,
        ),
        Column("table_name", pa.string(), "Table the finding is about.", "derived", nullable=False),
        Column(
            "object_sha256",
            pa.string(),
            "Object that contains the doubtful row; NULL if the finding is about the whole table.",
            "derived",
        ),
        Column(
            "event_index",
            pa.int32(),
            "Event of that object; NULL if the finding is not about an event.",
            "derived",
        ),
        Column(
            "expectation",
            pa.string(),
            "Name of the expectation that failed.",
            "derived: expectations/",
            nullable=False,
        ),
        Column(
            "severity",
            pa.string(),
            "flag: the row is used and counted; hold: the submission, or the object if one is "
            "named, is not used until it is validated again.",
            "derived: expectations/",
            nullable=False,
            allowed=SEVERITIES,
        ),
        Column(
            "observed",
            pa.string(),
            "The doubtful value with its unit, or the share of rows: numbers, column names and "
            "keyed device keys, never text of the report.",
            "derived",
        ),
        Column(
            "reason",
            pa.string(),
            "Why the value is doubtful and what to check, in a sentence.",
            "derived: expectations/",
            nullable=False,
        ),
    ),
)
