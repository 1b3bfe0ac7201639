"""How the cell of each column of a form is read, as its table declares it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pyarrow as pa

from transforms.forms.cells import limited, matched, optional, required
from transforms.forms.declared.lists import Lists
from transforms.lake.lake import FACILITY_ID_PATTERN
from transforms.sheets.cells import Value
from transforms.sheets.checked_rows import Problem, ValueReader, country, one_of, text_of
from transforms.sheets.checked_rows import day as day_of
from transforms.tables.declared.common import FIRST_YEAR, LAST_YEAR
from transforms.tables.schema import Column

LONGEST = 1000
"""Characters of a text; a comment is no essay."""

ADDRESS = re.compile(r"(https?://[A-Za-z0-9\[][^\s\"'<>\\^`{|}@]*|doi:10\.[^\s\"'<>\\^`{|}@]+)")


def readers(columns: tuple[Column, ...], lists: Lists) -> Mapping[str, ValueReader]:
    """The reader of each column of a form."""
    return {column.name: _reader(column, lists) for column in columns}


def _reader(column: Column, lists: Lists) -> ValueReader:
    read = _stated_reader(column, lists)
    return optional(read) if column.nullable else required(read, _what(column))


def _what(column: Column) -> str:
    return f"one of {', '.join(column.allowed)}" if column.allowed else "it"


def _stated_reader(column: Column, lists: Lists) -> ValueReader:
    """The reader of a cell that something stands in."""
    if pa.types.is_date(column.type):
        return _day
    if not pa.types.is_string(column.type):
        return limited(column)
    if column.name.endswith("_uri"):
        return _address
    if column.name in FORMS_OF_TEXT:
        return FORMS_OF_TEXT[column.name]
    choices = column.allowed or lists.choices(column.name)
    return _word(tuple(choices)) if choices is not None else _text


def _text(cell: Value) -> str:
    """A text on one line, as it stands there; whatever it says is data."""
    text = text_of(cell)
    if not text.isprintable():
        raise Problem(
            "holds a line break or a character that cannot be seen. Type it anew, on one line."
        )
    if len(text) > LONGEST:
        raise Problem(f"has more than {LONGEST} characters. Shorten it.")
    return text


def _word(allowed: tuple[str, ...]) -> ValueReader:
    """A word of a closed list."""
    return _of_text(one_of(allowed))


def _address(cell: Value) -> str:
    """An address that a page can link to: no script, no password, no text around it."""
    text = _text(cell)
    if not ADDRESS.fullmatch(text):
        raise Problem("is no address. State it as https://… or doi:10.…, without a user's name.")
    return text


def _day(cell: Value) -> date:
    day: date = _of_text(day_of)(cell)
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Problem(f"must lie between the years {FIRST_YEAR} and {LAST_YEAR}.")
    return day


def _of_text(read: Callable[[str], Any]) -> ValueReader:
    """A reader of texts as one of cells; its problems get a full stop."""

    def of_cell(cell: Value) -> Any:
        try:
            return read(text_of(cell))
        except Problem as problem:
            raise Problem(f"{str(problem).rstrip('.')}.") from None

    return of_cell


FORMS_OF_TEXT: Mapping[str, ValueReader] = {
    "facility_id": matched(FACILITY_ID_PATTERN, "the facility's id as the authority has given it"),
    "country": _of_text(country),
    "deliverable_id": matched(
        re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}"), "letters, digits, '-', '.', '_'"
    ),
}
"""Texts that have a form of their own."""
