"""Quantiles with a known answer from outside: table 10 of Erem et al. 2022 (Uganda)."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from tests.support.lakes.national_rows import Nation

TABLE = Path(__file__).resolve().parents[4] / "shared" / "statistics" / "uganda_2022_table10.csv"
METHOD_PAGE = Path(__file__).resolve().parents[3] / "sql" / "METHOD.md"

pytestmark = pytest.mark.skipif(not TABLE.exists(), reason="../shared/statistics is not there")

PUBLISHED = {
    ("abdomen", "DLP"): 1418.25,
    ("lumbar spine", "DLP"): 843.82,
    ("lumbar spine", "CTDIvol"): 19.48,
    ("abdomen", "CTDIvol"): 12.54,
}
"""The third quartile of four facilities' medians, as the paper states it."""


def medians() -> dict[tuple[str, str], list[float]]:
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    with TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(line for line in file if not line.startswith("#")):
            cell = row["examination"], row["quantity"]
            found[cell].append(float(row["p50"]))
            assert float(row["published_ndrl"]) == PUBLISHED[cell]
    return found


def third_quartiles(cell: tuple[str, str]) -> dict[str, float]:
    """The 75th percentile of the facilities' medians by each definition, of our models."""
    nation = Nation()
    nation.method("m")
    nation.typical_values(medians()[cell])
    nation.build()
    names = ("linear", "weibull", "hazen", "inverted_cdf")
    row = nation.one(
        "select p75_linear, p75_weibull, p75_hazen, p75_inverted_cdf from national_drls"
    )
    return dict(zip(names, row, strict=True))


@pytest.mark.parametrize("cell", [cell for cell in PUBLISHED if cell != ("abdomen", "CTDIvol")])
def test_type_6_gives_three_published_values_to_the_digit(cell: tuple[str, str]) -> None:
    """SPSS's default. With four facilities: 0.25 of the third value and 0.75 of the highest."""
    assert round(third_quartiles(cell)["weibull"], 2) == PUBLISHED[cell]


@pytest.mark.parametrize(
    ("cell", "difference"),
    [(("abdomen", "DLP"), -0.108), (("lumbar spine", "DLP"), -0.108)],
)
def test_type_7_which_drlake_publishes_is_lower(cell: tuple[str, str], difference: float) -> None:
    found = third_quartiles(cell)
    assert found["linear"] / PUBLISHED[cell] - 1 == pytest.approx(difference, abs=5e-4)
    assert "10.8 % lower" in METHOD_PAGE.read_text(encoding="utf-8")


def test_the_fourth_published_value_follows_from_no_definition() -> None:
    cell = ("abdomen", "CTDIvol")
    found = third_quartiles(cell)
    assert sorted(round(value, 2) for value in found.values()) == [8.28, 9.35, 10.42, 11.49]
    assert PUBLISHED[cell] not in [round(value, 2) for value in found.values()]
