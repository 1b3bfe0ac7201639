"""How the cell of a declared column is read; Problem where it cannot be."""

from __future__ import annotations

import re
import sys
from typing import Any

import pyarrow as pa

from transforms.sheets.cells import Value
from transforms.sheets.checked_rows import Problem, ValueReader, text_of
from transforms.tables.schema import Column

NUMBER = re.compile(r"[0-9]{1,17}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?")
UNLIMITED = 10**9
"""The upper limit of a column that states none."""


def number(cell: Value, *, signed: bool = False) -> float | int:
    """A finite number written with a decimal point and nothing else, a minus where one may be."""
    if isinstance(cell, str):
        digits = cell.removeprefix("-") if signed else cell
        if not NUMBER.fullmatch(digits):
            without = "unit or separator" if signed else "unit, sign or separator"
            raise Problem(f"is no number. Write digits with a decimal point, without {without}.")
        cell = int(cell) if digits.isdigit() else float(cell)
    if cell is None or not abs(cell) <= sys.float_info.max:
        raise Problem("is not finite. Put in a number.")
    return cell


def limited(column: Column) -> ValueReader:
    """A number within the limits of its column; whole where the column holds whole numbers."""
    low, high = column.minimum or 0, column.maximum or UNLIMITED
    is_whole = pa.types.is_integer(column.type)

    def read(cell: Value) -> float | int:
        value = number(cell, signed=low < 0)
        if not low <= value <= high:
            raise Problem(f"must be {low} or more, and {high} at most.")
        if is_whole and value != int(value):
            raise Problem("must be a whole number.")
        return int(value) if is_whole else float(value)

    return read


def matched(pattern: re.Pattern[str], what: str) -> ValueReader:
    """A text of this form."""

    def read(cell: Value) -> str:
        text = text_of(cell)
        if not pattern.fullmatch(text):
            raise Problem(f"is not usable. State {what}.")
        return text

    return read


def optional(read: ValueReader) -> ValueReader:
    """The same, or nothing."""
    return lambda cell: None if cell is None else read(cell)


def required(read: ValueReader, what: str = "it") -> ValueReader:
    """The same, which must be there."""

    def stated(cell: Value) -> Any:
        if cell is None:
            raise Problem(f"is empty. State {what}.")
        return read(cell)

    return stated
