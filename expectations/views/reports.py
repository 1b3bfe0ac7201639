"""`dose_report` with patient size by age, and the counts of each report's rows."""

from __future__ import annotations

from functools import lru_cache

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
from transforms.reference.files import reference_rows

DAYS_PER_YEAR = 365.25
INFANT_BELOW_DAYS, DAYS_OF_MONTH, DAYS_OF_YEAR = 365, 31, 366
MEASURES = {
    "weight": "patient_weight_kg",
    "height": "patient_height_cm",
    "body_mass_index": "body_mass_index_kg_m2",
}
"""Measures of body_limits.csv, and their columns."""


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
    frame = _with_ages_of_study(frame)
    for measure, column in MEASURES.items():
        frame[f"{measure}_fits_age"] = _fits_age(frame, measure, column)
    return frame


def _with_ages_of_study(frame: Frame) -> Frame:
    """The frame with the lowest and highest age that the reports of the examination state.

    `study_ages_agree` is NULL for a report without age. The tolerance is that of the SQL macro
    is_age_contradicted: a year, or a month where all ages are above zero and under a year.
    """
    ages = frame["patient_age_days"].astype(FLOAT)
    of_study = ages.groupby([frame["study_key"], frame["modality"]], dropna=False)
    lowest, highest = of_study.transform("min"), of_study.transform("max")
    is_infant = ((lowest > 0) & (highest < INFANT_BELOW_DAYS)).fillna(False).astype(bool)
    tolerance = is_infant.map({True: DAYS_OF_MONTH, False: DAYS_OF_YEAR})
    agree = ((highest - lowest) <= tolerance).astype(BOOLEAN).where(ages.notna())
    return frame.assign(
        lowest_age_years=lowest / DAYS_PER_YEAR,
        highest_age_years=highest / DAYS_PER_YEAR,
        study_ages_agree=agree,
    )


def _count(frame: Frame, rows: Frame) -> pd.Series:
    """Number of rows of another table from the same object."""
    counts = frame["object_sha256"].map(rows["object_sha256"].value_counts())
    return counts.fillna(0).astype(INTEGER)


def _fits_age(frame: Frame, measure: str, column: str) -> pd.Series:
    """Whether a person of the age can have the value; NULL if it is missing.

    If the age is missing, whether a person of any age can have it.
    """
    age, value = frame["patient_age_days"], frame[column]
    fits = pd.Series(False, index=frame.index, dtype=BOOLEAN)
    for from_days, to_days, lower, upper in body_limits(measure):
        of_age = age.isna() | ((age >= from_days) & (age < to_days)).fillna(False)
        fits = fits | (of_age & value.between(lower, upper).fillna(False)).astype(BOOLEAN)
    return fits.where(value.notna())


@lru_cache
def body_limits(measure: str) -> tuple[tuple[float, float, float, float], ...]:
    """Ages in days from which and below which limits apply, with both limits (inclusive)."""
    columns = ("age_lower_days", "age_upper_days", "lower", "upper")
    return tuple(
        (numbers[0], numbers[1], numbers[2], numbers[3])
        for row in reference_rows("body_limits")
        if row["measure"] == measure
        and (numbers := [float(row[column] or "inf") for column in columns])
    )
