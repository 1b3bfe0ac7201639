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
from transforms.forms.lines import Row
from transforms.forms.loads import put
from transforms.forms.summaries.check import KEY, checked_rows
from transforms.forms.summaries.lists import read_lists
from transforms.forms.summaries.template import FORM_SHEET
from transforms.lake.lake import Lake
from transforms.receive.registry import Registered
from transforms.sheets.read import Kind, read_bytes, sheet_of
from transforms.tables import FACILITY_SUMMARY

KIND = Kind("The form", 16 * 1024**2, 128 * 1024**2, rows=100_000, page=FORM_SHEET)
"""A facility of 30 devices with every procedure, group and quantity has some 20,000 rows."""

LOCK = "all.summaries"


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
    data = read_bytes(path, KIND)
    rows, problems = checked_rows(sheet_of(path, data, KIND), read_lists(), facilities)
    if problems:
        raise UsageError(f"{path.name} is not loaded, nothing of it:\n" + "\n".join(problems))
    lake.prepare()
    digest = hashlib.sha256(data).hexdigest()
    with lake.locked(LOCK):
        return [_put(lake, group, digest) for group in _by_facility_and_period(rows)]


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

    def path_of(number: int) -> str:
        return lake.summaries_path(f"{facility_id}.{period}.{number:06}")

    number, is_new = put(lake, FACILITY_SUMMARY, rows, digest, before, path_of)
    return Loaded(facility_id, period, len(rows), number, is_new)
