"""Converts Arrow tables to pandas frames that distinguish NULL, NaN and zero."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

ROW_NUMBER = "row_number"
"""Position of a row in its frame, from 0; links a result of Great Expectations to its row."""

Frame = pd.DataFrame
FLOAT = pd.ArrowDtype(pa.float64())
BOOLEAN = pd.ArrowDtype(pa.bool_())
INTEGER = pd.ArrowDtype(pa.int64())


@dataclass(frozen=True, slots=True)
class SubmissionTables:
    """The decoded tables of one submission, and its object outcomes so far.

    `events` and `accumulated` are those of CT.
    """

    reports: pa.Table
    events: pa.Table
    accumulated: pa.Table
    xray_events: pa.Table
    xray_accumulated: pa.Table
    breast_accumulated: pa.Table
    administrations: pa.Table
    submission: pa.Table
    received: pa.Table
    decoded: pa.Table


def to_frame(table: pa.Table) -> Frame:
    """The table with Arrow types: a NULL stays NULL and an integer stays an integer."""
    frame: Frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def with_row_numbers(frame: Frame) -> Frame:
    """The same frame with the position of each row as a column."""
    return frame.assign(**{ROW_NUMBER: range(len(frame))})


def join_once(frame: Frame, other: Frame, columns: list[str]) -> Frame:
    """Columns of the row of `other` with the same object; the first if there are several.

    A key that is not unique is a separate finding and must not multiply rows here.
    """
    one_row = other[["object_sha256", *columns]].drop_duplicates("object_sha256")
    return frame.merge(one_row, on="object_sha256", how="left")


def distance_in_tolerances(
    total: pd.Series, of_parts: pd.Series, share: float, at_least: float
) -> pd.Series:
    """Distance between a total and its parts, counted in tolerances: above 1 they disagree.

    One tolerance is `share` of the parts, but at least `at_least` (rounding of small numbers). NULL
    if either is NULL.
    """
    tolerance = (of_parts * share).clip(lower=at_least)
    return ratio((total - of_parts).abs(), tolerance)


def look_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """The value for each key; NULL if there is none."""
    return pd.Series(values.astype(FLOAT).reindex(keys).array, index=keys.index, dtype=FLOAT)


def sum_of_all(values: pd.Series, groups: pd.Series) -> pd.Series:
    """Sum by group; NULL if a value of the group is missing."""
    by_group = values.groupby(groups, sort=True)
    complete = by_group.count() == by_group.size()
    return by_group.sum().astype(FLOAT).where(complete)


def ratio(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Quotient; NULL if either is NULL or the denominator is not above zero."""
    return numerator / denominator.where(denominator > 0)
