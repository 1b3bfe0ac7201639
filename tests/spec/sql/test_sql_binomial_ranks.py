"""Ranks of the order statistics that bound a quantile: exact binomial tails, in SQL."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from itertools import accumulate
from math import comb

import pytest

from tests.support.sql_models import SqlModels

Ranks = tuple[int | None, int | None]


def ranks_in_sql(sizes: Iterable[tuple[int, float]]) -> dict[tuple[int, float], Ranks]:
    given = list(sizes)
    found = SqlModels().rows_of_template(
        "with sizes as (select unnest(?) as n, unnest(?) as probability), "
        "ranks as ({{ binomial_ranks('sizes') }}) "
        "select n, probability, lower_rank, upper_rank from ranks",
        [n for n, _ in given],
        [probability for _, probability in given],
    )
    return {(n, probability): (lower, upper) for n, probability, lower, upper in found}


def ranks_by_definition(n: int, probability: Fraction) -> Ranks:
    """By whole numbers only: every probability is a count over `whole`."""
    hit, whole = probability.numerator, probability.denominator**n
    miss = probability.denominator - hit
    terms = [comb(n, k) * hit**k * miss ** (n - k) for k in range(n + 1)]
    at_most = list(accumulate(terms))
    at_least = list(accumulate(reversed(terms)))[::-1]
    lower = [rank for rank in range(1, n + 1) if 40 * at_most[rank - 1] <= whole]
    upper = [rank for rank in range(1, n + 1) if 40 * at_least[rank] <= whole]
    return max(lower, default=None), min(upper, default=None)


@pytest.mark.parametrize(
    ("n", "ranks"), [(15, (8, 15)), (20, (11, 19)), (30, (18, 28)), (50, (31, 44)), (100, (66, 84))]
)
def test_published_ranks_of_the_third_quartile(n: int, ranks: Ranks) -> None:
    assert ranks_in_sql([(n, 0.75)]) == {(n, 0.75): ranks}


def test_third_quartile_is_bounded_above_from_thirteen_facilities_on() -> None:
    found = ranks_in_sql((n, 0.75) for n in range(1, 20))
    assert [n for n in range(1, 20) if found[n, 0.75][1] is not None] == list(range(13, 20))
    assert [n for n in range(1, 20) if found[n, 0.75][0] is not None] == list(range(3, 20))


def test_ranks_are_the_binomial_distribution_exactly() -> None:
    pairs = [(n, Fraction(p)) for n in range(1, 81) for p in ("0.25", "0.5", "0.75", "0.95")]
    found = ranks_in_sql((n, float(p)) for n, p in pairs)
    assert found == {(n, float(p)): ranks_by_definition(n, p) for n, p in pairs}


def test_ranks_of_thousands_of_units() -> None:
    """Where terms far from the quantile are left out, and where 0.5 ** n is no double any more."""
    assert ranks_in_sql([(2000, 0.5), (3000, 0.75)]) == {
        (n, float(p)): ranks_by_definition(n, p)
        for n, p in [(2000, Fraction("0.5")), (3000, Fraction("0.75"))]
    }
