"""`submission`: the objects received from one facility in one pull."""

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
            "Objects received in this pull, including duplicates and refused ones.",
            "derived: count",
            nullable=False,
            minimum=1,
        ),
        Column(
            "bytes_received",
            pa.int64(),
            "Bytes of the objects kept; copies of an object count once.",
            "derived: sum of sizes",
            unit="By",
            nullable=False,
            minimum=0,
        ),
        Column(
            "objects_decoded",
            pa.int32(),
            "Objects that were decoded as a dose report.",
            "derived: count",
            nullable=False,
            minimum=0,
        ),
        Column(
            "first_study_date",
            pa.date32(),
            "Earliest study date of the decoded reports; dates after the day of the validation "
            "are left out.",
            "derived: minimum of study_date",
        ),
        Column(
            "last_study_date",
            pa.date32(),
            "Latest study date of the decoded reports; dates after the day of the validation are "
            "left out.",
            "derived: maximum of study_date",
        ),
    ),
)
