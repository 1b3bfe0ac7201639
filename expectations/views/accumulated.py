"""`ct_accumulated_dose` with the sums of the events of the same report."""

from __future__ import annotations

import pandas as pd

from expectations.views.frames import (
    Frame,
    SubmissionTables,
    distance_in_tolerances,
    distinct_events,
    is_total_of_study,
    look_up,
    nearest_sum,
    sum_of_all,
    to_frame,
    with_row_numbers,
)
from transforms.tables.ct_irradiation_event import LEVEL_PHANTOMS

DLP_TOLERANCE_MGY_CM = 1.0
"""Reports round each event's DLP to two, one or no decimals before adding."""
DLP_TOLERANCE_SHARE = 0.01


def accumulated_dose_frame(tables: SubmissionTables) -> Frame:
    """Totals next to the sums that they should equal.

    `*_in_tolerances` is the distance between total and sum, counted in tolerances (1 mGy·cm or 1 %
    of the sum, whichever is larger): above 1 they disagree. It is NULL if the report has no total,
    or if an event other than a localizer has no DLP, since an incomplete sum cannot be compared.
    """
    events = to_frame(tables.events)
    frame = with_row_numbers(to_frame(tables.accumulated))
    frame["number_of_events"] = _number_of_events(frame, events)
    events = _events_in_sum(events)
    frame["dlp_of_events_mgy_cm"] = _dlp_of_events(frame, events, to_frame(tables.reports))
    frame["events_missing"] = (
        frame["total_number_of_irradiation_events"] - frame["number_of_events"]
    )
    frame["dlp_total_in_tolerances"] = _distance(
        frame["dlp_total_mgy_cm"], frame["dlp_of_events_mgy_cm"]
    )
    for phantom in LEVEL_PHANTOMS:
        frame = _with_subtotal(frame, events, phantom)
    return frame


def _number_of_events(frame: Frame, events: Frame) -> pd.Series:
    """Events of each report: its rows, or its UIDs where so many are stated.

    A report may split an event over regions, in rows with the same UID (TID 10013); a device may
    write one UID for all events.
    """
    reports = events["object_sha256"]
    names = events["event_key"].fillna(pd.Series(events.index.astype(str), events.index))
    rows = look_up(frame["object_sha256"], reports.value_counts()).fillna(0)
    uids = look_up(frame["object_sha256"], names.groupby(reports).nunique()).fillna(0)
    is_of_uids = (frame["total_number_of_irradiation_events"] == uids).fillna(False).astype(bool)
    return rows.where(~is_of_uids, uids)


def _dlp_of_events(frame: Frame, events: Frame, reports: Frame) -> pd.Series:
    """Sum of the report's events; for a total of the study, of up to all its events."""
    own = look_up(frame["object_sha256"], sum_of_all(events["dlp_mgy_cm"], events["object_sha256"]))
    distinct = distinct_events(events, "event_index")
    of_study = look_up(
        frame["study_key"], sum_of_all(distinct["dlp_mgy_cm"], distinct["study_key"])
    )
    nearest = nearest_sum(frame["dlp_total_mgy_cm"], own, of_study)
    return own.where(~is_total_of_study(frame, reports), nearest)


def _events_in_sum(events: Frame) -> Frame:
    """Events that belong to the sum: all except localizers without DLP."""
    localizer = (events["ct_acquisition_type"] == "constant_angle").fillna(False).astype(bool)
    return events[~(localizer & events["dlp_mgy_cm"].isna())]


def _with_subtotal(frame: Frame, events: Frame, phantom: str) -> Frame:
    """Add the sum for one phantom and its distance from the stated sub-total.

    NULL if an event with a dose has no phantom, since it may belong to either.
    """
    column = f"dlp_of_{phantom}_events_mgy_cm"
    unknown = events["ctdiw_phantom"].isna() & (events["dlp_mgy_cm"] != 0).fillna(True)
    is_unknown = frame["object_sha256"].isin(events.loc[unknown, "object_sha256"])
    of_phantom = events[(events["ctdiw_phantom"] == phantom).fillna(False)]
    sums = sum_of_all(of_phantom["dlp_mgy_cm"], of_phantom["object_sha256"])
    frame[column] = look_up(frame["object_sha256"], sums).where(~is_unknown)
    frame[f"dlp_subtotal_{phantom}_in_tolerances"] = _distance(
        frame[f"dlp_subtotal_{phantom}_mgy_cm"], frame[column]
    )
    return frame


def _distance(total: pd.Series, of_events: pd.Series) -> pd.Series:
    return distance_in_tolerances(total, of_events, DLP_TOLERANCE_SHARE, DLP_TOLERANCE_MGY_CM)
