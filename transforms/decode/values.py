"""Finds the content items that contain the value of each column."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from transforms.dicom.codes import Code, canonical, normalised_meaning, same_code
from transforms.dicom.concept_index import INDEXES_REMEMBERED, ConceptIndex, Positions
from transforms.dicom.content_tree import Children, ContentItem
from transforms.errors import ObjectRefused
from transforms.tables.schema import Table

Values: TypeAlias = Mapping[str, tuple[ContentItem, ...]]
"""Column name -> the items with its value: absent if the report states none, several if it repeats
a value or states one per pulse."""

Found: TypeAlias = dict[str, tuple[ContentItem, ...]]

NOT_FROM_ITEMS = frozenset({"event_index", "plane_index", "breast_index", "laterality"})
"""Columns that come from a position or from a child of another item."""

MEMORY_LIMIT = 10_000
"""Maximum number of concepts in a finder's cache, more than any vendor's reports contain."""

NESTED = "an event within an event"
"""The name under which an event nested in another event is found."""

_Match: TypeAlias = tuple[tuple[str, ...], bool]
_NO_MATCH: _Match = ((), False)


class _Plan(NamedTuple):
    """Positions of the items of each name (the first, and further ones), and of other children."""

    named: tuple[tuple[str, int, Positions], ...]
    others: Positions


def coded_columns(table: Table) -> list[tuple[str, PydicomCode]]:
    """Columns of a table that are read from an item with the column's concept."""
    return [
        (column.name, column.source)
        for column in table.columns
        if not isinstance(column.source, str) and column.name not in NOT_FROM_ITEMS
    ]


@dataclass(slots=True)
class Remarks:
    """Remarks about a report, collected while its values are read, in the form of the note columns:
    table.column, or table.* for a whole row."""

    matched_by_meaning: set[str] = field(default_factory=set)
    unusable_columns: set[str] = field(default_factory=set)

    def note_named_by_meaning(self, table: Table, *columns: str) -> None:
        """Note columns whose container was found by its code meaning, not by its code value."""
        self.matched_by_meaning.update(f"{table.name}.{column}" for column in columns or ("*",))

    def note_rows_named_by_meaning(
        self, table: Table, rows: Iterable[ContentItem], concept: PydicomCode
    ) -> None:
        """Note the table if one of its rows' containers was recognised only by its meaning."""
        for row in rows:
            if not is_named_by_code(row, concept):
                self.note_named_by_meaning(table)

    def note_unusable(self, table: Table, column: str, reason: str) -> None:
        """Note that the stated value of a column cannot be used, with the reason code."""
        self.unusable_columns.add(f"{table.name}.{column}:{reason}")


class Finder:
    """Finds the items of several concepts in one pass over the children of an item.

    The code decides; children that match only by meaning are used if no child has the code. Nothing
    is read from below the children: the content of a container is read by the module of its
    template, so that a dose of another event, plane or earlier examination is never used by
    mistake.
    """

    def __init__(self, names: Iterable[tuple[str, PydicomCode]]) -> None:
        self._by_code: dict[tuple[str, str], tuple[str, ...]] = {}
        self._by_meaning: dict[str, tuple[str, ...]] = {}
        self._memory: dict[Code | None, _Match] = {}
        self._plans: dict[ConceptIndex, _Plan] = {}
        for name, concept in names:
            key = canonical(concept.scheme_designator, concept.value)
            meaning = normalised_meaning(concept.meaning)
            self._by_code[key] = (*self._by_code.get(key, ()), name)
            self._by_meaning[meaning] = (*self._by_meaning.get(meaning, ()), name)

    def find(self, *holders: ContentItem) -> Found:
        """The items of each name among the holders' children; names without items are absent."""
        if len(holders) == 1:
            children = holders[0].children
        else:
            children = Children(child for holder in holders for child in holder.children)
        if not children:
            return {}
        plan = self._plans.get(children.concepts) or self._plan(children.concepts)
        if strangers := [child for at in plan.others if (child := children[at]).children]:
            refuse_events_below(strangers)
        return {
            name: (children[first], *[children[at] for at in more]) if more else (children[first],)
            for name, first, more in plan.named
        }

    def _plan(self, index: ConceptIndex) -> _Plan:
        """Where the names are among children with these concepts; cached."""
        found: dict[str, Positions] = {}
        by_meaning: dict[str, Positions] = {}
        others: list[int] = []
        for at, concept in enumerate(index.concepts):
            names, coded = self._memory.get(concept) or self._look_up(concept)
            into = found if coded else by_meaning
            for name in names:
                into[name] = (*into.get(name, ()), at)
            if not names:
                others.append(at)
        named = ((name, at[0], at[1:]) for name, at in {**by_meaning, **found}.items())
        if len(self._plans) >= INDEXES_REMEMBERED:
            self._plans.clear()
        plan = self._plans[index] = _Plan(tuple(named), tuple(others))
        return plan

    def knows(self, item: ContentItem) -> bool:
        """Whether the item has one of the concepts, by code or by meaning."""
        return bool((self._memory.get(item.concept) or self._look_up(item.concept))[0])

    def _look_up(self, concept: Code | None) -> _Match:
        """The names for a concept, and whether it matched by code; cached."""
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
"""Containers of events and totals, which must be direct children of the document."""


def refuse_events_below(strangers: Iterable[ContentItem]) -> None:
    """Refuse a report with events or totals in items that are not in its template.

    They may belong to an earlier examination or to this one: reading them would be a guess, and
    ignoring them could lose dose.
    """
    for stranger in strangers:
        holders = [child for child in stranger.children if child.children]
        if any(REPEATED.knows(holder) for holder in holders):
            raise ObjectRefused("content_malformed", "events or totals in another container")
        refuse_events_below(holders)


def is_named_by_code(item: ContentItem, concept: PydicomCode) -> bool:
    """Whether the item has the concept by its code, not only by its meaning."""
    return item.concept is not None and same_code(item.concept, concept)
