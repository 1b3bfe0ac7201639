"""`ct_accumulated_dose` with what the events of the same report add up to."""

from __future__ import annotations

import pandas as pd

from expectations.views.frames import (
    Frame,
    SubmissionTables,
    distance_in_tolerances,
    join_once,
    to_frame,
    with_row_numbers,
)
from transforms.tables.ct_irradiation_event import CTDIW_PHANTOMS

DLP_TOLERANCE_MGY_CM = 1.0
"""Reports round each event's DLP to two, one or no decimals before they add."""
DLP_TOLERANCE_SHARE = 0.01


def accumulated_dose_frame(tables: SubmissionTables) -> Frame:
    """Totals beside the sums they ought to equal.

    `*_in_tolerances` is the distance between total and sum, counted in tolerances
    (1 mGy·cm or 1 % of the sum, whichever is larger): above 1 they disagree. It is NULL
    where the report states no total or no DLP of an event.
    """
    events = to_frame(tables.events)
    frame = with_row_numbers(to_frame(tables.accumulated))
    frame = join_once(frame, _sums(events), ["dlp_of_events_mgy_cm", "number_of_events"])
    frame["number_of_events"] = frame["number_of_events"].fillna(0)
    frame["events_missing"] = (
        frame["total_number_of_irradiation_events"] - frame["number_of_events"]
    )
    frame["dlp_total_in_tolerances"] = _distance(
        frame["dlp_total_mgy_cm"], frame["dlp_of_events_mgy_cm"]
    )
    for phantom in CTDIW_PHANTOMS:
        frame = _with_subtotal(frame, events, phantom)
    return frame


def _sums(events: Frame) -> Frame:
    """Per object: the sum of its events' DLP (NULL if none has one), and their number."""
    by_object = events.groupby("object_sha256", sort=True)
    return pd.DataFrame(
        {
            "dlp_of_events_mgy_cm": by_object["dlp_mgy_cm"].sum(min_count=1),
            "number_of_events": by_object.size(),
        }
    ).reset_index()


def _with_subtotal(frame: Frame, events: Frame, phantom: str) -> Frame:
    """Add the sum for one phantom and its distance from the sub-total the report states."""
    column = f"dlp_of_{phantom}_events_mgy_cm"
    of_phantom = events[(events["ctdiw_phantom"] == phantom).fillna(False)]
    sums = _sums(of_phantom).rename(columns={"dlp_of_events_mgy_cm": column})
    frame = join_once(frame, sums, [column])
    frame[f"dlp_subtotal_{phantom}_in_tolerances"] = _distance(
        frame[f"dlp_subtotal_{phantom}_mgy_cm"], frame[column]
    )
    return frame


def _distance(total: pd.Series, of_events: pd.Series) -> pd.Series:
    return distance_in_tolerances(total, of_events, DLP_TOLERANCE_SHARE, DLP_TOLERANCE_MGY_CM)
