"""Pages of an empty form that say what belongs into its columns."""

from __future__ import annotations

from collections.abc import Iterable

from transforms.sheets.write import Rows
from transforms.tables.schema import Column


def meanings(columns: Iterable[Column]) -> Rows:
    """Name, unit and meaning of each column, under a header."""
    rows = [(column.name, column.unit or "", column.description) for column in columns]
    return [("column", "unit", "meaning"), *rows]
