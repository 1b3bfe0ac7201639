"""Puts a filled form into the lake: all of it, or nothing.

Each load of a kind stands in a file of its own, numbered. The newest counts, as a whole; none is
edited or removed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.forms.declared.check import Form, checked_form
from transforms.forms.declared.lists import Lists
from transforms.forms.lines import Row
from transforms.forms.loads import number_of, put
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import Pseudonyms, load_pseudonyms
from transforms.receive.registry import Device, Registered
from transforms.settings import Settings
from transforms.tables.declared import DECLARED_DEVICE, KINDS

LOCK = "all.declared"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a form; `is_new` False where the load in force says the same."""

    kind: str
    rows: int
    rows_before: int
    sequence_number: int
    is_new: bool


@dataclass(frozen=True, slots=True)
class InForce:
    """The load of a kind that counts; numbers are zero where there is none."""

    kind: str
    loads: int
    sequence_number: int
    rows: int
    file_sha256: str | None


def load_declared(
    settings: Settings,
    kind: str,
    path: Path,
    facilities: Registered = None,
    lists: Lists | None = None,
) -> Loaded:
    """Load a form in place of the one before; UsageError, and nothing written, if it is not whole.

    `settings` name the lake and the key that makes serial numbers into device keys.
    """
    form = checked_form(kind, path, facilities, lists)
    lake = Lake(settings.lake)
    lake.prepare()
    rows = _sorted(form, _as_stored(form, settings, lake))
    with lake.locked(LOCK):
        before = lake.declared_files(form.table)
        rows_before = len(lake.read_rows(before[-1])) if before else 0

        def path_of(number: int) -> str:
            return lake.declared_path(form.table, number)

        number, is_new = put(lake, form.table, rows, form.sha256, before, path_of)
    return Loaded(kind, len(rows), rows_before, number, is_new)


def in_force(lake: Lake) -> list[InForce]:
    """The load that counts of every kind."""
    return [_in_force(lake, kind) for kind in KINDS]


def _in_force(lake: Lake, kind: str) -> InForce:
    files = lake.declared_files(KINDS[kind])
    if not files:
        return InForce(kind, 0, 0, 0, None)
    rows = lake.read_rows(files[-1])
    return InForce(kind, len(files), number_of(files[-1]), len(rows), rows[0]["file_sha256"])


def _as_stored(form: Form, settings: Settings, lake: Lake) -> list[Row]:
    """The rows as the table has them: of a serial number its key alone."""
    if form.table is not DECLARED_DEVICE:
        return list(form.rows)
    pseudonyms = load_pseudonyms(settings, lake)
    return [_with_key(row, pseudonyms) for row in form.rows]


def _with_key(row: Mapping[str, Any], pseudonyms: Pseudonyms) -> Row:
    device = Device(row["manufacturer"], row["model_name"], row["serial_number"])
    stored = {name: value for name, value in row.items() if name != "serial_number"}
    return {**stored, "device_key": device.device_key(row["facility_id"], pseudonyms)}


def _sorted(form: Form, rows: list[Row]) -> list[Row]:
    """In the order of their keys, so that the order of a form says nothing."""

    def key(row: Row) -> tuple[tuple[bool, Any], ...]:
        values = [row.get(name) for name in form.table.key]
        return tuple((value is not None, "" if value is None else value) for value in values)

    return sorted(rows, key=key)
