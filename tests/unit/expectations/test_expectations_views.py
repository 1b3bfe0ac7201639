"""Derived columns: the values that each rule checks, and NULL where it does not apply."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from expectations.validate import read_tables
from expectations.views import FRAMES
from tests.support.expectation_rows import (
    EVENT,
    LOCALIZER,
    SUBMISSION_ID,
    Row,
    other_report,
    report,
    write,
)
from transforms.lake.lake import Lake


def frame(tmp_path: Path, name: str, *reports: Row, quarantined: tuple[str, ...] = ()) -> Any:
    lake = Lake(str(tmp_path / "lake"))
    write(lake, reports, quarantined)
    return FRAMES[name](read_tables(lake, SUBMISSION_ID))


def values(made: Any, column: str) -> list[object]:
    return [None if pd.isna(value) else value for value in made[column]]


def test_integers_stay_integers_and_null_stays_null(tmp_path: Path) -> None:
    made = frame(tmp_path, "dose_report", report(patient_age_days=None), report())
    assert values(made, "patient_age_days") == [None, 20_000]
    assert isinstance(made["patient_age_days"].iloc[1], int)


@pytest.mark.parametrize(
    ("total", "dlps", "tolerances"),
    [
        (300.0, (300.0,), 0.0),
        (301.0, (300.0,), 1 / 3),  # tolerance 1 % of 300 = 3
        (51.0, (50.0,), 1.0),  # tolerance 1 mGy.cm, the larger of the two
        (30.0, (100.0, 200.0), 90.0),
        (0.0, (0.5,), 0.5),
        (None, (300.0,), None),
        (300.0, (None,), None),
        (300.0, (None, 300.0), None),  # a part of the sum has no meaning
    ],
)
def test_total_is_compared_in_tolerances(
    tmp_path: Path, total: float | None, dlps: tuple[float | None, ...], tolerances: float | None
) -> None:
    events = [{**EVENT, "dlp_mgy_cm": dlp} for dlp in dlps]
    made = frame(tmp_path, "ct_accumulated_dose", report(*events, total=total))
    expected = None if tolerances is None else pytest.approx(tolerances)
    assert values(made, "dlp_total_in_tolerances") == [expected]


def test_a_localizer_without_dlp_adds_nothing_and_one_with_dlp_counts(tmp_path: Path) -> None:
    silent = report(LOCALIZER, EVENT, total=300.0)
    stated = report({**LOCALIZER, "dlp_mgy_cm": 6.0}, EVENT, total=300.0)
    made = frame(tmp_path, "ct_accumulated_dose", silent, stated)
    assert values(made, "dlp_of_events_mgy_cm") == [300.0, 306.0]
    assert values(made, "events_missing") == [0, 0]


def test_a_subtotal_is_not_compared_where_a_dose_may_be_of_either_phantom(tmp_path: Path) -> None:
    subtotal = {"dlp_subtotal_body_32cm_mgy_cm": 300.0}
    unknown = {**EVENT, "ctdiw_phantom": None}
    items = [report(EVENT, {**unknown, "dlp_mgy_cm": dlp}, **subtotal) for dlp in (50.0, None, 0.0)]
    made = frame(tmp_path, "ct_accumulated_dose", *items)
    assert values(made, "dlp_subtotal_body_32cm_in_tolerances") == [None, None, 0.0]


def test_subtotals_are_compared_with_the_events_of_their_phantom(tmp_path: Path) -> None:
    head = {**EVENT, "ctdiw_phantom": "head_16cm", "dlp_mgy_cm": 100.0}
    item = report(
        head,
        EVENT,
        total=400.0,
        dlp_subtotal_head_16cm_mgy_cm=100.0,
        dlp_subtotal_body_32cm_mgy_cm=306.0,
    )
    made = frame(tmp_path, "ct_accumulated_dose", item, report())
    assert values(made, "dlp_subtotal_head_16cm_in_tolerances") == [0.0, None]
    assert values(made, "dlp_subtotal_body_32cm_in_tolerances") == [2.0, None]


def test_a_report_without_events_has_zero_of_them(tmp_path: Path) -> None:
    item = report()
    empty = {**item, "tables": {**item["tables"], "ct_irradiation_event": ()}}
    made = frame(tmp_path, "ct_accumulated_dose", empty)
    assert values(made, "number_of_events") == [0]
    assert values(made, "events_missing") == [1]
    assert values(made, "dlp_total_in_tolerances") == [None]


@pytest.mark.parametrize(("stated", "missing"), [(1, 0), (2, 0), (3, 1)])
def test_events_of_one_uid_are_one_event_or_as_many_as_are_stated(
    tmp_path: Path, stated: int, missing: int
) -> None:
    parts = [{**EVENT, "event_key": "E"}] * 2
    item = report(*parts, total=600.0, total_number_of_irradiation_events=stated)
    assert values(frame(tmp_path, "ct_accumulated_dose", item), "events_missing") == [missing]


def test_ctdivol_is_expected_of_everything_but_the_localizer(tmp_path: Path) -> None:
    unknown = {**EVENT, "ct_acquisition_type": None, "mean_ctdivol_mgy": None}
    zero = {**EVENT, "mean_ctdivol_mgy": 0.0}
    made = frame(tmp_path, "ct_irradiation_event", report(LOCALIZER, EVENT, unknown, zero))
    assert values(made, "ctdivol_given") == [None, True, False, False]


def test_exposed_range_is_preferred_and_short_scans_are_left_out(tmp_path: Path) -> None:
    events = (
        EVENT,
        {**EVENT, "exposed_range_mm": 250.0, "dlp_mgy_cm": 250.0},
        {**EVENT, "scanning_length_mm": 0.0},
        {**EVENT, "ct_acquisition_type": "stationary"},
        {**EVENT, "dlp_mgy_cm": None},
    )
    made = frame(tmp_path, "ct_irradiation_event", report(*events))
    assert values(made, "dlp_over_ctdivol_times_length") == [1.0, 1.0, None, None, None]


@pytest.mark.parametrize(
    ("age_days", "region", "head_cm", "trunk_cm"),
    [
        (6574, "Head", 32.0, None),
        (6573, "Head", None, None),  # a child of 17
        (None, "Head", None, None),
        (20_000, "Chest", None, 32.0),
        (20_000, "Neck", None, None),
        (20_000, None, None, None),
    ],
)
def test_phantom_is_checked_for_adults_in_known_regions(
    tmp_path: Path,
    age_days: int | None,
    region: str | None,
    head_cm: float | None,
    trunk_cm: float | None,
) -> None:
    item = report({**EVENT, "target_region": region}, LOCALIZER, patient_age_days=age_days)
    made = frame(tmp_path, "ct_irradiation_event", item)
    assert values(made, "head_phantom_cm") == [head_cm, None]
    assert values(made, "trunk_phantom_cm") == [trunk_cm, None]


def test_body_ctdivol_of_a_child_is_not_held_against_adults(tmp_path: Path) -> None:
    made = frame(
        tmp_path,
        "ct_irradiation_event",
        report(patient_age_days=100),
        report(patient_age_days=None),
    )
    assert values(made, "body_ctdivol_mgy") == [None, 10.0]


@pytest.mark.parametrize(
    ("age_days", "weight_kg", "fits"),
    [
        (3, 3.5, True),
        (3, 30.0, False),
        (20_000, 3.5, False),
        (20_000, 350.0, True),
        (None, 3.5, True),
        (None, 351.0, False),
        (0, 12.0, True),
        (20_000, None, None),
    ],
)
def test_weight_is_compared_with_age(
    tmp_path: Path, age_days: int | None, weight_kg: float | None, fits: bool | None
) -> None:
    item = report(patient_age_days=age_days, patient_weight_kg=weight_kg)
    assert values(frame(tmp_path, "dose_report", item), "weight_fits_age") == [fits]


def test_foreign_objects_do_not_count_as_refused(tmp_path: Path) -> None:
    reasons = ("identity_present", "not_dose_report", "patient_rdsr_not_supported", "not_dicom")
    made = frame(tmp_path, "submission", report(), quarantined=reasons)
    assert values(made, "objects_refused") == [1]
    assert values(made, "objects_meant") == [2]
    assert values(made, "refused_share") == [0.5]
    assert values(made, "refused_share_of_many") == [None]


@pytest.mark.parametrize(("decoded", "refused", "judged"), [(1, 19, 0.95), (0, 30, None)])
def test_refused_share_holds_only_where_there_is_something_to_hold(
    tmp_path: Path, decoded: int, refused: int, judged: float | None
) -> None:
    reasons = ("structure_truncated",) * refused
    made = frame(tmp_path, "submission", *[report()] * decoded, quarantined=reasons)
    assert values(made, "refused_share_of_many") == [judged]


@pytest.mark.parametrize(
    ("scope", "totals", "tolerances"),
    [
        ("study", (0.002, 0.005), [0.0, 0.0]),  # the second includes the first
        ("study", (0.005, 0.005), [0.0, 0.0]),
        ("study", (0.001, 0.006), [10.0, 4.0]),  # less than its events, more than all
        ("series", (0.002, 0.005), [0.0, 40 / 3]),
        (None, (0.002, 0.005), [0.0, 40 / 3]),
    ],
)
def test_a_total_of_the_study_may_include_earlier_reports(
    tmp_path: Path, scope: str | None, totals: tuple[float, float], tolerances: list[float]
) -> None:
    study: Row = {"study_key": "S"}
    said: Row = {"scope_of_accumulation": scope}
    events = [{**study, "dose_area_product_gy_m2": kap} for kap in (0.002, 0.003)]
    made = [
        other_report(one, totals=[{**study, "dose_area_product_total_gy_m2": total}], **said)
        for one, total in zip(events, totals, strict=True)
    ]
    found = values(frame(tmp_path, "xray_accumulated_dose", *made), "kap_total_in_tolerances")
    assert found == pytest.approx(tolerances)


@pytest.mark.parametrize(("scope", "tolerances"), [("study", [0.0, 0.0]), ("series", [0.0, 60.0])])
def test_a_dlp_total_of_the_study_may_include_earlier_reports(
    tmp_path: Path, scope: str, tolerances: list[float]
) -> None:
    study: Row = {"study_key": "S"}
    made = [
        report({**EVENT, **study, "dlp_mgy_cm": dlp}, total=total, scope_of_accumulation=scope)
        for dlp, total in ((180.0, 180.0), (300.0, 480.0))
    ]
    for one in made:
        one["tables"]["ct_accumulated_dose"][0] |= study
    found = values(frame(tmp_path, "ct_accumulated_dose", *made), "dlp_total_in_tolerances")
    assert found == pytest.approx(tolerances)
