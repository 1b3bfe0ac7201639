"""A mart as CSV: full precision, `.` decimals, and no text that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from typing import Any

import pyarrow as pa

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell of text that begins with one of these is a formula to spreadsheet programs (OWASP)."""


def csv_bytes(table: pa.Table) -> bytes:
    """The table in UTF-8 (RFC 4180), its own columns and rows in their order; NULL is empty.

    Numbers are written so that reading them back gives the same double.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow([cell_text(name) for name in table.column_names])
    for row in table.to_pylist():
        writer.writerow([cell_text(row[name]) for name in table.column_names])
    return buffer.getvalue().encode("utf-8")


def cell_text(value: Any) -> str:
    """One value as CSV text; text that would be run as a formula gets a leading apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return repr(value)
    text = str(value)
    if isinstance(value, str) and text.lstrip(" ").startswith(FORMULA_STARTS):
        return f"'{text}"
    return text
