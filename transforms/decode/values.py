"""What a template module hands on: for each column, the content items that hold its value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from pydicom.sr.coding import Code as PydicomCode

from transforms.decode.concepts import Code, canonical, normalised_meaning
from transforms.decode.content import ContentItem
from transforms.schema import Table

Values: TypeAlias = Mapping[str, tuple[ContentItem, ...]]
"""Column name -> the items that hold its value: absent where the report says nothing, several
where it repeats itself or states one value per pulse."""

Found: TypeAlias = dict[str, tuple[ContentItem, ...]]

NOT_FROM_ITEMS = frozenset({"event_index", "plane_index", "breast_index", "laterality"})
"""Columns that a position or another item's child decides."""

MEMORY_LIMIT = 10_000
"""Distinct concepts a finder remembers; more than any vendor's reports have."""

_Match: TypeAlias = tuple[tuple[str, ...], bool]
_NO_MATCH: _Match = ((), False)


def coded_columns(table: Table) -> list[tuple[str, PydicomCode]]:
    """Columns of a table that are read from an item of their own concept."""
    return [
        (column.name, column.source)
        for column in table.columns
        if not isinstance(column.source, str) and column.name not in NOT_FROM_ITEMS
    ]


class Finder:
    """Finds the items of several concepts in one pass over the children of an item.

    As everywhere, the code decides; children known by their meaning only count where none has
    the code, and items further below (by code, the first one) where no child is of the concept.
    """

    def __init__(self, names: Iterable[tuple[str, PydicomCode]]) -> None:
        self._by_code: dict[tuple[str, str], tuple[str, ...]] = {}
        self._by_meaning: dict[str, tuple[str, ...]] = {}
        self._memory: dict[Code, _Match] = {}
        for name, concept in names:
            key = canonical(concept.scheme_designator, concept.value)
            meaning = normalised_meaning(concept.meaning)
            self._by_code[key] = (*self._by_code.get(key, ()), name)
            self._by_meaning[meaning] = (*self._by_meaning.get(meaning, ()), name)
        self._size = sum(len(names) for names in self._by_code.values())

    def find(self, holder: ContentItem) -> Found:
        """The items of each name that the holder has; a name without items is absent."""
        by_code: dict[str, list[ContentItem]] = {}
        by_meaning: dict[str, list[ContentItem]] = {}
        deeper = False
        for child in holder.children:
            names, coded = self._match(child.concept)
            for name in names:
                (by_code if coded else by_meaning).setdefault(name, []).append(child)
            deeper = deeper or bool(child.children)
        found = {name: tuple(items) for name, items in {**by_meaning, **by_code}.items()}
        if deeper and len(found) < self._size:
            for child in holder.children:
                self._find_below(child, found)
        return found

    def _find_below(self, holder: ContentItem, found: Found) -> None:
        for child in holder.children:
            names, coded = self._match(child.concept)
            if coded:
                for name in names:
                    found.setdefault(name, (child,))
            if child.children:
                self._find_below(child, found)

    def _match(self, concept: Code | None) -> _Match:
        """The names a concept stands for, and whether by its code."""
        if concept is None:
            return _NO_MATCH
        match = self._memory.get(concept)
        if match is None:
            match = self._look_up(concept)
            if len(self._memory) < MEMORY_LIMIT:
                self._memory[concept] = match
        return match

    def _look_up(self, concept: Code) -> _Match:
        names = self._by_code.get(canonical(concept.scheme, concept.value))
        if names is not None:
            return names, True
        return self._by_meaning.get(normalised_meaning(concept.meaning), ()), False


def first_of(found: Values, names: Iterable[str]) -> Iterator[tuple[str, tuple[ContentItem, ...]]]:
    """The first item of each name that was found: of several X-ray sources, the first one's."""
    for name in names:
        if items := found.get(name):
            yield name, items[:1]
