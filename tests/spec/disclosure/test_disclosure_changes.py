"""The published change is that of the facilities of both years, where they are enough."""

from __future__ import annotations

from typing import Any

from tests.support.lakes.disclosure_lake import World

BEFORE = [10.0 + number for number in range(15)]
COLUMNS = ("previous_period", "n_matched_facilities", "matched_ratio", "change_verdict")


def published_change(before: list[float], later: list[float]) -> tuple[Any, ...]:
    """What is published of the later year about the change."""
    world = World()
    world.values("ct_chest", before, period=2024)
    world.values("ct_chest", later, period=2025)
    rows = world.release()
    (row,) = (row for key, row in rows.items() if 2025 in key)
    assert row["disclosure"] == "shown"
    return tuple(row[name] for name in COLUMNS)


def test_newcomers_with_higher_doses_are_published_as_no_change() -> None:
    newcomers = [2.5 * value for value in BEFORE]
    answer = published_change(BEFORE, [*BEFORE, *newcomers])
    assert answer == (2024, 15, 1.0, "not_distinguishable")


def test_a_change_of_the_facilities_of_both_years_is_published() -> None:
    answer = published_change(BEFORE, [1.5 * value for value in BEFORE])
    assert answer == (2024, 15, 1.5, "higher")


def test_a_change_of_few_facilities_is_not_published() -> None:
    """Nine facilities of both years are fewer than the ten of the profile."""
    world = World()
    world.values("ct_chest", BEFORE, period=2024)
    for number, value in enumerate(BEFORE, start=7):
        world.value("ct_chest", f"F{number:02}", 3 * value, period=2025)
    (row,) = (row for key, row in world.release().items() if 2025 in key)
    assert tuple(row[name] for name in COLUMNS) == (2024, None, None, "not_distinguishable")


def test_a_repeated_level_repeats_its_change() -> None:
    world = World()
    world.values("ct_chest", BEFORE, period=2024)
    world.values("ct_chest", [1.5 * value for value in BEFORE], period=2025)
    first = world.release()
    world.value("ct_chest", "F01", 90.0, period=2024)
    world.value("ct_chest", "F02", 90.0, period=2024)
    second = world.release()
    for key, row in first.items():
        assert [second[key][name] for name in COLUMNS] == [row[name] for name in COLUMNS]
