"""`submission`: what one pull brought from one facility."""

from __future__ import annotations

import pyarrow as pa

from transforms.tables.common import FACILITY_ID, SUBMISSION_ID
from transforms.tables.schema import Column, Table

SUBMISSION = Table(
    name="submission",
    grain="One row per submission.",
    key=("submission_id",),
    columns=(
        FACILITY_ID,
        SUBMISSION_ID,
        Column(
            "objects_received",
            pa.int32(),
            "Objects this pull brought, duplicates and refused ones included.",
            "derived: count",
            nullable=False,
            minimum=1,
        ),
        Column(
            "bytes_received",
            pa.int64(),
            "Bytes of the objects kept; the copies of one object count once.",
            "derived: sum of sizes",
            unit="By",
            nullable=False,
            minimum=0,
        ),
        Column(
            "objects_decoded",
            pa.int32(),
            "Objects that became a dose report.",
            "derived: count",
            nullable=False,
            minimum=0,
        ),
        Column(
            "first_study_date",
            pa.date32(),
            "Earliest study day among the decoded reports.",
            "derived: minimum of study_date",
        ),
        Column(
            "last_study_date",
            pa.date32(),
            "Latest study day among the decoded reports.",
            "derived: maximum of study_date",
        ),
    ),
)
