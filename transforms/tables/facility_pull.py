"""`facility_pull`: result of the last visit to each facility's export."""

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
    grain="One row per facility: its last visit. A later visit replaces an earlier one.",
    key=("facility_id",),
    columns=(
        FACILITY_ID,
        Column(
            "outcome",
            pa.string(),
            "reached: all complete new files were received; failed: none were, and files that "
            "had arrived are kept for the next visit.",
            "derived",
            nullable=False,
            allowed=PULL_OUTCOMES,
        ),
        Column(
            "reason_code",
            pa.string(),
            "Reason code if the visit failed or files were left for the next visit; NULL "
            "otherwise.",
            "derived: transforms/reasons/objects.py",
        ),
        _files(
            "files_listed",
            "Files at the export or in its manifest, without ignored ones; each is received or "
            "incomplete.",
        ),
        _files("files_received", "Files received, in this visit or an earlier one."),
        _files(
            "files_incomplete",
            "Files left for the next visit because they are still being written.",
        ),
        _files(
            "files_ignored",
            "Ignored files: hidden files, .part, .filepart, .tmp, .done and manifests.",
        ),
    ),
)
