"""National statistics against an independent computation, and coverage of their intervals."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from math import comb
from typing import Any

import numpy as np
import pytest

from tests.support.lakes.national_rows import Nation

DEFINITIONS = ("linear", "weibull", "hazen", "inverted_cdf")
COLUMNS = (
    *("p25", "p50", "p75", "p95", "national_drl", "achievable_dose"),
    *("p25_lower", "p25_upper", "p50_lower", "p50_upper", "p75_lower", "p75_upper"),
    *("national_drl_bootstrap_lower", "national_drl_bootstrap_upper"),
    *("p75_linear", "p75_weibull", "p75_hazen", "p75_inverted_cdf"),
    *("definition_sensitivity", "spread_ratio"),
)


def at_least(n: int, share: float, hits: int) -> float:
    """P(Bin(n, share) >= hits), term by term."""
    return float(
        sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(max(hits, 0), n + 1))
    )


def order_statistic_limits(values: Any, share: float) -> tuple[float | None, float | None]:
    n = len(values)
    lower = [v for rank, v in enumerate(values, 1) if 1 - at_least(n, share, rank) <= 0.025]
    upper = [v for rank, v in enumerate(values, 1) if at_least(n, share, rank) <= 0.025]
    return (lower[-1] if lower else None), (upper[0] if upper else None)


def bootstrap_limits(values: Any, share: float) -> tuple[float, float]:
    n = len(values)
    h = round((n - 1) * share + 1, 9)
    lower = [v for i, v in enumerate(values, 1) if at_least(n, i / n, int(np.floor(h))) >= 0.025]
    upper = [v for i, v in enumerate(values, 1) if at_least(n, i / n, int(np.ceil(h))) >= 0.975]
    return lower[0], upper[0]


def oracle(values: Any, definition: str, percentile: float) -> tuple[float | None, ...]:
    """National statistics by numpy and the binomial distribution."""
    values = np.sort(values)
    shares = (0.25, 0.5, 0.75, 0.95, percentile, 0.5)
    quantiles = [np.quantile(values, share, method=definition) for share in shares]
    limits = [limit for share in shares[:3] for limit in order_statistic_limits(values, share)]
    thirds = [np.quantile(values, 0.75, method=method) for method in DEFINITIONS]
    sensitivity = max(abs(third / quantiles[2] - 1) for third in thirds)
    resampled = bootstrap_limits(values, percentile)
    if len(values) < 10:
        quantiles[4:], resampled = [None, None], (None, None)
    spread = quantiles[2] / quantiles[0]
    return (*quantiles, *limits, *resampled, *thirds, sensitivity, spread)


@pytest.mark.slow
def test_statistics_equal_the_oracle_on_a_thousand_random_nations() -> None:
    generator = np.random.default_rng(2026)
    nation, expected = Nation(), {}
    for number, definition in enumerate(DEFINITIONS):
        percentile = 0.95 if number % 2 else 0.75
        nation.method(definition, quantile_definition=definition, percentile=percentile)
        for index in range(250):
            doses = generator.lognormal(3, 0.4, generator.integers(1, 61))
            doses = np.round(doses, 1) if index % 5 == 0 else doses  # values that occur twice
            key = (definition, f"p{index}")
            nation.typical_values(doses.tolist(), method_id=definition, procedure_id=key[1])
            expected[key] = oracle(doses, definition, percentile)
    nation.build()
    columns = ", ".join(COLUMNS)
    found = nation.rows(f"select method_id, procedure_id, {columns} from national_drls")  # noqa: S608
    assert {(one, other) for one, other, *_ in found} == set(expected)
    for method_id, procedure_id, *values in found:
        wanted = expected[method_id, procedure_id]
        assert _numbers(values) == pytest.approx(_numbers(wanted), rel=1e-9, nan_ok=True), (
            method_id,
            procedure_id,
        )


def _numbers(values: Sequence[float | None]) -> list[float]:
    """The numbers, with NaN where none is stated."""
    return [np.nan if value is None else value for value in values]


@pytest.mark.slow
def test_two_sided_limits_hold_in_93_to_98_of_100_lognormal_nations() -> None:
    """The true P75 of the facilities is known; 95 % limits contain it at least that often.

    Ranks are whole numbers, so the coverage is higher: by its binomial tails 95.2 % at 13
    facilities, 96.9 at 15, 96.2 at 20, 96.8 at 30, 96.7 at 50 and 96.2 at 100; at some sizes
    between (16 and 25 facilities: 98.2 %) more than the 98 % asked for here.
    """
    truth = np.exp(np.log(1.35) * 0.6744897501960817)
    for n in (13, 15, 20, 30, 50, 100):
        lower, upper = np.array(limits_of_nations(n, nations=2000)).T
        coverage = float(np.mean((lower <= truth) & (truth <= upper)))
        sys.stdout.write(f"{n} facilities: P75 within its limits in {coverage:.2%} of nations\n")
        assert 0.93 <= coverage <= 0.98, n


def limits_of_nations(n: int, nations: int) -> list[tuple[float, float]]:
    generator = np.random.default_rng(n)
    nation = Nation()
    for number, doses in enumerate(np.exp(generator.normal(0, np.log(1.35), (nations, n)))):
        nation.typical_values(doses.tolist(), procedure_id=f"p{number}")
    nation.build()
    return nation.rows("select p75_lower, p75_upper from national_drls")
