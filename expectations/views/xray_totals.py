"""`xray_accumulated_dose` with the sums of the events of the same report and plane."""

from __future__ import annotations

import pandas as pd

from expectations.views.frames import (
    Frame,
    SubmissionTables,
    distance_in_tolerances,
    distinct_events,
    is_total_of_study,
    join_once,
    look_up,
    nearest_sum,
    ratio,
    sum_of_all,
    to_frame,
    with_row_numbers,
)
from expectations.views.xray_events import field_area_cm2

TOLERANCE_SHARE = 0.05
KAP_TOLERANCE_GY_M2 = 1e-6
KERMA_TOLERANCE_GY = 1e-4
"""Device rounding: a Eurocolumbus states 9e-6 Gy.m2 as 8e-6, a Siemens Luminos 6.6e-5 Gy as
1e-4."""

SUMMED = {
    "kap": ("dose_area_product", "gy_m2", KAP_TOLERANCE_GY_M2),
    "kerma": ("dose_rp", "gy", KERMA_TOLERANCE_GY),
}
"""Short name: concept and unit in the column names, smallest tolerance."""


def xray_total_frame(tables: SubmissionTables) -> Frame:
    """Totals of each plane next to the sums that they should equal.

    A total of the study may include earlier reports: then the sum is of up to all events of the
    study in the submission. `*_in_tolerances` counts the distance in tolerances of 5 % (or a
    rounding unit if that is more).
    `*_total_over_events` is the quotient, NULL if both are within rounding.
    """
    frame = with_row_numbers(to_frame(tables.xray_accumulated))
    events = to_frame(tables.xray_events)
    is_of_study = is_total_of_study(frame, to_frame(tables.reports))
    distinct = distinct_events(events, "acquisition_plane")
    for short, (concept, unit, rounding) in SUMMED.items():
        total = frame[f"{concept}_total_{unit}"]
        own = _of_events(frame, events, f"{concept}_{unit}", "object_sha256")
        of_study = _of_events(frame, distinct, f"{concept}_{unit}", "study_key")
        of_events = own.where(~is_of_study, nearest_sum(total, own, of_study))
        parts = (
            frame[f"fluoro_{concept}_total_{unit}"] + frame[f"acquisition_{concept}_total_{unit}"]
        )
        frame[f"{short}_of_events_{unit}"] = of_events
        frame[f"{short}_of_parts_{unit}"] = parts
        frame[f"{short}_total_in_tolerances"] = distance_in_tolerances(
            total, of_events, TOLERANCE_SHARE, rounding
        )
        frame[f"{short}_parts_in_tolerances"] = distance_in_tolerances(
            total, parts, TOLERANCE_SHARE, rounding
        )
        large = ((total > rounding) | (of_events > rounding)).fillna(False).astype(bool)
        frame[f"{short}_total_over_events"] = ratio(total, of_events).where(large)
    return _with_field(_with_beam_on(frame), events, to_frame(tables.reports))


def _with_field(frame: Frame, events: Frame, reports: Frame) -> Frame:
    """Add the field area from the totals if no event of the report has it; not for mammography."""
    both = events["dose_area_product_gy_m2"].notna() & events["dose_rp_gy"].notna()
    shown_by_events = frame["object_sha256"].isin(events.loc[both, "object_sha256"])
    modality = join_once(frame, reports, ["modality"])["modality"]
    breast = (modality == "MG").fillna(False).astype(bool)
    area = field_area_cm2(
        frame["dose_area_product_total_gy_m2"],
        frame["dose_rp_total_gy"],
        KAP_TOLERANCE_GY_M2,
        KERMA_TOLERANCE_GY,
    )
    frame["field_area_of_totals_cm2"] = area.where(~shown_by_events & ~breast)
    return frame


def _of_events(frame: Frame, events: Frame, column: str, holder: str) -> pd.Series:
    """Sum over the events of the row's plane, or over all events if the row is for all planes.

    `holder` is the column of the report or of the study. NULL if one of the events has no value, or
    there are no events.
    """
    by_holder = sum_of_all(events[column], events[holder])
    by_plane = sum_of_all(events[column], _plane_key(events, holder))
    rows = frame.groupby("object_sha256")["object_sha256"].transform("size")
    all_planes = (frame["acquisition_plane"] == "all_planes").fillna(False).astype(bool)
    of_holder = look_up(frame[holder], by_holder)
    of_plane = look_up(_plane_key(frame, holder), by_plane)
    return of_plane.where((rows > 1) & ~all_planes, of_holder)


def _plane_key(frame: Frame, holder: str) -> pd.Series:
    return frame[holder] + "." + frame["acquisition_plane"].fillna("")


def _with_beam_on(frame: Frame) -> Frame:
    """Add fluoroscopy time and frames, if a dose is stated for them."""
    fluoro = (frame["fluoro_dose_area_product_total_gy_m2"] > KAP_TOLERANCE_GY_M2).fillna(False)
    images = (frame["acquisition_dose_area_product_total_gy_m2"] > KAP_TOLERANCE_GY_M2).fillna(
        False
    )
    frame["time_of_fluoroscopy_s"] = frame["total_fluoro_time_s"].where(fluoro.astype(bool))
    frame["frames_of_acquisitions"] = frame["total_number_of_radiographic_frames"].where(
        images.astype(bool)
    )
    return frame
