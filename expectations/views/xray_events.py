"""`xray_irradiation_event` with the field area, and with values of mammography events only."""

from __future__ import annotations

import pandas as pd

from expectations.views.frames import (
    BOOLEAN,
    Frame,
    SubmissionTables,
    join_once,
    ratio,
    to_frame,
    with_row_numbers,
)
from expectations.views.glandular import with_glandular_dose

CM2_PER_M2 = 1e4
ROUNDED_KAP_GY_M2 = 1e-7
ROUNDED_KERMA_GY = 1e-5
"""If both are below these values, their quotient is dominated by rounding."""


def xray_event_frame(tables: SubmissionTables) -> Frame:
    """Events with the derived columns that the X-ray and mammography policies check."""
    frame = with_row_numbers(to_frame(tables.xray_events))
    frame = join_once(frame, to_frame(tables.reports), ["modality"])
    breast = (frame["modality"] == "MG").fillna(False).astype(bool)
    return with_glandular_dose(_with_breast(_with_field(frame, breast), breast), breast)


def _with_field(frame: Frame, breast: pd.Series) -> Frame:
    """Add the field area at the reference point (KAP / Ka,r), which reveals wrong units."""
    area = field_area_cm2(
        frame["dose_area_product_gy_m2"], frame["dose_rp_gy"], ROUNDED_KAP_GY_M2, ROUNDED_KERMA_GY
    )
    frame["field_area_cm2"] = area.where(~breast)
    frame["projection_kvp_kv"] = frame["kvp_kv"].where(~breast)
    return frame


def field_area_cm2(
    kap: pd.Series, kerma: pd.Series, kap_rounding: float, kerma_rounding: float
) -> pd.Series:
    """KAP (Gy·m²) / Ka,r (Gy) in cm²; NULL if one is missing or zero, or both are rounding."""
    large = ((kap >= kap_rounding) | (kerma >= kerma_rounding)) & (kap > 0)
    return ratio(kap, kerma).where(large.fillna(False).astype(bool)) * CM2_PER_M2


def _with_breast(frame: Frame, breast: pd.Series) -> Frame:
    """Add values that only mammography events have."""
    side = frame["laterality"].isin(["left", "right", "both"]).astype(BOOLEAN)
    frame["breast_side_given"] = side.where(breast)
    frame["mammography_kvp_kv"] = frame["kvp_kv"].where(breast)
    frame["breast_thickness_mm"] = frame["compression_thickness_mm"].where(breast)
    return frame
