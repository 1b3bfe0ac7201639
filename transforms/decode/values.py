"""What a template module hands on: for each column, the content items that hold its value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from transforms.dicom.codes import Code, canonical, normalised_meaning, same_code
from transforms.dicom.content_tree import ContentItem
from transforms.errors import ObjectRefused
from transforms.tables.schema import Table

Values: TypeAlias = Mapping[str, tuple[ContentItem, ...]]
"""Column name -> the items that hold its value: absent where the report says nothing, several
where it repeats itself or states one value per pulse."""

Found: TypeAlias = dict[str, tuple[ContentItem, ...]]

NOT_FROM_ITEMS = frozenset({"event_index", "plane_index", "breast_index", "laterality"})
"""Columns that a position or another item's child decides."""

MEMORY_LIMIT = 10_000
"""Distinct concepts a finder remembers; more than any vendor's reports have."""

NESTED = "an event within an event"
"""The name under which a template finds an event that stands within another of its kind."""

_Match: TypeAlias = tuple[tuple[str, ...], bool]
_NO_MATCH: _Match = ((), False)


def coded_columns(table: Table) -> list[tuple[str, PydicomCode]]:
    """Columns of a table that are read from an item of their own concept."""
    return [
        (column.name, column.source)
        for column in table.columns
        if not isinstance(column.source, str) and column.name not in NOT_FROM_ITEMS
    ]


@dataclass(slots=True)
class Remarks:
    """What was found out about a report while its values were looked for, as note columns say it:
    table.column, or table.* where it is said of the whole row."""

    matched_by_meaning: set[str] = field(default_factory=set)
    unusable_columns: set[str] = field(default_factory=set)

    def note_named_by_meaning(self, table: Table, *columns: str) -> None:
        """These columns' container, or the row's own, was recognised by its meaning only."""
        self.matched_by_meaning.update(f"{table.name}.{column}" for column in columns or ("*",))

    def note_rows_named_by_meaning(
        self, table: Table, rows: Iterable[ContentItem], concept: PydicomCode
    ) -> None:
        """Note it where the code of one of the rows' containers does not name the concept."""
        if not all(is_named_by_code(row, concept) for row in rows):
            self.note_named_by_meaning(table)

    def note_unusable(self, table: Table, column: str, reason: str) -> None:
        """What the report says for the column cannot be used, for a reason of the closed list."""
        self.unusable_columns.add(f"{table.name}.{column}:{reason}")


class Finder:
    """Finds the items of several concepts in one pass over the children of an item.

    As everywhere, the code decides; children known by their meaning only count where none has
    the code. No value is taken from below the children: what a container holds is read from that
    container by whoever knows its template, so that no dose of another event, plane or earlier
    examination is taken for one of this.
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

    def find(self, *holders: ContentItem) -> Found:
        """The items of each name that the holders have; a name without items is absent."""
        found: Found = {}
        by_meaning: Found = {}
        strangers: list[ContentItem] = []
        known = self._memory
        for holder in holders:
            for child in holder.children:
                concept = child.concept
                names, coded = known.get(concept) or self._look_up(concept)
                if names:
                    into = found if coded else by_meaning
                    for name in names:
                        into[name] = (*into[name], child) if name in into else (child,)
                elif child.children:
                    strangers.append(child)
        if strangers:
            refuse_events_below(strangers)
        return {**by_meaning, **found} if by_meaning else found

    def knows(self, item: ContentItem) -> bool:
        """Whether the item is of one of the concepts, by its code or by its meaning."""
        return bool((self._memory.get(item.concept) or self._look_up(item.concept))[0])

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


REPEATED = Finder(
    (concept.meaning, concept)
    for concept in (
        codes.DCM.CTAcquisition,
        codes.DCM.CTAccumulatedDoseData,
        codes.DCM.IrradiationEventXRayData,
        codes.DCM.AccumulatedXRayDoseData,
        codes.DCM.RadiopharmaceuticalAdministration,
    )
)
"""Containers of events and totals, which templates put into the document itself."""


def refuse_events_below(strangers: Iterable[ContentItem]) -> None:
    """Refuse a report that has events or totals within items that its template does not know.

    They may be those of an earlier examination, or this one's own: reading them is a guess, and
    leaving them out loses dose.
    """
    for stranger in strangers:
        holders = [child for child in stranger.children if child.children]
        if any(REPEATED.knows(holder) for holder in holders):
            raise ObjectRefused("content_malformed", "events or totals in another container")
        refuse_events_below(holders)


def is_named_by_code(item: ContentItem, concept: PydicomCode) -> bool:
    """Whether the code of an item names the concept, so that its meaning need not be asked."""
    return item.concept is not None and same_code(item.concept, concept)
