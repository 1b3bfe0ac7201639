"""Puts a filled form into the lake: all of it, or nothing.

What a form says of one facility and year stands in a file of its own, numbered. A later form
supersedes the former for that facility and year as a whole; none is edited or removed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.errors import UsageError
from transforms.lake import Lake, arrow_table, parquet_bytes
from transforms.registry import Registered
from transforms.summaries.cells import read_sheet
from transforms.summaries.check import KEY, Row, checked_rows
from transforms.summaries.lists import read_lists
from transforms.tables import FACILITY_SUMMARY

LOCK = "all.summaries"
OF_ONE_LOADING = ("sequence_number", "file_sha256")
"""Columns in which two forms that say the same differ."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of the rows of one facility and year; `is_new` False where they stood there."""

    facility_id: str
    period: int
    rows: int
    sequence_number: int
    is_new: bool


def load_summaries(lake: Lake, path: Path, facilities: Registered = None) -> list[Loaded]:
    """Load a form; UsageError that names every problem, and nothing is written, if there is one."""
    data = _bytes(path)
    rows, problems = checked_rows(read_sheet(path, data), read_lists(), facilities)
    if problems:
        raise UsageError(f"{path.name} is not loaded, nothing of it:\n" + "\n".join(problems))
    lake.prepare()
    digest = hashlib.sha256(data).hexdigest()
    with lake.locked(LOCK):
        return [_put(lake, group, digest) for group in _by_facility_and_period(rows)]


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path.name} cannot be read ({error.strerror}). Name a file.") from None


def _by_facility_and_period(rows: Iterable[Row]) -> list[list[Row]]:
    groups: dict[tuple[str, int], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["facility_id"], row["period"]), []).append(row)
    return [sorted(groups[key], key=_sort_key) for key in sorted(groups)]


def _sort_key(row: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(row[name] or "") for name in KEY)


def _put(lake: Lake, rows: list[Row], digest: str) -> Loaded:
    """Write the rows of one facility and year, unless the form in force says the same."""
    facility_id, period = rows[0]["facility_id"], rows[0]["period"]
    before = lake.summary_files(facility_id, period)
    if before and _said(lake.read_rows(before[-1])) == _said(_as_read(rows)):
        return Loaded(facility_id, period, len(rows), len(before), is_new=False)
    number = len(before) + 1
    made = [{**row, "sequence_number": number, "file_sha256": digest} for row in rows]
    path = lake.summaries_path(f"{facility_id}.{period}.{number:06}")
    lake.write_bytes(path, parquet_bytes(FACILITY_SUMMARY, made))
    return Loaded(facility_id, period, len(rows), number, is_new=True)


def _as_read(rows: list[Row]) -> list[Row]:
    """The rows as they come back from the lake."""
    back: list[Row] = arrow_table(FACILITY_SUMMARY, rows).to_pylist()
    return back


def _said(rows: Iterable[Row]) -> list[Row]:
    return [{n: v for n, v in row.items() if n not in OF_ONE_LOADING} for row in rows]
