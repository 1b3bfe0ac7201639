"""Checks the average glandular dose (AGD) of a mammography event by breast thickness.

The beam is attenuated with depth, so the same incident air kerma gives a thick breast a smaller
average glandular dose than a thin one. In a slab of thickness t with attenuation coefficient µ per
mm, the mean over the depth is (1 - exp(-µt)) / µt of the incident kerma.

The exact factors (g, c, s) are those of Dance et al., Phys. Med. Biol. 45 (2000) 3225. No table of
them has been verified for drlake, so none is used. The band below is a judgement: it is wide enough
for every target, filter and glandularity in mammography, and decreases with thickness as the
factors do.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from expectations.views.frames import BOOLEAN, FLOAT, Frame, ratio

CHECKED_THICKNESS_MM = (20.0, 110.0)
"""Compressed thickness for which the ratio of AGD to air kerma is known (domain 6.3)."""

FALL_PER_MM = (0.04, 0.2)
"""Attenuation coefficients: the half-value thickness in tissue is between 3.5 and 17 mm. So AGD is
0.25 to 0.69 of the incident air kerma at 20 mm, 0.10 to 0.43 at 50 mm, 0.05 to 0.22 at 110 mm."""

HARDEST_BEAM_KV = 40.0
"""Above this voltage it is the high-energy image of contrast mammography (domain 6.4: 23 to 40 kV,
contrast up to 49 kV), whose copper-filtered beam is attenuated less than the band allows."""

USUAL_AGD_MGY = ((0.0, 0.2, 5.0), (40.0, 0.2, 7.5), (60.0, 0.3, 10.0))
"""Thickness in mm from which the row applies, and the usual AGD of one view.

A judgement: from a seventh of the mean of a screening programme or less to 3 to 4.5 times the mean,
which is 1.66, 1.87 and 2.22 mGy at 7-39, 40-59 and 60-99 mm (PLOS ONE, 0294541: MLO, the larger
view). 0.19 to 10.0 mGy over all thicknesses were observed in 45,054 images (New South Wales)."""
ANY_AGD_MGY = (0.2, 10.0)
"""Values outside this range are already found by `glandular_dose_plausible`."""


def with_glandular_dose(frame: Frame, breast: pd.Series) -> Frame:
    """Add AGD of mammography events relative to incident air kerma, and by thickness."""
    thickness, agd = frame["compression_thickness_mm"], frame["average_glandular_dose_mgy"]
    known = thickness.between(*CHECKED_THICKNESS_MM).fillna(False).astype(bool) & breast
    share = ratio(agd, frame["entrance_exposure_rp_mgy"]).where(known)
    frame["glandular_share"] = share
    soft, hard = (_share_of_slab(thickness, fall) for fall in reversed(FALL_PER_MM))
    frame["lowest_glandular_share"], frame["highest_glandular_share"] = soft, hard
    too_hard = (frame["kvp_kv"] > HARDEST_BEAM_KV).fillna(False).astype(bool)
    fits = ((share >= soft) & (share <= hard)).astype(BOOLEAN)
    frame["glandular_share_fits_thickness"] = fits.where(share.notna() & ~too_hard)
    frame["glandular_dose_usual"] = _is_usual(thickness, agd).where(known)
    return frame


def _share_of_slab(thickness: pd.Series, fall_per_mm: float) -> pd.Series:
    """Mean over the depth of a beam with this attenuation per mm."""
    depths = (thickness.where(thickness > 0) * fall_per_mm).to_numpy(float, na_value=np.nan)
    mean = -np.expm1(-depths) / depths
    return pd.Series(mean, index=thickness.index).astype(FLOAT).where(thickness > 0)


def _is_usual(thickness: pd.Series, agd: pd.Series) -> pd.Series:
    """Whether AGD is in the usual range for the thickness; NULL if no breast has such an AGD."""
    usual = pd.Series(pd.NA, index=agd.index, dtype=BOOLEAN)
    for from_mm, low, high in USUAL_AGD_MGY:
        thicker = (thickness >= from_mm).fillna(False).astype(bool)
        usual = usual.mask(thicker, agd.between(low, high).astype(BOOLEAN))
    return usual.where(agd.between(*ANY_AGD_MGY).fillna(False).astype(bool))
