"""A level compared with the previous one and with published ones: only significant differences."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest

from tests.support.lakes.national_rows import Nation

TWENTY = list(range(1, 21))
CHANGE = "previous_period, previous_national_drl, change_ratio, change_verdict"


def nation_of_years(years: dict[int, list[float]], **method: Any) -> Nation:
    nation = Nation()
    nation.method(**method)
    for period, values in years.items():
        nation.typical_values(values, period=period)
    nation.build()
    return nation


def change(years: dict[int, list[float]], columns: str = CHANGE) -> tuple[Any, ...]:
    """Columns about the change in the last year."""
    nation = nation_of_years(years)
    return nation.rows(f"select {columns} from national_drls order by period")[-1]  # noqa: S608


def test_limits_of_a_ratio_take_both_intervals_into_account() -> None:
    """P75 15.25 within 11..19, twice that before: log distances of the limits, added as squares."""
    columns = "change_ratio, change_ratio_lower, change_ratio_upper"
    below, above = np.log(15.25 / 11), np.log(19 / 15.25)
    reach = np.hypot(below, above)
    answer = change({2024: [2 * value for value in TWENTY], 2025: TWENTY}, columns)
    assert answer == pytest.approx((0.5, 0.5 * np.exp(-reach), 0.5 * np.exp(reach)))


@pytest.mark.parametrize(
    ("factor", "verdict"),
    [(2.0, "higher"), (0.5, "lower"), (1.3, "higher"), (1, "not_distinguishable")],
)
def test_a_change_of_the_same_facilities_is_stated(factor: float, verdict: str) -> None:
    answer = change({2024: TWENTY, 2025: [factor * value for value in TWENTY]})
    assert answer == (2024, 15.25, pytest.approx(factor), verdict)


MATCHED = "n_matched_facilities, matched_ratio, matched_ratio_lower, matched_ratio_upper"


def test_newcomers_with_higher_doses_are_no_change() -> None:
    """The level of fifteen unchanged hospitals and fifteen newcomers doubles; none of them rose."""
    fifteen = [float(value) for value in range(10, 25)]
    years = {2024: fifteen, 2025: [*fifteen, *(2.5 * value for value in fifteen)]}
    assert change(years, f"change_verdict, {MATCHED}") == ("not_distinguishable", 15, 1, 1, 1)
    assert change(years, "change_ratio")[0] > 2


def test_the_ratio_of_those_in_both_years_has_exact_limits() -> None:
    """Ratios 1.0 to 2.1 of twelve hospitals: their median, and the third and the tenth."""
    later = [1 + number / 10 for number in range(12)]
    answer = change({2024: [1.0] * 12, 2025: [*later, 9.0]}, f"change_verdict, {MATCHED}")
    assert answer[:2] == ("higher", 12)
    assert answer[2:] == pytest.approx((1.55, 1.2, 1.9))


def test_facilities_without_a_value_in_one_year_are_not_common() -> None:
    nation = Nation()
    nation.typical_values(TWENTY, period=2024)
    for number, value in enumerate(TWENTY, start=15):
        nation.typical_value(value, facility_id=f"F{number:02}", is_sufficient=number != 16)
    nation.build()
    query = "select n_matched_facilities, change_verdict from national_drls where period = 2025"
    assert nation.one(query) == (5, "not_distinguishable")


def test_devices_are_matched_with_themselves() -> None:
    nation = Nation()
    for period, doses in ((2024, (1.0, 4.0)), (2025, (2.0, 8.0))):
        for number in range(12):
            for device, dose in enumerate(doses):
                keys = {"facility_id": f"F{number:02}", "device_key": f"D{number}-{device}"}
                nation.typical_value(dose, period=period, **keys)
    nation.build()
    query = f"select {MATCHED} from national_drls where period = 2025"  # noqa: S608
    assert nation.one(query) == (12, 2, 2, 2)


def test_the_period_before_is_the_latest_with_an_ndrl() -> None:
    assert change({2020: TWENTY, 2024: [1, 2], 2025: TWENTY})[:2] == (2020, 15.25)


def test_a_first_period_has_no_previous_one() -> None:
    assert change({2025: TWENTY}) == (None, None, None, "no_previous")
    assert change({2024: [1, 2, 3], 2025: TWENTY}) == (None, None, None, "no_previous")


def test_a_typical_value_is_no_level_that_could_change() -> None:
    assert change({2024: TWENTY, 2025: [1, 2, 3]}) == (None, None, None, None)


def test_another_version_of_the_method_is_no_previous_period() -> None:
    nation = Nation()
    nation.method(method_version=1)
    nation.method(method_version=2)
    nation.typical_values(TWENTY, period=2024, method_version=1)
    nation.typical_values(TWENTY, period=2025, method_version=2)
    nation.build()
    assert nation.rows("select change_verdict from national_drls") == [("no_previous",)] * 2


def test_zero_is_a_level_of_which_no_ratio_is_stated() -> None:
    answer = change({2024: [0] * 20, 2025: TWENTY})
    assert answer == (2024, 0, None, "not_distinguishable")


@pytest.mark.slow
def test_unchanged_nations_are_seldom_said_to_have_changed() -> None:
    """The error rate: at most 5 % of pairs from one and the same distribution."""
    for n in (13, 20, 50):
        verdicts = verdicts_of_pairs(n, factor=1.0)
        wrong = np.mean([verdict != "not_distinguishable" for verdict in verdicts])
        sys.stdout.write(
            f"{n} facilities: {wrong:.2%} of 2,000 unchanged nations are said to have changed\n"
        )
        assert wrong <= 0.05


def test_a_level_that_has_doubled_is_seen() -> None:
    assert np.mean([verdict == "higher" for verdict in verdicts_of_pairs(50, factor=2.0)]) > 0.95


def verdicts_of_pairs(n: int, factor: float, pairs: int = 2000) -> list[str]:
    """Two years of `pairs` nations of n lognormal facilities, the second multiplied by factor."""
    generator = np.random.default_rng(n)
    doses = np.exp(generator.normal(0, np.log(1.35), (pairs, 2, n))) * [[[1.0], [factor]]]
    nation = Nation()
    for number, years in enumerate(doses):
        for period, values in zip((2024, 2025), years.tolist(), strict=True):
            nation.typical_values(values, procedure_id=f"p{number}", period=period)
    nation.build()
    rows = nation.rows("select change_verdict from national_drls where period = 2025")
    return [verdict for (verdict,) in rows]


# --- against published levels --------------------------------------------------------------


def comparison(value: float, **columns: Any) -> tuple[Any, ...]:
    """The P75 of 1 to 20, 15.25 within 11..19, beside one published level."""
    nation = Nation("published_drl_comparisons")
    nation.typical_values(TWENTY)
    nation.published_level(value, **columns)
    nation.build()
    return nation.one("select ratio, verdict, reason from published_drl_comparisons")


@pytest.mark.parametrize(
    ("published", "verdict"),
    [(30.5, "lower"), (6.1, "higher"), (15.25, "not_distinguishable"), (12, "not_distinguishable")],
)
def test_a_published_level_outside_the_limits_is_another_level(
    published: float, verdict: str
) -> None:
    assert comparison(published) == (pytest.approx(15.25 / published), verdict, None)


@pytest.mark.parametrize(
    ("column", "other", "reason"),
    [
        ("scope", "acquisition", "other_scope"),
        ("patient_group_id", "child", "other_patient_group"),
        ("percentile", 0.5, "other_percentile"),
        ("phantom", "head_16cm", "other_phantom"),
        ("statistic", "mean", "other_statistic"),
        ("scope", None, "scope_not_stated"),
        ("patient_group_id", None, "patient_group_not_stated"),
        ("percentile", None, "percentile_not_stated"),
        ("phantom", None, "phantom_not_stated"),
        ("unit_canonical", "Gy", "other_unit"),
    ],
)
def test_what_is_about_something_else_is_not_compared(column: str, other: Any, reason: str) -> None:
    assert comparison(30.5, **{column: other}) == (None, "not_comparable", reason)


def test_a_level_that_does_not_say_whether_it_is_of_medians_is_compared() -> None:
    assert comparison(30.5, statistic=None) == (0.5, "lower", None)


def test_a_typical_value_is_not_compared_with_a_published_level() -> None:
    nation = Nation("published_drl_comparisons")
    nation.typical_values([1, 2, 3])
    nation.published_level(30)
    nation.build()
    answer = nation.one("select ratio, verdict, reason from published_drl_comparisons")
    assert answer == (None, "not_comparable", "no_ndrl")


def test_other_procedures_and_quantities_are_no_candidates() -> None:
    nation = Nation("published_drl_comparisons")
    nation.typical_values(TWENTY)
    nation.published_level(30, procedure_id="ct_head")
    nation.published_level(30, drl_quantity="dlp")
    nation.build()
    assert nation.rows("from published_drl_comparisons") == []
