"""National rows of the expected results: which facilities contribute, and the statistics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from transforms.sample import write_nation
from transforms.sample.other_names import OTHER_NAMES
from transforms.sample.year_before import DOSE_BEFORE

pytestmark = pytest.mark.slow

THIS_YEAR = 2025


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    directory: Path = tmp_path_factory.mktemp("nation")
    return write_nation(directory)


def typical_values(truth: dict[str, Any], national: dict[str, Any]) -> list[dict[str, Any]]:
    keys = ("period", "procedure_id", "patient_group_id", "drl_quantity")
    return [
        row
        for row in truth["facility_typical_values"]
        if all(row[key] == national[key] for key in keys) and row["n_examinations"] >= 10
    ]


def test_default_nation_has_the_size_of_a_survey(truth: dict[str, Any]) -> None:
    assert 5000 <= truth["objects_received"] < 11_000
    assert len(truth["facilities"]) == 36


def test_national_values_are_quantiles_of_the_facilities_with_ten_examinations(
    truth: dict[str, Any],
) -> None:
    for row in truth["national"]:
        counting = typical_values(truth, row)
        values = [one["typical_value"] for one in counting]
        assert row["n_facilities"] == len(values)
        assert row["n_examinations"] == sum(one["n_examinations"] for one in counting)
        told = [row["p25"], row["p50"], row["p75"]]
        assert told == pytest.approx(np.quantile(values, [0.25, 0.5, 0.75]), abs=1e-12)


def test_status_is_ndrl_from_ten_facilities_on(truth: dict[str, Any]) -> None:
    for row in truth["national"]:
        assert row["status"] == ("ndrl" if row["n_facilities"] >= 10 else "typical_value")
    of_every_device = [
        row
        for row in truth["national"]
        if row["drl_quantity"] != "ssde" and row["period"] == THIS_YEAR
    ]
    statuses = [row["status"] for row in of_every_device]
    assert 0 < statuses.count("typical_value") < statuses.count("ndrl") / 2


def test_some_facilities_have_too_few_examinations_or_none(truth: dict[str, Any]) -> None:
    rows = truth["facility_typical_values"]
    assert any(row["n_examinations"] < 10 for row in rows)
    places = {row["facility_id"] for row in rows if row["procedure_id"] == "ct_liver_multiphase"}
    assert places < set(truth["facilities"])


def test_doses_are_lognormal_with_the_spread_set(truth: dict[str, Any]) -> None:
    """Spread of typical values: between facilities, and of a median of about 15 patients."""
    spreads = [
        np.std(np.log([one["typical_value"] for one in typical_values(truth, row)]), ddof=1)
        for row in truth["national"]
        if (row["drl_quantity"], row["status"]) == ("ctdivol", "ndrl")
        and row["period"] == THIS_YEAR
    ]
    expected = np.hypot(np.log(1.28), 1.2533 * np.log(1.35) / np.sqrt(15))
    assert np.mean(spreads) == pytest.approx(expected, rel=0.2)


def test_doses_have_fallen_since_the_year_before(truth: dict[str, Any]) -> None:
    """A real change: for procedures of both years the earlier third quartile is larger."""
    cell = ("procedure_id", "patient_group_id", "drl_quantity")
    rows = {tuple(row[key] for key in ("period", *cell)): row for row in truth["national"]}
    before = {
        key[1:]: row for key, row in rows.items() if key[0] == THIS_YEAR - 1 and key[3] == "ctdivol"
    }
    ratios = {key: row["p75"] / rows[THIS_YEAR, *key]["p75"] for key, row in before.items()}
    assert {key[0] for key in ratios} == set(DOSE_BEFORE)
    assert {row["status"] for row in before.values()} == {"ndrl"}
    assert 1.1 < np.mean(list(ratios.values())) < 1.4


def test_ten_facilities_do_every_procedure_ten_times(truth: dict[str, Any]) -> None:
    rows = [row for row in truth["national"] if row["patient_group_id"] == "adult"]
    for procedure_id in OTHER_NAMES:
        of_procedure = [row for row in rows if row["procedure_id"] == procedure_id]
        assert [row["status"] for row in of_procedure] == ["ndrl"] * len(of_procedure)
        assert of_procedure
