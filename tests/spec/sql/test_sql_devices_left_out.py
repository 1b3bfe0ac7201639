"""A device whose unit is shifted leaves the national levels; its facility's statistics stay.

Twelve facilities with one device and twenty chest CTs each. Facility n has a CTDIvol of 10 + n / 10
mGy and a DLP of thirty times that, so that the levels can be computed by hand.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from tests.support.lakes.lake_rows import Report, event, report
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

pytestmark = pytest.mark.slow

MODELS = SqlModels(
    "devices_left_out", "national_drls", "attrition", "int_disclosure_measures", "int_contributions"
)
NUMBERS = range(1, 13)
FIRST_LINE = "method_id = 'drlake_first_line' and drl_quantity = ?"
STATED = "insert into device_statements values ('S1', ?, ?, ?, ?, ?, ?, 'because')"


def ctdivol(number: int) -> float:
    return 10 + number / 10


def examinations(
    number: int,
    *,
    dose: float = 1.0,
    length: float = 1.0,
    n: int = 20,
    device: str = "A",
    **patient: Any,
) -> list[Report]:
    """Chest CTs of one device; `dose` and `length` are factors of a wrong unit."""
    value = ctdivol(number)
    scan = event(ctdivol=value * dose, dlp=30 * value * length)
    key = f"{facility(number)}-{device}"
    stated = {"study_description": "CT Chest", "device_key": key, **patient}
    return [report(f"{key}{index}", [scan], **stated) for index in range(n)]


def facility(number: int) -> str:
    return f"F{number:02}"


def build(first: Sequence[Report], *statements: tuple[Any, ...]) -> None:
    """The nation, the first facility with these examinations."""
    sent = {facility(number): examinations(number) for number in NUMBERS[1:]}
    MODELS.run(staging_tables({"F01": first, **sent}))
    MODELS.connection.execute("delete from device_statements")
    MODELS.connection.execute("update hard_limits set upper = 1e9")  # here only units are asked
    for one in statements:
        MODELS.connection.execute(STATED, one)
    MODELS.build()


def level(quantity: str = "dlp") -> tuple[int, float]:
    """Number of facilities and the 75th percentile."""
    (row,) = MODELS.rows(
        f"select n_facilities, p75 from national_drls where {FIRST_LINE}",  # noqa: S608
        quantity,
    )
    return row


def by_hand(numbers: Sequence[int], factor: float = 30.0) -> tuple[int, Any]:
    values = [factor * ctdivol(number) for number in numbers]
    return len(values), pytest.approx(np.quantile(values, 0.75))


def typical_value(quantity: str = "dlp") -> tuple[float, bool, float | None, bool]:
    (row,) = MODELS.rows(
        "select typical_value, is_sufficient, value_in_levels, is_in_levels "
        "from facility_typical_values where facility_id = 'F01' "
        "and method_id = 'drlake_first_line' and drl_quantity = ?",
        quantity,
    )
    return row


def named() -> list[tuple[Any, ...]]:
    return MODELS.rows(
        "select facility_id, device_key, drl_quantity, factor, statement, is_left_out, "
        "national_level, level_with_device from devices_left_out "
        "where method_id = 'drlake_first_line' order by all"
    )


@pytest.mark.parametrize("factor", [100.0, 1000.0, 0.01, 0.001])
def test_a_device_that_is_wrong_by_100_or_1000_leaves_the_levels(factor: float) -> None:
    build(examinations(1, length=factor))
    own, others = 303.0 * factor, list(NUMBERS[1:])
    assert level() == by_hand(others)
    assert level("ctdivol") == by_hand(list(NUMBERS), 1.0)
    assert typical_value() == (pytest.approx(own), True, None, False)
    with_it = np.quantile([own, *(30 * ctdivol(number) for number in others)], 0.75)
    (found,) = named()
    assert found[:3] == ("F01", "F01-A", "dlp")
    assert found[3:6] == (factor, None, True)
    assert found[6:] == (by_hand(others)[1], pytest.approx(with_it))


@pytest.mark.parametrize("factor", [85.0, 110.0])
def test_a_ratio_within_15_percent_of_100_is_a_shifted_unit(factor: float) -> None:
    build(examinations(1, length=factor))
    assert level()[0] == (11 if factor == 110.0 else 12)


def test_fewer_than_20_examinations_tell_no_unit() -> None:
    build(examinations(1, length=100.0, n=19))
    assert (level()[0], named()) == (12, [])


def test_ten_is_a_shift_only_where_two_quantities_agree() -> None:
    build(examinations(1, length=10.0))
    assert (level()[0], named()) == (12, [])
    build(examinations(1, dose=10.0, length=10.0))
    assert (level()[0], level("ctdivol")[0]) == (11, 11)


def test_the_other_device_of_the_facility_stays_in_the_levels() -> None:
    build([*examinations(1, length=100.0), *examinations(1, device="B")])
    assert level() == by_hand(list(NUMBERS))
    value, sufficient, in_levels, is_in_levels = typical_value()
    assert (sufficient, in_levels, is_in_levels) == (True, pytest.approx(303.0), True)
    assert value == pytest.approx((303.0 + 30_300.0) / 2)


def test_a_device_is_named_only_where_it_has_examinations() -> None:
    child = {"patient_age_days": 4500, "patient_weight_kg": 40.0}
    build(
        [
            *examinations(1, length=100.0),
            *examinations(1, device="B", study_description="CT Abdomen"),
            *examinations(1, device="C", **child),
        ]
    )
    cells = MODELS.rows(
        "select distinct device_key, procedure_id, patient_group_id from devices_left_out "
        "where method_id = 'drlake_first_line'"
    )
    assert cells == [("F01-A", "ct_chest", "adult")]


def test_disclosure_control_counts_the_same_facilities() -> None:
    build(examinations(1, length=100.0))
    assert MODELS.test("contributions_add_up") == []
    assert MODELS.test("facility_statistics_are_unique") == []


def test_a_statement_of_the_authority_keeps_a_device_in() -> None:
    build(
        examinations(1, length=100.0),
        ("F01", "F01-A", "dlp", "keep_in_levels", None, None),
    )
    assert level()[0] == 12
    assert [row[4:6] for row in named()] == [("keep_in_levels", False)]


def test_a_statement_of_the_authority_takes_a_device_out() -> None:
    year = datetime.date(2025, 1, 1), datetime.date(2025, 12, 31)
    build(examinations(1), ("F01", "F01-A", None, "leave_out_of_levels", *year))
    assert level() == by_hand(list(NUMBERS[1:]))
    assert typical_value()[:2] == (pytest.approx(303.0), True)
    before = datetime.date(2024, 1, 1), datetime.date(2024, 12, 31)
    build(examinations(1), ("F01", "F01-A", None, "leave_out_of_levels", *before))
    assert level()[0] == 12


def test_a_device_is_not_used_from_day_to_day() -> None:
    days = datetime.date(2025, 3, 1), datetime.date(2025, 3, 1)
    build(examinations(1), ("F01", "F01-A", None, "not_used", *days))
    assert level() == by_hand(list(NUMBERS[1:]))
    counted = MODELS.rows(
        "select step, reason_code, n from attrition where counted = 'examination' "
        "and facility_id = 'F01' order by all"
    )
    assert counted == [("excluded", "device_not_used", 20), ("found", None, 20), ("used", None, 0)]
    later = datetime.date(2025, 3, 2), None
    build(examinations(1), ("F01", "F01-A", None, "not_used", *later))
    assert level()[0] == 12


def test_ten_facilities_and_a_wrong_device_have_the_level_of_the_other_nine() -> None:
    sent = {facility(number): examinations(number) for number in range(2, 11)}
    MODELS.run(staging_tables({"F01": examinations(1, length=100.0), **sent}))
    numbers, p75 = by_hand(range(2, 11))
    assert level() == (numbers, p75)
    assert MODELS.rows(f"select status from national_drls where {FIRST_LINE}", "dlp") == [  # noqa: S608
        ("typical_value",)
    ]
