"""Cell values, and the escaping that prevents text from being run as a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

FORMULA = re.compile(r"'* *[=+\-@\t\r]")
"""Matches text that a spreadsheet would run as a formula (OWASP), or that has been escaped
already."""


class Unusable(NamedTuple):
    """A workbook cell that is neither text nor number, with its day if it is a date.

    Spreadsheets also turn texts such as `3-4` into dates, so only date columns accept them.
    """

    kind: str
    day: date | None = None


Value = str | int | float | None
Cell = Value | Unusable


class Row(NamedTuple):
    """Cells of one row, and the row number in the file, from 1."""

    number: int
    cells: Sequence[Cell]


class Sheet(NamedTuple):
    """The header and the non-empty rows of a file."""

    header: Row
    rows: Sequence[Row]


def escape_formula(text: str) -> str:
    """The text, prefixed with an apostrophe if a spreadsheet would run it as a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unescape_formula(cell: str) -> str:
    """The original text of a cell written by `escape_formula`."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell, 1) else cell


def cell_text(value: Any) -> str:
    """One value as CSV text: NULL is empty, and a number reads back as the same double."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return escape_formula(value) if isinstance(value, str) else str(value)
