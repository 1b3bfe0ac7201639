"""Quantities by which devices are compared, with windows for their medians.

A window is wide: it contains the median of a device for any usual work, so that a value outside
indicates another unit (or very special work), not a bad protocol. The ranges are judgements of this
project, to be revised each year from national medians. For modalities with very different work
(radiography, fluoroscopy) the window spans more than a factor of 1000, so only large unit errors
(cGy.cm2 or Gy.cm2 for Gy.m2, mGy for Gy) are outside. Smaller ones are found by the field area and
by comparison with other devices and with the device's own past.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number by which reports are compared.

    `frame` and `column` give its place (a table of `expectations.views` with its derived columns),
    and `per_report` how the rows of one report are combined. `windows` gives the lowest and highest
    expected median of a device, by modality.
    """

    frame: str
    column: str
    per_report: str
    windows: Mapping[str, tuple[float, float]] = field(default_factory=dict)


QUANTITIES = (
    # From one low-dose scan of a SPECT-CT to multiphase trunk scans; most scanners have 300 to
    # 1200.
    Quantity("ct_accumulated_dose", "dlp_total_mgy_cm", "sum", {"CT": (30, 3000)}),
    # DRLs for the brain are 47 to 77 mGy; for sinuses near 10 (domain 6.4).
    Quantity("ct_irradiation_event", "head_ctdivol_mgy", "mean", {"CT": (8, 150)}),
    # DRLs for the adult trunk are 6 to 26 mGy; the low end is for lung screening and SPECT-CT.
    Quantity("ct_irradiation_event", "body_ctdivol_mgy", "mean", {"CT": (1.5, 50)}),
    # Fluoroscopy: 0.1 Gy.cm2 (limbs in theatre) to 150 Gy.cm2 (long interventions); 0.01 to 3081
    # were observed in single patients. Radiography: a hand is 0.01 Gy.cm2, the French reference
    # levels of single views are 0.15 to 3.9 Gy.cm2.
    Quantity(
        "xray_accumulated_dose",
        "dose_area_product_total_gy_m2",
        "sum",
        {"RF": (1e-5, 1.5e-2), "DX": (1e-6, 1e-3)},
    ),
    # Fluoroscopy: 0.2 mGy to 2 Gy (skin injury above); radiography: 0.01 to 20 mGy.
    Quantity(
        "xray_accumulated_dose", "dose_rp_total_gy", "sum", {"RF": (2e-4, 2), "DX": (1e-5, 2e-2)}
    ),
    # 0.79 mGy (photon counting) to 2.22 mGy are P75 of units at 60 mm in New South Wales.
    Quantity("xray_irradiation_event", "average_glandular_dose_mgy", "mean", {"MG": (0.4, 5)}),
    # Sentinel nodes (30 MBq) to bone scans and perfusion (1000 MBq); FDG is 50 to 600.
    Quantity(
        "radiopharmaceutical_administration",
        "administered_activity_mbq",
        "mean",
        {"NM": (20, 1500)},
    ),
)
