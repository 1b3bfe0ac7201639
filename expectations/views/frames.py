"""Converts Arrow tables to pandas frames that distinguish NULL, NaN and zero."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

ROW_NUMBER = "row_number"
"""Position of a row in its frame, from 0; links a result of Great Expectations to its row."""

SCOPES_OF_THE_STUDY = ("study", "procedure_step_to_this_point")
"""Scopes of a total that may include the events of earlier reports of the study."""

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

    @property
    def n_rows(self) -> int:
        """Reports and rows of CT and X-ray events, of which there are most."""
        return sum(one.num_rows for one in (self.reports, self.events, self.xray_events))


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


def is_total_of_study(frame: Frame, reports: Frame) -> pd.Series:
    """Whether the totals of a row may include the events of earlier reports of the study."""
    scopes = join_once(frame, reports, ["scope_of_accumulation"])["scope_of_accumulation"]
    return scopes.isin(SCOPES_OF_THE_STUDY)


def distinct_events(events: Frame, *columns: str) -> Frame:
    """Events without the copies that cumulative reports contain; one without a UID is distinct.

    `columns` distinguish rows of one event.
    """
    places = pd.Series(events.index.astype(str), events.index)
    named = events.assign(event_key=events["event_key"].fillna(places))
    return named.drop_duplicates(["study_key", "event_key", *columns])


def nearest_sum(total: pd.Series, own: pd.Series, of_study: pd.Series) -> pd.Series:
    """The value nearest to the total, from the sum of its own events to that of the study."""
    is_more = ((total > own) & (of_study > own)).fillna(False).astype(bool)
    is_all = (total > of_study).fillna(False).astype(bool)
    return own.where(~is_more, total.where(~is_all, of_study))
