"""`submission` with counts of refused objects and of rows that must agree."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from expectations.views.frames import FLOAT, Frame, SubmissionTables, to_frame, with_row_numbers

FOREIGN_REASONS = frozenset(
    {
        *("not_dicom", "not_dose_report", "object_too_large"),
        *("modality_not_supported", "patient_rdsr_not_supported", "enhanced_rdsr_not_supported"),
    }
)
"""Reasons of objects that are not supported dose reports and are not counted as refused ones."""

SMALL_SUBMISSION = 20
"""Below this number of reports a share is not meaningful: one report in ten is 10 %."""


def submission_frame(tables: SubmissionTables) -> Frame:
    """The submission's row with the counts that `expectations.policy.submissions` checks.

    `refused_share` is the share of refused objects among those meant as dose reports (decoded or
    refused, without foreign objects and duplicates). `refused_share_of_many` is the same, but NULL
    if there are fewer than SMALL_SUBMISSION or if nothing was decoded, since then there is nothing
    to hold.
    """
    frame = with_row_numbers(to_frame(tables.submission))
    decoded = set(decoded_objects(tables.decoded))
    refused = _count_refused(tables.received) + _count_refused(tables.decoded)
    meant = refused + len(decoded)
    share = refused / meant if meant else None
    frame["objects_refused"] = refused
    frame["objects_meant"] = meant
    frame["refused_share"] = _constant(frame, share)
    is_judged = bool(decoded) and meant >= SMALL_SUBMISSION
    frame["refused_share_of_many"] = _constant(frame, share if is_judged else None)
    frame["objects_without_report"] = len(decoded ^ _objects(tables.reports))
    frame["rows_without_report"] = _rows_without_report(tables)
    return frame


def decoded_objects(outcomes: pa.Table) -> list[str]:
    """SHA-256 of the objects whose outcome is `decoded`, in the order of the outcomes."""
    rows = outcomes.select(["object_sha256", "outcome"]).to_pylist()
    return [row["object_sha256"] for row in rows if row["outcome"] == "decoded"]


def _count_refused(outcomes: pa.Table) -> int:
    """Number of objects quarantined for other reasons than FOREIGN_REASONS."""
    rows = outcomes.select(["outcome", "reason_code"]).to_pylist()
    return sum(
        row["outcome"] == "quarantined" and row["reason_code"] not in FOREIGN_REASONS
        for row in rows
    )


def _objects(table: pa.Table) -> set[str]:
    return set(table.column("object_sha256").to_pylist())


def _rows_without_report(tables: SubmissionTables) -> int:
    """Number of events and totals of objects without a row in `dose_report`."""
    reports = _objects(tables.reports)
    parts = (
        *(tables.events, tables.accumulated, tables.xray_events, tables.xray_accumulated),
        *(tables.breast_accumulated, tables.administrations),
    )
    return sum(
        item not in reports for part in parts for item in part.column("object_sha256").to_pylist()
    )


def _constant(frame: Frame, value: float | None) -> pd.Series:
    """The same value, or NULL, in every row."""
    return pd.Series([value] * len(frame), index=frame.index, dtype=FLOAT)
