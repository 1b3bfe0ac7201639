"""Recognises byte sequences that many reports repeat, instead of parsing them.

A content item of the common form has a head (everything before its value), one value and optional
children. Heads, codes, and the frames around numbers, texts and UIDs are cached by their exact
bytes, including lengths, once the strict walk has read them; only the value itself is read each
time. A frame is verified before it is cached: the strict walk must read another value of the same
length in its place and find everything else unchanged.
"""

from __future__ import annotations

import re
import struct

from transforms.dicom.codes import Code
from transforms.dicom.content_tree import (
    CONCEPT_CODE,
    CONTENT_SEQUENCE,
    NO_CHILDREN,
    ContentItem,
    content_item,
    item_of,
    read_code,
)
from transforms.dicom.identity.check import first_identifying, identifier_kind
from transforms.dicom.memory import Frame, Memory
from transforms.dicom.structure import MAXIMUM_DEPTH, UNDEFINED, DataSet, Element, Walk
from transforms.dicom.text import SPECIFIC_CHARACTER_SET
from transforms.errors import ObjectRefused

LEAF_BYTES = 640
"""Items up to this length (bytes) are cached whole: codes, kVp and collimations repeat."""

RUN_BYTES = 1024
"""Longer heads, codes and frames (bytes) are not cached."""

LEARNING_DEPTH = MAXIMUM_DEPTH - 4
"""Nesting depth assumed when a run is cached, so that it is valid wherever the cache is used."""

MEMORY_DEPTH = MAXIMUM_DEPTH - 8
"""In deeper nesting the cache is not used, so that the depth limit is checked for each item."""

REPEATED_TEXT = 8
"""Texts of up to this many characters repeat (120 kV, 0.625 mm); most doses and UIDs do not."""

ITEM_HEAD = b"\xfe\xff\x00\xe0"
ITEM_END = b"\xfe\xff\x0d\xe0\x00\x00\x00\x00"
SEQUENCE_END = b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"

# The third byte of the tag identifies the value element (PS3.3 C.17.3).
CHILDREN, CODE = 0x30, 0x68

# ContentSequence, ConceptCodeSequence, NumericValue, TextValue, UID or DateTime, with its length.
_EXPLICIT_VALUE = re.compile(
    rb"\x40\x00(?:(?:\x30\xa7|\x68\xa1)SQ\x00\x00....|\x0a\xa3DS..|\x60\xa1UT\x00\x00....|"
    rb"\x24\xa1UI..|\x20\xa1DT..)",
    re.DOTALL,
)
_IMPLICIT_VALUE = re.compile(
    rb"\x40\x00(?:\x30\xa7|\x0a\xa3|[\x68\x60\x24\x20]\xa1)....", re.DOTALL
)
_MEASURED_VALUE_ENDS = (b"", ITEM_END + SEQUENCE_END, ITEM_END, SEQUENCE_END)
"""Bytes that can close a measured value after its number; none if lengths are defined."""

DICOM_ROOT = b"1.2.840.10008."
"""The root of the UIDs that DICOM defines (PS3.5 section 9)."""

VALUE_GROUP, SHORT_HEADER_BYTES = b"\x40\x00", 8
"""Group of the value elements, and bytes before a value (except that of a long explicit VR)."""

uint16, uint32 = struct.Struct("<H").unpack_from, struct.Struct("<L").unpack_from


class IrregularItem(Exception):
    """The item does not have the common form; the strict walk must read it."""


Value = tuple[ContentItem, str | None, Code | None, int]
"""The head of an item, its own text or code, and the position after them."""


class Runs:
    """Finds cached runs in one file."""

    def __init__(self, data: bytes, walk: Walk, memory: Memory) -> None:
        self.data, self.walk, self.memory = data, walk, memory
        self._frames, self._decode = memory.frames, memory.text.decode
        self._find_value = (_EXPLICIT_VALUE if walk.explicit else _IMPLICIT_VALUE).search

    def framed_item(self, start: int, stop: int) -> ContentItem | None:
        """Return the item from `start` to `stop` if the bytes before its value are cached."""
        data = self.data
        # The value is at the end of the item, so its tag is mostly the last one of its group.
        begins = data.rfind(VALUE_GROUP, start, stop) + SHORT_HEADER_BYTES
        frame = self._frames.get(data[start:begins])
        if frame is None:
            found = self._find_value(data, start, stop)
            if found is None:
                return None
            begins = found.end()
            frame = self._frames.get(data[start:begins])
        if frame is None or begins + frame.length != stop or frame.ends_with:
            return None
        text = self._decode(data[begins:stop]) or None
        relationship, value_type, concept, _, _, unit, none, why, _ = frame.item
        item = item_of((relationship, value_type, concept, text, None, unit, none, why, ()))
        if text is not None and len(text) <= REPEATED_TEXT:
            self.memory.leaves[data[start:stop]] = item
        return item

    def open_item(self, start: int, end: int) -> tuple[ContentItem, int] | None:
        """Return an item of undefined length if the bytes around its value are cached."""
        limit = start + RUN_BYTES
        found = self._find_value(self.data, start, limit if limit < end else end)
        if found is None:
            return None
        at, begins = found.span()
        if self.data[at + 2] == CHILDREN:
            return None
        frame = self._frames.get(self.data[start:begins])
        if frame is None:
            return None
        ends = begins + frame.length
        if not self.data.startswith(frame.closes_with, ends, end):
            return None
        after = ends + len(frame.closes_with)
        item = self.memory.open_items.get(self.data[start:after])
        if item is None:
            text = self._decode(self.data[begins:ends]) or None
            relationship, value_type, concept, _, _, unit, none, why, _ = frame.item
            item = item_of((relationship, value_type, concept, text, None, unit, none, why, ()))
            if text is not None and len(text) <= REPEATED_TEXT:
                self.memory.open_items[self.data[start:after]] = item
        return item, after

    def value(self, start: int, stop: int) -> Value:
        """Head and value of the item that begins at `start` and ends at `stop` or before."""
        limit = start + RUN_BYTES
        found = self._find_value(self.data, start, limit if limit < stop else stop)
        if found is None:
            raise IrregularItem
        at, begins = found.span()
        kind = self.data[at + 2]
        if kind == CHILDREN:
            return self._head(start, at), None, None, at
        if kind == CODE:
            code, after = self._code(begins, stop)
            return self._head(start, at), None, code, after
        frame = self._frames.get(self.data[start:begins])
        if frame is None:
            frame = self._frame(start, at, begins, stop)
        ends = begins + frame.length
        after = ends + len(frame.ends_with)
        if after > stop or not self.data.startswith(frame.ends_with, ends):
            raise IrregularItem
        return frame.item, self._decode(self.data[begins:ends]) or None, None, after

    def _head(self, start: int, at: int) -> ContentItem:
        """The head that ends where the value element begins."""
        run = self.data[start:at]
        head = self.memory.heads.get(run)
        if head is None:
            head = self._item(self.walk, start, at)
            if head.text is not None:
                raise IrregularItem
            self.memory.heads[run] = head
        return head

    def _code(self, start: int, stop: int) -> tuple[Code | None, int]:
        """The first code of a concept code sequence whose value begins at `start`."""
        length = uint32(self.data, start - 4)[0]
        after = start + length
        if length == UNDEFINED:
            after = self.data.find(SEQUENCE_END, start, min(stop, start + RUN_BYTES)) + 8
        run = self.data[start - 4 : after]
        if after > stop or after <= start:
            raise IrregularItem
        if run in self.memory.codes:
            return self.memory.codes[run], after
        items, ended = self._sequence(start, length, stop)
        if ended != after or any(
            first_identifying(item, self.memory.policy) or _has_character_set(item)
            for item in items
        ):
            raise IrregularItem
        if len(items) > 1:  # more codes than an item may have, see ContentItem.further
            raise IrregularItem
        code = read_code(items[0], self.memory.text) if items else None
        if len(run) <= RUN_BYTES:
            self.memory.codes[run] = code
        return code, after

    def _frame(self, start: int, at: int, begins: int, stop: int) -> Frame:
        """Cache the frame of the value at `begins`; IrregularItem if it is not a frame."""
        short = self.walk.explicit and self.data[at + 4 : at + 6] != b"UT"
        length = uint16(self.data, begins - 2)[0] if short else uint32(self.data, begins - 4)[0]
        ends = begins + length
        if not length or ends > stop:
            raise IrregularItem
        for ending in _MEASURED_VALUE_ENDS:
            if self.data.startswith(ending, ends, stop):
                item = self._proven_item(start, begins, ends, ends + len(ending))
                if item is not None:
                    frame = Frame(item, length, ending, ending + ITEM_END)
                    self._frames[self.data[start:begins]] = frame
                    return frame
        raise IrregularItem

    def _proven_item(self, start: int, begins: int, ends: int, after: int) -> ContentItem | None:
        """The item, if the strict walk reads any value from `begins` to `ends` as its text."""
        other = b"7" * (ends - begins)
        data = b"".join((self.data[start:begins], other, self.data[ends:after]))
        try:
            item = self._item(self.walk, start, after)
            told = self._item(Walk(data, explicit=self.walk.explicit), 0, len(data))
        except IrregularItem:
            return None
        return item if told == item._replace(text=other.decode()) else None

    def _item(self, walk: Walk, start: int, stop: int) -> ContentItem:
        """The item with the elements from `start` to `stop`; IrregularItem if it may identify."""
        if stop - start > RUN_BYTES:
            raise IrregularItem
        try:
            elements = walk.elements(start, stop, LEARNING_DEPTH)
        except ObjectRefused:
            raise IrregularItem from None
        if CONTENT_SEQUENCE in elements or CONCEPT_CODE in elements:
            raise IrregularItem
        item = content_item(elements, self.memory.text, NO_CHILDREN)
        if self._may_identify(item) or _has_character_set(elements) or item.further:
            raise IrregularItem
        if first_identifying(elements, self.memory.policy) is not None:
            raise IrregularItem
        return item

    def _may_identify(self, item: ContentItem) -> bool:
        """Whether the policy refuses items of this concept or value type that have a value."""
        scheme, value, meaning = item.concept or ("", "", "")
        kind = identifier_kind(scheme, value, meaning, item.value_type)
        return kind is not None and self.memory.policy.refuses(kind)

    def learn_checked(self, start: int, stop: int, item: ContentItem) -> None:
        """Cache an item without children by its bytes, after the strict walk has read and checked
        it. Its concept may identify, but its value (a device pseudonym) does not."""
        try:
            elements = self.walk.elements(start, stop, LEARNING_DEPTH)
        except ObjectRefused:
            return
        if CONTENT_SEQUENCE not in elements and not _has_character_set(elements):
            self.memory.leaves[self.data[start:stop]] = item

    def _sequence(self, start: int, length: int, stop: int) -> tuple[tuple[DataSet, ...], int]:
        try:
            return self.walk.items(start, length, stop, LEARNING_DEPTH + 1)
        except ObjectRefused:
            raise IrregularItem from None


def _has_character_set(dataset: DataSet) -> bool:
    """Whether an item, or an item within it, declares its own character set."""
    return SPECIFIC_CHARACTER_SET in dataset or any(
        _has_character_set(item) for element in dataset.values() for item in element.items
    )


def repeats_in_headers(element: Element) -> bool:
    """Whether other reports are likely to contain an element: classes, not instances and times."""
    if element.vr == "UI":
        return element.value.startswith(DICOM_ROOT)
    return element.vr not in ("DT", "TM")


def repeats(item: ContentItem) -> bool:
    """Whether other reports are likely to contain the item: a code, or a number of few digits."""
    if item.text is not None and len(item.text) > REPEATED_TEXT:
        return False
    return not item.children or not any(child.children for child in item.children)
