"""Each rule of a disclosure profile: small tables in, public rows out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.disclosure_lake import World
from transforms.reference.methods import FIRST_LINE

pytestmark = pytest.mark.slow

TEN = [10.4, 11.4, 12.4, 13.4, 14.4, 15.4, 16.4, 17.4, 18.4, 19.4]
TWELVE = [*TEN, 20.6, 21.6]
FIFTEEN = [10.3 + i for i in range(15)]


def public_row(world: World, procedure_id: str = "ct_chest", **wanted: str) -> dict[str, Any]:
    """The public row of a procedure in a release made now."""
    rows = world.release().values()
    wanted = {"procedure_id": procedure_id, **wanted}
    (row,) = (row for row in rows if all(row[k] == v for k, v in wanted.items()))
    return row


def last_decision(world: World, procedure_id: str = "ct_chest") -> tuple[Any, ...]:
    """Decision on a procedure in the last release, and the rule that made it."""
    (row,) = world.rows(
        "select decision, disclosure_rule from disclosure_decisions "  # noqa: S608 - of a test
        f"where procedure_id = '{procedure_id}'"
    )
    return row


def a_nation(values: list[float] = TEN, profile: str = "strict", **columns: Any) -> World:
    """One procedure under test, and another that is always shown."""
    world = World(profile)
    world.values("ct_chest", values, **columns)
    world.values("ct_head", FIFTEEN)
    return world


# --- how many contribute ---------------------------------------------------------------------


def test_ten_facilities_are_shown_and_nine_are_not() -> None:
    assert public_row(a_nation(TEN))["disclosure"] == "shown"
    world = a_nation(TEN[:9])
    row = public_row(world)
    assert row["disclosure"] == "suppressed"
    assert last_decision(world) == ("suppressed_primary", "minimum_facilities")
    numbers = [value for value in row.values() if isinstance(value, int | float)]
    assert numbers == [row["method_version"], row["period"]]


def test_a_facility_with_few_examinations_hides_nobody() -> None:
    world = a_nation(TEN)
    world.value("ct_chest", "F01", 10.4, n_examinations=9)
    assert public_row(world)["disclosure"] == "suppressed"


def test_what_nobody_does_looks_like_what_is_withheld() -> None:
    world = a_nation(TEN)
    world.list_cell("m", 1, 2025, "ct_neck", "adult", "ctdivol")
    world.values("ct_sinuses", TEN[:3])
    rows = world.release()
    said = [
        {name: value for name, value in row.items() if not name.startswith("procedure_")}
        for row in rows.values()
        if row["procedure_id"] in ("ct_neck", "ct_sinuses")
    ]
    assert len(said) == 2
    assert said[0] == said[1]


def test_a_period_of_which_nothing_is_shown_is_not_listed() -> None:
    world = a_nation(TEN)
    world.value("ct_chest", "F01", 10.4, period=1999)
    assert {row["period"] for row in world.release().values()} == {2025}


@pytest.mark.parametrize(("n_facilities", "listed"), [(9, 0), (10, 2)])
def test_a_procedure_that_is_not_always_listed_has_all_its_cells_or_none(
    n_facilities: int, listed: int
) -> None:
    world = a_nation(TEN)
    world.values("ct_urography", TEN[:n_facilities])
    world.list_cell("m", 1, 2025, "ct_urography", "adult", "ssde")
    rows = [row for row in world.release().values() if row["procedure_id"] == "ct_urography"]
    assert len(rows) == listed
    assert [row["disclosure"] for row in rows].count("shown") == listed // 2


# --- rounding --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "rounded", "down", "up"),
    [
        (10.4, 10, 10, 11),
        (19.6, 20, 19, 20),
        (20.9, 20, 20, 22),
        (39.2, 40, 38, 40),
        (41.0, 40, 40, 45),
        (99.0, 100, 95, 100),
        (104.0, 100, 100, 110),
        (1234.0, 1200, 1200, 1300),
        (0.0314, 0.032, 0.03, 0.032),
        (2.0, 2, 2, 2),
    ],
)
def test_doses_go_in_steps_of_five_to_thirteen_per_cent(
    value: float, rounded: float, down: float, up: float
) -> None:
    """1 from 10, 2 from 20, 5 from 40, 10 from 100: and so for every power of ten."""
    world = a_nation()
    world.release()
    query = (
        "select {{ to_step('given.value', 'round') }}, {{ to_step('given.value', 'floor') }},"
        " {{ to_step('given.value', 'ceil') }} from int_disclosure_profile as profile"
        " cross join (select cast(? as double) as value) as given"
    )
    assert world.rows_of_template(query, value) == [(rounded, down, up)]


def test_limits_are_rounded_outwards() -> None:
    """Twenty facilities: ranks 11 and 19 of 10.3, 11.3, ... 29.3."""
    row = public_row(a_nation([10.3 + i for i in range(20)]))
    assert (row["national_drl_lower"], row["national_drl_upper"]) == (20, 30)


def test_a_limit_that_is_the_highest_facility_is_withheld() -> None:
    """Fifteen facilities: the upper limit of the 75th percentile is the fifteenth."""
    row = public_row(a_nation(FIFTEEN))
    assert (row["national_drl_lower"], row["national_drl_upper"]) == (17, None)
    assert (row["minimum"], row["maximum"]) == (None, None)


def test_counts_are_rounded_to_five() -> None:
    row = public_row(a_nation(TWELVE, n_examinations=11))
    assert (row["n_facilities"], row["n_examinations"]) == (10, 130)


# --- dominance -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("largest", "second", "rule"),
    [
        (110, 10, None),
        (111, 10, "largest_share"),
        (280, 286, None),
        (280, 287, "two_largest_share"),
    ],
)
def test_dominated_statistics_are_withheld(largest: int, second: int, rule: str | None) -> None:
    """Ten others have 10 examinations each; at most 50 % are one facility's and 85 % two's."""
    world = a_nation(TWELVE)
    world.method("volume", weighting="volume")
    columns = {"method_id": "volume", "n_examinations": 10}
    world.values("ct_liver_multiphase", TWELVE, **columns)
    world.value("ct_liver_multiphase", "F01", 10.4, **{**columns, "n_examinations": largest})
    world.value("ct_liver_multiphase", "F02", 11.4, **{**columns, "n_examinations": second})
    row = public_row(world, "ct_liver_multiphase")
    assert last_decision(world, "ct_liver_multiphase")[1] == rule
    assert row["disclosure"] == ("shown" if rule is None else "suppressed")


def test_where_each_facility_counts_once_only_the_number_of_examinations_is_withheld() -> None:
    world = a_nation(TWELVE)
    world.value("ct_chest", "F01", 10.4, n_examinations=1000)
    row = public_row(world)
    assert (row["national_drl"], row["n_examinations"]) == (19, None)


# --- margins ---------------------------------------------------------------------------------


def ages(world: World, group: str, facilities: int) -> None:
    first = 10.3 + facilities / 100  # so that no group has the data of another
    values = [first + i for i in range(facilities)]
    world.values("ct_chest", values, patient_group_id=group)


@pytest.mark.parametrize(
    ("fives", "tens", "told"), [(12, 13, True), (12, 5, False), (5, 6, True), (5, 12, False)]
)
def test_a_group_of_which_one_part_is_withheld_hides_its_number(
    fives: int, tens: int, told: bool
) -> None:
    """The group 5 to 14 years consists of 5 to 9 and 10 to 14."""
    world = World()
    ages(world, "au_child", 14)
    ages(world, "acr_5_10y", fives)
    ages(world, "acr_10_15y", tens)
    row = public_row(world, patient_group_id="au_child")
    assert row["national_drl"] is not None
    assert (row["n_examinations"] is not None) == told


def test_a_group_that_hides_its_number_counts_as_withheld_in_turn() -> None:
    """0 to 4 years consists of under 1 and 1 to 4; under 1 of under 3 months and 3 months to 1
    year.
    """
    world = World()
    for group, facilities in {"au_baby": 14, "acr_lt1y": 13, "acr_1_5y": 12}.items():
        ages(world, group, facilities)
    ages(world, "head_0_3m", 11)
    ages(world, "head_3m_1y", 4)
    rows = {row["patient_group_id"]: row["n_examinations"] for row in world.release().values()}
    assert rows == {
        "au_baby": None,
        "acr_lt1y": None,
        "acr_1_5y": 240,
        "head_0_3m": 220,
        "head_3m_1y": None,
    }


# --- differencing ----------------------------------------------------------------------------


@pytest.mark.parametrize("joining", [1, 2, 3])
def test_a_level_is_published_anew_from_three_changed_facilities_on(joining: int) -> None:
    world = a_nation(TWELVE)
    before = public_row(world)
    for number in range(joining):
        world.value("ct_chest", f"G{number}", 99)
    after = public_row(world)
    if joining < 3:
        assert after == {**before, "first_published_in": "2026-r1"}
        assert last_decision(world) == ("repeated", "minimum_contributor_change")
    else:
        assert after["first_published_in"] is None
        assert after["national_drl"] > before["national_drl"]


def test_one_facility_after_the_other_is_counted_from_what_was_published() -> None:
    """Counted from the last published change, not from a release that only repeated the level."""
    world = a_nation(TWELVE)
    first = [public_row(world)["first_published_in"]]
    for number in range(3):
        world.value("ct_chest", f"G{number}", 99)
        first.append(public_row(world)["first_published_in"])
    assert first == [None, "2026-r1", "2026-r1", None]


def test_a_small_correction_lends_no_cover() -> None:
    """Two facilities move by a hundredth beside the one that joins: one has changed, not three."""
    world = a_nation(TWELVE)
    public_row(world)
    world.value("ct_chest", "F01", 10.5)
    world.value("ct_chest", "F02", 11.5)
    world.value("ct_chest", "G1", 99)
    assert public_row(world)["first_published_in"] == "2026-r1"


def test_a_level_is_not_withdrawn_because_one_facility_left() -> None:
    """Ten become nine: withholding a published level would disclose that there were ten."""
    world = a_nation(TEN)
    before = public_row(world)
    world.leave("ct_chest", "F10")
    assert public_row(world) == {**before, "first_published_in": "2026-r1"}


def test_nine_facilities_that_become_ten_stay_withheld() -> None:
    """The tenth would be the difference; from twelve on, three are."""
    world = a_nation(TEN[:9])
    seen = [public_row(world)["disclosure"]]
    for number in range(3):
        world.value("ct_chest", f"G{number}", 20 + number)
        seen.append(public_row(world)["disclosure"])
    assert seen == ["suppressed", "suppressed", "suppressed", "shown"]


def test_a_method_that_counts_one_facility_less_is_withheld() -> None:
    """Of two numbers from the same data, the one with more facilities is shown."""
    world = a_nation(TWELVE)
    world.method("fewer")
    world.values("ct_chest", TWELVE[:11], method_id="fewer")
    assert public_row(world, method_id="fewer")["disclosure"] == "suppressed"
    assert public_row(world, method_id="m")["disclosure"] == "shown"


def test_the_first_line_is_shown_though_another_method_counts_one_facility_more() -> None:
    world = a_nation(TWELVE)
    world.method(FIRST_LINE)
    world.values("ct_chest", TWELVE[:11], method_id=FIRST_LINE)
    assert public_row(world, method_id=FIRST_LINE)["disclosure"] == "shown"
    assert public_row(world, method_id="m")["disclosure"] == "suppressed"


def test_a_method_that_counts_the_same_data_is_shown() -> None:
    world = a_nation(TWELVE)
    world.method("same", quantile_definition="weibull")
    world.values("ct_chest", TWELVE, method_id="same")
    assert {row["disclosure"] for row in world.release().values()} == {"shown"}


def test_a_new_method_is_compared_with_what_others_published_before() -> None:
    """One facility joins between the release of one method and that of another."""
    world = a_nation(TWELVE)
    world.release()
    world.value("ct_chest", "G1", 99)
    world.method("new")
    world.values("ct_chest", TWELVE, method_id="new")
    world.value("ct_chest", "G1", 99, method_id="new")
    assert public_row(world, method_id="new")["disclosure"] == "suppressed"


# --- other profiles --------------------------------------------------------------------------


def test_nhs_2018_shows_medians_of_eight_examinations_and_rounds_counts_only() -> None:
    world = a_nation([10.37], "nhs_2018", n_examinations=8)
    row = public_row(world)
    assert (row["p50"], row["n_examinations"], row["maximum"]) == (10.37, 10, 10.37)
    assert public_row(a_nation([10.37], "nhs_2018", n_examinations=7))["disclosure"] == "suppressed"


def test_ons_10_shows_from_ten_examinations_on() -> None:
    assert public_row(a_nation([10.37], "ons_10", n_examinations=10))["n_examinations"] == 10
    assert public_row(a_nation([10.37], "ons_10", n_examinations=9))["disclosure"] == "suppressed"
