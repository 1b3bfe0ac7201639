"""Attacks three releases of an invented nation: none succeeds while all guards are in place.

A claim is a find where it is true, sharp, about one facility or about what the strict profile
withholds, and cannot be guessed from what the strict profile publishes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.support.faults.disclosure_attacker import Attacker, Claim, Knowledge
from tests.support.lakes.disclosure_lake import KEY, World, profile

pytestmark = pytest.mark.slow

Key = tuple[Any, ...]
Release = Mapping[Key, Mapping[str, Any]]
Truth = Mapping[Key, Mapping[str, tuple[float, int]]]

CHEST = [8.23, 9.47, 10.31, 11.17, 12.37, 13.29, 14.43, 15.37, 16.43, 17.21, 18.39, 20.7, 24.3]
"""Thirteen: P25, P50 and P75 are the values of one facility each, and so are the limits."""
SLOT = 1.13 * 1.13
"""Width of the interval rounded to one value, where the grid is widest (an eighth of the value)."""

KNOWS = Knowledge(
    joined={
        **{("ct_chest", 1): ["F14"], ("ct_head", 1): ["F10"], ("ct_head", 2): ["F11"]},
        ("ct_neck", 2): ["F14", "F15", "F16"],
    },
    small={"ct_lumbar_spine": ["F13"], "ct_kidneys_ureters_bladder": ["F14", "F15", "F16"]},
    dominant={"ct_abdomen_pelvis": "F01"},
    few={"ct_sinuses": 3},
    own_value={"ct_sinuses": 41.3},
    own_examinations={"ct_kidneys_ureters_bladder": 14},
    minimum_examinations={"m": 10, "m20": 20, "volume": 10, "acr": 10, "australia": 10},
)

GUARDS: dict[str, dict[str, Any]] = {
    "minimum of facilities": {"minimum_facilities": 1},
    "rounding of values": {"value_significant_digits": None},
    "rounding of counts": {"count_rounding": 1},
    "extremes": {"show_extremes": True},
    "secondary suppression": {"secondary_suppression": False},
    "differencing": {"minimum_contributor_change": None},
    "dominance": {"largest_share": None, "two_largest_share": None},
}


def first_year(world: World) -> None:
    """All problem cases at once: one facility's own values, few, dominant, nested, differing by
    one.
    """
    for method, columns in {"m20": {}, "volume": {"weighting": "volume"}, "acr": {}}.items():
        world.method(method, **columns)
    world.method("australia")
    world.values("ct_chest", CHEST, n_examinations=40)
    world.values("ct_head", [51.3 + 2.7 * i for i in range(9)], n_examinations=40)
    world.values("ct_neck", [21.7 + 1.9 * i for i in range(13)], n_examinations=40)
    world.values("ct_sinuses", [30.3, 37.9, 41.3])
    world.values("ct_cervical_spine", [44.4])
    shares = {"method_id": "volume", "n_examinations": 50}
    world.values("ct_abdomen_pelvis", [13.3 + 1.7 * i for i in range(12)], **shares)
    world.value("ct_abdomen_pelvis", "F01", 23.7, **{**shares, "n_examinations": 900})
    for number, value in enumerate([5.3 + 0.7 * i for i in range(14)]):
        child = {"facility_id": f"F{number + 1:02}", "value": value}
        teens = 40 if number < 3 else 0
        add_nested_group(world, "acr", "acr_5_10y", child, 60)
        if teens:
            add_nested_group(world, "acr", "acr_10_15y", {**child, "value": 1.31 * value}, teens)
        add_nested_group(
            world, "australia", "au_child", {**child, "value": value * 1.1}, 60 + teens
        )
    two_methods(world, "ct_lumbar_spine", [16.1 + i for i in range(13)], [12])
    two_methods(world, "ct_kidneys_ureters_bladder", [6.1 + i for i in range(16)], [14, 10, 10])


def add_nested_group(
    world: World, method: str, group: str, who: dict[str, Any], examinations: int
) -> None:
    columns = {"method_id": method, "patient_group_id": group, "n_examinations": examinations}
    world.value("ct_chest_abdomen_pelvis", **who, **columns)


def two_methods(world: World, procedure: str, values: list[float], small: list[int]) -> None:
    """The second method asks for twenty examinations, which the last facilities do not have."""
    for number, value in enumerate(values, start=1):
        place = number - 1 - (len(values) - len(small))
        examinations = small[place] if place >= 0 else 40
        world.value(procedure, f"F{number:02}", value, n_examinations=examinations)
        if examinations >= 20:
            columns = {"method_id": "m20", "n_examinations": examinations}
            world.value(procedure, f"F{number:02}", value, **columns)


def second_year(world: World) -> None:
    world.value("ct_chest", "F14", 30.7, n_examinations=120)  # the highest of all joins
    world.value("ct_head", "F10", 77.7, n_examinations=40)  # nine become ten


def third_year(world: World) -> None:
    world.value("ct_chest", "F03", 19.3, n_examinations=43)  # one corrects its data
    world.value("ct_head", "F11", 80.1, n_examinations=40)
    for number in (14, 15, 16):  # enough for a new number
        world.value("ct_neck", f"F{number}", 40.0 + number, n_examinations=40)
    world.leave("ct_sinuses", "F02")


ATTACKS = {
    *("order statistic", "extremes", "limit that is the maximum", "few facilities", "dominance"),
    *("methods", "joined"),
}
"""All attacks but the one by margins, which has nothing to do where nothing is withheld."""

YEARS: tuple[Callable[[World], None], ...] = (first_year, second_year, third_year)


def three_releases(rules: Mapping[str, Any]) -> tuple[list[Release], list[Truth]]:
    """Published tables of three releases, strict profile with these rules, and the truth."""
    world = World(**rules)
    published: list[Release] = []
    truths: list[Truth] = []
    for year in YEARS:
        year(world)
        published.append(world.release())
        truths.append(truth_of(world))
    return published, truths


def truth_of(world: World) -> Truth:
    truth: dict[Key, dict[str, tuple[float, int]]] = {}
    for row in world.truth():
        cell = truth.setdefault(tuple(row[name] for name in KEY), {})
        cell[row["facility_id"]] = (row["typical_value"], row["n_examinations"])
    return truth


@cache
def strictly() -> tuple[list[Release], list[Truth]]:
    return three_releases({})


def finds(rules: Mapping[str, Any], folder: Path) -> list[Claim]:
    """The claims that are finds."""
    published, truths = three_releases(rules)
    claims = claims_of(published, rules, folder)
    strict, _ = strictly()
    return [c for c in claims if is_find(c, strict[c.release], truths[c.release])]


def claims_of(published: list[Release], rules: Mapping[str, Any], folder: Path) -> list[Claim]:
    """Claims of an attacker who reads the public files."""
    for number, rows in enumerate(published):
        (folder / str(number)).mkdir()
        table = pa.Table.from_pylist(list(rows.values()))
        pq.write_table(table, folder / str(number) / "national_drls.parquet")
    folders = [folder / str(number) for number in range(len(published))]
    return Attacker(folders, {**profile("strict"), **rules}, KNOWS).claims()


def is_find(claim: Claim, strict: Release, truth: Truth) -> bool:
    """Whether a claim is true, sharp, and not a guess."""
    cell = truth.get(claim.key, {})
    if claim.about_count:
        return is_count_found(claim, strict, cell)
    inside = {name for name, (value, _) in cell.items() if claim.lower <= value <= claim.upper}
    public = strict[claim.key]
    if claim.upper == math.inf:
        return claim.subject in inside and cell[claim.subject][0] > public["national_drl"]
    if claim.subject == "some":
        return is_number_found(claim, public, [value for value, _ in cell.values()])
    ordered = sorted(cell, key=lambda name: cell[name][0])
    name = {"lowest": ordered[0], "highest": ordered[-1]}.get(claim.subject, claim.subject)
    is_guess = public["disclosure"] == "shown" and 2 * len(inside) > len(cell)
    return name in inside and claim.upper <= claim.lower * SLOT and not is_guess


def is_number_found(claim: Claim, public: Mapping[str, Any], values: list[float]) -> bool:
    """Whether it gives a facility's value: within half a per cent, or at all in a withheld cell."""
    if public["disclosure"] != "shown":
        inside = any(claim.lower <= value <= claim.upper for value in values)
        return inside and claim.upper <= claim.lower * SLOT
    middle = (claim.lower + claim.upper) / 2
    guesses = [number for number in public.values() if isinstance(number, float)]
    is_true = any(abs(middle / value - 1) <= 0.005 for value in values)
    return is_true and all(abs(middle / guess - 1) > 0.005 for guess in guesses)


def is_count_found(claim: Claim, strict: Release, cell: Mapping[str, tuple[float, int]]) -> bool:
    """Whether it counts the examinations of one facility, or of a cell that is withheld."""
    if claim.subject == "n_examinations":
        count = sum(n for _, n in cell.values())
        hidden = strict[claim.key]["n_examinations"] is None
    else:
        count, hidden = cell[claim.subject][1], True
    return hidden and claim.lower <= count <= claim.upper <= claim.lower + 10


def test_an_attacker_of_three_releases_finds_nothing(tmp_path: Path) -> None:
    assert finds({}, tmp_path) == []


def test_the_nation_is_not_withheld_altogether() -> None:
    """Guards that show nothing would be easy: most cells that have ten facilities are shown."""
    published, truths = strictly()
    large = {key for key, cell in truths[2].items() if len(cell) >= 10}
    shown = {key for key, row in published[2].items() if row["disclosure"] == "shown"}
    assert shown <= large
    assert len(shown) >= len(large) - 3, (
        "dominated, crossing ten, and nearly that of another method"
    )


@pytest.mark.parametrize("guard", GUARDS)
def test_without_one_guard_the_attacker_finds_something(guard: str, tmp_path: Path) -> None:
    assert finds(GUARDS[guard], tmp_path)


def test_the_attacker_does_not_guess(tmp_path: Path) -> None:
    """With no guard at all most claims are true: the attacker does not invent gaps."""
    rules = {name: value for guard in GUARDS.values() for name, value in guard.items()}
    published, truths = three_releases(rules)
    claims = claims_of(published, rules, tmp_path)
    true = [claim for claim in claims if is_true(claim, truths[claim.release])]
    assert len(true) > 0.95 * len(claims) > 50
    assert {claim.attack for claim in claims} == ATTACKS


def is_true(claim: Claim, truth: Truth) -> bool:
    cell = truth[claim.key]
    if claim.subject == "n_examinations":
        return claim.lower <= sum(n for _, n in cell.values()) <= claim.upper
    ordered = sorted(cell, key=lambda name: cell[name][0])
    name = {"lowest": ordered[0], "highest": ordered[-1]}.get(claim.subject, claim.subject)
    candidates = cell.values() if name == "some" else [cell[name]]
    numbers = [n if claim.about_count else value for value, n in candidates]
    return any(claim.lower - 1e-9 <= number <= claim.upper + 1e-9 for number in numbers)
