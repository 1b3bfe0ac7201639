"""Writes the verdict on a submission: its findings, its outcomes, and the accepted tables.

The outcomes of stage validate are removed first and written last, after all other files are on the
disk: if a run is interrupted in between, the next run validates the submission again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pyarrow as pa

from expectations.findings import Finding
from expectations.later_days import submission_rows, without_objects
from expectations.verdict import SubmissionVerdict
from expectations.views import SubmissionTables
from transforms.lake import commit_points
from transforms.lake.commit_points import CommitPoint
from transforms.lake.lake import ZONES, Lake, table_bytes
from transforms.reasons.objects import STUDY_DATE_IN_FUTURE, SUBMISSION_HELD
from transforms.tables import FINDING, OBJECT_OUTCOME, REPORT_TABLES, SUBMISSION
from transforms.tables.schema import Table


def write_verdict(
    lake: Lake,
    verdict: SubmissionVerdict,
    findings: Sequence[Finding],
    tables: SubmissionTables,
    later: Collection[str],
) -> None:
    """Write everything that follows from a verdict; `later` are objects held for their day."""
    submission_id = verdict.submission_id
    rows = submission_rows(tables.submission, without_objects(tables.reports, later))
    lake.withdraw_outcomes("validate", submission_id)
    with lake.flush_at_end():
        lake.write_table("validated", FINDING, submission_id, findings, flush=False)
        lake.write_table("validated", SUBMISSION, submission_id, rows, flush=False)
        commit_points.announce(CommitPoint.FINDINGS_WRITTEN)
        for table in ZONES["decoded"]:
            _accept(lake, table, verdict, later)
            commit_points.announce(CommitPoint.TABLE_ACCEPTED)
    commit_points.announce(CommitPoint.ACCEPTED_FLUSHED)
    lake.write_outcomes("validate", submission_id, _outcomes(verdict, tables.decoded, later))
    commit_points.announce(CommitPoint.VALIDATED)


def _accept(lake: Lake, table: Table, verdict: SubmissionVerdict, later: Collection[str]) -> None:
    """Copy a decoded table to the accepted zone without the rows of objects with a later day.

    The table is removed from there if the submission is held now.
    """
    accepted = lake.table_path("accepted", table, verdict.submission_id)
    if verdict.is_held:
        lake.remove(accepted)
        return
    data = lake.read_bytes(lake.table_path("decoded", table, verdict.submission_id))
    if later and table in REPORT_TABLES:
        rows = lake.read_table("decoded", table, verdict.submission_id)
        data = table_bytes(without_objects(rows, later))
    lake.write_bytes(accepted, data, flush=False)


def _outcomes(
    verdict: SubmissionVerdict, decoded: pa.Table, later: Collection[str]
) -> list[dict[str, Any]]:
    """One outcome row per decoded object, in the order of decoding."""
    rows = decoded.select(list(OBJECT_OUTCOME.column_names)).to_pylist()
    return [
        {**row, **_ending(verdict, row["object_sha256"] in later)}
        for row in rows
        if row["outcome"] == "decoded"
    ]


def _ending(verdict: SubmissionVerdict, is_later: bool) -> dict[str, Any]:
    """Outcome and reason of one object."""
    ended: dict[str, Any] = {"stage": "validate", "outcome": "accepted", "reason_code": None}
    if is_later:
        ended |= {"outcome": "held", "reason_code": STUDY_DATE_IN_FUTURE}
    elif verdict.is_held:
        ended |= {"outcome": "held", "reason_code": SUBMISSION_HELD}
    return {**ended, "detail": None if is_later else verdict.reason_code}
