"""What a template module hands on: for each column, the content items that hold its value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
        self._memory: dict[Code | None, _Match] = {}
        for name, concept in names:
            key = canonical(concept.scheme_designator, concept.value)
            meaning = normalised_meaning(concept.meaning)
            self._by_code[key] = (*self._by_code.get(key, ()), name)
            self._by_meaning[meaning] = (*self._by_meaning.get(meaning, ()), name)
        self._size = sum(len(names) for names in self._by_code.values())

    def find(self, holder: ContentItem) -> Found:
        """The items of each name that the holder has; a name without items is absent."""
        found: Found = {}
        by_meaning: Found = {}
        holders: list[ContentItem] = []
        known = self._memory
        for child in holder.children:
            concept = child.concept
            names, coded = known.get(concept) or self._look_up(concept)
            if names:
                into = found if coded else by_meaning
                for name in names:
                    into[name] = (*into[name], child) if name in into else (child,)
            if child.children:
                holders.append(child)
        if by_meaning:
            found = {**by_meaning, **found}
        if holders and len(found) < self._size:
            for child in holders:
                self._find_below(child, found)
        return found

    def _find_below(self, holder: ContentItem, found: Found) -> None:
        known = self._memory
        for child in holder.children:
            concept = child.concept
            names, coded = known.get(concept) or self._look_up(concept)
            if names and coded:
                for name in names:
                    found.setdefault(name, (child,))
            if child.children:
                self._find_below(child, found)

    def _look_up(self, concept: Code | None) -> _Match:
        """The names a concept stands for, and whether by its code; remembered."""
        if concept is None:
            return _NO_MATCH
        names = self._by_code.get(canonical(concept.scheme, concept.value))
        coded = names is not None
        if names is None:
            names = self._by_meaning.get(normalised_meaning(concept.meaning), ())
        if len(self._memory) < MEMORY_LIMIT:
            self._memory[concept] = (names, coded)
        return names, coded


def first_of(found: Values, names: frozenset[str]) -> dict[str, tuple[ContentItem, ...]]:
    """The first item of each of the names found: of several X-ray sources, the first one's."""
    return {name: items[:1] for name, items in found.items() if name in names}
