"""Filled forms of declared data for tests: rows like those of the examples, as CSV or XLSX."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from transforms.errors import UsageError
from transforms.forms.declared.load import checked_form
from transforms.reference.files import REFERENCE
from transforms.tables.declared import KINDS, form_columns

Cells = Mapping[str, Any]
EXAMPLES = REFERENCE / "declared"
HEADERS = {kind: tuple(c.name for c in form_columns(table)) for kind, table in KINDS.items()}


def example(kind: str) -> Path:
    """The example of a kind."""
    return EXAMPLES / f"{kind}.example.csv"


def good(kind: str, **cells: Any) -> dict[str, Any]:
    """The first row of the example, with some cells replaced."""
    with example(kind).open(encoding="utf-8", newline="") as file:
        return {**next(csv.DictReader(file)), **cells}


def csv_form(folder: Path, kind: str, *rows: Cells, header: Iterable[str] = ()) -> Path:
    """A form as CSV, as any program would write it."""
    names = tuple(header) or HEADERS[kind]
    path = folder / f"{kind}.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([row.get(name, "") for name in names] for row in rows)
    return path


def xlsx_form(folder: Path, kind: str, *rows: Cells) -> Path:
    """A form as a workbook in which every cell is text."""
    book = Workbook()
    sheet = book.active
    sheet.append(list(HEADERS[kind]))
    for number, row in enumerate(rows, start=2):
        for place, name in enumerate(HEADERS[kind], start=1):
            value = row.get(name)
            if value not in (None, ""):
                cell = sheet.cell(number, place, value)
                if isinstance(value, str):
                    cell.data_type = "s"
    path = folder / f"{kind}.xlsx"
    book.save(path)
    return path


def problems(kind: str, path: Path, **given: Any) -> list[str]:
    """The lines with which a check rejects the form; empty where it has no problem."""
    try:
        checked_form(kind, path, **given)
    except UsageError as error:
        return str(error).splitlines()[1:]
    return []
