"""A device against the others of its submission: a factor of ten between them is a unit.

Doses of one kind differ between devices by their patients and protocols, by a factor of two
or three. A median that is ten, a hundred or a thousand times that of the other devices of the
same modality looks like another unit.
"""

from __future__ import annotations

import math

import pandas as pd

from expectations.views.frames import FLOAT, Frame, SubmissionTables, looked_up, to_frame

FEWEST_REPORTS = 10
"""Reports with a dose that a device and the others need before their medians are compared."""
NEAR = math.log10(1.25)
"""How near to a power of ten: 25 % (domain 6.3, rule 18)."""


def unit_factor(reports: Frame, tables: SubmissionTables) -> pd.Series:
    """Per report: the power of ten between its device and the others; 1 where there is none.

    NULL where the device cannot be compared: alone in its modality, or too few reports.
    """
    doses = looked_up(reports["object_sha256"], _report_doses(tables))
    used = (doses > 0).fillna(False).astype(bool)
    rows = reports.loc[used, ["modality", "device_key"]].assign(dose=doses[used])
    factors: dict[tuple[str, str], float] = {}
    for modality, of_modality in rows.groupby("modality", sort=True):
        for device, own in of_modality.groupby("device_key", sort=True):
            others = of_modality[of_modality["device_key"] != device]
            if min(len(own), len(others)) >= FEWEST_REPORTS:
                quotient = float(own["dose"].median()) / float(others["dose"].median())
                factors[str(modality), str(device)] = _power_of_ten(quotient)
    keys = zip(reports["modality"], reports["device_key"], strict=True)
    found = [factors.get((str(modality), str(device))) for modality, device in keys]
    return pd.Series(found, index=reports.index, dtype=FLOAT)


def _power_of_ten(quotient: float) -> float:
    """10, 100, 0.1 ... where the quotient is near one of them, else 1."""
    exponent = math.log10(quotient)
    nearest = round(exponent)
    return 10.0**nearest if abs(exponent - nearest) <= NEAR else 1.0


def _report_doses(tables: SubmissionTables) -> pd.Series:
    """The dose each report is compared by: total DLP, total KAP, or mean AGD."""
    doses = (
        (tables.accumulated, "dlp_total_mgy_cm", "sum"),
        (tables.xray_accumulated, "dose_area_product_total_gy_m2", "sum"),
        (tables.xray_events, "average_glandular_dose_mgy", "mean"),
    )
    parts = [_by_object(to_frame(table), column, how) for table, column, how in doses]
    known: pd.Series = pd.concat(parts)
    return known[~known.index.duplicated()]


def _by_object(frame: Frame, column: str, how: str) -> pd.Series:
    """Sum or mean per object of the values that are stated."""
    stated = frame[frame[column].notna()]
    found: pd.Series = stated.groupby("object_sha256", sort=True)[column].agg(how)
    return found.astype(FLOAT)
