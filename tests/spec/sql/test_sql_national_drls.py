"""From typical values to national levels: every rule of the method, on small tables."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.national_rows import Nation

TEN = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
TWENTY = list(range(1, 21))


def level_columns(values: list[float], columns: str, **method: Any) -> tuple[Any, ...]:
    """Columns of the national level by one method."""
    nation = Nation()
    nation.method(**method)
    nation.typical_values(values)
    nation.build()
    return nation.one(f"select {columns} from national_drls")  # noqa: S608 - columns of a test


def test_every_facility_counts_once() -> None:
    nation = Nation()
    nation.typical_values([4, 6, 8])
    nation.typical_value(12, facility_id="F04", n_examinations=1000)
    nation.typical_value(100, facility_id="F05", is_sufficient=False)
    nation.build()
    answer = nation.one(
        "select n_facilities, n_units, n_examinations, p25, p50, p75 from national_drls"
    )
    assert answer == (4, 4, 1060, 5.5, 7.0, 9.0)


def test_a_method_weighted_by_volume_counts_a_value_once_for_each_examination() -> None:
    """2, 2, 2, 2, 2, 2, 2, 8, 8, 8: the linear P75 lies 3/4 between the 7th and 8th."""
    nation = Nation()
    nation.method(weighting="volume")
    nation.typical_value(8, facility_id="F01", n_examinations=3)
    nation.typical_value(2, facility_id="F02", n_examinations=7)
    nation.build()
    columns = "p25, p50, p75, p95, p75_lower, interval_status"
    answer = nation.one(f"select {columns} from national_drls")  # noqa: S608
    assert answer == (2, 2, 6.5, 8, None, "none")


@pytest.mark.parametrize(
    ("definition", "p25", "p75", "p95"),
    [
        ("linear", 3.25, 7.75, 9.55),
        ("weibull", 2.75, 8.25, 10),
        ("hazen", 3, 8, 10),
        ("inverted_cdf", 3, 8, 10),
    ],
)
def test_the_method_says_which_quantile(
    definition: str, p25: float, p75: float, p95: float
) -> None:
    """Of 1 to 10: ranks (n-1)p+1, (n+1)p, np+0.5 and the whole number above np."""
    columns = "p25, p75, p95, national_drl"
    answer = level_columns(TEN, columns, quantile_definition=definition)
    assert answer == pytest.approx((p25, p75, p95, p75))


def test_sensitivity_to_the_definition_is_the_largest_relative_difference() -> None:
    columns = "p75_linear, p75_weibull, p75_hazen, p75_inverted_cdf, definition_sensitivity"
    assert level_columns(TEN, columns) == pytest.approx((7.75, 8.25, 8, 8, 0.5 / 7.75))
    columns = "p75, definition_sensitivity"
    assert level_columns(TEN, columns, quantile_definition="weibull") == pytest.approx(
        (8.25, 0.5 / 8.25)
    )


def test_a_method_may_take_another_percentile_than_the_75th() -> None:
    columns = "national_drl, achievable_dose"
    answer = level_columns(TWENTY, columns, percentile=0.95, achievable_percentile=0.75)
    assert answer == pytest.approx((19.05, 15.25))


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [(123.6, 2, 120.0), (0.01236, 2, 0.012), (995.0, 2, 1000.0), (8.25, 2, 8.3), (1000.0, 1, 1000)],
)
def test_rounding_is_to_significant_digits_beside_the_exact_value(
    value: float, digits: int, rounded: float
) -> None:
    columns = "national_drl, national_drl_rounded, achievable_dose_rounded"
    assert level_columns([value] * 10, columns, rounding=digits) == (value, rounded, rounded)


def test_a_method_without_rounding_states_no_rounded_value() -> None:
    assert level_columns(TEN, "national_drl_rounded, achievable_dose_rounded") == (None, None)


def test_a_level_of_zero_is_rounded_to_zero_and_has_no_spread() -> None:
    columns = "national_drl, national_drl_rounded, spread_ratio, definition_sensitivity"
    assert level_columns([0] * 10, columns, rounding=2) == (0, 0, None, None)


@pytest.mark.parametrize(
    ("n", "minimum", "status"),
    [
        (9, 10, "typical_value"),
        (10, 10, "ndrl"),
        (9, 5, "typical_value"),
        (19, 20, "typical_value"),
    ],
)
def test_fewer_facilities_than_the_minimum_or_than_ten_give_a_typical_value(
    n: int, minimum: int, status: str
) -> None:
    columns = "status, national_drl is not null, achievable_dose is not null, p75 is not null"
    is_ndrl = status == "ndrl"
    answer = level_columns(list(range(1, n + 1)), columns, minimum_facilities=minimum)
    assert answer == (status, is_ndrl, is_ndrl, True)


def test_ten_devices_of_nine_facilities_are_no_ten_facilities() -> None:
    nation = Nation()
    nation.method(unit_of_analysis="device")
    for number in range(10):
        facility = f"F{max(number, 1)}"
        nation.typical_value(number + 1, facility_id=facility, device_key=f"D{number}")
    nation.build()
    answer = nation.one("select n_facilities, n_units, p50, status from national_drls")
    assert answer == (9, 10, 5.5, "typical_value")


def test_limits_are_the_values_at_the_binomial_ranks() -> None:
    """Of 1 to 20 the values are the ranks: 2..10, 6..15 and 11..19."""
    columns = "p25_lower, p25_upper, p50_lower, p50_upper, p75_lower, p75_upper"
    assert level_columns(TWENTY, columns) == (2, 10, 6, 15, 11, 19)
    columns = "national_drl_lower, national_drl_upper, interval_status"
    assert level_columns(TWENTY, columns) == (11, 19, "two_sided")


@pytest.mark.parametrize(
    ("n", "lower", "upper", "status"),
    [(12, 6, None, "lower_only"), (13, 7, 13, "two_sided"), (2, None, None, "none")],
)
def test_the_interval_is_two_sided_from_thirteen_facilities_on(
    n: int, lower: int | None, upper: int | None, status: str
) -> None:
    answer = level_columns(list(range(1, n + 1)), "p75_lower, p75_upper, interval_status")
    assert answer == (lower, upper, status)


def test_a_95th_percentile_of_twenty_facilities_has_no_upper_limit() -> None:
    columns = "national_drl_lower, national_drl_upper, p75_upper, interval_status"
    assert level_columns(TWENTY, columns, percentile=0.95) == (17, None, 19, "lower_only")


def test_bootstrap_limits_are_those_of_the_two_order_statistics_around_the_quantile() -> None:
    """Of 1 to 20 the linear P75 lies between X*(15) and X*(16), h = 15.25.

    P(Bin(20, i/20) >= 15) reaches 2.5 % at i = 11, P(Bin(20, i/20) >= 16) 97.5 % at i = 19.
    """
    columns = "national_drl_bootstrap_lower, national_drl_bootstrap_upper"
    assert level_columns(TWENTY, columns) == (11, 19)


def test_spread_is_the_third_quartile_over_the_first() -> None:
    assert level_columns(TEN, "spread_ratio") == pytest.approx((7.75 / 3.25,))


def test_pooled_examinations_are_their_own_distribution_without_interval() -> None:
    nation = Nation()
    nation.method(unit_of_analysis="examination")
    nation.typical_value(
        7, n_facilities=12, n_examinations=900, p25=5.0, p50=7.0, p75=9.5, p95=14.0
    )
    nation.build()
    answer = nation.one(
        "select n_facilities, n_examinations, p25, p50, p75, p95, national_drl, achievable_dose, "
        "p75_lower, national_drl_bootstrap_upper, interval_status, status, p75_weibull "
        "from national_drls"
    )
    assert answer == (12, 900, 5, 7, 9.5, 14, 9.5, 7, None, None, "none", "ndrl", None)


def test_periods_methods_and_groups_are_rows_of_their_own() -> None:
    nation = Nation()
    nation.method("m")
    nation.method("m", method_version=2)
    for columns in (
        {},
        {"period": 2024},
        {"method_version": 2},
        {"patient_group_id": "child"},
        {"drl_quantity": "dlp"},
    ):
        nation.typical_values([1, 3], **columns)
    nation.build()
    assert nation.rows("select n_facilities, p50 from national_drls") == [(2, 2.0)] * 5
