"""The cells of a filled form: from CSV or XLSX to texts and numbers, each with its row.

A file of a hospital is data: a formula in it is refused and never evaluated, a workbook that would
unpack to more than a form can need is not opened.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.errors import UsageError
from transforms.summaries.form import FORM_SHEET

MAXIMUM_BYTES = 16 * 1024**2
MAXIMUM_UNPACKED_BYTES = 128 * 1024**2
MAXIMUM_ROWS = 100_000
"""A facility of 30 devices with every procedure, group and quantity has some 20,000 rows."""

ARCHIVE_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError),
    *(EOFError, ValueError, OSError),
)
"""What zipfile raises for bytes that are no archive, or one that is encrypted or cut off."""


@dataclass(frozen=True, slots=True)
class Unusable:
    """A cell of a workbook that is neither text nor number."""

    kind: str


Cell = str | float | int | Unusable | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Header and rows of a form; the rows with their numbers in the file, from 1."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]


def read_sheet(path: Path, data: bytes) -> Sheet:
    """The cells of a form; UsageError where the file is no form at all."""
    if len(data) > MAXIMUM_BYTES:
        raise UsageError(f"{path.name} is larger than any form. Name the filled form itself.")
    kind = path.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise UsageError(f"{path.name} is no form. Name a .csv or .xlsx file.")
    rows = list(_csv_rows(path, data) if kind == ".csv" else _xlsx_rows(path, data))
    if not rows:
        raise UsageError(f"{path.name} is empty. Fill a form of `drlake summaries template`.")
    if len(rows) > MAXIMUM_ROWS:
        raise UsageError(f"{path.name} has more than {MAXIMUM_ROWS} rows. Load it in parts.")
    header = tuple(cell if isinstance(cell, str) else "" for cell in rows[0][1])
    return Sheet(header, tuple(rows[1:]))


def _csv_rows(path: Path, data: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path.name} is not in UTF-8. Save it as 'CSV UTF-8'.") from None
    first = text.partition("\n")[0]
    # Spreadsheet programs of countries with a decimal comma part cells by semicolons.
    delimiter = ";" if ";" in first and "," not in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            yield from _filled(number, cells)
    except csv.Error:
        raise UsageError(
            f"{path.name} is no CSV (row {reader.line_num}): a quotation mark is not closed, or "
            "text follows it. Save the form again as CSV."
        ) from None


def _xlsx_rows(path: Path, data: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    from openpyxl import load_workbook

    _check_archive(path, data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book[FORM_SHEET] if FORM_SHEET in book.sheetnames else book.worksheets[0]
        for number, cells in enumerate(sheet.iter_rows(max_row=MAXIMUM_ROWS + 2), start=1):
            yield from _filled(number, [_xlsx_cell(cell) for cell in cells])
    except Exception as error:  # whatever openpyxl makes of a broken workbook
        raise UsageError(
            f"{path.name} cannot be read as a workbook ({type(error).__name__}). Save it again "
            "as .xlsx, or as .csv."
        ) from None


def _check_archive(path: Path, data: bytes) -> None:
    """Refuse what unpacks to too much, and XML that declares entities, before it is parsed."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAXIMUM_UNPACKED_BYTES:
                raise UsageError(f"{path.name} unpacks to more than any form. Load it in parts.")
            if any(b"<!DOCTYPE" in archive.read(name) for name in archive.namelist()):
                raise UsageError(f"{path.name} declares XML entities. Save it again as .csv.")
    except ARCHIVE_ERRORS:
        raise UsageError(f"{path.name} is no .xlsx file. Save the form again as .xlsx.") from None


def _filled(number: int, cells: Iterable[Cell]) -> Iterable[tuple[int, tuple[Cell, ...]]]:
    """The row, without empty cells at its end; none where nothing stands in it."""
    row: Sequence[Cell] = [
        cell.strip() or None if isinstance(cell, str) else cell for cell in cells
    ]
    filled = [place for place, cell in enumerate(row, start=1) if cell is not None]
    return [(number, tuple(row[: filled[-1]]))] if filled else []


def _xlsx_cell(cell: Any) -> Cell:
    value = cell.value
    if value is None or isinstance(value, str):
        return Unusable("a formula") if getattr(cell, "data_type", "") == "f" else value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value
    return Unusable("a date or a truth value")
