"""Finds columns with impossible numbers: a negative dose, or a number that is not finite.

A number that is too large hardly changes a median. A negative or infinite dose cannot be a
measurement, and makes a sum or mean wrong.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from expectations.views.frames import Frame
from transforms.tables.schema import Column, Table

TEXT = pd.ArrowDtype(pa.string())
IMPOSSIBLE_COLUMNS = "impossible_columns"
DOSE_UNITS = frozenset({"mGy", "Gy", "mGy.cm", "Gy.m2", "MBq", "mSv"})
"""Units (UCUM) of the columns that contain a dose or an activity."""


def number_columns(table: Table) -> tuple[Column, ...]:
    """The columns of a table that can contain such a number."""
    return tuple(column for column in table.columns if pa.types.is_floating(column.type))


def with_impossible_columns(frame: Frame, table: Table) -> Frame:
    """Add the names of such columns, separated by a space; NULL if there are none."""
    found: list[list[str]] = [[] for _ in range(len(frame))]
    for column in number_columns(table):
        for position in _is_impossible(frame[column.name], column).to_numpy().nonzero()[0]:
            found[position].append(column.name)
    words = [" ".join(names) or None for names in found]
    return frame.assign(**{IMPOSSIBLE_COLUMNS: pd.Series(words, index=frame.index, dtype=TEXT)})


def _is_impossible(values: pd.Series, column: Column) -> pd.Series:
    """Whether a value is not finite, or a negative dose. (NaN differs from itself.)"""
    wrong = (values != values) | (values.abs() == float("inf"))
    if column.unit in DOSE_UNITS:
        wrong |= values < 0
    return wrong.fillna(False).astype(bool)
