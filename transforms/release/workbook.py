"""The public tables as one XLSX: strings and numbers only, never a formula, the same bytes."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter
from openpyxl import load_workbook

from transforms.release.declaration import PublicTable
from transforms.release.metadata import DICTIONARY, dictionary_rows
from transforms.release.recipe import Recipe
from transforms.sheets.cells import cell_text

WORKBOOK = "drlake.xlsx"
LONGEST_SHEET_NAME = 31
MAXIMUM_WIDTH = 60
CREATED = datetime.datetime(2000, 1, 1)
"""What stands as the time of creation: a file of the same numbers has the same bytes."""

INTEGER_FORMAT, NUMBER_FORMAT = "0", "General"
"""No separators (a year has none), and as many digits as the number was rounded to."""


def workbook_bytes(
    recipe: Recipe, tables: Sequence[PublicTable], rows: Mapping[str, pa.Table]
) -> bytes:
    """The workbook: README, dictionary, and a sheet for each table."""
    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties({"title": recipe.title, "created": CREATED})
    formats = _formats(book)
    _sheet(book, formats, "README", ["About this workbook"], [[line] for line in _about(recipe)])
    header, *listed = dictionary_rows(tables)
    _sheet(book, formats, DICTIONARY.removesuffix(".csv"), header, listed)
    for table in tables:
        found = rows[table.name]
        values = [list(row.values()) for row in found.to_pylist()]
        _sheet(book, formats, table.name[:LONGEST_SHEET_NAME], found.column_names, values)
    book.close()
    return buffer.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    return {
        "header": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "integer": book.add_format({"num_format": INTEGER_FORMAT}),
        "number": book.add_format({"num_format": NUMBER_FORMAT}),
        "text": book.add_format({"num_format": "@"}),
    }


def _about(recipe: Recipe) -> list[str]:
    return [
        recipe.title,
        f"Disclosure profile: {recipe.profile}. Rows that are withheld keep their key only.",
        f"Methods: {', '.join(recipe.methods) or 'all'}.",
        *([f"Date: {recipe.date}."] if recipe.date else []),
        *([recipe.note] if recipe.note else []),
        "The sheet dictionary says what each column means, in which unit, and from where.",
        "The CSV and Parquet files beside this workbook have the same rows; a workbook keeps 16 "
        "digits of a number, they keep all.",
    ]


def _sheet(
    book: Any,
    formats: Mapping[str, Any],
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(header):
        sheet.write_string(0, column, title, formats["header"])
        widest = max((len(cell_text(row[column])) for row in rows), default=0)
        sheet.set_column(column, column, min(max(widest, len(title)) + 2, MAXIMUM_WIDTH))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            _cell(sheet, formats, number, column, value)


def _cell(sheet: Any, formats: Mapping[str, Any], row: int, column: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        kind = "integer" if isinstance(value, int) else "number"
        sheet.write_number(row, column, value, formats[kind])
    else:
        sheet.write_string(row, column, cell_text(str(value)), formats["text"])


def differing_cells(one: Path, other: Path, limit: int = 5) -> list[str]:
    """Where two workbooks differ, by sheet and cell; no value of a cell."""
    was, now = _cells(one), _cells(other)
    differing = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
    return [f"sheet {sheet}, cell {cell}" for sheet, cell in differing[:limit]]


def _cells(path: Path) -> dict[tuple[str, str], Any]:
    book = load_workbook(path)
    return {
        (sheet.title, cell.coordinate): (cell.value, cell.data_type)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    }
