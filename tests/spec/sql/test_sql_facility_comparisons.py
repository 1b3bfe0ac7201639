"""A facility compared with the national level: above only where its limits leave no doubt."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.national_rows import Nation

ROOM: dict[str, Any] = {"facility_id": "ROOM"}


def nation_of_twenty(**method: Any) -> Nation:
    """Nineteen facilities at 10, and the facility under test: NDRL 10, P25 10."""
    nation = Nation("facility_drl_comparisons")
    nation.method(**method)
    nation.typical_values([10] * 19)
    return nation


def position(value: float, lower: float | None, upper: float | None, **columns: Any) -> Any:
    nation = nation_of_twenty()
    nation.typical_value(value, **{**ROOM, "p50_lower": lower, "p50_upper": upper, **columns})
    return built(nation)


def built(nation: Nation, period: int = 2025) -> Any:
    nation.build()
    (answer,) = nation.rows(
        "select position, ratio_to_national_drl from facility_drl_comparisons "
        "where facility_id = 'ROOM' and period = ?",
        period,
    )
    return answer


@pytest.mark.parametrize(
    ("value", "lower", "upper", "expected"),
    [
        (12, 10.1, 14, "above"),
        (12, 10, 14, "possibly_above"),  # a lower limit at the level is not above it
        (12, 9, 14, "possibly_above"),
        (12, None, None, "possibly_above"),  # too few examinations for a limit
        (10, 9, 14, "at_or_below"),
        (8, 7, 9.9, "unusually_low"),
        (8, 7, 10, "at_or_below"),  # the upper limit is at P25
        (8, None, None, "at_or_below"),
    ],
)
def test_position_by_typical_value_and_its_limits(
    value: float, lower: float | None, upper: float | None, expected: str
) -> None:
    assert position(value, lower, upper) == (expected, pytest.approx(value / 10))


def test_too_few_examinations_are_not_compared() -> None:
    assert position(12, 11, 14, is_sufficient=False) == ("too_few_examinations", None)


def test_without_ndrl_nothing_is_compared() -> None:
    assert position(12, 11, 14, procedure_id="ct_neck") == ("no_ndrl", None)


@pytest.mark.parametrize(
    ("before", "lower", "expected"),
    [(2024, 11, "consistently_above"), (2024, 9, "above"), (2023, 11, "above")],
)
def test_consistently_above_is_above_in_two_periods_running(
    before: int, lower: float, expected: str
) -> None:
    """Possibly above in the year before is not enough; nor is the year before that."""
    nation = nation_of_twenty()
    nation.typical_values([10] * 19, period=before)
    nation.typical_value(12, **ROOM, p50_lower=11, p50_upper=14)
    nation.typical_value(12, **ROOM, p50_lower=lower, p50_upper=14, period=before)
    assert built(nation) == (expected, 1.2)


def test_another_device_of_the_facility_does_not_make_it_consistent() -> None:
    nation = nation_of_twenty(unit_of_analysis="device")
    nation.typical_values([10] * 19, period=2024)
    limits = {"p50_lower": 11, "p50_upper": 14}
    nation.typical_value(12, **ROOM, **limits, device_key="D1")
    nation.typical_value(12, **ROOM, **limits, device_key="D2", period=2024)
    assert built(nation) == ("above", 1.2)


def test_the_limits_of_a_median_say_nothing_of_a_mean() -> None:
    nation = nation_of_twenty(site_statistic="mean")
    nation.typical_value(12, **ROOM, p50_lower=11, p50_upper=14)
    assert built(nation) == ("possibly_above", 1.2)


def test_pooled_examinations_are_no_facility() -> None:
    nation = Nation("facility_drl_comparisons")
    nation.method(unit_of_analysis="examination")
    nation.typical_value(7, n_facilities=12, p25=5.0, p50=7.0, p75=9.5)
    nation.build()
    assert nation.rows("from facility_drl_comparisons") == []


def test_a_level_of_zero_gives_no_ratio() -> None:
    nation = Nation("facility_drl_comparisons")
    nation.typical_values([0] * 10)
    nation.build()
    answer = nation.rows(
        "select distinct position, ratio_to_national_drl, national_drl "
        "from facility_drl_comparisons"
    )
    assert answer == [("at_or_below", None, 0)]
