"""Checks a filled form: returns its rows, or reports every problem at once.

A problem names the row, the column and what to do, and never quotes the cell.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from transforms.errors import UsageError
from transforms.forms.cells import readers_of
from transforms.forms.form import Form, Row
from transforms.lake.lake import Lake
from transforms.receive.registry import Registry
from transforms.settings import today
from transforms.sheets.cells import Cell, Sheet, Unusable
from transforms.sheets.checked_rows import (
    ColumnProblem,
    problem_lines,
    problems_of_header,
    values_of,
)
from transforms.sheets.read import Kind, read_bytes, sheet_of, without_empty_end
from transforms.tables import FACILITY

LIMITS = Kind("The form", 16 * 1024**2, 128 * 1024**2, rows=100_000)
"""A facility of 30 devices sends some 20,000 rows; a large country has some 10,000 devices."""

CASELESS = frozenset({"manufacturer", "model_name"})
"""Columns of the key that are compared without regard to case, as in device keys."""


class FilledForm(NamedTuple):
    """Rows of a form without a problem, and the SHA-256 of its file."""

    form: Form
    rows: list[Row]
    sha256: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """What the rows of a form are compared with.

    `last_day` is the last day and, by its year, the last year that a row may state. `countries`
    are those of the registered facilities; None if there is no registry.
    """

    last_day: dt.date
    countries: Mapping[str, str] | None = None


def bounds_of(
    facilities: Registry, as_of: dt.date | None = None, lake: Lake | None = None
) -> Bounds:
    """The bounds of this registry, or else of the one with which `lake` was last ingested."""
    rows = [] if lake is None or facilities is not None else _registered_rows(lake)
    countries = {row["facility_id"]: row["country"] for row in rows} or None
    if facilities is not None:
        countries = {one.facility_id: one.country for one in facilities}
    return Bounds(as_of or today(), countries)


def _registered_rows(lake: Lake) -> list[dict[str, Any]]:
    path = lake.table_path("registry", FACILITY, "registry")
    return lake.read_rows(path) if lake.exists(path) else []


def check_form(form: Form, path: Path, bounds: Bounds) -> FilledForm:
    """Read and check a form; UsageError that lists every problem."""
    data = read_bytes(path, LIMITS)
    sheet = sheet_of(path, data, LIMITS._replace(page=form.page))
    rows, problems = check_rows(form, sheet, bounds)
    if problems:
        raise UsageError(
            f"{path.name} is not loaded. Correct these rows, then load it again:\n"
            + "\n".join(problems)
        )
    return FilledForm(form, rows, hashlib.sha256(data).hexdigest())


def check_rows(form: Form, sheet: Sheet, bounds: Bounds) -> tuple[list[Row], list[str]]:
    """Return the rows without a problem, and the problems of the others."""
    problems = problems_of_header(sheet.header, form.header, form.optional)
    if problems:
        return [], problems
    readers = readers_of(form)
    rows: list[tuple[int, Row]] = []
    for number, line in _lines(form, sheet, problems):
        row, wrong = values_of(line, readers)
        wrong = wrong or row_problems(form, row, bounds)
        problems += problem_lines(number, wrong)
        if not wrong:
            rows.append((number, form.finish(row)))
    problems += _repeated_keys(form, rows)
    if not rows and not problems:
        problems.append(form.no_rows)
    return [row for _, row in rows], problems


def _lines(
    form: Form, sheet: Sheet, problems: list[str]
) -> Iterator[tuple[int, Mapping[str, Cell]]]:
    """Lines that are not blank, by column; a line with too many cells is a problem."""
    header = tuple(map(str, sheet.header.cells))
    days = {column.name for column in form.columns if pa.types.is_date(column.type)}
    for number, cells in sheet.rows:
        filled = without_empty_end(cells)
        if len(filled) > len(header):
            problems.append(f"row {number}: has more cells than the header. Remove the last ones.")
            continue
        named = zip(header, filled, strict=False)
        line = {name: _day_text(cell) if name in days else cell for name, cell in named}
        if any(line.get(name) is not None for name in form.content):
            yield number, line


def _day_text(cell: Cell) -> Cell:
    """Text of a workbook cell that holds a date; only date columns accept it."""
    return cell.day.isoformat() if isinstance(cell, Unusable) and cell.day else cell


def row_problems(form: Form, row: Row, bounds: Bounds) -> list[ColumnProblem]:
    """Problems between the cells of a row, and between the row and the bounds."""
    found = [*_registry_problems(row, bounds.countries), *_later_problems(form, row, bounds)]
    return found + [problem for rule in form.row_rules for problem in rule(row)]


def _later_problems(form: Form, row: Row, bounds: Bounds) -> Iterator[ColumnProblem]:
    """Problems of days and years that have not come yet, unless the column is about a plan."""
    last = bounds.last_day
    for name, value in row.items():
        if name in form.may_be_later or value is None:
            continue
        if isinstance(value, dt.date) and value > last:
            yield name, f"is after {last}, the day of this check. Correct it, or wait for that day."
        elif is_year(name) and value > last.year:
            yield name, f"is a year after {last.year}. Correct it, or wait for that year."


def is_year(column: str) -> bool:
    """Whether a column of a form is a calendar year, by its name."""
    return column in ("period", "year") or column.endswith("_year")


def _registry_problems(row: Row, countries: Mapping[str, str] | None) -> Iterator[ColumnProblem]:
    """Problem of a facility that is not registered, or is registered in another country."""
    if countries is None or "facility_id" not in row:
        return
    country = countries.get(row["facility_id"])
    if country is None:
        yield "facility_id", "is not in the facility registry. Correct it, or register it."
    elif row.get("country", country) != country:
        yield "country", "is not the facility's country in the registry. Correct one of them."


def _repeated_keys(form: Form, rows: Iterable[tuple[int, Row]]) -> Iterator[str]:
    """Problems of rows that have the same key as an earlier one."""
    seen: dict[tuple[Any, ...], int] = {}
    for number, row in rows:
        first = seen.setdefault(tuple(_key_value(row, name) for name in form.key), number)
        if first != number:
            yield (
                f"row {number}, column {form.key[-1]!r}: row {first} has the same "
                f"{form.key_text}. Remove one of the two."
            )


def _key_value(row: Row, name: str) -> Any:
    value = row[name]
    return value.casefold() if name in CASELESS and value is not None else value
