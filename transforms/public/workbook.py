"""The public tables as one XLSX file: strings and numbers, no formulas, reproducible bytes."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pyarrow as pa
import xlsxwriter
from openpyxl import load_workbook

from transforms.public.declaration import PublicTable
from transforms.public.dictionary import DICTIONARY, dictionary_rows
from transforms.sheets.cells import cell_text

WORKBOOK = "drlake.xlsx"
LONGEST_SHEET_NAME = 31
MAXIMUM_WIDTH = 60
CREATED = datetime.datetime(2000, 1, 1)
"""Constant creation time, so that a file with the same numbers has the same bytes."""

INTEGER_FORMAT, NUMBER_FORMAT, SHARE_FORMAT = "0", "General", "0.0 %"
"""Number formats without thousands separators, with the digits that were rounded to."""

SHARE = re.compile(r"share(_\w+)?|\w+_share")


def workbook_bytes(
    title: str,
    about: Sequence[str],
    tables: Sequence[PublicTable],
    rows: Mapping[str, pa.Table],
    levels: Mapping[str, pa.Table] = MappingProxyType({}),
) -> bytes:
    """Return the workbook: README with the lines `about`, dictionary, sheets of levels, every
    table.
    """
    buffer = BytesIO()
    book = xlsxwriter.Workbook(
        buffer,
        {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False},
    )
    book.set_properties({"title": title, "created": CREATED})
    formats = _formats(book)
    said = [*about, *_explanation(tables, levels)]
    _sheet(book, formats, "README", ["About this workbook"], [[line] for line in said])
    header, *listed = dictionary_rows(tables)
    _sheet(book, formats, DICTIONARY.removesuffix(".csv"), header, listed)
    for name, found in {**levels, **{table.name: rows[table.name] for table in tables}}.items():
        values = [list(row.values()) for row in found.to_pylist()]
        _sheet(book, formats, name[:LONGEST_SHEET_NAME], found.column_names, values)
    book.close()
    return buffer.getvalue()


def _explanation(tables: Sequence[PublicTable], levels: Mapping[str, pa.Table]) -> list[str]:
    """Lines that say what the sheets are and how to read their numbers."""
    of_levels = (
        f"The sheets {', '.join(levels)} list the published levels of the newest year with "
        "a level by the first-line method, one sheet per modality; an empty sheet has no "
        "published level."
    )
    return [
        "The sheet dictionary gives the meaning, unit and source of each column.",
        *([of_levels] if levels else []),
        *(f"Sheet {table.name[:LONGEST_SHEET_NAME]}: {table.description}" for table in tables),
        "Doses are in the unit of their row; shares are formatted as per cent. No cell is a "
        "formula: a text that could be read as one begins with an apostrophe.",
        "The CSV, JSON and Parquet files beside this workbook have the same rows; a workbook keeps "
        "16 digits of a number, the other files keep all.",
    ]


def _formats(book: Any) -> dict[str, Any]:
    return {
        "header": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "integer": book.add_format({"num_format": INTEGER_FORMAT}),
        "share": book.add_format({"num_format": SHARE_FORMAT}),
        "number": book.add_format({"num_format": NUMBER_FORMAT}),
        "text": book.add_format({"num_format": "@"}),
    }


def _sheet(
    book: Any,
    formats: Mapping[str, Any],
    name: str,
    header: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> None:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(header) - 1)
    for column, title in enumerate(header):
        sheet.write_string(0, column, title, formats["header"])
        widest = max((len(cell_text(row[column])) for row in rows), default=0)
        sheet.set_column(column, column, min(max(widest, len(title)) + 2, MAXIMUM_WIDTH))
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            form = formats[_kind(header[column], value)]
            _cell(sheet, form, number, column, value)


def _kind(name: str, value: Any) -> str:
    if isinstance(value, float):
        return "share" if SHARE.fullmatch(name) else "number"
    return "integer" if isinstance(value, int) else "text"


def _cell(sheet: Any, form: Any, row: int, column: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        sheet.write_number(row, column, value, form)
    else:
        sheet.write_string(row, column, cell_text(str(value)), form)


def differing_cells(one: Path, other: Path, limit: int = 5) -> list[str]:
    """Name the cells in which two workbooks differ, by sheet; never their values."""
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
