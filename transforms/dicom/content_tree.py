"""The SR content tree (PS3.3 section C.17.3) as plain content items."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple, TypeVar

from pydicom.sr.coding import Code as PydicomCode

from transforms.dicom.codes import Code, canonical, normalised_meaning
from transforms.dicom.structure import DataSet
from transforms.dicom.text import TextDecoder, wrong_vr

RELATIONSHIP_TYPE, VALUE_TYPE = 0x0040A010, 0x0040A040
CONCEPT_NAME, CONCEPT_CODE = 0x0040A043, 0x0040A168
CONTENT_SEQUENCE, MEASURED_VALUE = 0x0040A730, 0x0040A300
NUMERIC_VALUE, MEASUREMENT_UNITS = 0x0040A30A, 0x004008EA
NUMERIC_VALUE_QUALIFIER = 0x0040A301
CODE_VALUES = (0x00080100, 0x00080119, 0x00080120)
"""CodeValue, LongCodeValue, URNCodeValue: a coded entry has one of them."""
CODING_SCHEME, CODE_MEANING = 0x00080102, 0x00080104
TEXT_VALUES = (0x0040A160, 0x0040A124, 0x0040A120, 0x0040A121, 0x0040A122)
"""TextValue, UID, DateTime, Date, Time: the value type determines which one is used."""


CodeKey = tuple[str, str]
"""Scheme and value of a code, with retired schemes translated."""
Key = TypeVar("Key")


class Children(tuple["ContentItem", ...]):
    """The children of an item in document order; their concepts are indexed on first use.

    The indexes are cached by hand, since Python 3.11's cached_property takes a lock at every call.
    """

    _by_code: dict[CodeKey, list[ContentItem]] | None = None
    _by_meaning: dict[str, list[ContentItem]] | None = None

    @property
    def by_code(self) -> dict[CodeKey, list[ContentItem]]:
        """Children by scheme and value of their concept, with retired schemes translated."""
        if self._by_code is None:
            self._by_code = _group_by_key(
                (canonical(code.scheme, code.value), item)
                for code, item in self._items_with_concept()
            )
        return self._by_code

    @property
    def by_meaning(self) -> dict[str, list[ContentItem]]:
        """Children by the normalised meaning of their concept."""
        if self._by_meaning is None:
            self._by_meaning = _group_by_key(
                (normalised_meaning(code.meaning), item)
                for code, item in self._items_with_concept()
            )
        return self._by_meaning

    def _items_with_concept(self) -> list[tuple[Code, ContentItem]]:
        return [(item.concept, item) for item in self if item.concept is not None]


class ContentItem(NamedTuple):
    """One content item: its concept name, value and children.

    `text` is the value of TEXT, UIDREF, DATETIME and the like, and the decimal string of NUM;
    `code` that of CODE; `unit` and `qualifier` belong to NUM; the qualifier gives the reason for a
    missing number (CID 42, e.g. "Measurement failure"). A value that is absent or empty is None.
    `further` are the same item with its second and later measured values or codes: PS3.3 C.17.3
    and C.18.1 allow one, so they contradict each other unless they are equal.
    """

    relationship: str
    value_type: str
    concept: Code | None
    text: str | None
    code: Code | None
    unit: Code | None
    children: Children
    qualifier: Code | None = None
    further: tuple[ContentItem, ...] = ()

    def descendants(self) -> Iterator[ContentItem]:
        """All items below this one, in document order."""
        for child in self.children:
            yield child
            yield from child.descendants()

    def children_named(self, concept: PydicomCode) -> list[ContentItem]:
        """Children with a concept: by code, or by meaning if no child has the code."""
        key = canonical(concept.scheme_designator, concept.value)
        found = self.children.by_code.get(key)
        if found is None:
            found = self.children.by_meaning.get(normalised_meaning(concept.meaning), [])
        return found

    def all_children_named(self, concept: PydicomCode) -> list[ContentItem]:
        """Children with a concept by code or by meaning, in document order: for repeated items
        (events, totals), where one child found by code must not hide the others."""
        key = canonical(concept.scheme_designator, concept.value)
        coded = self.children.by_code.get(key, [])
        named = self.children.by_meaning.get(normalised_meaning(concept.meaning), [])
        wanted = {id(item) for item in (*coded, *named)}
        return [child for child in self.children if id(child) in wanted] if wanted else []


NO_CHILDREN = Children()


def _group_by_key(pairs: Iterable[tuple[Key, ContentItem]]) -> dict[Key, list[ContentItem]]:
    groups: dict[Key, list[ContentItem]] = {}
    for key, item in pairs:
        groups.setdefault(key, []).append(item)
    return groups


def content_tree(dataset: DataSet, text: TextDecoder) -> ContentItem:
    """The content tree with the data set itself as root."""
    text = text.for_item(dataset)
    children = (content_tree(item, text) for item in items_of(dataset, CONTENT_SEQUENCE))
    return content_item(dataset, text, Children(children))


def content_item(dataset: DataSet, text: TextDecoder, children: Children) -> ContentItem:
    """The content item of a data set, with children that have been read already."""
    text = text.for_item(dataset)
    measured = items_of(dataset, MEASURED_VALUE)
    item = ContentItem(
        relationship=text.text(dataset, RELATIONSHIP_TYPE) or "",
        value_type=text.text(dataset, VALUE_TYPE) or "",
        concept=sequence_code(dataset, CONCEPT_NAME, text),
        text=_number(measured[0], text) if measured else _text_value(dataset, text),
        code=sequence_code(dataset, CONCEPT_CODE, text),
        unit=_unit(measured[0], text) if measured else None,
        children=children,
        qualifier=sequence_code(dataset, NUMERIC_VALUE_QUALIFIER, text),
    )
    further = (*_further_numbers(item, measured, text), *_further_codes(item, dataset, text))
    return item._replace(further=further) if further else item


def _further_numbers(
    item: ContentItem, measured: tuple[DataSet, ...], text: TextDecoder
) -> list[ContentItem]:
    return [item._replace(text=_number(one, text), unit=_unit(one, text)) for one in measured[1:]]


def _further_codes(item: ContentItem, dataset: DataSet, text: TextDecoder) -> list[ContentItem]:
    codes = items_of(dataset, CONCEPT_CODE)[1:]
    return [item._replace(code=read_code(code, text)) for code in codes]


def items_of(dataset: DataSet, tag: int) -> tuple[DataSet, ...]:
    """Items of a sequence, empty if it is absent; refused if the element is not a sequence."""
    element = dataset.get(tag)
    if element is None:
        return ()
    if element.vr != "SQ":
        raise wrong_vr(tag, element)
    return element.items


def _number(measured: DataSet, text: TextDecoder) -> str | None:
    return text.for_item(measured).text(measured, NUMERIC_VALUE)


def _unit(measured: DataSet, text: TextDecoder) -> Code | None:
    return sequence_code(measured, MEASUREMENT_UNITS, text.for_item(measured))


def _text_value(dataset: DataSet, text: TextDecoder) -> str | None:
    for tag in TEXT_VALUES:
        if tag in dataset:
            return text.text(dataset, tag)
    return None


def sequence_code(dataset: DataSet, tag: int, text: TextDecoder) -> Code | None:
    """The first code of a code sequence; None if the sequence is absent or empty."""
    items = items_of(dataset, tag)
    return read_code(items[0], text) if items else None


def read_code(item: DataSet, text: TextDecoder) -> Code | None:
    """A coded entry (PS3.3 section 8); None if it has neither value nor meaning."""
    text = text.for_item(item)
    value = next((found for tag in CODE_VALUES if (found := text.text(item, tag))), "")
    meaning = text.text(item, CODE_MEANING) or ""
    if not value and not meaning:
        return None
    return Code(text.text(item, CODING_SCHEME) or "", value, meaning)
