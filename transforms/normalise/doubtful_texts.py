"""Lists the texts of a report's rows, and finds those that contradict the character set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from transforms.dicom.text import TextDecoder
from transforms.tables import REPORT_TABLES
from transforms.tables.common import REPORT_KEYS
from transforms.tables.schema import Column, Table


def stored_texts(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[tuple[str, str]]:
    """Every text of the rows as written in the report, with its column as table.column."""
    return [
        (where, value)
        for table, columns in _PLACES
        for row in rows[table]
        for column, where in columns
        if (value := row.get(column)) is not None
    ]


def doubtful_text_columns(texts: Sequence[tuple[str, str]], text: TextDecoder) -> str | None:
    """Columns with a text whose bytes contradict the declared character set, separated by a space;
    None if there are none."""
    together = "".join([value for _, value in texts])
    if together.isascii() and not text.is_doubtful(together):
        return None  # of ASCII texts one is doubtful only if all of them together are
    doubtful = {where for where, value in texts if text.is_doubtful(value)}
    return " ".join(sorted(doubtful)) or None


def _has_text(column: Column) -> bool:
    """Whether a column contains text as written in the report."""
    derived = isinstance(column.source, str) and column.source.startswith("derived")
    is_text = column.type == pa.string() and not column.allowed and not derived
    return is_text and column not in REPORT_KEYS and not column.name.endswith("_key")


def _text_columns(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if _has_text(column))


TEXT_COLUMNS = tuple(
    (table.name, columns) for table in REPORT_TABLES if (columns := _text_columns(table))
)
"""Columns of each table that contain text as written in the report."""

_PLACES = tuple(
    (table, tuple((column, f"{table}.{column}") for column in columns))
    for table, columns in TEXT_COLUMNS
)
