"""Writes sheets as CSV or XLSX in which no cell is a formula."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

from transforms.errors import UsageError
from transforms.sheets.as_json import json_array
from transforms.sheets.cells import cell_text

Rows = Sequence[Sequence[str | None]]
Pages = Mapping[str, Rows]
"""Rows by the name of their page, header first. CSV has the first page only.

A further page that is named as a column of the first lists what may be chosen there.
"""

TEXT_ONLY = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


def is_xlsx(path: Path) -> bool:
    """Whether the name says XLSX; CSV is the other form, and there is no third."""
    ending = path.suffix.lower()
    if ending not in (".csv", ".xlsx"):
        raise UsageError(f"{path.name} is neither .csv nor .xlsx. Name a .csv or .xlsx file.")
    return ending == ".xlsx"


def sheet_bytes(path: Path, pages: Pages) -> bytes:
    """The pages as the bytes of the file that the name asks for."""
    if is_xlsx(path):
        return _xlsx(pages)
    return codecs.BOM_UTF8 + csv_bytes(next(iter(pages.values())))


def csv_bytes(rows: Iterable[Iterable[Any]], delimiter: str = ",") -> bytes:
    """The rows in UTF-8 (RFC 4180): full precision, `.` decimals, no text that would be run."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([cell_text(value) for value in row] for row in rows)
    return text.getvalue().encode()


def table_csv(table: pa.Table) -> bytes:
    """The same of a table: its own columns and rows in their order; NULL is empty."""
    return csv_bytes([table.column_names, *(row.values() for row in table.to_pylist())])


def european_csv(table: pa.Table) -> bytes:
    """The same as Excel reads it in most of Europe: byte-order mark, semicolons, decimal commas."""
    rows = ([_with_comma(value) for value in row.values()] for row in table.to_pylist())
    return codecs.BOM_UTF8 + csv_bytes([table.column_names, *rows], ";")


class _Number(float):
    """A number that is written with a decimal comma."""

    def __repr__(self) -> str:
        return super().__repr__().replace(".", ",")


def _with_comma(value: Any) -> Any:
    return _Number(value) if isinstance(value, float) else value


def table_json(table: pa.Table) -> bytes:
    """The same as one array of objects."""
    rows = (tuple(row.values()) for row in table.to_pylist())
    return "".join(json_array(table.column_names, rows)).encode()


def _xlsx(pages: Pages) -> bytes:
    """Strings only: no formula, no link, no number that loses its zeros."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, TEXT_ONLY) as book:
        bold = book.add_format({"bold": True})
        sheets = [_fill(book.add_worksheet(name), rows, bold) for name, rows in pages.items()]
        header, *rows = next(iter(pages.values()))
        for at, name in enumerate(header):
            if rows and (words := pages.get(name or "")):
                source = f"='{name}'!$A$2:$A${len(words)}"
                listed = {"validate": "list", "source": source}
                sheets[0].data_validation(1, at, len(rows), at, listed)
    return out.getvalue()


def _fill(sheet: Any, rows: Rows, bold: Any) -> Any:
    """Write the rows into the sheet and return it; UsageError where they do not fit."""
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            if text and sheet.write_string(number, place, text, None if number else bold) < 0:
                raise UsageError("These rows do not fit in XLSX. Use CSV.")
    return sheet
