"""The data dictionary: meaning, unit and source of each column of the public tables."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from transforms.public.declaration import PublicTable

DICTIONARY = "dictionary.csv"
EXCEL, JSON = "csv_excel", "json"
"""Folders of the tables in further formats."""

HEADER = ("table", "column", "data_type", "unit", "description", "source", "part_of_key")


def dictionary_rows(tables: Sequence[PublicTable]) -> list[list[str]]:
    """Return the data dictionary: a header, then a row for every column of every table."""
    rows = [list(HEADER)]
    for table in tables:
        for column in table.columns:
            key = "yes" if column.name in table.key else "no"
            said = (column.data_type, column.unit, column.description, column.source, key)
            rows.append([table.name, column.name, *said])
    return rows


def dictionary_csv(tables: Sequence[PublicTable]) -> str:
    """Return the dictionary as CSV (RFC 4180)."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(dictionary_rows(tables))
    return buffer.getvalue()
