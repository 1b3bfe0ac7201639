"""Policy for X-ray, mammography and nuclear medicine: a row that fails, one that just meets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from expectations.policy.xray_events import UNIT_SHARE
from expectations.validate import validate_submission
from expectations.validator import Validator
from tests.expectation_rows import EVENT, Row, findings, other_report, report, sha256, write
from transforms.lake import Lake

SHOT: Row = {
    "acquisition_plane": "single_plane",
    "dose_area_product_gy_m2": 0.001,
    "dose_rp_gy": 0.02,  # 500 cm2
    "kvp_kv": 80.0,
}
TOTAL: Row = {
    "acquisition_plane": "single_plane",
    "dose_area_product_total_gy_m2": 0.001,
    "dose_rp_total_gy": 0.02,
}
BREAST: Row = {
    "laterality": "left",
    "average_glandular_dose_mgy": 1.2,
    "entrance_exposure_rp_mgy": 4.0,
    "compression_thickness_mm": 50.0,
    "compression_force_n": 100.0,
    "kvp_kv": 28.0,
}
LEFT: Row = {"laterality": "left", "accumulated_average_glandular_dose_mgy": 1.2}
ACTIVITY: Row = {"administered_activity_mbq": 250.0, "radionuclide": "Technetium-99m"}


def shot(**values: Any) -> Row:
    return other_report({**SHOT, **values})


def total(**values: Any) -> Row:
    return other_report(SHOT, totals=[{**TOTAL, **values}])


def breast(**values: Any) -> Row:
    return other_report({**BREAST, **values}, modality="MG")


def breasts(*totals: Row) -> Row:
    return other_report(BREAST, breasts=totals, modality="MG")


def tracer(**values: Any) -> Row:
    return other_report(administrations=[{**ACTIVITY, **values}], modality="NM")


def fluoro(kap: float, acquired: float, **values: Any) -> Row:
    parts = {
        "fluoro_dose_area_product_total_gy_m2": kap,
        "acquisition_dose_area_product_total_gy_m2": acquired,
    }
    return total(**parts, **values)


def kerma(fluoroscopy: float) -> Row:
    return total(fluoro_dose_rp_total_gy=fluoroscopy, acquisition_dose_rp_total_gy=0.01)


def side(name: str, dose: float) -> Row:
    return {"laterality": name, "accumulated_average_glandular_dose_mgy": dose}


HIGH = {"dose_area_product_gy_m2": 0.18, "dose_rp_gy": 11.0}
"""An event that goes with a total beyond the plausible ones."""

# name of the rule, a report that fails it, what the finding shows, a report that just meets it
CASES = [
    ("field_area_possible", shot(dose_rp_gy=20.0), "0.5 cm2", shot(dose_rp_gy=10.0)),
    ("field_area_plausible", shot(dose_rp_gy=2.0), "5 cm2", shot(dose_rp_gy=1.0)),
    ("projection_kvp_plausible", shot(kvp_kv=160.0), "160 kV", shot(kvp_kv=150.0)),
    (
        "kap_total_in_unit_of_events",
        total(dose_area_product_total_gy_m2=0.01),
        "0.01 Gy.m2 stated, 0.001 Gy.m2 in events",
        total(dose_area_product_total_gy_m2=0.005),
    ),
    (
        "kerma_total_in_unit_of_events",
        total(dose_rp_total_gy=0.002),
        "0.002 Gy stated, 0.02 Gy in events",
        total(dose_rp_total_gy=0.004),
    ),
    (
        "kap_total_equals_sum_of_events",
        total(dose_area_product_total_gy_m2=0.00106),
        "0.00106 Gy.m2 stated, 0.001 Gy.m2 in events",
        total(dose_area_product_total_gy_m2=0.00105),
    ),
    (
        "kerma_total_equals_sum_of_events",
        total(dose_rp_total_gy=0.0212),
        "0.0212 Gy stated, 0.02 Gy in events",
        total(dose_rp_total_gy=0.021),
    ),
    (
        "kap_of_fluoroscopy_and_acquisition_equals_total",
        fluoro(0.0005, 0.0004),
        "0.001 Gy.m2 stated, 0.0009 Gy.m2 in parts",
        fluoro(0.0005, 0.00046),
    ),
    (
        "kerma_of_fluoroscopy_and_acquisition_equals_total",
        kerma(0.008),
        "0.02 Gy stated, 0.018 Gy in parts",
        kerma(0.0101),
    ),
    (
        "fluoroscopy_has_time",
        fluoro(0.001, 0.0, total_fluoro_time_s=0.0),
        "0 s",
        fluoro(0.0, 0.001, total_fluoro_time_s=0.0),
    ),
    (
        "acquisitions_have_frames",
        fluoro(0.0, 0.001, total_number_of_radiographic_frames=0.0),
        "0 frames",
        fluoro(0.001, 0.0, total_number_of_radiographic_frames=0.0),
    ),
    (
        "kap_total_plausible",
        other_report({**SHOT, **HIGH}, totals=[{"dose_area_product_total_gy_m2": 0.18}]),
        "0.18 Gy.m2",
        other_report({**SHOT, **HIGH}, totals=[{"dose_area_product_total_gy_m2": 0.171 - 0.001}]),
    ),
    (
        "kerma_total_plausible",
        other_report({**SHOT, **HIGH}, totals=[{"dose_rp_total_gy": 11.0}]),
        "11 Gy",
        other_report({**SHOT, **HIGH}, totals=[{"dose_rp_total_gy": 10.0}]),
    ),
    (
        "glandular_dose_in_unit_of_air_kerma",
        breast(entrance_exposure_rp_mgy=0.2),
        "1.2 mGy AGD, 0.2 mGy Ka,i",
        breast(entrance_exposure_rp_mgy=0.25),
    ),
    (
        "glandular_dose_fits_thickness",
        breast(entrance_exposure_rp_mgy=2.0),
        "1.2 mGy AGD, 2 mGy Ka,i, 50 mm",
        breast(entrance_exposure_rp_mgy=2.0, compression_thickness_mm=15.0),
    ),
    ("breast_side_present", breast(laterality=None), "1.2 mGy", breast(laterality="both")),
    (
        "glandular_dose_plausible",
        breast(average_glandular_dose_mgy=0.1, entrance_exposure_rp_mgy=None),
        "0.1 mGy",
        breast(average_glandular_dose_mgy=0.2, entrance_exposure_rp_mgy=None),
    ),
    (
        "breast_thickness_plausible",
        breast(compression_thickness_mm=5.0),
        "5 mm",
        breast(compression_thickness_mm=20.0),
    ),
    (
        "compression_force_plausible",
        breast(compression_force_n=10.0),
        "10 N",
        breast(compression_force_n=20.0),
    ),
    ("mammography_kvp_plausible", breast(kvp_kv=60.0), "60 kV", breast(kvp_kv=49.0)),
    (
        "glandular_dose_total_equals_sum_of_events",
        breasts(side("right", 1.2)),
        "1.2 mGy stated, 0 mGy in the events",
        breasts(side("left", 1.26), side("right", 0.0)),
    ),
    (
        "both_breasts_equal_left_and_right",
        breasts(LEFT, side("right", 0.0), side("both", 1.3)),
        "1.3 mGy stated, 1.2 mGy left and right",
        breasts(LEFT, side("right", 0.0), side("both", 1.2)),
    ),
    ("one_total_per_breast", breasts(LEFT, LEFT), "2 totals", breasts(LEFT)),
    (
        "activity_plausible",
        tracer(administered_activity_mbq=0.25),
        "0.25 MBq",
        tracer(administered_activity_mbq=1.0),
    ),
    (
        "activity_present",
        tracer(administered_activity_mbq=None),
        None,
        tracer(administered_activity_mbq=1.0),
    ),
    ("radionuclide_present", tracer(radionuclide=None), "250 MBq", tracer()),
]


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator()


def found(folder: Path, validator: Validator, *reports: Row) -> tuple[str, list[Row]]:
    lake = Lake(str(folder))
    verdict = validate_submission(lake, write(lake, reports), validator=validator)
    return verdict.status, findings(lake)


@pytest.fixture(scope="module")
def of_cases(tmp_path_factory: pytest.TempPathFactory, validator: Validator) -> list[Row]:
    """Findings of all cases as one submission; case n is the objects 2n + 1 and 2n + 2."""
    reports = [item for _, bad, _, good in CASES for item in (bad, good)]
    status, rows = found(tmp_path_factory.mktemp("lake"), validator, *reports)
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
        status, rows = found(tmp_path / expected, validator, *reports)
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
    assert found(tmp_path / "right", validator, other_report(*events, totals=totals))[1] == []
    swapped = [
        {**row, "acquisition_plane": plane}
        for row, plane in zip(totals, ("plane_b", "plane_a"), strict=True)
    ]
    _, rows = found(tmp_path / "swapped", validator, other_report(*events, totals=swapped))
    assert [row["expectation"] for row in rows] == ["kap_total_equals_sum_of_events"] * 2


@pytest.mark.parametrize(("factor", "rules"), [(1000, ["device_in_unit_of_the_others"]), (3, [])])
def test_a_device_in_another_unit_than_the_others_is_one_finding(
    tmp_path: Path, validator: Validator, factor: float, rules: list[str]
) -> None:
    def one(device: str, dlp: float) -> Row:
        event = {**EVENT, "dlp_mgy_cm": dlp, "mean_ctdivol_mgy": None, "ctdiw_phantom": None}
        return report(event, total=dlp, device_key=device)

    reports = [one("A", 6.0)] * 10 + [one("B", 6.0 * factor)] * 10
    status, rows = found(tmp_path, validator, *reports)
    assert status == "accepted"
    about_devices = [row for row in rows if row["expectation"].startswith("device")]
    assert [row["expectation"] for row in about_devices] == rules
    assert all(row["observed"] == "20 of 20 rows (100.0%)" for row in about_devices)


def test_good_reports_of_all_modalities_have_no_finding(
    tmp_path: Path, validator: Validator
) -> None:
    both = [LEFT, side("right", 0.0), side("both", 1.2)]
    reports = [report(), total(), shot(), breasts(*both), tracer()]
    assert found(tmp_path, validator, *reports) == ("accepted", [])
