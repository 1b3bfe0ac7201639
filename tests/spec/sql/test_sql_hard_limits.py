"""Doses outside the hard limits of their quantity enter no statistic (seed hard_limits)."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from tests.support.lakes.lake_rows import Report, event, projection, report
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels
from transforms.reference.files import REFERENCE

pytestmark = pytest.mark.slow

MODELS = SqlModels("fct_examination_doses", "fct_acquisition_doses", "fct_view_doses", "attrition")
OUTSIDE = "outside_hard_limits"
GY_M2 = 1e-4
"""One Gy.cm2 in the unit of the lake."""


def chest(ctdivol: float | None, dlp: float | None, **columns: Any) -> Report:
    scans = [event(ctdivol=8.0, dlp=300.0), event(ctdivol=ctdivol, dlp=dlp)]
    return report("S1", scans, study_description="CT Chest", **columns)


def shot(modality: str, kap: float) -> Report:
    return projection("S1", [{"dose_area_product_gy_m2": kap * GY_M2}], modality=modality)


def total(**doses: float) -> Report:
    return projection("S1", totals=[{"acquisition_plane": "single_plane", **doses}])


def view(agd: float) -> Report:
    image = {"irradiation_event_type": "stationary", "average_glandular_dose_mgy": agd}
    return projection("S1", [image], modality="MG")


def activity(mbq: float) -> Report:
    row = {"administered_activity_mbq": mbq, "radionuclide": "F-18"}
    return projection("S1", administrations=[row], modality="NM")


def reasons(sent: Report) -> set[str | None]:
    """Reasons of all quantities of the examination of this report."""
    MODELS.run(staging_tables({"F1": [sent]}))
    query = (
        "select exclusion_reason from fct_examination_doses "
        "union all select exclusion_reason from fct_view_doses"
    )
    return {reason for (reason,) in MODELS.rows(query)}


@pytest.mark.parametrize(
    ("impossible", "possible"),
    [
        (activity(370_000_000), activity(370)),
        (activity(370_000), activity(1_600)),
        (shot("DX", 20_000), shot("DX", 3.9)),
        (shot("DX", 0.00001), shot("DX", 0.005)),
        (shot("RF", 20_000), shot("RF", 3_081)),
        (total(dose_area_product_total_gy_m2=2.0), total(dose_area_product_total_gy_m2=0.3081)),
        (total(dose_rp_total_gy=51.0), total(dose_rp_total_gy=10.0)),
        (total(total_fluoro_time_s=90_000.0), total(total_fluoro_time_s=16_878.0)),
        (view(140), view(10.0)),
        (view(0.0014), view(0.19)),
        (chest(50_000, 300), chest(60, 300)),
        (chest(1_500, 300), chest(150, 300)),
        (chest(8, 40_000), chest(8, 5_800)),
    ],
)
def test_an_examination_with_an_impossible_dose_is_in_no_statistic(
    impossible: Report, possible: Report
) -> None:
    assert reasons(impossible) == {OUTSIDE}
    assert OUTSIDE not in reasons(possible)


def test_the_limit_of_ctdivol_is_that_of_its_phantom() -> None:
    head = report(
        "S1",
        [event(ctdivol=1_500, dlp=300, phantom="head_16cm")],
        study_description="CT Schädel nativ",
    )
    assert OUTSIDE not in reasons(head)


def test_zero_has_a_reason_of_its_own() -> None:
    assert reasons(view(0.0)) == {"no_dose"}


def test_of_single_scans_only_the_impossible_one_is_left_out() -> None:
    reasons(chest(50_000, 300))
    rows = MODELS.rows(
        "select value, exclusion_reason from fct_acquisition_doses "
        "where drl_quantity = 'ctdivol' order by value"
    )
    assert rows == [(8.0, None), (50_000.0, OUTSIDE)]


def test_the_reason_is_counted_in_the_attrition() -> None:
    reasons(chest(50_000, 300))
    rows = MODELS.rows(
        "select step, reason_code, n from attrition where counted = 'examination' order by all"
    )
    assert rows == [("excluded", OUTSIDE, 1), ("found", None, 1), ("used", None, 0)]


def test_an_authority_can_change_a_limit() -> None:
    models = SqlModels("fct_examination_doses")
    models.run(staging_tables({"F1": [chest(1_500, 300)]}))
    models.connection.execute("update hard_limits set upper = 2000 where drl_quantity = 'ctdivol'")
    models.build()
    assert OUTSIDE not in {
        reason for (reason,) in models.rows("select exclusion_reason from fct_examination_doses")
    }


OBSERVED = {
    # largest published value or observed extreme, in the unit of the levels (domain.md 6.4)
    ("CT", "ctdivol", "head_16cm"): (77, None),
    ("CT", "ctdivol", "body_32cm"): (150, None),
    ("CT", "dlp", ""): (5_800, None),
    ("DX", "kap", ""): (3.9, 0.15),
    ("RF", "kap", ""): (3_081, 0.01),
    ("RF", "air_kerma_rp", ""): (10_000, None),
    ("RF", "fluoro_time", ""): (16_878, 2),
    ("MG", "agd", ""): (10.0, 0.19),
    ("NM", "administered_activity", ""): (1_500, 5),
}


def test_a_limit_is_at_least_a_factor_of_five_beyond_what_was_observed() -> None:
    with (REFERENCE / "hard_limits.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    asked = {(row["modality"], row["drl_quantity"], row["phantom"]) for row in rows}
    assert asked - {("CT", "ssde", "")} == set(OBSERVED)
    for row in rows:
        key = row["modality"], row["drl_quantity"], row["phantom"]
        largest, smallest = OBSERVED.get(key, (0, None))
        assert float(row["upper"]) >= 5 * largest, row
        assert not row["lower"] or (smallest and float(row["lower"]) <= smallest / 5), row
