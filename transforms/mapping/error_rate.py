"""The share of examinations with a wrong procedure, measured on a sample of names.

Names are drawn with replacement, each with a probability proportional to its examinations (Hansen
and Hurwitz, Annals of Mathematical Statistics 14 (1943) 333). Each draw is then wrong with the
share of wrong examinations as its probability, independently of the others, so the number of wrong
draws is binomial. The limits are those of Clopper and Pearson (Biometrika 26 (1934) 404).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

CONFIDENCE = 0.95
STEPS = 60
"""Halvings of the interval from 0 to 1: enough for every digit of a double."""


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """Wrong draws of all draws, with the two-sided 95 % limits of their share."""

    n_draws: int
    n_wrong: int

    @property
    def share(self) -> float:
        """Estimate of the share of examinations that have a wrong procedure."""
        return self.n_wrong / self.n_draws

    @property
    def limits(self) -> tuple[float, float]:
        """Lower and upper limit of Clopper and Pearson."""
        tail = (1 - CONFIDENCE) / 2
        lower = _share_with(self.n_draws, self.n_wrong - 1, 1 - tail)
        upper = _share_with(self.n_draws, self.n_wrong, tail)
        return (0.0 if self.n_wrong == 0 else lower, 1.0 if self.n_wrong == self.n_draws else upper)


def _share_with(n: int, k: int, probability: float) -> float:
    """The share with which at most `k` of `n` draws are wrong with this probability."""
    low, high = 0.0, 1.0
    for _ in range(STEPS):
        middle = (low + high) / 2
        if at_most(n, k, middle) > probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def at_most(n: int, k: int, share: float) -> float:
    """The probability of at most `k` of `n` independent events with this probability each."""
    if share <= 0:
        return 1.0
    if share >= 1:
        return float(k >= n)
    return math.fsum(_exactly(n, one, share) for one in range(k + 1))


def _exactly(n: int, k: int, share: float) -> float:
    ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return math.exp(ways + k * math.log(share) + (n - k) * math.log1p(-share))
