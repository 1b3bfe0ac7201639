"""Checks a form of summaries and loads it into the lake: all of it, or nothing.

The rows of one facility and year are a numbered file. A later form replaces the earlier one of that
facility and year as a whole; none is edited or removed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from transforms.forms.check import bounds_of, check_form
from transforms.forms.form import Row
from transforms.forms.load import write_load
from transforms.forms.summaries.form import summary_form
from transforms.forms.summaries.lists import read_lists
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import Pseudonyms, load_pseudonyms
from transforms.receive.registry import Registry, devices_of
from transforms.settings import Settings
from transforms.tables import FACILITY_SUMMARY
from transforms.tables.facility_summary import COVERED_DEVICE

LOCK = "all.summaries"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The form in force of one facility and year; `is_new` is False where it had these rows."""

    facility_id: str
    period: int
    rows: int
    sequence_number: int
    is_new: bool


def load_summaries(
    lake: Lake,
    path: Path,
    facilities: Registry = None,
    as_of: dt.date | None = None,
    settings: Settings | None = None,
) -> list[Loaded]:
    """Load a form; UsageError that lists every problem, and nothing written, if there is one.

    Years after that of `as_of` (by default today) are problems, and so are facilities that are not
    in the registry. Without `facilities` the registry in the lake is used, if there is one.
    `settings` name the key of the pseudonyms; by default it is that of the lake.
    """
    filled = check_form(summary_form(read_lists()), path, bounds_of(facilities, as_of, lake))
    lake.prepare()
    rows = filled.rows
    if any(row[COVERED_DEVICE.name] for row in rows):
        pseudonyms = load_pseudonyms(settings or Settings(lake=lake.url), lake)
        rows = [_keyed_row(row, pseudonyms) for row in rows]
    with lake.lock(LOCK):
        return [_load_group(lake, group, filled.sha256) for group in _groups(rows)]


def _keyed_row(row: Row, pseudonyms: Pseudonyms) -> Row:
    """The row with the key that the covered device has in this facility's dose reports."""
    if not row[COVERED_DEVICE.name]:
        return row
    (device,) = devices_of(row[COVERED_DEVICE.name])
    return {**row, "covered_device_key": device.device_key(row["facility_id"], pseudonyms)}


def _groups(rows: Iterable[Row]) -> list[list[Row]]:
    """Group the rows by facility and year, in this order."""
    groups: dict[tuple[str, int], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["facility_id"], row["period"]), []).append(row)
    return [groups[key] for key in sorted(groups)]


def _load_group(lake: Lake, rows: list[Row], sha256: str) -> Loaded:
    """Write the rows of one facility and year, unless the form in force has the same."""
    facility_id, period = rows[0]["facility_id"], rows[0]["period"]

    def path_of(number: int) -> str:
        return lake.summaries_path(f"{facility_id}.{period}.{number:06}")

    before = lake.summary_files(facility_id, period)
    load = write_load(lake, FACILITY_SUMMARY, rows, sha256, before, path_of)
    return Loaded(facility_id, period, load.rows, load.sequence_number, load.is_new)
