"""A device's median compared with limits, with the other devices, and with its own past."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from expectations.gate import Gate, RuleResult
from expectations.policy.devices import DEVICE_RULES
from expectations.validate import validate_submission
from expectations.validator import Validator
from expectations.views.device_doses import FEWEST_REPORTS
from tests.support.expectation_rows import EVENT, Row, findings, other_report, report, write
from transforms.lake.lake import Lake

pytestmark = pytest.mark.slow

CASES = (
    *("device_median_expected", "device_in_unit_of_the_others", "device_in_unit_of_its_past"),
    *("device_weights_vary", "device_weights_in_kilograms"),
)
EXPECTED, OTHERS, PAST, VARY, KILOGRAMS = CASES

Made = Callable[..., Row]


def ct(dlp: float, **values: Any) -> Row:
    bare = {**EVENT, "mean_ctdivol_mgy": None, "ctdiw_phantom": None, "dlp_mgy_cm": dlp}
    return report(bare, total=dlp, **values)


def ctdivol(phantom: str) -> Made:
    def made(mgy: float, **values: Any) -> Row:
        return report({**EVENT, "mean_ctdivol_mgy": mgy, "ctdiw_phantom": phantom}, **values)

    return made


def totals(column: str, modality: str) -> Made:
    def made(dose: float, **values: Any) -> Row:
        return other_report(totals=[{column: dose}], modality=modality, **values)

    return made


def breast(agd: float, **values: Any) -> Row:
    event = {"laterality": "left", "average_glandular_dose_mgy": agd}
    return other_report(event, modality="MG", **values)


def tracer(activity: float, **values: Any) -> Row:
    row = {"administered_activity_mbq": activity, "radionuclide": "Technetium-99m"}
    return other_report(administrations=[row], modality="NM", **values)


KAP, KERMA = "dose_area_product_total_gy_m2", "dose_rp_total_gy"

# a quantity, how a report of it is made, an ordinary median, factors that a window must see
QUANTITIES = [
    ("dlp_total_mgy_cm", ct, 400.0, (0.01, 0.001, 10, 100, 1000)),
    ("head_ctdivol_mgy", ctdivol("head_16cm"), 45.0, (0.001, 0.01, 0.1, 10, 100)),
    ("body_ctdivol_mgy", ctdivol("body_32cm"), 9.0, (0.001, 0.01, 0.1, 10, 100)),
    (KAP, totals(KAP, "RF"), 1e-3, (1e-4, 0.001, 100, 1000)),
    (KAP, totals(KAP, "DX"), 3e-5, (1e-4, 0.01, 100, 1000)),
    (KERMA, totals(KERMA, "RF"), 0.03, (1e-6, 0.001, 100, 1000)),
    (KERMA, totals(KERMA, "DX"), 1e-3, (1e-6, 0.001, 100, 1000)),
    ("average_glandular_dose_mgy", breast, 1.5, (0.001, 0.01, 0.1, 10)),
    ("administered_activity_mbq", tracer, 250.0, (0.001, 1 / 37, 10)),
]


class DeviceGate(Gate):
    """Asks only the rules about devices: no other finding is looked at in this module."""

    def __init__(self) -> None:
        super().__init__(DEVICE_RULES)

    def run(self, frame_name: str, frames: Sequence[pd.DataFrame]) -> list[list[RuleResult]]:
        asked = {rule.frame for rule in DEVICE_RULES}
        return super().run(frame_name, frames) if frame_name in asked else [[] for _ in frames]


@pytest.fixture(scope="module")
def validator() -> Validator:
    made = Validator()
    made._row_gate = DeviceGate()
    return made


def about_devices(folder: Path, validator: Validator, reports: Iterable[Row]) -> list[Row]:
    lake = Lake(str(folder))
    write(lake, reports)
    validate_submission(lake, "F001.0123456789abcdef", validator=validator)
    return [row for row in findings(lake) if row["expectation"] in CASES]


def test_every_device_in_another_unit_is_named_and_none_in_its_usual_one(
    tmp_path: Path, validator: Validator
) -> None:
    """One hospital with a device for every factor; comparisons between them are left out."""
    devices = [
        (f"{number} times {factor:g}", quantity, made, usual * factor)
        for number, (quantity, made, usual, factors) in enumerate(QUANTITIES)
        for factor in (1, *factors)
    ]
    reports = [
        made(dose, device_key=device)
        for device, _, made, dose in devices
        for _ in range(FEWEST_REPORTS)
    ]
    found = about_devices(tmp_path, validator, reports)
    rows = [row for row in found if row["expectation"] == EXPECTED]
    assert {(row["severity"], row["table_name"]) for row in rows} == {("flag", "dose_report")}
    assert {row["object_sha256"] for row in rows} == {None}
    assert sorted(row["observed"].split(" median, ")[0] for row in rows) == sorted(
        f"{device} {quantity}, {dose:.6g}"
        for device, quantity, _, dose in devices
        if not device.endswith(" times 1")
    )


@pytest.mark.parametrize(
    ("quantity", "made", "usual", "factors"),
    QUANTITIES,
    ids=[f"{name}-{usual:g}" for name, _, usual, _ in QUANTITIES],
)
def test_the_only_device_of_a_hospital_in_another_unit_is_one_finding(
    tmp_path: Path,
    validator: Validator,
    quantity: str,
    made: Made,
    usual: float,
    factors: tuple[float, ...],
) -> None:
    assert about_devices(tmp_path / "good", validator, [made(usual)] * FEWEST_REPORTS) == []
    dose = usual * factors[0]
    (row,) = about_devices(tmp_path / "other", validator, [made(dose)] * FEWEST_REPORTS)
    assert (row["expectation"], row["severity"]) == (EXPECTED, "flag")
    assert (row["table_name"], row["object_sha256"]) == ("dose_report", None)
    assert row["observed"].startswith(f"device {quantity}, {dose:.6g} median, ")


def test_a_median_on_the_limit_is_expected_and_few_reports_are_not_judged(
    tmp_path: Path, validator: Validator
) -> None:
    on, beyond = ([ct(dlp)] * FEWEST_REPORTS for dlp in (3000.0, 3001.0))
    assert about_devices(tmp_path / "on", validator, on) == []
    (row,) = about_devices(tmp_path / "beyond", validator, beyond)
    assert row["observed"] == (
        "device dlp_total_mgy_cm, 3001 median, 30 at least expected, 3000 at most expected, "
        "10 reports"
    )
    assert about_devices(tmp_path / "few", validator, beyond[1:]) == []


@pytest.mark.parametrize(
    ("factor", "rules"), [(10, [OTHERS] * 2), (12.6, []), (7.9, []), (3, []), (0.1, [OTHERS] * 2)]
)
def test_a_device_in_another_unit_than_the_others_is_named_with_its_factor(
    tmp_path: Path, validator: Validator, factor: float, rules: list[str]
) -> None:
    reports = [ct(200.0, device_key="A")] * 10 + [ct(200.0 * factor, device_key="B")] * 10
    rows = [
        row for row in about_devices(tmp_path, validator, reports) if row["expectation"] == OTHERS
    ]
    assert [row["expectation"] for row in rows] == rules
    if rules:
        assert rows[1]["observed"] == (
            f"B dlp_total_mgy_cm, {200 * factor:g} median, {factor:g} times the others, 10 reports"
        )


@pytest.mark.parametrize("modality", ["RF", "NM"])
def test_kerma_and_activity_are_compared_between_devices(
    tmp_path: Path, validator: Validator, modality: str
) -> None:
    made, usual = (totals(KERMA, "RF"), 0.003) if modality == "RF" else (tracer, 50.0)
    reports = [made(usual, device_key="A")] * 10 + [made(usual * 10, device_key="B")] * 10
    rules = [row["expectation"] for row in about_devices(tmp_path, validator, reports)]
    assert rules == [OTHERS] * 2


def on_day(day: int) -> datetime.date:
    return datetime.date(2025, 1, 1) + datetime.timedelta(days=day)


@pytest.mark.parametrize(
    ("factor", "earlier", "rules"),
    [(10, 10, [PAST]), (0.1, 10, [PAST]), (2, 10, []), (10, 9, [])],
)
def test_a_device_whose_unit_changes_with_time_is_flagged(
    tmp_path: Path, validator: Validator, factor: float, earlier: int, rules: list[str]
) -> None:
    reports = [ct(300.0 * factor, study_date=on_day(40 + day)) for day in range(10)]
    reports += [ct(300.0, study_date=on_day(day)) for day in range(earlier)]
    reports += [ct(300.0, study_date=None)]
    rows = about_devices(tmp_path, validator, reports)
    assert [row["expectation"] for row in rows] == rules
    if rules:
        assert f"{factor:g} times its earlier half" in rows[0]["observed"]


def test_devices_of_another_modality_are_no_comparison(
    tmp_path: Path, validator: Validator
) -> None:
    reports = [totals(KERMA, "RF")(0.02, device_key="A")] * 10
    reports += [totals(KERMA, "DX")(0.002, device_key="B")] * 10
    assert about_devices(tmp_path, validator, reports) == []


@pytest.mark.parametrize(
    ("weights", "rules", "said"),
    [
        ([70.0] * 10, [VARY], "device, 70 kg, 1 of all, 10 studies with a weight"),
        ([70.0] * 11 + [60.0 + n for n in range(9)], [VARY], "device, 70 kg, 0.55 of all, "),
        ([70.0] * 10 + [50.0 + n for n in range(10)], [], ""),
        ([70.0] * 9, [], ""),
        (
            [2.2046 * (60 + 3 * n) for n in range(10)],
            [KILOGRAMS],
            "device, 162.038 kg is the median of adults, 10 studies with a weight",
        ),
    ],
)
def test_a_device_that_repeats_one_weight_or_writes_pounds_is_named(
    tmp_path: Path, validator: Validator, weights: list[float], rules: list[str], said: str
) -> None:
    reports = [ct(300.0, patient_weight_kg=weight) for weight in weights]
    rows = about_devices(tmp_path, validator, [*reports, ct(300.0)])
    assert [row["expectation"] for row in rows] == rules
    assert all(row["observed"].startswith(said) for row in rows)


def test_a_patient_examined_ten_times_is_no_default_weight(
    tmp_path: Path, validator: Validator
) -> None:
    reports = [ct(300.0, patient_weight_kg=70.0, study_key="S1") for _ in range(20)]
    assert about_devices(tmp_path, validator, reports) == []
