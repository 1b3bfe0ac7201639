"""`dose_report` with patient size by age, and the counts of each report's rows."""

from __future__ import annotations

import pandas as pd

from expectations.views.frames import (
    BOOLEAN,
    FLOAT,
    INTEGER,
    Frame,
    SubmissionTables,
    ratio,
    to_frame,
    with_row_numbers,
)

DAYS_PER_YEAR = 365.25
WEIGHT_RANGES_KG = (
    (0.0, 0.3, 7.0),
    (30.4375, 2.0, 30.0),
    (4 * DAYS_PER_YEAR, 8.0, 80.0),
    (10 * DAYS_PER_YEAR, 15.0, 130.0),
    (14 * DAYS_PER_YEAR, 25.0, 200.0),
    (18 * DAYS_PER_YEAR, 25.0, 350.0),
)
"""Age in days from which a range applies, and the range of weight (domain 6.3, rule 11)."""


def report_frame(tables: SubmissionTables) -> Frame:
    """Reports with the derived columns that `expectations.policy.reports` checks."""
    frame = with_row_numbers(to_frame(tables.reports))
    frame["number_of_events"] = sum(
        _count(frame, to_frame(rows))
        for rows in (tables.events, tables.xray_events, tables.administrations)
    )
    is_ct = (frame["modality"] == "CT").fillna(False).astype(bool)
    frame["number_of_totals"] = _count(frame, to_frame(tables.accumulated)).where(is_ct)
    frame["body_mass_index_kg_m2"] = ratio(
        frame["patient_weight_kg"], (frame["patient_height_cm"] / 100) ** 2
    )
    frame["patient_age_years"] = frame["patient_age_days"].astype(FLOAT) / DAYS_PER_YEAR
    frame["weight_fits_age"] = _weight_fits_age(frame)
    return frame


def _count(frame: Frame, rows: Frame) -> pd.Series:
    """Number of rows of another table from the same object."""
    counts = frame["object_sha256"].map(rows["object_sha256"].value_counts())
    return counts.fillna(0).astype(INTEGER)


def _weight_fits_age(frame: Frame) -> pd.Series:
    """Whether weight is in the range for the age; NULL if either is missing."""
    age, weight = frame["patient_age_days"], frame["patient_weight_kg"]
    fits = pd.Series(pd.NA, index=frame.index, dtype=BOOLEAN)
    for from_days, low, high in WEIGHT_RANGES_KG:
        older = (age >= from_days).fillna(False).astype(bool)
        fits = fits.mask(older, weight.between(low, high).astype(BOOLEAN))
    return fits.where(weight.notna() & age.notna())
