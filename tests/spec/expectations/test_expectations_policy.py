"""Each policy rule in Great Expectations: one row that fails it, one that just passes."""

from pathlib import Path
from typing import Any

import pytest

from expectations.policy import POLICY
from expectations.validate import validate_submission
from expectations.validator import Validator
from tests.spec.expectations.test_expectations_devices import CASES as DEVICE_CASES
from tests.support.expectation_cases import CASES as OTHER_CASES
from tests.support.expectation_rows import (
    EVENT,
    LOCALIZER,
    SUBMISSION_ID,
    Row,
    findings,
    report,
    sha256,
    write,
)
from transforms.lake.lake import Lake
from transforms.tables import CT_ACCUMULATED_DOSE

pytestmark = pytest.mark.slow


def event(**values: Any) -> Row:
    return report({**EVENT, **values})


def total(stated: float | None, **values: Any) -> Row:
    return report(total=stated, **values)


HEAD = {"target_region": "Head", "ctdiw_phantom": "head_16cm"}
LONG = {"scanning_length_mm": 1700.0, "dlp_mgy_cm": 1700.0}
EMPTY = {**report(), "tables": {CT_ACCUMULATED_DOSE.name: [{"dlp_total_mgy_cm": 300.0}]}}
MORE_EVENTS = {"total_number_of_irradiation_events": 2.0}
SUBTOTAL = "dlp_subtotal_{}_equals_sum_of_events"

# name of the rule, a report that fails it, what the finding shows, a report that just meets it
CASES = [
    ("report_has_events", EMPTY, "0 events", report()),
    (
        "report_complete",
        report(completion_flag="PARTIAL"),
        None,
        report(completion_flag="COMPLETE"),
    ),
    (
        "quantities_not_contradicted",
        report(contradicted_columns="ct_irradiation_event.dlp_mgy_cm ct_irradiation_event.kvp_kv"),
        "ct_irradiation_event.dlp_mgy_cm ct_irradiation_event.kvp_kv",
        report(),
    ),
    (
        "weight_fits_age",
        report(patient_weight_kg=7.0),
        "7 kg, 54.757 years old",
        report(patient_weight_kg=25.0),
    ),
    (
        "height_plausible",
        report(patient_height_cm=17_000.0),
        "17000 cm, 54.757 years old",
        report(patient_height_cm=250.0),
    ),
    (
        "body_mass_index_plausible",
        report(patient_weight_kg=170.0, patient_height_cm=70.0),
        "346.939 kg/m2, 54.757 years old",
        report(patient_weight_kg=90.0, patient_height_cm=100.0),
    ),
    (
        "dlp_total_equals_sum_of_events",
        total(303.01),
        "303.01 mGy.cm stated, 300 mGy.cm in the events",
        total(303.0),
    ),
    (
        "number_of_events_as_stated",
        report(**MORE_EVENTS),
        "2 events stated, 1 events found",
        report(total_number_of_irradiation_events=None),
    ),
    ("dlp_total_plausible", total(8001.0), "8001 mGy.cm", total(8000.0)),
    (
        SUBTOTAL.format("head_16cm"),
        report({**EVENT, **HEAD}, dlp_subtotal_head_16cm_mgy_cm=30.0),
        "30 mGy.cm stated, 300 mGy.cm in the events",
        report({**EVENT, **HEAD}, dlp_subtotal_head_16cm_mgy_cm=297.0),
    ),
    (
        SUBTOTAL.format("body_32cm"),
        report(dlp_subtotal_body_32cm_mgy_cm=296.0),
        "296 mGy.cm stated, 300 mGy.cm in the events",
        report(dlp_subtotal_body_32cm_mgy_cm=None),
    ),
    ("ctdivol_present", event(mean_ctdivol_mgy=None), None, report(LOCALIZER)),
    ("ctdivol_present", event(mean_ctdivol_mgy=0.0), "0 mGy", report()),
    ("dlp_present", event(dlp_mgy_cm=None), None, report(LOCALIZER)),
    ("dlp_present", event(dlp_mgy_cm=0.0), "0 mGy.cm", report()),
    ("phantom_present", event(ctdiw_phantom=None), "10 mGy", report(LOCALIZER)),
    (
        "head_region_on_16_cm_phantom",
        event(target_region="Head"),
        "32 cm phantom",
        event(**HEAD),
    ),
    (
        "trunk_region_on_32_cm_phantom",
        event(ctdiw_phantom="head_16cm"),
        "16 cm phantom",
        event(target_region="Neck", ctdiw_phantom="head_16cm"),
    ),
    (
        "dlp_is_ctdivol_times_length",
        event(dlp_mgy_cm=331.0),
        "331 mGy.cm stated, 300 mGy.cm from CTDIvol and length",
        event(dlp_mgy_cm=330.0),
    ),
    (
        "head_ctdivol_plausible",
        event(**HEAD, mean_ctdivol_mgy=151.0),
        "151 mGy",
        event(**HEAD, mean_ctdivol_mgy=150.0),
    ),
    (
        "body_ctdivol_plausible",
        event(mean_ctdivol_mgy=0.4),
        "0.4 mGy",
        event(mean_ctdivol_mgy=0.5),
    ),
    ("dlp_plausible", event(dlp_mgy_cm=4001.0), "4001 mGy.cm", event(dlp_mgy_cm=4000.0)),
    ("scanning_length_plausible", event(**LONG), "1700 mm", event(scanning_length_mm=1600.0)),
    ("pitch_plausible", event(pitch_factor=0.09), "0.09", event(pitch_factor=0.2)),
    (
        "water_equivalent_diameter_plausible",
        event(water_equivalent_diameter_mm=25.0),
        "25 mm",
        event(water_equivalent_diameter_mm=80.0),
    ),
    ("kvp_offered_by_ct", event(kvp_kv=12.0), "12 kV", event(kvp_kv=119.8)),
    (
        "maximum_tube_current_not_below_mean",
        event(tube_current_ma=202.0),
        "202 mA mean, 200 mA maximum",
        event(tube_current_ma=201.0),
    ),
]
SHARE_CASES = [
    ("study_date_present", report(study_date=None), "1 of 2 rows (50.0%)"),
    ("patient_age_present", report(patient_age_days=None), "1 of 2 rows (50.0%)"),
    (
        "items_have_values",
        report(columns_without_value="xray_irradiation_event.dose_rp_gy"),
        "1 of 2 rows (50.0%): xray_irradiation_event.dose_rp_gy in 1",
    ),
    (
        "concepts_matched_by_code",
        report(matched_by_meaning="ct_irradiation_event.dlp_mgy_cm ct_irradiation_event.kvp_kv"),
        "1 of 2 rows (50.0%): ct_irradiation_event.dlp_mgy_cm in 1, "
        "ct_irradiation_event.kvp_kv in 1",
    ),
]


Found = dict[str, list[Row]]


@pytest.fixture(scope="module")
def validator() -> Validator:
    return Validator()


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory, validator: Validator) -> Found:
    """All cases as one submission, validated once: findings by object.

    Case n (from 0) is the objects 2n + 1 (fails) and 2n + 2 (just meets).
    """
    lake = Lake(str(tmp_path_factory.mktemp("lake")))
    write(lake, [item for _, bad, _, good in CASES for item in (bad, good)])
    assert validate_submission(lake, SUBMISSION_ID, validator=validator).status == "accepted"
    by_object: Found = {}
    for row in findings(lake):
        if row["object_sha256"]:
            by_object.setdefault(row["object_sha256"], []).append(row)
    return by_object


def alone(tmp_path: Path, validator: Validator, *reports: Row) -> list[Row]:
    lake = Lake(str(tmp_path / "lake"))
    write(lake, reports)
    assert validate_submission(lake, SUBMISSION_ID, validator=validator).status == "accepted"
    return findings(lake)


@pytest.mark.parametrize("case", range(len(CASES)), ids=[case[0] for case in CASES])
def test_the_row_that_fails_is_flagged_and_the_row_on_the_limit_is_not(
    found: Found, case: int
) -> None:
    name, _, shown, _ = CASES[case]
    bad, good = (found.get(sha256(2 * case + position), []) for position in (1, 2))
    rows = [row for row in bad if row["expectation"] == name]
    assert [(row["severity"], row["observed"]) for row in rows] == [("flag", shown)]
    is_event = rows[0]["table_name"] == "ct_irradiation_event"
    assert rows[0]["event_index"] == (1 if is_event else None)
    assert name not in [row["expectation"] for row in good]


@pytest.mark.parametrize(("name", "bad", "shown"), SHARE_CASES)
def test_what_a_whole_export_lacks_is_one_finding(
    tmp_path: Path, validator: Validator, name: str, bad: Row, shown: str
) -> None:
    rows = [row for row in alone(tmp_path, validator, report(), bad) if row["expectation"] == name]
    assert [(row["severity"], row["object_sha256"], row["observed"]) for row in rows] == [
        ("flag", None, shown)
    ]


@pytest.mark.parametrize(("without_age", "findings_expected"), [(1, 0), (2, 1)])
def test_one_patient_in_twenty_may_have_no_age(
    tmp_path: Path, validator: Validator, without_age: int, findings_expected: int
) -> None:
    reports = [report(patient_age_days=None)] * without_age + [report()] * (20 - without_age)
    assert len(alone(tmp_path, validator, *reports)) == findings_expected


@pytest.mark.parametrize(
    ("ages", "shown"),
    [
        ((24_471, 10_957), "29.9986 years lowest, 66.9979 years highest"),
        ((24_471, 24_837), None),
        ((1826, 2161), None),
        ((10, 300), "0.0273785 years lowest, 0.821355 years highest"),
        ((0, 300), None),
        ((24_471, None), None),
    ],
)
def test_reports_of_one_study_with_different_ages_are_flagged(
    tmp_path: Path, validator: Validator, ages: tuple[int, int | None], shown: str | None
) -> None:
    reports = [report(patient_age_days=age, study_key="S") for age in ages]
    rows = alone(tmp_path, validator, *reports)
    found = [row["observed"] for row in rows if row["expectation"] == "study_ages_agree"]
    assert found == ([shown, shown] if shown else [])


def test_a_report_without_its_totals_is_flagged(tmp_path: Path, validator: Validator) -> None:
    lake = Lake(str(tmp_path / "lake"))
    write(lake, [report()])
    lake.write_table("decoded", CT_ACCUMULATED_DOSE, SUBMISSION_ID, [])
    validate_submission(lake, SUBMISSION_ID, validator=validator)
    assert [(row["expectation"], row["observed"]) for row in findings(lake)] == [
        ("report_has_one_total", "0 totals")
    ]


def test_reports_that_a_device_never_completes_are_flagged_and_never_held(
    tmp_path: Path, validator: Validator
) -> None:
    rows = alone(tmp_path, validator, *[report(completion_flag="PARTIAL")] * 30)
    assert {(row["expectation"], row["severity"]) for row in rows} == {("report_complete", "flag")}


def test_a_good_submission_has_no_finding(tmp_path: Path, validator: Validator) -> None:
    assert alone(tmp_path, validator, report(LOCALIZER, EVENT), report()) == []


def test_every_policy_rule_has_a_case_here_or_in_the_spec_of_verdicts() -> None:
    tested = {case[0] for case in [*CASES, *SHARE_CASES, *OTHER_CASES]}
    tested |= {"report_has_one_total", "study_ages_agree", *DEVICE_CASES}
    assert {rule.name for rule in POLICY if rule.frame != "submission"} == tested
