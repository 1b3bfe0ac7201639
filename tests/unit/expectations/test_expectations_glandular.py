"""Expected share of the incident air kerma for a breast of a given thickness."""

from itertools import pairwise

import pandas as pd
import pytest

from expectations.views.glandular import with_glandular_dose


def glandular_frame(*thickness_mm: float | None) -> pd.DataFrame:
    frame = pd.DataFrame({"compression_thickness_mm": thickness_mm})
    frame["average_glandular_dose_mgy"] = 1.2
    frame["entrance_exposure_rp_mgy"] = 4.0
    frame["kvp_kv"] = 28.0
    frame = frame.convert_dtypes(dtype_backend="pyarrow")
    return with_glandular_dose(frame, pd.Series(True, index=frame.index))


@pytest.mark.parametrize("end", ["lowest_glandular_share", "highest_glandular_share"])
def test_the_expected_share_falls_with_every_millimetre(end: str) -> None:
    shares = list(glandular_frame(*(float(mm) for mm in range(20, 111)))[end])
    assert all(thin > thick > 0 for thin, thick in pairwise(shares))


def test_the_band_is_as_wide_as_its_reason_says() -> None:
    frame = glandular_frame(20.0, 50.0, 110.0)
    assert [round(share, 2) for share in frame["lowest_glandular_share"]] == [0.25, 0.1, 0.05]
    assert [round(share, 2) for share in frame["highest_glandular_share"]] == [0.69, 0.43, 0.22]


def test_nothing_is_said_of_a_thickness_that_is_missing_or_not_known() -> None:
    frame = glandular_frame(None, 0.0, 19.9, 110.1, 20.0, 110.0)
    fits = [None if pd.isna(value) else value for value in frame["glandular_share_fits_thickness"]]
    assert fits == [None, None, None, None, True, False]
