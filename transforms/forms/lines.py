"""The lines of a filled form, and what is wrong between them."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from typing import Any

from transforms.receive.registry import Registered
from transforms.sheets.cells import Cell, Sheet, Unusable
from transforms.sheets.checked_rows import ColumnProblem
from transforms.sheets.read import without_empty_end

Row = dict[str, Any]


def lines_of(
    sheet: Sheet, problems: list[str], days: Collection[str] = ()
) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    """Each line by its columns, with its number; a line with too many cells is a problem.

    `days` are the columns in which a workbook may hold a date as its own kind of cell.
    """
    header = tuple(map(str, sheet.header.cells))
    for number, cells in sheet.rows:
        filled = without_empty_end(cells)
        if len(filled) > len(header):
            problems.append(f"row {number}: has more cells than the header. Remove the last ones.")
        else:
            line = dict(zip(header, filled, strict=False))
            yield number, {n: _day(cell) if n in days else cell for n, cell in line.items()}


def _day(cell: Cell) -> Cell:
    return cell.day.isoformat() if isinstance(cell, Unusable) and cell.day else cell


def not_registered(row: Row, facilities: Registered) -> Iterator[ColumnProblem]:
    """A facility that the registry, where there is one, does not know."""
    if facilities is not None and row["facility_id"] not in {one.facility_id for one in facilities}:
        yield "facility_id", "stands not in the facility registry. Correct it, or register it."


def repeated(rows: Iterable[tuple[int, Hashable]], column: str, what: str) -> Iterator[str]:
    """Rows that have the key of an earlier one."""
    seen: dict[Hashable, int] = {}
    for number, key in rows:
        first = seen.setdefault(key, number)
        if first != number:
            yield (
                f"row {number}, column {column!r}: row {first} states the same {what}. "
                "Remove one of the two."
            )
