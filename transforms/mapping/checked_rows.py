"""A CSV that people keep, read whole: each cell by its column's reader, every problem named."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from transforms.errors import UsageError

MAXIMUM_BYTES = 64 * 1024 * 1024
"""Some 300,000 rows; a larger file is none that a person keeps."""

Reader = Callable[[str], Any]


class Problem(ValueError):
    """What is wrong with one cell, and how to mend it."""


class CheckedRow(NamedTuple):
    """The values of one row of the file; row 1 is the header."""

    number: int
    values: Mapping[str, Any]


def read_cells(path: str | Path, what: str) -> list[list[str]]:
    """The cells of a CSV file in UTF-8; UsageError where it is none."""
    try:
        if Path(path).stat().st_size > MAXIMUM_BYTES:
            raise UsageError(f"{what} {path} is larger than {MAXIMUM_BYTES} bytes. Split it.")
        text = Path(path).read_text(encoding="utf-8-sig")
        return list(csv.reader(text.splitlines(keepends=True), strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UsageError(
            f"{what} {path} cannot be read ({type(error).__name__}). Give a CSV file in UTF-8 with "
            "commas between its cells."
        ) from None


def checked_rows(
    lines: Sequence[Sequence[str]], readers: Mapping[str, Reader], problems: list[str]
) -> list[CheckedRow]:
    """Every row that can be read; what cannot is added to the problems."""
    header = list(lines[0]) if lines else []
    problems += _problems_of_header(header, readers)
    if problems:
        return []
    rows = []
    for number, cells in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(header):
            problems.append(f"row {number}: has {len(cells)} cells, the header has {len(header)}")
            continue
        values = _values(number, dict(zip(header, cells, strict=True)), readers, problems)
        if len(values) == len(readers):
            rows.append(CheckedRow(number, values))
    return rows


def refused(what: str, path: str | Path, problems: Sequence[str]) -> UsageError:
    """The error that names every problem at once."""
    return UsageError(f"{what} {path} cannot be used:\n" + "\n".join(problems))


def _problems_of_header(header: Sequence[str], readers: Mapping[str, Reader]) -> list[str]:
    missing = [name for name in readers if name not in header]
    unknown = [name for name in header if name not in readers]
    twice = sorted({name for name in header if header.count(name) > 1})
    told = (("is missing", missing), ("is not known", unknown), ("stands twice", twice))
    return [f"row 1, column {name!r}: {what}" for what, names in told for name in names]


def _values(
    number: int, row: Mapping[str, str], readers: Mapping[str, Reader], problems: list[str]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, read in readers.items():
        try:
            values[column] = read(row[column].strip())
        except Problem as problem:
            problems.append(f"row {number}, column {column!r}: {problem}")
    return values


def stated(text: str) -> str:
    """A text that must be there, on one line."""
    if not text or not text.isprintable():
        raise Problem("must be stated, on one line")
    return text


def text_or_none(text: str) -> str | None:
    """A text on one line, or nothing."""
    return stated(text) if text else None


def one_of(allowed: Sequence[str]) -> Callable[[str], str]:
    """The reader of a closed list of words."""

    def read(text: str) -> str:
        if text not in allowed:
            raise Problem(f"must be one of {', '.join(allowed)}")
        return text

    return read


def counting_number(text: str) -> int:
    """A whole number from 1 on."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0):
        raise Problem("must be a whole number from 1 on")
    return int(text)


def day(text: str) -> date:
    """A day in ISO 8601."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise Problem("must be a day as 2026-03-31")


def day_or_none(text: str) -> date | None:
    """A day, or nothing."""
    return day(text) if text else None
