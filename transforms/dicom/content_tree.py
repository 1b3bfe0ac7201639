"""The SR content tree (PS3.3 section C.17.3) as plain content items."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from operator import itemgetter
from typing import NamedTuple

from pydicom.sr.coding import Code as PydicomCode

from transforms.dicom.codes import Code
from transforms.dicom.concept_index import CodeKey, ConceptIndex, concept_index
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


class Children(tuple["ContentItem", ...]):
    """The children of an item in document order; their concepts are indexed on first use.

    The index is cached by hand, since Python 3.11's cached_property takes a lock at every call.
    """

    _concepts: ConceptIndex | None = None

    @property
    def concepts(self) -> ConceptIndex:
        """Where each concept is."""
        if self._concepts is None:
            self._concepts = concept_index(tuple(map(_concept_of, self)))
        return self._concepts

    def coded(self, key: CodeKey) -> list[ContentItem]:
        """Children whose concept has this scheme and value, with retired schemes translated."""
        return [self[at] for at in self.concepts.coded(key)]


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
        children = self.children
        return [children[at] for at in children.concepts.named(concept)] if children else []

    def all_children_named(self, concept: PydicomCode) -> list[ContentItem]:
        """Children with a concept by code or by meaning, in document order: for repeated items
        (events, totals), where one child found by code must not hide the others."""
        children = self.children
        return [children[at] for at in children.concepts.all_named(concept)]


NO_CHILDREN = Children()

item_of = partial(tuple.__new__, ContentItem)
"""The item of a tuple with the values of all fields: a third of the time of `ContentItem(…)`."""

_concept_of = itemgetter(ContentItem._fields.index("concept"))


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
