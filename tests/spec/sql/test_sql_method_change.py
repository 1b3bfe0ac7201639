"""Germany 2018 to 2022: the effect of the change of method alone on national levels."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pyarrow as pa
import pytest

from tests.support.sql_models import SqlModels

SITES, PATIENTS = 400, 200
GROUPS = "acr_adult;adult"
BETWEEN_GSD, WITHIN_GSD = 1.35, 1.6


def equal_parts(n: int) -> np.ndarray:
    """Standard normal values at n equal parts of the distribution: no random draw."""
    return np.array([NormalDist().inv_cdf((part + 0.5) / n) for part in range(n)])


def lognormal_nation() -> tuple[pa.Table, pa.Table]:
    """A CTDIvol per patient, one device per site and one helix per patient; with patient groups."""
    sites = BETWEEN_GSD ** equal_parts(SITES)
    values = 10 * np.outer(sites, WITHIN_GSD ** equal_parts(PATIENTS)).ravel()
    n = len(values)
    same = {
        "facility_id": pa.array([f"F{number // PATIENTS:03d}" for number in range(n)]),
        "study_key": pa.array([f"S{number}" for number in range(n)]),
        "modality": pa.array(["CT"] * n),
    }
    doses = {
        **same,
        "device_key": same["facility_id"],
        "period": pa.array([2022] * n, pa.int32()),
        "procedure_id": pa.array(["ct_chest"] * n),
        "drl_quantity": pa.array(["ctdivol"] * n),
        "unit": pa.array(["mGy"] * n),
        "value": pa.array(values),
        "mean_value": pa.array(values),
        "largest_value": pa.array(values),
        "is_of_one_region": pa.array([True] * n),
        "target_region_code": pa.nulls(n, pa.string()),
        "scanned_length_mm": pa.nulls(n, pa.float64()),
        "phase_number": pa.array([1] * n, pa.int64()),
        "is_derived": pa.array([False] * n),
        "patient_weight_kg": pa.nulls(n, pa.float64()),
        "exclusion_reason": pa.nulls(n, pa.string()),
        "patient_group_ids": pa.array([GROUPS] * n),
    }
    combinations = {"patient_group_ids": [GROUPS]}
    return pa.table(doses), pa.table(combinations)


@pytest.fixture(scope="module")
def levels() -> dict[str, float]:
    """National 75th percentile by method; for ACR, over all patients together."""
    models = SqlModels("national_drls")
    models.run({})
    doses, combinations = lognormal_nation()
    given = dict.fromkeys(("fct_acquisition_doses", "fct_examination_doses"), doses)
    order = models.project.build_order(["national_drls"])
    first = order.index("int_patient_limit_combinations") + 1
    after = [model for model in order[first:] if model not in given]
    models.rebuild({**given, order[first - 1]: combinations}, *_statistics(after))
    found = dict(models.rows("select method_id, p75 from national_drls where status = 'ndrl'"))
    pooled = "select p75 from facility_typical_values where method_id = 'acr_size_bins'"
    return {**found, "pooled": models.rows(pooled)[0][0]}


def _statistics(models: list[str]) -> list[str]:
    """Statistics computed from doses by the models."""
    made = (
        *("statistics", "typical_values", "distributions", "quantiles"),
        *("national_levels", "national_drls"),
    )
    return [model for model in models if model.endswith(made)]


def test_means_instead_of_medians_inflate_levels_by_about_12_percent(
    levels: dict[str, float],
) -> None:
    """The mean of lognormal doses is exp(sigma squared / 2) medians: 1.117 for a GSD of 1.6."""
    assert 1.08 < levels["germany_2018"] / levels["germany_2022"] < 1.16


def test_pooled_patients_instead_of_medians_inflate_levels_by_about_18_percent(
    levels: dict[str, float],
) -> None:
    assert 1.13 < levels["pooled"] / levels["germany_2022"] < 1.23


def test_the_level_of_medians_is_that_of_the_sites(levels: dict[str, float]) -> None:
    """The 75th percentile of sites whose medians have a GSD of 1.35 around 10 mGy: 12.24."""
    expected = 10 * BETWEEN_GSD ** NormalDist().inv_cdf(0.75)
    assert levels["germany_2022"] == pytest.approx(expected, rel=0.01)
