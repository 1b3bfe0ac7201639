"""Finds texts that a person has decided already, by the words they share with a name."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

LEAST_LIKENESS = 0.5
"""Share of the words of both texts that both must have."""
COMMON = 2_000
"""A word of more texts than this finds none; it is compared all the same."""
N_SIMILAR = 2


@dataclass(frozen=True, slots=True)
class EarlierDecision:
    """A folded text that an exact rule decides; `procedure_id` is None for no procedure."""

    modality: str
    text: str
    procedure_id: str | None


@dataclass(frozen=True)
class SimilarTexts:
    """Earlier decisions, found by their words."""

    decisions: Sequence[EarlierDecision]

    def most_similar(self, modality: str, text: str) -> list[tuple[EarlierDecision, float]]:
        """The most similar earlier decisions, each with the share of words that both have."""
        words = set(text.split())
        shared: Counter[int] = Counter()
        for word in words:
            places = self._places.get((modality, word), ())
            if len(places) <= COMMON:
                shared.update(places)
        likely = ((self.decisions[at], _likeness(words, self._words[at])) for at in shared)
        found = [pair for pair in likely if pair[1] >= LEAST_LIKENESS]
        return sorted(found, key=lambda pair: (-pair[1], pair[0].text))[:N_SIMILAR]

    @cached_property
    def _words(self) -> Sequence[set[str]]:
        return [set(one.text.split()) for one in self.decisions]

    @cached_property
    def _places(self) -> Mapping[tuple[str, str], Sequence[int]]:
        found: dict[tuple[str, str], list[int]] = defaultdict(list)
        for at, one in enumerate(self.decisions):
            for word in self._words[at]:
                found[one.modality, word].append(at)
        return found


def _likeness(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other)
