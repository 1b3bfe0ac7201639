"""`ct_irradiation_event` with derived values for certain types of event."""

from __future__ import annotations

import pandas as pd

from expectations.regions import region_of
from expectations.views.frames import (
    BOOLEAN,
    FLOAT,
    Frame,
    SubmissionTables,
    join_once,
    ratio,
    to_frame,
    with_row_numbers,
)

ADULT_FROM_DAYS = 6574
"""18 years of 365.25 days, as in `data/reference/patient_groups.csv`."""

DIAGNOSTIC_TYPES = ("spiral", "sequenced")
SHORTEST_CHECKED_LENGTH_MM = 10.0
"""For shorter scans the beam is as wide as the scan is long, and DLP is not CTDIvol x length."""

PHANTOM_DIAMETER_CM = {"head_16cm": 16.0, "body_32cm": 32.0}


def event_frame(tables: SubmissionTables) -> Frame:
    """Events with the derived columns that `expectations.policy.events` checks."""
    frame = with_row_numbers(to_frame(tables.events))
    frame = join_once(frame, to_frame(tables.reports), ["patient_age_days"])
    diagnostic = frame["ct_acquisition_type"].isin(DIAGNOSTIC_TYPES).astype(bool)
    frame = _with_doses(frame, diagnostic)
    frame = _with_lengths(frame, diagnostic)
    frame = _with_phantoms(frame, diagnostic)
    frame["kvp_rounded_kv"] = frame["kvp_kv"].round(0)
    frame["current_above_maximum_ma"] = frame["tube_current_ma"] - frame["maximum_tube_current_ma"]
    return frame


def _with_doses(frame: Frame, diagnostic: pd.Series) -> Frame:
    """Presence of CTDIvol and DLP, and CTDIvol and DLP of diagnostic events per phantom.

    CTDIvol on the body phantom is checked only for patients not known to be children: a value too
    low for an adult trunk is right for a newborn.
    """
    ctdivol, phantom = frame["mean_ctdivol_mgy"], frame["ctdiw_phantom"]
    localizer = (frame["ct_acquisition_type"] == "constant_angle").fillna(False).astype(bool)
    given = (ctdivol > 0).fillna(False).astype(BOOLEAN)
    child = (frame["patient_age_days"] < ADULT_FROM_DAYS).fillna(False).astype(bool)
    head = (phantom == "head_16cm").fillna(False).astype(bool)
    body = (phantom == "body_32cm").fillna(False).astype(bool)
    frame["ctdivol_given"] = given.where(~localizer)
    dlp_given = (frame["dlp_mgy_cm"] > 0).fillna(False).astype(BOOLEAN)
    frame["dlp_given"] = dlp_given.where(~localizer)
    frame["phantom_given"] = phantom.notna().astype(BOOLEAN).where(diagnostic & given.astype(bool))
    frame["head_ctdivol_mgy"] = ctdivol.where(diagnostic & head)
    frame["body_ctdivol_mgy"] = ctdivol.where(diagnostic & body & ~child)
    frame["diagnostic_dlp_mgy_cm"] = frame["dlp_mgy_cm"].where(diagnostic)
    return frame


def _with_lengths(frame: Frame, diagnostic: pd.Series) -> Frame:
    """Exposed length, and DLP in units of CTDIvol x that length.

    Exposed Range includes over-ranging, as DLP does; Scanning Length is used if it is absent.
    """
    length = frame["exposed_range_mm"].fillna(frame["scanning_length_mm"])
    checked = (length >= SHORTEST_CHECKED_LENGTH_MM).fillna(False).astype(bool) & diagnostic
    frame["irradiated_length_mm"] = length
    frame["ctdivol_times_length_mgy_cm"] = frame["mean_ctdivol_mgy"] * length / 10
    frame["dlp_over_ctdivol_times_length"] = ratio(
        frame["dlp_mgy_cm"], frame["ctdivol_times_length_mgy_cm"]
    ).where(checked)
    frame["diagnostic_length_mm"] = frame["scanning_length_mm"].where(diagnostic)
    spiral = (frame["ct_acquisition_type"] == "spiral").fillna(False).astype(bool)
    frame["spiral_pitch_factor"] = frame["pitch_factor"].where(spiral)
    return frame


def _with_phantoms(frame: Frame, diagnostic: pd.Series) -> Frame:
    """Diameter of the phantom, for diagnostic events of adults in head and trunk regions."""
    adult = (frame["patient_age_days"] >= ADULT_FROM_DAYS).fillna(False).astype(bool)
    regions = _regions(frame)
    diameter = frame["ctdiw_phantom"].map(PHANTOM_DIAMETER_CM).astype(FLOAT)
    for region in ("head", "trunk"):
        frame[f"{region}_phantom_cm"] = diameter.where(diagnostic & adult & (regions == region))
    return frame


def _regions(frame: Frame) -> pd.Series:
    """Region of each event; each distinct pair of code and meaning is classified once."""
    missing = frame[["target_region_code", "target_region"]].astype(object)
    pairs = list(missing.where(missing.notna(), None).itertuples(index=False, name=None))
    known = {pair: region_of(*pair) for pair in set(pairs)}
    return pd.Series([known[pair] for pair in pairs], index=frame.index, dtype=object)
