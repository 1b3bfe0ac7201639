"""Compares each device with its expected range, with other devices, and with its own past.

Doses of one kind differ between devices by a factor of two or three, because of patients and
protocols. A median that is ten, a hundred or a thousand times another one suggests a wrong unit.
The frame has one row per device, modality and quantity of `expectations.quantities`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from expectations.quantities import QUANTITIES, Quantity
from expectations.views.frames import (
    BOOLEAN,
    FLOAT,
    INTEGER,
    Frame,
    look_up,
    with_row_numbers,
)
from transforms.tables import DOSE_REPORT

FEWEST_REPORTS = 10
"""Minimum number of reports with a dose on each side of a comparison of medians."""
NEAR = math.log10(1.25)
"""Tolerance around a power of ten: 25 % (domain 6.3, rule 18)."""

TYPES = {
    "reports": INTEGER,
    "median": FLOAT,
    "lowest_expected": FLOAT,
    "highest_expected": FLOAT,
    "median_expected": BOOLEAN,
    "factor_to_others": FLOAT,
    "factor_to_past": FLOAT,
}
"""Columns in addition to modality, device_key and quantity."""


def device_dose_frame(frames: Mapping[str, Frame]) -> Frame:
    """Median of each device with enough reports, and the results of its comparisons.

    `frames` are the tables with their derived columns; those without rows may be omitted.
    `median_expected` is NULL if the modality has no window for the quantity; `factor_to_others` and
    `factor_to_past` are a power of ten if the quotient of the medians is near one, else 1, and NULL
    if there are too few reports to compare.
    """
    rows = [
        row
        for quantity in QUANTITIES
        if quantity.frame in frames and DOSE_REPORT.name in frames
        for row in _of_quantity(frames[DOSE_REPORT.name], frames[quantity.frame], quantity)
    ]
    columns = ["modality", "device_key", "quantity", *TYPES]
    return with_row_numbers(pd.DataFrame(rows, columns=columns).astype(TYPES))


def _of_quantity(reports: Frame, frame: Frame, quantity: Quantity) -> Iterator[dict[str, object]]:
    """Device rows for one quantity; doses that are missing, zero or not finite are excluded."""
    reports = reports.drop_duplicates("object_sha256")
    doses = look_up(reports["object_sha256"], _doses(frame, quantity))
    numbers = doses.to_numpy(float, na_value=np.nan)
    used = np.isfinite(numbers) & (numbers > 0)
    stated = reports.loc[used, ["modality", "device_key", "study_date"]]
    stated = stated.assign(dose=numbers[used])
    for modality, of_modality in stated.groupby("modality", sort=True):
        for device, own in of_modality.groupby("device_key", sort=True):
            if len(own) >= FEWEST_REPORTS:
                others = of_modality.loc[of_modality["device_key"] != device, "dose"]
                keys = {"modality": modality, "device_key": device, "quantity": quantity.column}
                window = quantity.windows.get(str(modality))
                yield {**keys, **_against_window(own["dose"], window), **_factors(own, others)}


def _doses(frame: Frame, quantity: Quantity) -> pd.Series:
    """One number per object, from the rows that state the quantity."""
    stated = frame[frame[quantity.column].notna()]
    by_object = stated.groupby("object_sha256", sort=True)[quantity.column]
    found: pd.Series = by_object.agg(quantity.per_report)
    return found


def _against_window(doses: pd.Series, window: tuple[float, float] | None) -> dict[str, object]:
    median = float(doses.median())
    low, high = window or (None, None)
    expected = None if low is None or high is None else low <= median <= high
    return {
        **{"reports": len(doses), "median": median, "median_expected": expected},
        **{"lowest_expected": low, "highest_expected": high},
    }


def _factors(own: Frame, others: pd.Series) -> dict[str, float | None]:
    earlier, later = _halves(own)
    return {
        "factor_to_others": _factor(own["dose"], others),
        "factor_to_past": _factor(later, earlier),
    }


def _halves(own: Frame) -> tuple[pd.Series, pd.Series]:
    """Doses of the earlier and the later half of the dated reports; a day is never divided."""
    dated = own[own["study_date"].notna()].sort_values("study_date", kind="stable")
    if dated.empty:
        return dated["dose"], dated["dose"]
    later = dated["study_date"] >= dated["study_date"].iloc[len(dated) // 2]
    return dated.loc[~later, "dose"], dated.loc[later, "dose"]


def _factor(doses: pd.Series, compared_with: pd.Series) -> float | None:
    """10, 100, 0.1 … if the quotient of the medians is near one of them, else 1."""
    if min(len(doses), len(compared_with)) < FEWEST_REPORTS:
        return None
    exponent = math.log10(float(doses.median()) / float(compared_with.median()))
    nearest = round(exponent)
    return 10.0**nearest if abs(exponent - nearest) <= NEAR else 1.0
