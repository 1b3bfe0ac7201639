"""Suggests procedures for a name that nothing decides; a person chooses, or none of them.

The candidates, best first: the set of concepts that were read, without the unread words; the same
with other known words in place of those that have several neighbours, or of which a known word is a
part; an earlier decision on a similar text; the nearest sets of `concept_procedures.csv`; and last
the most frequent procedures of the modality.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from transforms.mapping.compared import fold_texts
from transforms.mapping.filled_list import NONE
from transforms.mapping.name_groups import NameReading
from transforms.mapping.readings import Named, read_names
from transforms.mapping.similar_texts import SimilarTexts
from transforms.reference.files import reference_rows

N_SUGGESTIONS = 3
N_NEIGHBOURS = 3
"""Known words that are tried in place of an unread one."""
N_VARIANTS = 8
"""Texts that are read in place of one name."""
SHORTEST_PART = 4
"""Letters of a known word that is looked for at the beginning and end of an unread one."""

Concepts = frozenset[str]
Name = tuple[str, NameReading]
"""Modality and reading of an undecided name."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A procedure, or `none`, and how the name was read for it."""

    procedure_id: str
    reading: str
    score: float

    def __str__(self) -> str:
        return f"{self.procedure_id}: {self.reading}"


@dataclass(frozen=True)
class Suggester:
    """Suggests procedures; `frequencies` are examinations by procedure, `earlier` decisions."""

    frequencies: Mapping[str, int]
    earlier: SimilarTexts

    def suggestions(self, names: Sequence[Name]) -> list[list[Suggestion]]:
        """Up to three different procedures for each name, the best first."""
        variants = _variants(names)
        return [
            self._best(modality, name, variants[at]) for at, (modality, name) in enumerate(names)
        ]

    def _best(self, modality: str, name: NameReading, others: Iterable[str]) -> list[Suggestion]:
        found: dict[str, Suggestion] = {}
        for one in itertools.chain(
            self._of_sets(modality, name, others),
            self._of_earlier(modality, name),
            self._most_frequent(modality),
        ):
            if one.procedure_id not in found or found[one.procedure_id].score < one.score:
                found[one.procedure_id] = one
        ranked = sorted(found.values(), key=lambda one: (-one.score, one.procedure_id))
        return ranked[:N_SUGGESTIONS]

    def _of_sets(
        self, modality: str, name: NameReading, others: Iterable[str]
    ) -> Iterator[Suggestion]:
        """Procedures of the sets nearest to what was read, or to what another spelling says."""
        unread = name.reading.unread_words
        without = f", without {unread}" if unread else ""
        yield from self._near(modality, name.reading.concepts, 0.0, without)
        for concepts in others:
            yield from self._near(modality, concepts, 0.1, ", with other words for unread ones")

    def _near(self, modality: str, concepts: str, penalty: float, how: str) -> Iterator[Suggestion]:
        said = frozenset(concepts.split())
        candidates = {row for one in said for row in self._rows_by_concept[modality, one]}
        for row in candidates:
            stated, procedure_id = row
            score = len(said & stated) / len(said | stated) - penalty
            told = f"read as {' '.join(sorted(stated))}{how}"
            yield Suggestion(procedure_id, told, score + self._tie(procedure_id))

    def _of_earlier(self, modality: str, name: NameReading) -> Iterator[Suggestion]:
        for one, likeness in self.earlier.most_similar(modality, name.corrected):
            told = f"as '{one.text}' was decided"
            yield Suggestion(one.procedure_id or NONE, told, 0.95 * likeness)

    def _most_frequent(self, modality: str) -> Iterator[Suggestion]:
        for procedure_id in self._procedures[modality]:
            score = -1.0 + self._tie(procedure_id)
            yield Suggestion(procedure_id, "a frequent examination", score)

    def _tie(self, procedure_id: str) -> float:
        """Less than any difference of sets: the more frequent procedure comes first."""
        n = self.frequencies.get(procedure_id, 0)
        return 0.01 * n / (n + self._half)

    @cached_property
    def _half(self) -> int:
        return max(1, sum(self.frequencies.values()) // 20)

    @cached_property
    def _rows_by_concept(self) -> Mapping[tuple[str, str], set[tuple[Concepts, str]]]:
        found: dict[tuple[str, str], set[tuple[Concepts, str]]] = defaultdict(set)
        for row in reference_rows("concept_procedures"):
            concepts = frozenset(row["concepts"].split())
            for one in concepts:
                found[row["modality"], one].add((concepts, row["procedure_id"] or NONE))
        return found

    @cached_property
    def _procedures(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for row in reference_rows("procedures"):
            found[row["modality"]].append(row["procedure_id"])
        return {
            modality: sorted(ids, key=lambda one: (-self.frequencies.get(one, 0), one))[
                :N_SUGGESTIONS
            ]
            for modality, ids in found.items()
        }


def _variants(names: Sequence[Name]) -> list[list[str]]:
    """For each name the concepts of its variants, each read as a name of its own."""
    texts = _variant_texts(names)
    flat = sorted({(names[at][0], text) for at, found in enumerate(texts) for text in found})
    read = read_names([Named(modality, text) for modality, text in flat])
    concepts = dict(zip(flat, (one.concepts for one in read), strict=True))
    return [
        [concepts[names[at][0], text] for text in found if concepts[names[at][0], text]]
        for at, found in enumerate(texts)
    ]


def _variant_texts(names: Sequence[Name]) -> list[list[str]]:
    """The name with other known words in place of those that stayed unread."""
    known = _single_words()
    found = []
    for modality, name in names:
        choices = {
            word: [
                *(one.word for one in name.near.get(word, ())[:N_NEIGHBOURS]),
                *_known_ends(word, modality, known),
            ]
            for word in name.reading.unread_words.split()
        }
        found.append(list(_replaced(name.corrected, choices)))
    return found


def _replaced(text: str, choices: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The texts with each unread word replaced by one of its choices, the likeliest first."""
    words = text.split()
    options = [choices.get(word) or (word,) for word in words]
    for chosen in itertools.islice(itertools.product(*options), N_VARIANTS):
        if list(chosen) != words:
            yield " ".join(chosen)


def _known_ends(word: str, modality: str, known: Mapping[str, set[str]]) -> list[str]:
    """The longest known words with which a word begins and ends."""
    lengths = range(len(word) - 1, SHORTEST_PART - 1, -1)
    begins = (word[:n] for n in lengths if modality in known.get(word[:n], ()))
    ends = (word[-n:] for n in lengths if modality in known.get(word[-n:], ()))
    pair = [next(begins, ""), next(ends, "")]
    whole = " ".join(filter(None, pair))
    return [whole] if whole else []


@cache
def _single_words() -> Mapping[str, set[str]]:
    """Modalities by known word, of phrases of one word that decide something."""
    rows = [row for row in reference_rows("name_concepts") if row["kind"] != "filler"]
    modalities = {row["modality"] for row in reference_rows("procedures")}
    found: dict[str, set[str]] = defaultdict(set)
    for row, phrase in zip(rows, fold_texts([row["phrase"] for row in rows]), strict=True):
        if " " not in phrase:
            found[phrase] |= {row["modality"]} if row["modality"] else modalities
    return found
