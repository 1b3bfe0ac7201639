"""Reads rows with one reader function per column, and lists every problem."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from transforms.errors import UsageError
from transforms.sheets.cells import Cell, Row, Sheet, Unusable, Value

TextReader = Callable[[str], Any]
ValueReader = Callable[[Value], Any]
ColumnProblem = tuple[str, str]
"""The name of a column, and what is wrong with its cell."""


class Problem(ValueError):
    """What is wrong with one cell, and how to fix it."""


class CheckedRow(NamedTuple):
    """The values of one row that could be read; complete if the row has no problem."""

    number: int
    values: Mapping[str, Any]
    is_whole: bool


def read_rows(
    sheet: Sheet, readers: Mapping[str, TextReader], problems: list[str]
) -> list[CheckedRow]:
    """Read every row; add a line to `problems` for each cell that cannot be read."""
    header = sheet.header
    problems += problems_of_header(header, readers)
    if problems:
        return []
    rows = []
    of_values = {column: _value_reader(read) for column, read in readers.items()}
    for number, cells in sheet.rows:
        if len(cells) != len(header.cells):
            problems.append(
                f"row {number}: has {len(cells)} cells, the header has {len(header.cells)}"
            )
            continue
        line = dict(zip(map(str, header.cells), cells, strict=True))
        values, wrong = values_of(line, of_values)
        problems += problem_lines(number, wrong)
        rows.append(CheckedRow(number, values, not wrong))
    return rows


def problems_of_header(
    header: Row, known: Collection[str], optional: Collection[str] = ()
) -> list[str]:
    """Problems of the header: missing, unknown (by position) and repeated columns."""
    names, row = header.cells, header.number
    missing = [name for name in known if name not in names and name not in optional]
    unknown = [place for place, name in enumerate(names, start=1) if name not in known]
    twice = [name for name in known if names.count(name) > 1]
    return [
        *(f"row {row}, column {name!r}: is missing. Add it with its values." for name in missing),
        *(f"row {row}, column {place}: is unknown. Remove it." for place in unknown),
        *(f"row {row}, column {name!r}: is there twice. Remove one of the two." for name in twice),
    ]


def values_of(
    line: Mapping[str, Cell], readers: Mapping[str, ValueReader]
) -> tuple[dict[str, Any], list[ColumnProblem]]:
    """Values of one row, and the problems of its cells."""
    values: dict[str, Any] = {}
    wrong: list[ColumnProblem] = []
    for column, read in readers.items():
        try:
            values[column] = read(_require_usable(line.get(column)))
        except Problem as problem:
            wrong.append((column, str(problem)))
    return values, wrong


def problem_lines(number: int, problems: Iterable[ColumnProblem]) -> list[str]:
    """The problems of one row as lines of a message."""
    return [f"row {number}, column {column!r}: {what}" for column, what in problems]


def unusable_file(what: str, path: Path, problems: Sequence[str]) -> UsageError:
    """An error that lists all problems of a file."""
    return UsageError(f"{what} {path.name} cannot be used:\n" + "\n".join(problems))


def _require_usable(cell: Cell) -> Value:
    if isinstance(cell, Unusable):
        raise Problem(f"contains {cell.kind}. Enter the text or the number itself.")
    return cell


def _value_reader(read: TextReader) -> ValueReader:
    return lambda value: read(text_of(value))


def text_of(value: Value) -> str:
    """The text of a cell. A whole number becomes its digits, since an id may be 12."""
    if isinstance(value, float):
        if not value.is_integer():
            raise Problem("is a decimal number. Enter it as text.")
        value = int(value)
    return "" if value is None else str(value)


def required_line(text: str) -> str:
    """Reads a required text on one line."""
    if not text or not text.isprintable():
        raise Problem("must be given, on one line")
    return text


def optional_line(text: str) -> str | None:
    """Reads an optional text on one line."""
    return required_line(text) if text else None


def one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    """Returns a reader that accepts only these words."""

    def read(text: str) -> str:
        if text not in allowed:
            raise Problem(f"must be one of {', '.join(allowed)}")
        return text

    return read


def country(text: str) -> str:
    """Reads a country code (ISO 3166-1 alpha-2)."""
    if len(text) != 2 or not (text.isascii() and text.isalpha() and text.isupper()):
        raise Problem("must be an ISO 3166-1 code of two capital letters, e.g. SE")
    return text


def counting_number(text: str) -> int:
    """Reads a whole number of at least 1."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0):
        raise Problem("must be a whole number of at least 1")
    return int(text)


def day(text: str) -> date:
    """Reads a date in ISO 8601."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Problem("must be a date, for example 2026-03-31")


def day_or_none(text: str) -> date | None:
    """Reads an optional date."""
    return day(text) if text else None
