"""Finds texts whose bytes contradict the declared character set."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from transforms.dicom.text import TextDecoder
from transforms.tables import REPORT_TABLES
from transforms.tables.common import REPORT_KEYS
from transforms.tables.schema import Column, Table


def doubtful_text_columns(
    rows: Mapping[str, Sequence[Mapping[str, Any]]], text: TextDecoder
) -> str | None:
    """Columns with such a text as table.column, separated by a space; None if there are none."""
    found = list(_texts(rows))
    together = "".join([value for _, _, value in found])
    if together.isascii() and not text.is_doubtful(together):
        return None  # of ASCII texts one is doubtful only if all of them together are
    doubtful = {f"{table}.{column}" for table, column, value in found if text.is_doubtful(value)}
    return " ".join(sorted(doubtful)) or None


def _texts(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[tuple[str, str, str]]:
    """Table, column and value of every text."""
    for table, columns in TEXT_COLUMNS:
        for row in rows[table]:
            for column in columns:
                value = row.get(column)
                if value is not None:
                    yield table, column, value


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
