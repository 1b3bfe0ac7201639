"""`facility_pull`: what the last visit to a facility's export came to."""

from __future__ import annotations

import pyarrow as pa

from transforms.tables.common import FACILITY_ID
from transforms.tables.schema import Column, Table

PULL_STAGE = "pull"
PULL_OUTCOMES = ("reached", "failed")


def _files(name: str, description: str) -> Column:
    return Column(name, pa.int64(), description, "derived: count", nullable=False, minimum=0)


FACILITY_PULL = Table(
    name="facility_pull",
    grain="One row per facility: its last visit. A later visit takes the place of an earlier one.",
    key=("facility_id",),
    columns=(
        FACILITY_ID,
        Column(
            "outcome",
            pa.string(),
            "reached: what was complete and new has been received; failed: nothing has, and what "
            "had arrived is kept for the next visit.",
            "derived",
            nullable=False,
            allowed=PULL_OUTCOMES,
        ),
        Column(
            "reason_code",
            pa.string(),
            "Why the visit failed, or why files were left for the next one; NULL if neither.",
            "derived: transforms/reasons.py",
        ),
        _files(
            "files_listed",
            "Files that stood at the export or in its manifest, ignored ones left out; they are "
            "received or incomplete.",
        ),
        _files("files_received", "Those received, by this visit or an earlier one."),
        _files("files_incomplete", "Files left for the next visit: still being written."),
        _files("files_ignored", "Hidden files, .part, .filepart, .tmp, .done and manifests."),
    ),
)
