"""Numbered loads of one table: a later one takes the place of the former, none is edited."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import PurePosixPath

from transforms.forms.lines import Row
from transforms.lake.lake import Lake, arrow_table, parquet_bytes
from transforms.tables.schema import Table

OF_ONE_LOADING = ("sequence_number", "file_sha256")
"""Columns in which two loads that say the same differ."""


def put(
    lake: Lake,
    table: Table,
    rows: Sequence[Row],
    digest: str,
    before: Sequence[str],
    path_of: Callable[[int], str],
) -> tuple[int, bool]:
    """Write the rows as the next load; its number, and False where the last says the same.

    `before` are the files of the loads there are, the one in force last.
    """
    last = number_of(before[-1]) if before else 0
    if before and _said(lake.read_rows(before[-1])) == _said(_as_read(table, rows)):
        return last, False
    made = [{**row, "sequence_number": last + 1, "file_sha256": digest} for row in rows]
    lake.write_bytes(path_of(last + 1), parquet_bytes(table, made))
    return last + 1, True


def number_of(path: str) -> int:
    """The number that the name of a load's file ends with."""
    return int(PurePosixPath(path).stem.rpartition(".")[2])


def _as_read(table: Table, rows: Sequence[Row]) -> list[Row]:
    """The rows as they come back from the lake."""
    back: list[Row] = arrow_table(table, rows).to_pylist()
    return back


def _said(rows: Iterable[Row]) -> list[Row]:
    return [{n: v for n, v in row.items() if n not in OF_ONE_LOADING} for row in rows]
