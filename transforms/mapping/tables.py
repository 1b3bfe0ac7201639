"""Cells of a work-list as CSV or XLSX: text stays text, whatever a hospital calls its protocols."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import openpyxl
import xlsxwriter

from transforms.errors import UsageError
from transforms.mapping.checked_rows import read_cells

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula."""

MAXIMUM_XLSX_ROWS = 1_000_000
MAXIMUM_UNPACKED_BYTES = 256 * 1024 * 1024
XLSX_ERRORS = (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError, AttributeError)
"""What openpyxl raises for files that are none, or broken."""


class Sheet(NamedTuple):
    """Rows of text under a header; in XLSX the `chosen` columns offer the words of `choices`."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    chosen: str = ""
    choices: Sequence[str] = ()


def is_xlsx(path: str | Path) -> bool:
    """Whether the name says XLSX; CSV is the other form, and there is no third."""
    suffix = Path(path).suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise UsageError(f"{path} is neither .csv nor .xlsx. Give the file one of these endings.")
    return suffix == ".xlsx"


def sheet_bytes(path: str | Path, sheet: Sheet) -> bytes:
    """The sheet as the bytes of the file that the name asks for."""
    return _xlsx(sheet) if is_xlsx(path) else _csv(sheet).encode("utf-8-sig")


def read_sheet(path: str | Path, what: str) -> list[list[str]]:
    """The cells of a file of either form, header first."""
    if is_xlsx(path):
        return _read_xlsx(path, what)
    return [[unescaped(cell) for cell in cells] for cells in read_cells(path, what)]


def escaped(text: str) -> str:
    """A cell that no spreadsheet runs as a formula; an apostrophe that stands first is doubled."""
    return f"'{text}" if text.startswith((*FORMULA_STARTS, "'")) else text


def unescaped(cell: str) -> str:
    """The text of an escaped cell."""
    return (
        cell[1:] if cell.startswith("'") and cell[1:].startswith((*FORMULA_STARTS, "'")) else cell
    )


def _csv(sheet: Sheet) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([[escaped(cell) for cell in row] for row in (sheet.header, *sheet.rows)])
    return out.getvalue()


def _xlsx(sheet: Sheet) -> bytes:
    """Strings only: no formula, no link, no number that loses its zeros."""
    if len(sheet.rows) > MAXIMUM_XLSX_ROWS:
        raise UsageError(f"More than {MAXIMUM_XLSX_ROWS} rows do not fit in XLSX. Use CSV.")
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, {**options, "in_memory": True}) as book:
        page, words = book.add_worksheet("names"), book.add_worksheet("procedures")
        bold = book.add_format({"bold": True})
        for column, name in enumerate(sheet.header):
            page.write_string(0, column, name, bold)
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                page.write_string(number, column, cell)
        for number, word in enumerate(sheet.choices):
            words.write_string(number, 0, word)
        page.freeze_panes(1, 0)
        if sheet.chosen and sheet.choices and sheet.rows:
            at = list(sheet.header).index(sheet.chosen)
            listed = {"validate": "list", "source": f"=procedures!$A$1:$A${len(sheet.choices)}"}
            page.data_validation(1, at, len(sheet.rows), at, listed)
    return out.getvalue()


def _read_xlsx(path: str | Path, what: str) -> list[list[str]]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAXIMUM_UNPACKED_BYTES:
                raise UsageError(f"{what} {path} is too large unpacked. Split it.")
        book = openpyxl.load_workbook(path, read_only=True, data_only=False)
        try:
            rows = [[_text(cell, what) for cell in row] for row in book.worksheets[0].iter_rows()]
        finally:
            book.close()
    except XLSX_ERRORS as error:
        raise UsageError(
            f"{what} {path} cannot be read ({type(error).__name__}). Save it as XLSX or CSV again."
        ) from None
    return _of_one_width(rows)


def _of_one_width(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """Rows as wide as the header; cells beyond it stay where something stands in them."""
    last = [max((at for at, cell in enumerate(row, 1) if cell), default=0) for row in rows]
    width = last[0] if last else 0
    return [
        [*row[: max(end, width)], *[""] * (width - len(row))]
        for row, end in zip(rows, last, strict=True)
    ]


def _text(cell: object, what: str) -> str:
    """The text of a cell; a formula is refused, since what it shows is not what it says."""
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "f":
        place = getattr(cell, "coordinate", "?")
        raise UsageError(f"{what}: cell {place} holds a formula. Write its text in its place.")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)
