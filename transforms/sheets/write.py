"""Writes CSV and XLSX files in which no cell is a formula."""

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
"""Rows by worksheet name, header first. CSV has only the first one.

A further worksheet with the name of a column lists the values that can be chosen in it.
"""

ENDINGS = (".csv", ".xlsx")
TEXT_ONLY = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,
}


def is_xlsx(path: Path) -> bool:
    """Whether the file name ends in .xlsx; UsageError unless it ends in .csv or .xlsx."""
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        raise UsageError(f"{path.name} is neither .csv nor .xlsx. Name a .csv or .xlsx file.")
    return ending == ".xlsx"


def sheet_bytes(path: Path, pages: Pages) -> bytes:
    """The pages as an XLSX or CSV file, by the ending of the file name."""
    if is_xlsx(path):
        return _xlsx(pages)
    return codecs.BOM_UTF8 + csv_bytes(next(iter(pages.values())))


def csv_bytes(rows: Iterable[Iterable[Any]], delimiter: str = ",") -> bytes:
    """The rows as CSV (RFC 4180) in UTF-8: full precision, decimal points, formulas escaped."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([cell_text(value) for value in row] for row in rows)
    return text.getvalue().encode()


def table_csv(table: pa.Table) -> bytes:
    """A table as CSV with its columns and rows in order; NULL is empty."""
    return csv_bytes([table.column_names, *(row.values() for row in table.to_pylist())])


def european_csv(table: pa.Table) -> bytes:
    """A table as CSV for Excel in most of Europe: byte-order mark, semicolons, decimal commas."""
    rows = ([_with_comma(value) for value in row.values()] for row in table.to_pylist())
    return codecs.BOM_UTF8 + csv_bytes([table.column_names, *rows], ";")


class _Number(float):
    """A number that is written with a decimal comma."""

    def __repr__(self) -> str:
        return super().__repr__().replace(".", ",")


def _with_comma(value: Any) -> Any:
    return _Number(value) if isinstance(value, float) else value


def table_json(table: pa.Table) -> bytes:
    """A table as a JSON array of objects."""
    rows = (tuple(row.values()) for row in table.to_pylist())
    return "".join(json_array(table.column_names, rows)).encode()


def _xlsx(pages: Pages) -> bytes:
    """An XLSX file with text cells only: no formulas or links, and leading zeros are kept."""
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
    """Write the rows into the worksheet and return it; UsageError if they do not fit."""
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows):
        for place, text in enumerate(row):
            if text and sheet.write_string(number, place, text, None if number else bold) < 0:
                raise UsageError("These rows do not fit in XLSX. Use CSV.")
    return sheet
