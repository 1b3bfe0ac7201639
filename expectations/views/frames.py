"""Arrow tables of one submission → pandas frames that keep NULL apart from NaN and from zero."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

ROW_NUMBER = "row_number"
"""Position of a row in its frame, from 0: how a result of Great Expectations finds its row."""

Frame = pd.DataFrame
FLOAT = pd.ArrowDtype(pa.float64())
BOOLEAN = pd.ArrowDtype(pa.bool_())


@dataclass(frozen=True, slots=True)
class SubmissionTables:
    """What was decoded of one submission, and its object outcomes so far."""

    reports: pa.Table
    events: pa.Table
    accumulated: pa.Table
    submission: pa.Table
    received: pa.Table
    decoded: pa.Table


def to_frame(table: pa.Table) -> Frame:
    """The table on Arrow types: a NULL stays NULL and an integer stays an integer."""
    frame: Frame = table.to_pandas(types_mapper=pd.ArrowDtype)
    return frame


def with_row_numbers(frame: Frame) -> Frame:
    """The same frame with the position of each row as a column."""
    return frame.assign(**{ROW_NUMBER: range(len(frame))})


def join_once(frame: Frame, other: Frame, columns: list[str]) -> Frame:
    """Columns of the row of `other` with the same object; the first where there are several.

    A key that is not unique is a finding of its own and must not multiply rows here.
    """
    one_row = other[["object_sha256", *columns]].drop_duplicates("object_sha256")
    return frame.merge(one_row, on="object_sha256", how="left")


def ratio(numerator: pd.Series, denominator: pd.Series) -> pd.Series:
    """Quotient; NULL where either is NULL or the denominator is not above zero."""
    return numerator / denominator.where(denominator > 0)
