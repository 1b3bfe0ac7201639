"""Holds reports whose study day is later than the day of validation, one by one.

A de-identifier may move a study to a later day of its quarter, and a device's clock may be wrong.
Such a report waits: each later validation looks at it again, and accepts it once its day has come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.findings import Finding
from transforms.lake.lake import Lake
from transforms.reasons.objects import REASON_BY_CODE, STUDY_DATE_IN_FUTURE
from transforms.tables import DOSE_REPORT

EXPECTATION = "study_date_not_in_future"


def later_objects(reports: pa.Table, as_of: dt.date) -> frozenset[str]:
    """SHA-256 of the reports with a study date after this day, in the local time of the study."""
    is_later = pc.greater(_study_dates(reports), pa.scalar(as_of, pa.date32()))
    return frozenset(reports.filter(is_later).column("object_sha256").to_pylist())


def without_objects(table: pa.Table, objects: Collection[str]) -> pa.Table:
    """The rows of all other objects; the same table if there are none to leave out."""
    if not objects:
        return table
    is_left_out = pc.is_in(table.column("object_sha256"), pa.array(sorted(objects), pa.string()))
    return table.filter(pc.invert(is_left_out))


def findings_of_later(objects: Iterable[str]) -> list[Finding]:
    """One finding for each report that is held."""
    return [
        {
            "table_name": DOSE_REPORT.name,
            "object_sha256": sha256,
            "event_index": None,
            "expectation": EXPECTATION,
            "severity": "hold",
            "observed": None,
            "reason": REASON_BY_CODE[STUDY_DATE_IN_FUTURE].mend,
        }
        for sha256 in sorted(objects)
    ]


def submission_rows(submission: pa.Table, reports: pa.Table) -> list[dict[str, Any]]:
    """The submission's row with the first and last study date of these reports."""
    days = [day for day in _study_dates(reports).to_pylist() if day is not None]
    span = {
        "first_study_date": min(days, default=None),
        "last_study_date": max(days, default=None),
    }
    return [{**row, **span} for row in submission.to_pylist()]


def _study_dates(reports: pa.Table) -> pa.ChunkedArray:
    """The study dates; all NULL if the table lacks the column, for which its submission is held."""
    if "study_date" in reports.column_names:
        return reports.column("study_date")
    return pa.chunked_array([pa.nulls(reports.num_rows, pa.date32())])


def submissions_to_repeat(lake: Lake, facility_id: str | None, as_of: dt.date) -> list[str]:
    """Submissions with a report that was held for its study day, if that day has come by now."""
    return [
        name
        for name in lake.submissions("validate", facility_id)
        if (held := _held_for_its_day(lake, name))
        and held != later_objects(lake.read_table("decoded", DOSE_REPORT, name), as_of)
    ]


def _held_for_its_day(lake: Lake, submission_id: str) -> frozenset[str]:
    """SHA-256 of the objects that the last validation held for their study day."""
    rows = lake.read_outcomes("validate", submission_id)
    held = rows.filter(pc.equal(rows.column("reason_code"), STUDY_DATE_IN_FUTURE))
    return frozenset(held.column("object_sha256").to_pylist())
