"""Rules for X-ray, mammography and nuclear medicine: a row that fails, one that just passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from expectations.policy.xray_events import UNIT_SHARE
from expectations.validate import validate_submission
from expectations.validator import Validator
from tests.support.expectation_cases import (
    CASES,
    LEFT,
    SHOT,
    TOTAL,
    breast,
    breasts,
    shot,
    side,
    total,
    totals_only,
    tracer,
)
from tests.support.expectation_rows import Row, findings, other_report, report, sha256, write
from transforms.lake.lake import Lake

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator()


def status_and_findings(folder: Path, validator: Validator, *reports: Row) -> tuple[str, list[Row]]:
    lake = Lake(str(folder))
    verdict = validate_submission(lake, write(lake, reports), validator=validator)
    return verdict.status, findings(lake)


@pytest.fixture(scope="module")
def of_cases(tmp_path_factory: pytest.TempPathFactory, validator: Validator) -> list[Row]:
    """Findings of all cases as one submission; case n is the objects 2n + 1 and 2n + 2."""
    reports = [item for _, bad, _, good in CASES for item in (bad, good)]
    status, rows = status_and_findings(tmp_path_factory.mktemp("lake"), validator, *reports)
    assert status == "accepted"
    return rows


@pytest.mark.parametrize("case", range(len(CASES)), ids=[case[0] for case in CASES])
def test_the_row_that_fails_is_flagged_and_the_row_on_the_limit_is_not(
    of_cases: list[Row], case: int
) -> None:
    name, _, shown, _ = CASES[case]
    of_rule = [row for row in of_cases if row["expectation"] == name]
    bad, good = (
        {(row["severity"], row["observed"]) for row in of_rule if row["object_sha256"] == sha256(n)}
        for n in (2 * case + 1, 2 * case + 2)
    )
    assert bad == {("flag", shown)}
    assert good == set()


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        ("field_area_possible", shot(dose_rp_gy=20.0), shot()),
        ("total_field_area_possible", totals_only(dose_rp_total_gy=20.0), totals_only()),
        ("kap_total_in_unit_of_events", total(dose_area_product_total_gy_m2=10.0), total()),
        ("kerma_total_in_unit_of_events", total(dose_rp_total_gy=20.0), total()),
        ("glandular_dose_in_unit_of_air_kerma", breast(entrance_exposure_rp_mgy=0.04), breast()),
    ],
)
def test_another_unit_in_more_than_a_fifth_holds_the_submission(
    tmp_path: Path, validator: Validator, rule: str, bad: Row, good: Row
) -> None:
    tolerated = round(20 * UNIT_SHARE)
    for wrong, expected in ((tolerated, "accepted"), (tolerated + 1, "held")):
        reports = [bad] * wrong + [good] * (20 - wrong)
        status, rows = status_and_findings(tmp_path / expected, validator, *reports)
        assert status == expected
        holds = [row["expectation"] for row in rows if row["severity"] == "hold"]
        assert holds == ([rule] if expected == "held" else [])


def test_planes_are_compared_with_their_own_events(tmp_path: Path, validator: Validator) -> None:
    events = [
        {**SHOT, "acquisition_plane": "plane_a"},
        {**SHOT, "acquisition_plane": "plane_b", "dose_area_product_gy_m2": 0.003},
    ]
    totals = [
        {"acquisition_plane": "plane_a", "dose_area_product_total_gy_m2": 0.001},
        {"acquisition_plane": "plane_b", "dose_area_product_total_gy_m2": 0.003},
    ]
    assert (
        status_and_findings(tmp_path / "right", validator, other_report(*events, totals=totals))[1]
        == []
    )
    swapped = [
        {**row, "acquisition_plane": plane}
        for row, plane in zip(totals, ("plane_b", "plane_a"), strict=True)
    ]
    _, rows = status_and_findings(
        tmp_path / "swapped", validator, other_report(*events, totals=swapped)
    )
    assert [row["expectation"] for row in rows] == ["kap_total_equals_sum_of_events"] * 2


def test_totals_are_not_checked_for_a_field_area_that_the_events_show(
    tmp_path: Path, validator: Validator
) -> None:
    events_say = other_report(
        {**SHOT, "dose_rp_gy": 2.0}, totals=[{**TOTAL, "dose_rp_total_gy": 2.0}]
    )
    _, rows = status_and_findings(tmp_path, validator, events_say)
    assert [row["expectation"] for row in rows] == ["field_area_plausible"]


def test_good_reports_of_all_modalities_have_no_finding(
    tmp_path: Path, validator: Validator
) -> None:
    both = [LEFT, side("right", 0.0), side("both", 1.2)]
    reports = [report(), total(), shot(), breasts(*both), tracer()]
    assert status_and_findings(tmp_path, validator, *reports) == ("accepted", [])
