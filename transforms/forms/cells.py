"""Readers of a form's cells, made from the declaration of its columns. Each raises Problem."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from transforms.forms.form import Form
from transforms.lake.lake import FACILITY_ID_PATTERN
from transforms.sheets.cells import Value
from transforms.sheets.checked_rows import Problem, ValueReader, day, one_of, text_of
from transforms.tables.declared.common import FIRST_YEAR, LAST_YEAR
from transforms.tables.schema import Column

NUMBER = re.compile(r"[0-9]{1,17}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?")
ADDRESS = re.compile(r"(https?://[A-Za-z0-9\[][^\s\"'<>\\^`{|}@]*|doi:10\.[^\s\"'<>\\^`{|}@]+)")
FACILITY_ID = (FACILITY_ID_PATTERN, "the facility's id as given by the authority")
UNLIMITED = 10**9
"""The upper limit of a column that declares none."""

LONGEST = 1000
"""Maximum number of characters of a text."""


def readers_of(form: Form) -> Mapping[str, ValueReader]:
    """The reader of each column of a form."""
    return {column.name: _reader(form, column) for column in form.columns}


def _reader(form: Form, column: Column) -> ValueReader:
    """The reader of a column, for empty cells too."""
    read = form.special.get(column.name) or _typed_reader(column, form.choices.get(column.name))
    one_word = f"one of {', '.join(column.allowed)}" if column.allowed else "it"
    expected = form.expected.get(column.name, one_word)

    def read_cell(cell: Value) -> Any:
        if cell is not None:
            return read(cell)
        if column.name not in form.optional:
            raise Problem(f"is empty. State {expected}.")
        return None

    return read_cell


def _typed_reader(column: Column, words: Mapping[str, str] | None) -> ValueReader:
    """The reader for the type, the name and the closed list of a column."""
    if pa.types.is_date(column.type):
        return _day
    if not pa.types.is_string(column.type):
        return _number_reader(column)
    if column.name.endswith("_uri"):
        return _address
    return _text if words is None else text_reader(one_of(tuple(words)))


def number(cell: Value, *, signed: bool = False) -> float | int:
    """A finite number with a decimal point; with `signed` it may begin with a minus."""
    if isinstance(cell, str):
        digits = cell.removeprefix("-") if signed else cell
        if not NUMBER.fullmatch(digits):
            without = "unit or separator" if signed else "unit, sign or separator"
            raise Problem(f"is not a number. Write digits with a decimal point, without {without}.")
        cell = int(cell) if digits.isdigit() else float(cell)
    if cell is None or not abs(cell) <= sys.float_info.max:
        raise Problem("is not finite. Put in a number.")
    return cell


def _number_reader(column: Column) -> ValueReader:
    """Reader of a number within the limits of its column; whole where the column is an integer."""
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


def pattern_reader(pattern: re.Pattern[str], what: str) -> ValueReader:
    """The reader of a text that matches a pattern; `what` describes such a text."""

    def read(cell: Value) -> str:
        text = text_of(cell)
        if not pattern.fullmatch(text):
            raise Problem(f"is not usable. State {what}.")
        return text

    return read


def text_reader(read: Callable[[str], Any]) -> ValueReader:
    """Reader of a cell from a reader of its text; problems end with a full stop."""

    def read_cell(cell: Value) -> Any:
        try:
            return read(text_of(cell))
        except Problem as problem:
            raise Problem(f"{str(problem).rstrip('.')}.") from None

    return read_cell


def _text(cell: Value) -> str:
    """A text on one line, unchanged."""
    text = text_of(cell)
    if not text.isprintable():
        raise Problem(
            "holds a line break or a character that is not visible. Type it again, on one line."
        )
    if len(text) > LONGEST:
        raise Problem(f"has more than {LONGEST} characters. Shorten it.")
    return text


def _address(cell: Value) -> str:
    """An address that a page can link to: no script, no password, no text around it."""
    text = _text(cell)
    if not ADDRESS.fullmatch(text):
        raise Problem(
            "is not an address. Write it as https://… or doi:10.…, without a user's name."
        )
    return text


def _day(cell: Value) -> date:
    found: date = text_reader(day)(cell)
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Problem(f"must lie between the years {FIRST_YEAR} and {LAST_YEAR}.")
    return found
