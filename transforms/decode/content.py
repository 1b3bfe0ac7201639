"""The SR content tree (PS3.3 section C.17.3) as plain content items."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydicom.sr.coding import Code as PydicomCode

from transforms.decode.concepts import Code, same_code, same_meaning
from transforms.decode.text import TextDecoder
from transforms.receive.structure import DataSet

RELATIONSHIP_TYPE, VALUE_TYPE = 0x0040A010, 0x0040A040
CONCEPT_NAME, CONCEPT_CODE = 0x0040A043, 0x0040A168
CONTENT_SEQUENCE, MEASURED_VALUE = 0x0040A730, 0x0040A300
NUMERIC_VALUE, MEASUREMENT_UNITS = 0x0040A30A, 0x004008EA
CODE_VALUES = (0x00080100, 0x00080119, 0x00080120)
"""CodeValue, LongCodeValue, URNCodeValue: a code has one of them."""
CODING_SCHEME, CODE_MEANING = 0x00080102, 0x00080104
TEXT_VALUES = (0x0040A160, 0x0040A124, 0x0040A120, 0x0040A121, 0x0040A122)
"""TextValue, UID, DateTime, Date, Time: whichever the value type uses."""


@dataclass(frozen=True, slots=True)
class ContentItem:
    """One content item: what it is (`concept`), its value, and what it contains.

    `text` is the value of TEXT, UIDREF, DATETIME and the like, and the decimal string of NUM;
    `code` that of CODE; `unit` belongs to NUM. A value that is absent or empty is None.
    """

    relationship: str
    value_type: str
    concept: Code | None
    text: str | None
    code: Code | None
    unit: Code | None
    children: tuple[ContentItem, ...]

    def descendants(self) -> Iterator[ContentItem]:
        """Every item below this one, in document order."""
        for child in self.children:
            yield child
            yield from child.descendants()

    def all(self, concept: PydicomCode) -> list[ContentItem]:
        """Children of a concept: by code, and only if none has the code, by meaning."""
        named = [(child, child.concept) for child in self.children if child.concept is not None]
        by_code = [child for child, code in named if same_code(code, concept)]
        return by_code or [child for child, code in named if same_meaning(code, concept)]

    def first(self, concept: PydicomCode) -> ContentItem | None:
        """The first child of a concept; else the first item below, however deep."""
        for child in self.all(concept):
            return child
        for item in self.descendants():
            if item.concept is not None and same_code(item.concept, concept):
                return item
        return None


def content_tree(dataset: DataSet, text: TextDecoder) -> ContentItem:
    """The content tree whose root the data set itself is."""
    concept = _code(dataset, CONCEPT_NAME, text)
    measured = _items(dataset, MEASURED_VALUE)
    return ContentItem(
        relationship=text.text(dataset, RELATIONSHIP_TYPE) or "",
        value_type=text.text(dataset, VALUE_TYPE) or "",
        concept=concept,
        text=text.text(measured[0], NUMERIC_VALUE) if measured else _text_value(dataset, text),
        code=_code(dataset, CONCEPT_CODE, text),
        unit=_code(measured[0], MEASUREMENT_UNITS, text) if measured else None,
        children=tuple(content_tree(item, text) for item in _items(dataset, CONTENT_SEQUENCE)),
    )


def _items(dataset: DataSet, tag: int) -> tuple[DataSet, ...]:
    element = dataset.get(tag)
    return element.items if element else ()


def _text_value(dataset: DataSet, text: TextDecoder) -> str | None:
    for tag in TEXT_VALUES:
        if tag in dataset:
            return text.text(dataset, tag)
    return None


def _code(dataset: DataSet, tag: int, text: TextDecoder) -> Code | None:
    """The first code of a code sequence; None where the sequence is absent or empty."""
    items = _items(dataset, tag)
    return read_code(items[0], text) if items else None


def read_code(item: DataSet, text: TextDecoder) -> Code | None:
    """A coded entry (PS3.3 section 8); None where it has neither value nor meaning."""
    value = next((found for tag in CODE_VALUES if (found := text.text(item, tag))), "")
    meaning = text.text(item, CODE_MEANING) or ""
    if not value and not meaning:
        return None
    return Code(text.text(item, CODING_SCHEME) or "", value, meaning)
