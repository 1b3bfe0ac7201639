"""Reads all rows of a CSV or XLSX file with their row numbers.

Files are untrusted: formulas are never evaluated, and a workbook that unpacks to too many bytes or
declares XML entities is not opened.
"""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

from transforms.errors import UsageError
from transforms.sheets.cells import Cell, Row, Sheet, Unusable, unescape_formula
from transforms.sheets.write import is_xlsx

MAXIMUM_COLUMNS = 1000
"""drlake's sheets have fewer than 100; a single cell at the far right makes a row of 16,384."""

ARCHIVE_ERRORS = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError),
    *(EOFError, ValueError, OSError),
)
"""Exceptions of zipfile for data that is not an archive, is encrypted or is truncated."""


class Kind(NamedTuple):
    """Name, size limits and worksheet (by default the first) of a kind of file."""

    what: str
    file_bytes: int = 64 * 1024**2
    unpacked_bytes: int = 256 * 1024**2
    rows: int = 1_048_576
    page: str = ""


def read_bytes(path: Path, kind: Kind) -> bytes:
    """The bytes of a file; UsageError if it cannot be read or is too large."""
    try:
        with path.open("rb") as file:
            data = file.read(kind.file_bytes + 1)
    except OSError as error:
        raise _file_error(
            kind, path, f"cannot be read ({error.strerror}). Give the path of a file."
        ) from None
    if len(data) > kind.file_bytes:
        raise _file_error(kind, path, f"is larger than {kind.file_bytes} bytes. Split it.")
    return data


def sheet_of(path: Path, data: bytes, kind: Kind) -> Sheet:
    """The cells of a completed form: XLSX, or CSV as written by `sheet_bytes`."""
    if is_xlsx(path):
        return _sheet(path, kind, _xlsx_rows(path, data, kind), pads=True)
    return _sheet(path, kind, _csv_rows(path, data, kind, unescape_formula))


def read_csv(path: Path, kind: Kind) -> Sheet:
    """The cells of a CSV file, with their texts unchanged."""
    return _sheet(path, kind, _csv_rows(path, read_bytes(path, kind), kind, str))


def without_empty_end(cells: Sequence[Cell]) -> Sequence[Cell]:
    """The cells up to the last one that is not empty."""
    return cells[: max((at for at, cell in enumerate(cells, 1) if cell is not None), default=0)]


def _file_error(kind: Kind, path: Path, why: str) -> UsageError:
    return UsageError(f"{kind.what} {path.name} {why}")


def _sheet(path: Path, kind: Kind, rows: Iterable[Row], *, pads: bool = False) -> Sheet:
    """The non-empty rows; `pads` adds the empty cells that a workbook omits."""
    kept: list[Row] = []
    for row in rows:
        filled = without_empty_end(row.cells)
        if len(filled) > MAXIMUM_COLUMNS:
            raise _file_error(kind, path, f"has more than {MAXIMUM_COLUMNS} columns. Remove some.")
        if not filled:
            continue
        if not kept:
            row = Row(row.number, filled)
        elif pads:
            row = Row(row.number, (*filled, *[None] * (len(kept[0].cells) - len(filled))))
        kept.append(row)
        if len(kept) > kind.rows:
            raise _file_error(kind, path, f"has more than {kind.rows} rows. Load it in parts.")
    if not kept:
        raise _file_error(kind, path, "is empty. Fill in its header and rows.")
    return Sheet(kept[0], kept[1:])


def _csv_rows(path: Path, data: bytes, kind: Kind, text_of: Callable[[str], str]) -> Iterator[Row]:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _file_error(kind, path, "is not in UTF-8. Save it as 'CSV UTF-8'.") from None
    first = text.partition("\n")[0]
    # Spreadsheet programs use semicolons in countries with a decimal comma.
    delimiter = ";" if ";" in first and "," not in first else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            yield Row(number, tuple(text_of(cell).strip() or None for cell in cells))
    except csv.Error:
        raise _file_error(
            kind,
            path,
            f"is not valid CSV (line {reader.line_num}): a quotation mark is not closed, or text "
            "follows it. Save it again as CSV.",
        ) from None


def _xlsx_rows(path: Path, data: bytes, kind: Kind) -> Iterator[Row]:
    from openpyxl import load_workbook

    _check_archive(path, data, kind)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        page = book[kind.page] if kind.page in book.sheetnames else book.worksheets[0]
        for number, cells in enumerate(page.iter_rows(), start=1):
            yield Row(number, tuple(_xlsx_cell(cell) for cell in cells))
    except Exception as error:  # openpyxl raises many types for a broken workbook
        why = f"cannot be read as a workbook ({type(error).__name__}). Save it again as .xlsx."
        raise _file_error(kind, path, why) from None


def _check_archive(path: Path, data: bytes, kind: Kind) -> None:
    """Refuse a workbook that is too large unpacked or declares XML entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > kind.unpacked_bytes:
                raise _file_error(kind, path, "is too large when unpacked. Split it.")
            if any(_declares_entities(archive.read(name)) for name in archive.namelist()):
                raise _file_error(kind, path, "declares XML entities. Save it again as .csv.")
    except ARCHIVE_ERRORS:
        raise _file_error(kind, path, "is not an .xlsx file. Save it again as .xlsx.") from None


def _declares_entities(xml: bytes) -> bool:
    """Whether the XML has a document type, in UTF-8 or UTF-16 (with a zero byte per letter)."""
    return b"<!DOCTYPE" in xml.replace(b"\0", b"")


def _xlsx_cell(cell: Any) -> Cell:
    value = cell.value
    if getattr(cell, "data_type", "") == "f":
        return Unusable("a formula")
    if isinstance(value, str):
        return value.strip() or None
    if value is None or (isinstance(value, (int, float)) and not isinstance(value, bool)):
        return value
    return Unusable("a date or a logical value", _day(value))


def _day(value: Any) -> date | None:
    """The date in a cell; None if it also has a time."""
    if isinstance(value, datetime):
        return value.date() if value.time() == time.min else None
    return value if isinstance(value, date) else None
