"""Writes numbered loads of a table: the newest is in force, none is edited or removed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from transforms.errors import DrlakeError
from transforms.forms.form import Row
from transforms.lake.lake import Lake, arrow_table, parquet_bytes
from transforms.tables.schema import Table

OF_ONE_LOAD = ("sequence_number", "file_sha256")
"""Columns in which two loads with the same content differ."""


class Load(NamedTuple):
    """The load in force; `is_new` is False where its content was loaded before."""

    rows: int
    rows_before: int
    sequence_number: int
    is_new: bool


def write_load(
    lake: Lake,
    table: Table,
    rows: Sequence[Row],
    sha256: str,
    before: Sequence[str],
    path_of: Callable[[int], str],
) -> Load:
    """Write the rows, ordered by key, as the next load, unless the newest has the same content.

    `before` lists the files of earlier loads, the newest last. DrlakeError if another load has
    taken the number meanwhile, as in a remote lake, which has no locks.
    """
    rows = sorted(rows, key=lambda row: [_sort_value(row.get(name)) for name in table.key])
    newest = lake.read_rows(before[-1]) if before else []
    last = number_of(before[-1]) if before else 0
    if before and _content(newest) == _content(arrow_table(table, rows).to_pylist()):
        return Load(len(rows), len(newest), last, is_new=False)
    numbered = [{**row, "sequence_number": last + 1, "file_sha256": sha256} for row in rows]
    if not lake.write_bytes_once(path_of(last + 1), parquet_bytes(table, numbered)):
        raise DrlakeError("Another load of this form was made at the same time. Run this again.")
    return Load(len(rows), len(newest), last + 1, is_new=True)


def number_of(path: str) -> int:
    """The sequence number at the end of a file's name."""
    return int(PurePosixPath(path).stem.rpartition(".")[2])


def _sort_value(value: Any) -> tuple[bool, Any]:
    """Orders missing values first."""
    return value is not None, "" if value is None else value


def _content(rows: Iterable[Row]) -> list[Row]:
    return [{n: v for n, v in row.items() if n not in OF_ONE_LOAD} for row in rows]
