"""Where each concept is among the children of a content item.

Reports of one device repeat the same concepts in the same order, so the index of such children is
made once and found again by their concepts.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from pydicom.sr.coding import Code as PydicomCode

from transforms.dicom.codes import Code, canonical, normalised_meaning

INDEXES_REMEMBERED = 4096

CodeKey = tuple[str, str]
"""Scheme and value of a code, with retired schemes translated."""

Positions = tuple[int, ...]


class ConceptIndex:
    """Positions of children by the code and by the normalised meaning of their concept."""

    def __init__(self, concepts: Iterable[Code | None]) -> None:
        self.concepts = tuple(concepts)
        self._by_code: dict[CodeKey, Positions] = {}
        self._by_meaning: dict[str, Positions] = {}
        for at, code in enumerate(self.concepts):
            if code is not None:
                key, meaning = canonical(code.scheme, code.value), normalised_meaning(code.meaning)
                self._by_code[key] = (*self._by_code.get(key, ()), at)
                self._by_meaning[meaning] = (*self._by_meaning.get(meaning, ()), at)

    def coded(self, key: CodeKey) -> Positions:
        """Positions of children whose concept has this code."""
        return self._by_code.get(key, ())

    def named(self, concept: PydicomCode) -> Positions:
        """Positions by code, or by meaning if no child has the code."""
        found = self.coded(canonical(concept.scheme_designator, concept.value))
        return found or self._by_meaning.get(normalised_meaning(concept.meaning), ())

    def all_named(self, concept: PydicomCode) -> Positions:
        """Positions by code or by meaning, in document order."""
        coded = self.coded(canonical(concept.scheme_designator, concept.value))
        named = self._by_meaning.get(normalised_meaning(concept.meaning), ())
        return coded if coded == named else tuple(sorted({*coded, *named}))


@lru_cache(maxsize=INDEXES_REMEMBERED)
def concept_index(concepts: tuple[Code | None, ...]) -> ConceptIndex:
    """The index of children with these concepts; the same object for equal concepts."""
    return ConceptIndex(concepts)
