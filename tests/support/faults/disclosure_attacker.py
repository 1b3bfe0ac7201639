"""An attacker of releases: reads every public file, knows the method, and makes sure claims.

He knows what a neighbour of the hospitals may know (Knowledge): which facilities take part and
since when, which are small and which is by far the largest; and he may be one of them himself. He
never guesses: each claim follows from the public numbers by the rules of the method and of
rounding, so a true claim about one facility, or about a withheld cell, is a gap in the guards.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = dict[str, Any]
Key = tuple[Any, ...]

KEY = (
    *("method_id", "method_version", "period"),
    *("procedure_id", "patient_group_id", "drl_quantity"),
)
SHARP = 1.01
"""A claim is a number where it is known to within half a per cent on either side."""


@dataclass(frozen=True)
class Claim:
    """Claim: the subject (a facility, `highest`, `some`, `n_examinations`) is in an interval."""

    attack: str
    release: int
    key: Key
    subject: str
    lower: float
    upper: float
    about_count: bool = False


@dataclass(frozen=True)
class Knowledge:
    """Knowledge of a neighbour that is in no file of the release."""

    joined: Mapping[tuple[str, int], Sequence[str]] = field(default_factory=dict)
    """Facilities new to a procedure in a release (counted from 0)."""
    small: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Facilities that only the method with the lower minimum counts."""
    dominant: Mapping[str, str] = field(default_factory=dict)
    """The facility that does more of a procedure than all others together."""
    few: Mapping[str, int] = field(default_factory=dict)
    """Number of facilities that do a rare procedure."""
    own_value: Mapping[str, float] = field(default_factory=dict)
    """The insider's own typical value, by procedure."""
    own_examinations: Mapping[str, int] = field(default_factory=dict)
    minimum_examinations: Mapping[str, int] = field(default_factory=dict)
    """Number of facilities by method."""


class Attacker:
    """Every known attack, on the public folders of successive releases."""

    def __init__(self, folders: Sequence[Path], profile: Row, knows: Knowledge) -> None:
        self._releases = [_read(folder) for folder in folders]
        self._profile = profile
        self._knows = knows

    def claims(self) -> list[Claim]:
        """All claims that follow from the files."""
        found: list[Claim] = []
        for number, cells in enumerate(self._releases):
            for key, row in cells.items():
                if row["disclosure"] == "shown":
                    found += self._of_cell(number, key, row)
            found += self._margins(number, cells)
            found += self._between_methods(number, cells)
        for number in range(1, len(self._releases)):
            found += self._between_releases(number)
        return found

    def _of_cell(self, release: int, key: Key, row: Row) -> Iterator[Claim]:
        yield from self._order_statistics(release, key, row)
        yield from self._extremes(release, key, row)
        yield from self._few_facilities(release, key, row)
        yield from self._dominance(release, key, row)

    # --- one cell ----------------------------------------------------------------------------

    def _order_statistics(self, release: int, key: Key, row: Row) -> Iterator[Claim]:
        """A limit is always one facility's value; a quantile is where its rank is whole.

        All values at one rank are the same number, so their rounding intervals are intersected,
        also those of other methods and releases from the same data.
        """
        at_rank: dict[int, tuple[float, float]] = {}
        for rank, lower, upper in self._at_ranks(row):
            before = at_rank.get(rank, (0.0, math.inf))
            at_rank[rank] = (max(before[0], lower), min(before[1], upper))
        for lower, upper in at_rank.values():
            if 0 < lower <= upper and upper / lower <= SHARP:
                yield Claim("order statistic", release, key, "some", lower, upper)

    def _at_ranks(self, row: Row) -> Iterator[tuple[int, float, float]]:
        for number, name in enumerate(("national_drl_lower", "national_drl_upper")):
            if row[name] is not None:
                limits = {_limit_ranks(n)[number] for n in self._sizes(row)}
                limit = limits.pop() if len(limits) == 1 else -1 - number
                yield limit, *self._rounding_interval(row[name], ("down", "up")[number])
        for name, probability in (("p25", 0.25), ("p50", 0.5), ("p75", 0.75)):
            ranks = {1 + (n - 1) * probability for n in self._sizes(row)}
            rank = ranks.pop() if len(ranks) == 1 else 0.5
            if row[name] is not None and float(rank).is_integer():
                yield int(rank), *self._rounding_interval(row[name], "nearest")

    def _extremes(self, release: int, key: Key, row: Row) -> Iterator[Claim]:
        """The largest typical value is that of one facility, and everyone knows which."""
        if row["maximum"] is not None:
            yield Claim(
                "extremes", release, key, "highest", *self._rounding_interval(row["maximum"])
            )
        if row["minimum"] is not None:
            yield Claim(
                "extremes", release, key, "lowest", *self._rounding_interval(row["minimum"])
            )
        if row["national_drl_upper"] is None:
            return
        if all(_limit_ranks(n)[1] == n for n in self._sizes(row)):
            around = self._rounding_interval(row["national_drl_upper"], "up")
            yield Claim("limit that is the maximum", release, key, "highest", *around)

    def _few_facilities(self, release: int, key: Key, row: Row) -> Iterator[Claim]:
        """Of three, the median is the middle one's; the insider knows that it is not his."""
        n, own = self._knows.few.get(key[3], 0), self._knows.own_value.get(key[3], 0)
        lower, upper = self._rounding_interval(row["p50"])
        if n % 2 and not lower <= own <= upper:
            yield Claim("few facilities", release, key, "some", lower, upper)

    def _dominance(self, release: int, key: Key, row: Row) -> Iterator[Claim]:
        """Weighted by volume, the national median is that of the largest facility."""
        if key[3] in self._knows.dominant:
            facility = self._knows.dominant[key[3]]
            yield Claim("dominance", release, key, facility, *self._rounding_interval(row["p50"]))

    # --- cells of one release ----------------------------------------------------------------

    def _margins(self, release: int, cells: Mapping[Key, Row]) -> Iterator[Claim]:
        """Of a group and its parts, the withheld one is the difference."""
        for parent, parts in _tilings():
            for key, row in cells.items():
                if key[4] != parent or row["n_examinations"] is None:
                    continue
                seen = {part: _count_of(cells, key, part) for part in parts}
                missing = [part for part, told in seen.items() if told is None]
                if len(missing) != 1:
                    continue
                lower, upper = self._counts(row)
                for other in (told for told in seen.values() if told is not None):
                    fewest, most = self._counts(other)
                    lower, upper = lower - most, upper - fewest
                for told in (k for k in cells if k[2:] == (*key[2:4], missing[0], key[5])):
                    yield Claim("margin", release, told, "n_examinations", lower, upper, True)

    def _between_methods(self, release: int, cells: Mapping[Key, Row]) -> Iterator[Claim]:
        """Two methods that differ in the facilities they use: the difference is those few."""
        minimum = self._knows.minimum_examinations
        for key, row in cells.items():
            for other_key, other in cells.items():
                names = self._knows.small.get(key[3], ())
                same = key[2:] == other_key[2:]
                if not names or not same or minimum[key[0]] >= minimum[other_key[0]]:
                    continue
                if row["n_examinations"] is None or other["n_examinations"] is None:
                    continue
                lower, upper = _difference(self._counts(row), self._counts(other))
                yield from self._examinations_of_few(release, key, names, lower, upper)

    def _examinations_of_few(
        self, release: int, key: Key, names: Sequence[str], lower: float, upper: float
    ) -> Iterator[Claim]:
        """Examinations of few facilities: one has all, several have at least the minimum each."""
        own = self._knows.own_examinations.get(key[3])
        others = names[1:] if own is not None else names
        lower, upper = lower - (own or 0), upper - (own or 0)
        least = self._knows.minimum_examinations[key[0]]
        most_of_one = upper - least * (len(others) - 1)
        if len(others) == 1 or most_of_one == least:
            for name in others:
                at_least = lower if len(others) == 1 else least
                yield Claim("methods", release, key, name, at_least, most_of_one, True)

    # --- releases ----------------------------------------------------------------------------

    def _between_releases(self, release: int) -> Iterator[Claim]:
        """The change when one facility joined is due to that facility."""
        for key, row in self._releases[release].items():
            before = self._releases[release - 1].get(key)
            joined = self._knows.joined.get((key[3], release), ())
            shown = before is not None and before["disclosure"] == row["disclosure"] == "shown"
            if before is None or not shown or len(joined) != 1:
                continue
            if (row["p75"] or 0) > (before["p75"] or 0):
                lower, _ = self._rounding_interval(before["p75"])
                yield Claim("joined", release, key, joined[0], lower, math.inf)
            if None not in (row["n_examinations"], before["n_examinations"]):
                lower, upper = _difference(self._counts(row), self._counts(before))
                if lower > 0:
                    yield Claim("joined", release, key, joined[0], lower, upper, True)

    # --- rounding ----------------------------------------------------------------------------

    def _rounding_interval(self, value: float, direction: str = "nearest") -> tuple[float, float]:
        """All numbers that are rounded to a value."""
        if self._profile["value_significant_digits"] is None or value == 0:
            return value, value
        below, above = (self._step(value * near) for near in (1 - 1e-9, 1 + 1e-9))
        if direction == "down":
            return value, value + above
        if direction == "up":
            return value - below, value
        return value - below / 2, value + above / 2

    def _step(self, value: float) -> float:
        digits = self._profile["value_significant_digits"]
        least = max(
            10.0 ** (math.floor(math.log10(value)) + 1 - digits),
            (self._profile["minimum_relative_step"] or 0) * value,
        )
        power: float = 10.0 ** math.floor(math.log10(least))
        return power * next(m for m in (1, 2, 5, 10) if least / power <= m + 1e-6)

    def _counts(self, row: Row) -> tuple[float, float]:
        return self._count_limits(row["n_examinations"])

    def _count_limits(self, count: int) -> tuple[float, float]:
        half = (self._profile["count_rounding"] - 1) / 2
        return count - half, count + half

    def _sizes(self, row: Row) -> range:
        """Possible numbers of facilities."""
        lower, upper = self._count_limits(row["n_facilities"])
        least = max(1, self._profile["minimum_facilities"])
        return range(max(least, math.ceil(lower)), math.floor(upper) + 1)


def _read(folder: Path) -> dict[Key, Row]:
    rows = pq.read_table(folder / "national_drls.parquet").to_pylist()
    return {tuple(row[name] for name in KEY): row for row in rows}


def _difference(more: tuple[float, float], fewer: tuple[float, float]) -> tuple[float, float]:
    return more[0] - fewer[1], more[1] - fewer[0]


def _count_of(cells: Mapping[Key, Row], key: Key, group: str) -> Row | None:
    """A row of the same statistic for another group that gives its examinations."""
    found = (
        row
        for other, row in cells.items()
        if other[2:4] == key[2:4] and other[4:] == (group, key[5])
    )
    return next((row for row in found if row["n_examinations"] is not None), None)


def _tilings() -> list[tuple[str, list[str]]]:
    """Groups that consist of other groups of the public list, by age or by weight."""
    path = Path(__file__).resolve().parents[3] / "data" / "reference" / "patient_groups.csv"
    with path.open(encoding="utf-8", newline="") as file:
        groups = list(csv.DictReader(file))
    found = []
    for parent in groups:
        for axis in ("age", "weight"):
            first, last = f"{axis}_lower_{_UNIT[axis]}", f"{axis}_upper_{_UNIT[axis]}"
            rest = [name for name in parent if name.split("_")[0] in ("age", "weight", "size")]
            rest = [name for name in rest if name not in (first, last)]
            alike = [g for g in groups if all(g[name] == parent[name] for name in rest)]
            for one in alike:
                for two in alike:
                    ends = (one[first], one[last], two[last])
                    if ends == (parent[first], two[first], parent[last]) and one[last]:
                        found.append((parent["group_id"], [one["group_id"], two["group_id"]]))
    return found


_UNIT = {"age": "days", "weight": "kg"}


def _limit_ranks(n: int, probability: float = 0.75) -> tuple[int, int]:
    """Ranks of the 95 % limits of a quantile of n values; 0 and n + 1 where there is none."""
    tails = [math.comb(n, k) * probability**k * (1 - probability) ** (n - k) for k in range(n + 1)]
    below = [sum(tails[:k]) for k in range(n + 2)]
    lower = max((k for k in range(n + 1) if below[k] <= 0.025), default=0)
    upper = min((k for k in range(1, n + 1) if 1 - below[k] <= 0.025), default=n + 1)
    return lower, upper
