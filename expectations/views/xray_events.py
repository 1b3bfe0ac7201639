"""`xray_irradiation_event` with the values that hold only for some kinds of event."""

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

CM2_PER_M2 = 1e4
ROUNDED_KAP_GY_M2 = 1e-7
ROUNDED_KERMA_GY = 1e-5
"""Where both are below, the last digit that devices write decides their quotient."""
CHECKED_THICKNESS_MM = (20.0, 110.0)
"""Compressed thickness for which the glandular share of the air kerma is known (domain 6.3)."""


def xray_event_frame(tables: SubmissionTables) -> Frame:
    """Events with the derived columns that the policies of X-ray and mammography check."""
    frame = with_row_numbers(to_frame(tables.xray_events))
    frame = join_once(frame, to_frame(tables.reports), ["modality"])
    breast = (frame["modality"] == "MG").fillna(False).astype(bool)
    return _with_breast(_with_field(frame, breast), breast)


def _with_field(frame: Frame, breast: pd.Series) -> Frame:
    """Field area at the reference point, KAP / Ka,r: a unit that is wrong shows in it."""
    kap, kerma = frame["dose_area_product_gy_m2"], frame["dose_rp_gy"]
    large = (kap >= ROUNDED_KAP_GY_M2) | (kerma >= ROUNDED_KERMA_GY)
    checked = (large & (kap > 0)).fillna(False).astype(bool) & ~breast
    frame["field_area_cm2"] = ratio(kap, kerma).where(checked) * CM2_PER_M2
    frame["projection_kvp_kv"] = frame["kvp_kv"].where(~breast)
    return frame


def _with_breast(frame: Frame, breast: pd.Series) -> Frame:
    """Values of mammography events; glandular dose in units of the incident air kerma."""
    thickness = frame["compression_thickness_mm"]
    known = thickness.between(*CHECKED_THICKNESS_MM).fillna(False).astype(bool) & breast
    frame["glandular_share"] = ratio(
        frame["average_glandular_dose_mgy"], frame["entrance_exposure_rp_mgy"]
    ).where(known)
    side = frame["laterality"].isin(["left", "right", "both"]).astype(BOOLEAN)
    frame["breast_side_given"] = side.where(breast)
    frame["mammography_kvp_kv"] = frame["kvp_kv"].where(breast)
    frame["breast_thickness_mm"] = thickness.where(breast)
    return frame
