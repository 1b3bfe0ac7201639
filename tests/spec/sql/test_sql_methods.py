"""Each method on the same examinations: small tables in, numbers out."""

from __future__ import annotations

import datetime
from math import exp
from typing import Any

import pytest

from tests.support.lakes.lake_rows import Report, Row, event, report
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels
from transforms.errors import UsageError
from transforms.reference.methods import FIRST_LINE, checked_methods, method_ids

pytestmark = pytest.mark.slow

MODELS = SqlModels("facility_typical_values", "national_drls", "fct_ledger_entries", "attrition")
CHEST = {"study_description": "CT Chest"}


def chest(study: str, *events: Row, **columns: Any) -> Report:
    return report(study, events, **{**CHEST, **columns})


def helices(*doses: float) -> list[Row]:
    return [event(ctdivol=dose, dlp=30 * dose) for dose in doses]


def two_devices() -> list[Report]:
    """One facility. On A ten patients of unknown weight, two helices each, of these CTDIvol: 1 and
    3, 2 and 4, ... 9 and 11, 100 and 102; their examinations have 2, 3, ... 10, 101. On B five
    patients of 70 kg, helices of 20 and 22, examinations of 21.
    """
    first = [
        chest(f"A{dose}", *helices(dose, dose + 2), device_key="A") for dose in [*range(1, 10), 100]
    ]
    heavy = {"device_key": "B", "patient_weight_kg": 70.0}
    return first + [chest(f"B{number}", *helices(20, 22), **heavy) for number in range(5)]


def typical_values(method_id: str, columns: str, quantity: str = "ctdivol") -> list[Any]:
    return MODELS.rows(
        f"select {columns} from facility_typical_values "  # noqa: S608 - our own columns
        "where method_id = ? and drl_quantity = ? order by all",
        method_id,
        quantity,
    )


TYPICAL = [
    # method: facility, device, examinations, values, typical value, whether it is sufficient
    (FIRST_LINE, [("F1", None, 15, 15, 9.0, True)]),
    ("icrp_135", [("F1", None, 15, 15, 9.0, True)]),
    ("japan_2020", [("F1", None, 15, 15, 9.0, True)]),
    ("japan_2020_mammography", []),
    ("uk_survey", [("F1", "A", 10, 20, 6.5, True), ("F1", "B", 5, 10, 21.0, False)]),
    ("australia", [("F1", "A", 10, 10, 6.5, False), ("F1", "B", 5, 5, 21.0, False)]),
    ("austria", [("F1", "B", 5, 5, 21.0, False)]),
    ("germany_2018", [("F1", "A", 10, 20, 15.5, True), ("F1", "B", 5, 10, 21.0, False)]),
    ("germany_2022", [("F1", "A", 10, 20, 6.5, True), ("F1", "B", 5, 10, 21.0, False)]),
    ("france", [("F1", "A", 10, 20, 6.5, True), ("F1", "B", 5, 10, 21.0, False)]),
    ("acr_size_bins", [(None, None, 15, 15, 9.0, True)]),
]


@pytest.mark.parametrize(("method_id", "expected"), TYPICAL)
def test_each_method_has_its_unit_its_statistic_and_its_minimum(
    method_id: str, expected: list[Any]
) -> None:
    """Per facility or device; median or mean; examinations or helices; 10 or 20 patients."""
    MODELS.run(staging_tables({"F1": two_devices()}))
    columns = "facility_id, device_key, n_examinations, n_values, typical_value, is_sufficient"
    assert typical_values(method_id, columns) == expected


def test_every_method_of_the_seed_is_asked_above() -> None:
    assert sorted(method for method, _ in TYPICAL) == sorted(method_ids())


def test_an_examination_counts_once_however_many_helices_it_has() -> None:
    """Austria: the mean over persons: two helices of 1 mGy are one examination of 1 mGy."""
    of_adults = {"patient_weight_kg": 60.0}
    reports = [chest(f"S{n}", *helices(n, n), **of_adults) for n in range(1, 11)]
    MODELS.run(staging_tables({"F1": [*reports, chest("S11", *helices(22), **of_adults)]}))
    assert typical_values("austria", "n_examinations, typical_value") == [(11, 7.0)]


def test_dlp_of_an_examination_is_a_sum_and_of_an_acquisition_its_own() -> None:
    MODELS.run(staging_tables({"F1": [chest("S1", *helices(10, 20))]}))
    assert typical_values(FIRST_LINE, "typical_value", "dlp") == [(900.0,)]
    assert typical_values("france", "n_values, p25, typical_value", "dlp") == [(2, 375.0, 450.0)]


def test_share_of_known_weights_is_stated() -> None:
    MODELS.run(staging_tables({"F1": two_devices()}))
    columns = "share_of_known_weights, weight_mean_kg, weight_median_kg"
    assert typical_values(FIRST_LINE, columns) == [(5 / 15, 70.0, 70.0)]
    assert typical_values("uk_survey", columns) == [(0.0, None, None), (1.0, 70.0, 70.0)]


def test_calendar_years_are_apart_and_what_has_no_date_is_in_none() -> None:
    years = [(datetime.date(2024, 12, 31), 8), (datetime.date(2025, 1, 1), 12), (None, 99)]
    reports = [chest(f"S{dose}", *helices(dose), study_date=day) for day, dose in years]
    MODELS.run(staging_tables({"F1": reports}))
    assert typical_values(FIRST_LINE, "period, typical_value") == [(2024, 8.0), (2025, 12.0)]
    assert reasons() == {"S8": None, "S12": None, "S99": "no_study_date"}


def reasons(quantity: str = "ctdivol") -> Row:
    query = "select study_key, exclusion_reason from fct_examination_doses where drl_quantity = ?"
    return dict(MODELS.rows(query, quantity))


def test_another_phantom_is_never_mixed_in() -> None:
    """A phantom that is not stated is not used either; of mixed phantoms the right one is used."""
    phantoms: dict[str, tuple[str | None, ...]] = {
        "right": ("body_32cm",),
        "other": ("head_16cm",),
        "unknown": (None,),
        "partly-unknown": ("body_32cm", None),
        "mixed": ("body_32cm", "head_16cm"),
    }
    sent = [chest(study, *[event(phantom=one) for one in used]) for study, used in phantoms.items()]
    MODELS.run(staging_tables({"F1": sent}))
    assert reasons() == {
        "right": None,
        "other": "other_phantom",
        "unknown": "other_phantom",
        "partly-unknown": "other_phantom",
        "mixed": "mixed_phantoms",
    }
    answer = MODELS.rows(
        "select study_key, ctdiw_phantom, exclusion_reason from fct_acquisition_doses "
        "where drl_quantity = 'ctdivol' order by all"
    )
    assert answer == [
        ("mixed", "body_32cm", None),
        ("mixed", "head_16cm", "other_phantom"),
        ("other", "head_16cm", "other_phantom"),
        ("partly-unknown", "body_32cm", None),
        ("partly-unknown", None, "other_phantom"),
        ("right", "body_32cm", None),
        ("unknown", None, "other_phantom"),
    ]


def test_acquisitions_are_diagnostic_and_repeat_none() -> None:
    scans = [
        event(kind="constant_angle"),
        event(kind="stationary"),
        event(protocol="PreMonitoring", dlp=40),
        event(ctdivol=7, dlp=210),
        {**event(ctdivol=9, dlp=270), "is_repeated_acquisition": True},
    ]
    MODELS.run(staging_tables({"F1": [chest("S1", *scans)]}))
    assert typical_values("france", "n_values, typical_value") == [(1, 7.0)]


def test_a_missing_dlp_excludes_the_examination_and_not_its_other_acquisition() -> None:
    MODELS.run(staging_tables({"F1": [chest("S1", event(dlp=300), event(dlp=None))]}))
    assert reasons() == {"S1": "incomplete_dlp"}
    assert typical_values("france", "n_values, typical_value", "dlp") == [(1, 300.0)]
    assert typical_values("france", "n_values, typical_value") == [(2, 10.0)]


SSDE_FACTOR_30_CM = 3.704369 * exp(-0.03671937 * 30)


def event_of_size(
    ctdivol: float, diameter_mm: float | None = None, ssde: float | None = None
) -> Row:
    of_patient = {"water_equivalent_diameter_mm": diameter_mm, "ssde_mgy": ssde}
    return {**event(ctdivol=ctdivol), **of_patient}


def test_ssde_is_as_reported_else_derived_and_then_flagged() -> None:
    """Factor of the 32 cm phantom at 30 cm: 1.231; without the diameter SSDE is not derived."""
    assert pytest.approx(1.2311, abs=1e-4) == SSDE_FACTOR_30_CM
    reports = [
        chest("reported", event_of_size(10, 300, ssde=13)),
        chest("derived", event_of_size(10, 300)),
        chest("both", event_of_size(10, 300, ssde=13), event_of_size(20, 300)),
        chest("half", event_of_size(10, 300), event_of_size(10)),
        chest("none", event_of_size(10)),
    ]
    MODELS.run(staging_tables({"F1": reports}))
    rows = MODELS.rows(
        "select study_key, value, is_derived from fct_examination_doses where drl_quantity = 'ssde'"
    )
    found = {study: (value, is_derived) for study, value, is_derived in rows}
    assert found["reported"] == (13.0, False)
    assert found["derived"] == (pytest.approx(10 * SSDE_FACTOR_30_CM), True)
    weighted = (13 * 300 + 20 * SSDE_FACTOR_30_CM * 150) / 450  # 300 mm and 150 mm
    assert found["both"] == (pytest.approx(weighted), True)
    assert found["half"][0] is None and found["none"][0] is None
    assert typical_values(FIRST_LINE, "n_values, n_derived", "ssde") == [(3, 2)]
    assert typical_values("france", "n_values, n_derived", "ssde") == [(5, 3)]


def test_ssde_is_derived_for_the_head_phantom_too() -> None:
    head = {**event_of_size(10, 170), "ctdiw_phantom": "head_16cm"}
    MODELS.run(staging_tables({"F1": [report("S1", [head], study_description="CT Schädel nativ")]}))
    assert reasons("ssde") == {"S1": None}
    expected = 10 * 1.874799 * exp(-0.03871313 * 17)
    assert typical_values(FIRST_LINE, "typical_value", "ssde") == [(pytest.approx(expected),)]


def test_size_bins_stand_beside_all_adults() -> None:
    """ACR style: one national distribution, of adults and of adults of each size."""
    first = [chest(f"A{n}", event_of_size(10, 239)) for n in range(3)]
    second = [chest(f"B{n}", event_of_size(20, 240)) for n in range(5)]
    MODELS.run(staging_tables({"F1": first, "F2": second}))
    columns = "patient_group_id, facility_id, n_facilities, n_examinations, p75"
    assert typical_values("acr_size_bins", columns) == [
        ("acr_adult", None, 2, 8, 20.0),
        ("dw_200_240mm", None, 1, 3, 10.0),
        ("dw_240_280mm", None, 1, 5, 20.0),
    ]


@pytest.mark.parametrize(
    ("n", "lower", "upper"),
    [(5, None, None), (6, 1, 6), (8, 1, 8), (9, 2, 8), (10, 2, 9), (20, 6, 15), (30, 10, 21)],
)
def test_limits_of_the_median_are_exact_order_statistics(
    n: int, lower: float | None, upper: float | None
) -> None:
    """Values 1, 2 ... n: the limit is its own rank. P(Bin(10, 1/2) <= 1) = 1.1 %, <= 2: 5.5 %."""
    MODELS.run(
        staging_tables({"F1": [chest(f"S{dose}", *helices(dose)) for dose in range(1, n + 1)]})
    )
    assert typical_values(FIRST_LINE, "p50_lower, p50_upper") == [(lower, upper)]


def test_an_adult_is_aggregated_once_for_all_methods() -> None:
    """Three methods use the median of the facility's adults; it has one row."""
    MODELS.run(staging_tables({"F1": two_devices()}))
    answer = MODELS.rows(
        "select scope, unit_of_analysis, patient_group_id, count(*) from fct_facility_statistics "
        "where drl_quantity = 'ctdivol' group by all order by all"
    )
    assert answer == [
        ("acquisition", "device", "adult", 2),
        ("acquisition", "device", "adult_50_90kg", 1),
        ("examination", "device", "adult", 2),
        ("examination", "device", "adult_50_90kg", 1),
        ("examination", "device", "au_adult", 2),
        ("examination", "examination", "acr_adult", 1),
        ("examination", "facility", "adult", 1),
    ]


def test_attrition_goes_by_the_first_line_and_other_methods_still_count() -> None:
    """A child of unknown weight has no group in the first line, but one in Australia's method."""
    MODELS.run(staging_tables({"F1": [chest("S1", *helices(10), patient_age_days=2000)]}))
    assert reasons() == {"S1": "no_patient_group"}
    assert typical_values(FIRST_LINE, "n_examinations") == []
    assert typical_values("australia", "patient_group_id, n_examinations") == [("au_child", 1)]


@pytest.mark.parametrize("test", ["methods_are_sound", "patient_groups_are_sound"])
def test_the_seeds_are_sound(test: str) -> None:
    assert MODELS.test(test) == []


@pytest.mark.parametrize(
    "change",
    [
        "percentile = 0",
        "percentile = 75",
        "minimum_examinations = 0",
        "patient_selection = 'nobody'",
        "size_stratifier = 'nobody'",
        "modalities = 'CT;XX'",
        "valid_from = date '2025-01-01', valid_to = date '2024-01-01'",
    ],
)
def test_an_unsound_method_is_named(change: str) -> None:
    models = SqlModels("int_method_groups")
    models.rows(f"update methods set {change} where method_id = 'france'")  # noqa: S608
    assert models.test("methods_are_sound") == [("france",)]


def test_a_build_is_of_the_methods_it_names() -> None:
    models = SqlModels("int_method_groups", environment={"DRLAKE_METHODS": "france;austria"})
    models.run({})
    answer = models.rows("select distinct method_id from int_method_groups order by 1")
    assert answer == [("austria",), ("france",)]
    assert checked_methods(["austria", "france"]) == ("france", "austria")
    with pytest.raises(UsageError, match="There is no method atlantis"):
        checked_methods(["atlantis"])
