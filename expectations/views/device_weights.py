"""Compares the patient weights that each device states with each other.

A worklist that fills in one weight for everybody, and a device that writes pounds, give weights
that are possible for each patient; they are seen in all patients of the device.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from expectations.views.frames import BOOLEAN, FLOAT, INTEGER, Frame, with_row_numbers
from transforms.tables import DOSE_REPORT

FEWEST_STUDIES = 10
"""Minimum number of studies with a weight for a device to be judged."""
MOST_EQUAL = 0.5
"""Largest expected share of studies with exactly the same weight."""
ADULT_DAYS = 6574
"""18 years of 365.25 days, as in `data/reference/patient_groups.csv`."""
LOWEST_MEDIAN_KG, HIGHEST_MEDIAN_KG = 45.0, 110.0
"""Expected range of the median weight of a device's adults; in pounds it is about 120 to 190."""

TYPES = {
    "studies": INTEGER,
    "commonest_weight_kg": FLOAT,
    "share_with_it": FLOAT,
    "weights_vary": BOOLEAN,
    "median_weight_of_adults_kg": FLOAT,
    "median_expected": BOOLEAN,
}
"""Columns in addition to device_key."""


def device_weight_frame(frames: Mapping[str, Frame]) -> Frame:
    """One row for each device with enough studies that state a weight.

    `median_expected` is NULL if too few of them are of adults.
    """
    reports = frames.get(DOSE_REPORT.name)
    rows = [] if reports is None else list(_rows(reports))
    return with_row_numbers(pd.DataFrame(rows, columns=["device_key", *TYPES]).astype(TYPES))


def _rows(reports: Frame) -> Iterator[dict[str, object]]:
    stated = reports[reports["patient_weight_kg"].notna()].drop_duplicates("study_key")
    for device, own in stated.groupby("device_key", sort=True):
        if len(own) >= FEWEST_STUDIES:
            yield {"device_key": device, **_commonest(own), **_median_of_adults(own)}


def _commonest(own: Frame) -> dict[str, object]:
    counts = own["patient_weight_kg"].value_counts()
    share = float(counts.iloc[0]) / len(own)
    return {
        **{"studies": len(own), "commonest_weight_kg": float(counts.index[0])},
        **{"share_with_it": share, "weights_vary": share <= MOST_EQUAL},
    }


def _median_of_adults(own: Frame) -> dict[str, object]:
    weights = own.loc[(own["patient_age_days"] >= ADULT_DAYS).fillna(False), "patient_weight_kg"]
    if len(weights) < FEWEST_STUDIES:
        return {"median_weight_of_adults_kg": None, "median_expected": None}
    median = float(weights.median())
    expected = LOWEST_MEDIAN_KG <= median <= HIGHEST_MEDIAN_KG
    return {"median_weight_of_adults_kg": median, "median_expected": expected}
