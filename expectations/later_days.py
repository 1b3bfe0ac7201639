"""Holds reports whose study day is later than the day of validation, one by one.

A de-identifier may move a study to a later day of its quarter, and a device's clock may be wrong.
Such a report waits: each later validation looks at it again, and accepts it once its day has come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from expectations.findings import Finding
from transforms.lake.compacted import is_compacted
from transforms.lake.known import FILE, Known
from transforms.lake.lake import Lake
from transforms.lake.listings import Found
from transforms.lake.stored_tables import PARTITION, table_of_bytes
from transforms.reasons.objects import REASON_BY_CODE, STUDY_DATE_IN_FUTURE
from transforms.tables import DOSE_REPORT

EXPECTATION = "study_date_not_in_future"
N_HELD = "n_held"
HELD = pa.schema({N_HELD: pa.int64()})


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
    facilities = lake.facilities("outcomes", "validate") if facility_id is None else [facility_id]
    return [
        name
        for one in facilities
        for name in _with_held_objects(lake, one)
        if _held_for_its_day(lake.read_outcomes("validate", name))
        != later_objects(lake.read_table("decoded", DOSE_REPORT, name), as_of)
    ]


def _with_held_objects(lake: Lake, facility_id: str) -> list[str]:
    """Submissions with an object that is held for its study day; none of them is compacted."""
    listed = lake.listed("outcomes", "validate", f"{PARTITION}{facility_id}")
    found = lake.in_force("outcomes/validate", listed)
    own = [one for one in found if not is_compacted(one.stem)]

    def read(fresh: Sequence[Found]) -> Iterator[pa.Table]:
        for data in lake.read_many(one.path for one in fresh):
            yield pa.table({N_HELD: [len(_held_for_its_day(table_of_bytes(data)))]}, HELD)

    rows = Known(lake, "held", facility_id, dict(zip(HELD.names, HELD.types, strict=True)), read)
    held = [row[FILE] for row in rows.rows(own).to_pylist() if row[N_HELD]]
    return sorted(PurePosixPath(path).stem for path in held)


def _held_for_its_day(rows: pa.Table) -> frozenset[str]:
    """SHA-256 of the objects that the last validation held for their study day."""
    held = rows.filter(pc.equal(rows.column("reason_code"), STUDY_DATE_IN_FUTURE))
    return frozenset(held.column("object_sha256").to_pylist())
