"""The values a cell can hold, and how a text is kept from running as a formula."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

FORMULA = re.compile(r"'* *[=+\-@\t\r]")
"""How a text begins that a spreadsheet takes for a formula (OWASP), or that was kept from it."""


class Unusable(NamedTuple):
    """A cell of a workbook that is neither text nor number; its day where it holds one.

    A spreadsheet makes dates of texts as well (`3-4`), so that only a column of days takes them.
    """

    kind: str
    day: date | None = None


Value = str | int | float | None
Cell = Value | Unusable


class Row(NamedTuple):
    """The cells of one row and its number in the file, from 1."""

    number: int
    cells: Sequence[Cell]


class Sheet(NamedTuple):
    """The header and the rows that are not empty."""

    header: Row
    rows: Sequence[Row]


def escape_formula(text: str) -> str:
    """The text, behind an apostrophe where a spreadsheet would run it as a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unescape_formula(cell: str) -> str:
    """The text of a cell that `escape_formula` wrote."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell, 1) else cell


def cell_text(value: Any) -> str:
    """One value as CSV text: NULL is empty, reading a number back gives the same double."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    return escape_formula(value) if isinstance(value, str) else str(value)
