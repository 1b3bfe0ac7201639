"""A filled form becomes rows, or every problem of it is named.

A problem names row, column and cure, and never quotes what stands in the cell.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from transforms.errors import UsageError
from transforms.forms.declared.cell_values import readers
from transforms.forms.declared.kinds import table_of
from transforms.forms.declared.lists import Lists
from transforms.forms.declared.row_rules import judged
from transforms.forms.lines import Row, lines_of, repeated
from transforms.receive.registry import Registered
from transforms.sheets.cells import Sheet
from transforms.sheets.checked_rows import problem_lines, problems_of_header, values_of
from transforms.sheets.read import Kind, read_bytes, sheet_of
from transforms.tables.declared import form_columns
from transforms.tables.declared.common import OF_A_LOAD
from transforms.tables.declared.device import DEVICE_KEY
from transforms.tables.schema import Table

LARGEST = Kind("The form", 16 * 1024**2, 128 * 1024**2, rows=100_000)
"""The devices of a large country are some ten thousand."""


class Form(NamedTuple):
    """The rows of a filled form as it states them, and the checksum of its file."""

    table: Table
    rows: Sequence[Row]
    sha256: str


FOLDED = frozenset({"manufacturer", "model_name"})
"""Names in which upper and lower case are one, as in the keys of devices."""


def checked_form(
    kind: str, path: Path, facilities: Registered = None, lists: Lists | None = None
) -> Form:
    """A form without a problem; UsageError that names every problem at once."""
    table = table_of(kind)
    data = read_bytes(path, LARGEST)
    sheet = sheet_of(path, data, LARGEST._replace(page=table.name))
    rows, problems = checked_rows(table, sheet, lists or Lists(), facilities)
    if problems:
        raise UsageError(f"{path.name} cannot be used, nothing of it:\n" + "\n".join(problems))
    return Form(table, rows, hashlib.sha256(data).hexdigest())


def checked_rows(
    table: Table, sheet: Sheet, lists: Lists, facilities: Registered
) -> tuple[list[Row], list[str]]:
    """Rows as the form states them, and the problems of all that is none."""
    columns = form_columns(table)
    may_lack = [column.name for column in columns if column.nullable]
    problems = problems_of_header(sheet.header, [c.name for c in columns], may_lack)
    if problems:
        return [], problems
    read = readers(columns, lists)
    days = [column.name for column in columns if pa.types.is_date(column.type)]
    rows: list[tuple[int, Row]] = []
    for number, line in lines_of(sheet, problems, days):
        row, wrong = values_of(line, read)
        wrong = wrong or judged(table, row, lists, facilities)
        problems += problem_lines(number, wrong)
        if not wrong:
            rows.append((number, row))
    key = form_key(table)
    problems += repeated(_keys(rows, key), key[-1], " and ".join(key))
    if not rows and not problems:
        problems.append("no row is filled in. Fill the form first.")
    return [row for _, row in rows], problems


def form_key(table: Table) -> tuple[str, ...]:
    """What names one row of a form: of a device its serial number, where the table has its key."""
    of_load = {column.name for column in OF_A_LOAD}
    names = [name for name in table.key if name not in of_load]
    if DEVICE_KEY.name in names:
        names.remove(DEVICE_KEY.name)
        names += ["manufacturer", "model_name", "serial_number"]
    return tuple(names)


def _keys(rows: Iterable[tuple[int, Row]], key: tuple[str, ...]) -> Iterable[tuple[int, Hashable]]:
    return [(number, tuple(_folded(name, row[name]) for name in key)) for number, row in rows]


def _folded(name: str, value: Any) -> Any:
    return value.casefold() if name in FOLDED and value is not None else value
