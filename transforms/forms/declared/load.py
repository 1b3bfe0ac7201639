"""Checks a form of declared data and loads it into the lake: all of it, or nothing.

Each load of a kind is a numbered file. The newest replaces the earlier ones as a whole.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from transforms.errors import UsageError
from transforms.forms.check import FilledForm, bounds_of, check_form
from transforms.forms.declared.form import declared_form
from transforms.forms.form import Row
from transforms.forms.load import number_of, write_load
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import Pseudonyms, load_pseudonyms
from transforms.receive.registry import Device, Registry
from transforms.settings import Settings
from transforms.sheets.write import ENDINGS
from transforms.tables.declared import DECLARED_DEVICE, KINDS

LOCK = "all.declared"


@dataclass(frozen=True, slots=True)
class Loaded:
    """The load in force after loading; `is_new` is False where its content was loaded before."""

    kind: str
    rows: int
    rows_before: int
    sequence_number: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class InForce:
    """The load in force of a kind; numbers are zero where there is none."""

    kind: str
    loads: int
    sequence_number: int
    rows: int
    file_sha256: str | None


def checked_form(
    kind: str, path: Path, facilities: Registry = None, as_of: dt.date | None = None
) -> FilledForm:
    """Read a filled form of a kind; UsageError that lists every problem.

    Days after `as_of` (by default today) are problems, and so are facilities that are not in the
    registry, if there is one.
    """
    return check_form(declared_form(kind), path, bounds_of(facilities, as_of))


def load_declared(settings: Settings, kind: str, path: Path, facilities: Registry = None) -> Loaded:
    """Load a form, which replaces the one before; nothing is written where there is a problem.

    `settings` give the lake, the last day that a row may state, and the key that turns serial
    numbers into device keys. Without `facilities` the registry in the lake is used, if there is
    one. Raises UsageError that lists every problem.
    """
    lake = Lake(settings.lake)
    bounds = bounds_of(facilities, settings.last_day, lake)
    filled = check_form(declared_form(kind), path, bounds)
    table = filled.form.table
    lake.prepare()
    rows = filled.rows
    if table is DECLARED_DEVICE:
        pseudonyms = load_pseudonyms(settings, lake)
        rows = [_keyed_row(row, pseudonyms) for row in rows]
    path_of = partial(lake.declared_path, table)
    with lake.lock(LOCK):
        before = lake.declared_files(table)
        load = write_load(lake, table, rows, filled.sha256, before, path_of)
    return Loaded(kind, *load)


def forms_in(folder: Path) -> dict[str, Path]:
    """The forms of a folder by kind: files that are named after their kind, as `device.csv`.

    UsageError where there is none, or where a kind has two.
    """
    found = {
        kind: [path for end in ENDINGS if (path := folder / f"{kind}{end}").is_file()]
        for kind in KINDS
    }
    twice = [kind for kind, paths in found.items() if len(paths) > 1]
    if twice:
        raise UsageError(f"{folder} has two forms of {', '.join(twice)}. Keep one of each kind.")
    if not any(found.values()):
        raise UsageError(
            f"{folder} has no form. Name each file after its kind: {', '.join(KINDS)}, "
            f"with {' or '.join(ENDINGS)}."
        )
    return {kind: paths[0] for kind, paths in found.items() if paths}


def loads_in_force(lake: Lake) -> list[InForce]:
    """The load in force of every kind."""
    return [_load_in_force(lake, kind) for kind in KINDS]


def _load_in_force(lake: Lake, kind: str) -> InForce:
    files = lake.declared_files(KINDS[kind])
    if not files:
        return InForce(kind, 0, 0, 0, None)
    rows = lake.read_rows(files[-1])
    return InForce(kind, len(files), number_of(files[-1]), len(rows), rows[0]["file_sha256"])


def _keyed_row(row: Row, pseudonyms: Pseudonyms) -> Row:
    """The row with its device key instead of the serial number."""
    device = Device(row["manufacturer"], row["model_name"], row["serial_number"])
    stored = {name: value for name, value in row.items() if name != "serial_number"}
    return {**stored, "device_key": device.device_key(row["facility_id"], pseudonyms)}
