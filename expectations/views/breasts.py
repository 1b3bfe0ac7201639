"""`mammography_accumulated_dose` with the sums of the events of the same breast."""

from __future__ import annotations

import pandas as pd

from expectations.views.frames import (
    BOOLEAN,
    Frame,
    SubmissionTables,
    distance_in_tolerances,
    look_up,
    sum_of_all,
    to_frame,
    with_row_numbers,
)

AGD = "average_glandular_dose_mgy"
TOTAL = f"accumulated_{AGD}"
TOLERANCE_SHARE = 0.05
TOLERANCE_MGY = 0.05
"""Devices round each acquisition to two or one decimals before adding."""


def breast_total_frame(tables: SubmissionTables) -> Frame:
    """Totals of each breast next to the sum of its events, and of both next to left plus right."""
    frame = with_row_numbers(to_frame(tables.breast_accumulated))
    frame["total_side_given"] = frame["laterality"].notna().astype(BOOLEAN)
    frame["agd_of_events_mgy"] = _of_events(frame, to_frame(tables.xray_events))
    frame["agd_total_in_tolerances"] = _distance(frame[TOTAL], frame["agd_of_events_mgy"])
    frame["agd_of_sides_mgy"] = _of_sides(frame)
    frame["sides_in_tolerances"] = _distance(frame[TOTAL], frame["agd_of_sides_mgy"])
    sides = frame["object_sha256"] + "." + frame["laterality"]
    frame["totals_of_breast"] = look_up(sides, sides.value_counts())
    return frame


def _of_events(frame: Frame, events: Frame) -> pd.Series:
    """Sum over the events of the breast; zero if it has none.

    NULL if an event of the report has no laterality or no dose, since it may belong to either
    breast.
    """
    sided = events["laterality"].isin(["left", "right"])
    usable = events[AGD].where(sided)
    by_object = sum_of_all(usable, events["object_sha256"])
    by_side = sum_of_all(usable, events["object_sha256"] + "." + events["laterality"].fillna(""))
    of_object = look_up(frame["object_sha256"], by_object)
    of_side = look_up(frame["object_sha256"] + "." + frame["laterality"].fillna(""), by_side)
    both = (frame["laterality"] == "both").fillna(False).astype(bool)
    found = of_side.fillna(0.0).where(~both, of_object)
    return found.where(of_object.notna() & frame["laterality"].notna())


def _of_sides(frame: Frame) -> pd.Series:
    """Left plus right, in the row of both breasts; NULL if a side is missing."""
    both = (frame["laterality"] == "both").fillna(False).astype(bool)
    left, right = (
        look_up(frame["object_sha256"], _first(frame[(frame["laterality"] == side).fillna(False)]))
        for side in ("left", "right")
    )
    return (left + right).where(both)


def _first(rows: Frame) -> pd.Series:
    one = rows.drop_duplicates("object_sha256")
    return one.set_index("object_sha256")[TOTAL]


def _distance(total: pd.Series, parts: pd.Series) -> pd.Series:
    return distance_in_tolerances(total, parts, TOLERANCE_SHARE, TOLERANCE_MGY)
