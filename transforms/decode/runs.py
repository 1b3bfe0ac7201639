"""Runs of bytes that stand in report after report, recognised instead of parsed.

A content item of the common form is a head (everything before its value element) and one value
element. Heads, codes and units are remembered by their exact bytes once the strict walk has read
them; numbers, texts and UIDs are read each time.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, field

from transforms.decode.concepts import Code
from transforms.decode.content import (
    MEASUREMENT_UNITS,
    NO_CHILDREN,
    ContentItem,
    content_item,
    read_code,
    sequence_code,
)
from transforms.decode.text import TextDecoder
from transforms.errors import ObjectRefused
from transforms.receive.identity import first_identifying, is_identifying_concept
from transforms.receive.structure import UNDEFINED, DataSet, Walk

MEMORY_LIMIT = 50_000
"""Runs remembered per kind; when full, that kind is forgotten and learnt again."""

LEAF_BYTES = 640
"""Items up to this length are remembered whole: codes, kVp and collimations repeat."""

RUN_BYTES = 1024
"""A longer head, code or unit is not remembered."""

ITEM_HEAD = b"\xfe\xff\x00\xe0"
ITEM_END = b"\xfe\xff\x0d\xe0\x00\x00\x00\x00"
SEQUENCE_END = b"\xfe\xff\xdd\xe0\x00\x00\x00\x00"

# The third byte of the tag tells which value element of PS3.3 C.17.3 it is.
CHILDREN, NUMBER, CODE, TEXT = 0x30, 0x00, 0x68, 0x60

# ContentSequence, MeasuredValueSequence, ConceptCodeSequence, TextValue, UID, DateTime.
_EXPLICIT_VALUE = re.compile(
    rb"\x40\x00(?:\x30\xa7SQ|\x00\xa3SQ|\x68\xa1SQ|\x60\xa1UT|\x24\xa1UI|\x20\xa1DT)"
)
_IMPLICIT_VALUE = re.compile(rb"\x40\x00(?:\x30\xa7|\x00\xa3|[\x68\x60\x24\x20]\xa1)")
_EXPLICIT_NUMERIC, _IMPLICIT_NUMERIC = b"\x40\x00\x0a\xa3DS", b"\x40\x00\x0a\xa3"

uint16, uint32 = struct.Struct("<H").unpack_from, struct.Struct("<L").unpack_from

Value = tuple[str | None, Code | None, Code | None, int]
"""Text, code and unit of an item, and the position after its value element."""


class IrregularItem(Exception):
    """Not of the common form: the strict walk reads the item."""


@dataclass(slots=True)
class Memory:
    """What was read before in one encoding and character set."""

    text: TextDecoder
    heads: dict[bytes, ContentItem] = field(default_factory=dict)
    units: dict[bytes, Code | None] = field(default_factory=dict)
    codes: dict[bytes, Code | None] = field(default_factory=dict)
    leaves: dict[bytes, ContentItem] = field(default_factory=dict)

    def forget_when_full(self) -> None:
        """Keep memory bounded however many different reports come."""
        for known in (self.heads, self.units, self.codes, self.leaves):
            if len(known) > MEMORY_LIMIT:
                known.clear()


class Runs:
    """The runs of one file."""

    def __init__(self, data: bytes, walk: Walk, memory: Memory) -> None:
        self.data, self.walk, self.memory = data, walk, memory
        self.explicit = walk.explicit
        self._find_value = (_EXPLICIT_VALUE if walk.explicit else _IMPLICIT_VALUE).search
        self._content = b"\x40\x00\x30\xa7" + (b"SQ" if walk.explicit else b"")
        self._numeric = _EXPLICIT_NUMERIC if walk.explicit else _IMPLICIT_NUMERIC

    def head(self, start: int, stop: int, depth: int) -> tuple[int, ContentItem]:
        """Where the value element of an item begins, and the head before it."""
        found = self._find_value(self.data, start, stop)
        if found is None:
            raise IrregularItem
        at = found.start()
        run = self.data[start:at]
        head = self.memory.heads.get(run)
        if head is None:
            head = content_item(self._elements(start, at, depth), self.memory.text, NO_CHILDREN)
            if head.concept and is_identifying_concept(head.concept.scheme, head.concept.value):
                raise IrregularItem
            self.memory.heads[run] = head
        return at, head

    def is_content(self, at: int) -> bool:
        """Whether the element at `at` is the content sequence, with its own VR."""
        return self.data.startswith(self._content, at)

    def value(self, at: int, stop: int) -> tuple[int, int]:
        """Length and start of the value of the element at `at`."""
        long = self.explicit and self.data[at + 2] in (CHILDREN, NUMBER, CODE, TEXT)
        start = at + (12 if long else 8)
        if start > stop:
            raise IrregularItem
        if long:
            return uint32(self.data, at + 8)[0], start
        if self.explicit:
            return uint16(self.data, at + 6)[0], start
        return uint32(self.data, at + 4)[0], start

    def read_value(self, at: int, stop: int, depth: int) -> Value:
        """The value element at `at`, which must end at or before `stop`."""
        kind = self.data[at + 2]
        length, start = self.value(at, stop)
        if kind == NUMBER:
            return self._number(start, length, stop, depth)
        if kind == CODE:
            code, after = self._code(start, length, stop, depth)
            return None, code, None, after
        after = start + length
        if after > stop:
            raise IrregularItem
        return self.memory.text.decode(self.data[start:after]) or None, None, None, after

    def _number(self, start: int, length: int, stop: int, depth: int) -> Value:
        """A measured value sequence of one item that ends with its numeric value."""
        end = stop if length == UNDEFINED else start + length
        if end > stop or start + 8 > end or not self.data.startswith(ITEM_HEAD, start):
            raise IrregularItem
        item_length = uint32(self.data, start + 4)[0]
        item_end = end if item_length == UNDEFINED else start + 8 + item_length
        at = self.data.find(self._numeric, start + 8, item_end)
        if item_end > end or at < 0:
            raise IrregularItem
        unit = self._unit(start + 8, at, depth)
        value_length, value_start = self.value(at, item_end)
        after = value_start + value_length
        if after > item_end:
            raise IrregularItem
        text = self.memory.text.decode(self.data[value_start:after]) or None
        after = self._closed(after, item_end, item_length, ITEM_END)
        return text, None, unit, self._closed(after, end, length, SEQUENCE_END)

    def _closed(self, after: int, end: int, length: int, delimiter: bytes) -> int:
        """The position after an item or sequence whose content ends at `after`."""
        if length != UNDEFINED:
            if after != end:
                raise IrregularItem
            return after
        if not self.data.startswith(delimiter, after, end):
            raise IrregularItem
        return after + len(delimiter)

    def _unit(self, start: int, at: int, depth: int) -> Code | None:
        run = self.data[start:at]
        if run in self.memory.units:
            return self.memory.units[run]
        elements = self._elements(start, at, depth + 1)
        unit = sequence_code(elements, MEASUREMENT_UNITS, self.memory.text)
        self.memory.units[run] = unit
        return unit

    def _code(self, start: int, length: int, stop: int, depth: int) -> tuple[Code | None, int]:
        """The first code of a concept code sequence."""
        after = start + length
        if length == UNDEFINED:
            after = self.data.find(SEQUENCE_END, start, stop) + 8
        run = self.data[start:after]
        if after > stop or after <= start:
            raise IrregularItem
        if run in self.memory.codes:
            return self.memory.codes[run], after
        items, ended = self._sequence(start, length, stop, depth)
        if ended != after or any(first_identifying(item) for item in items):
            raise IrregularItem
        code = read_code(items[0], self.memory.text) if items else None
        if len(run) <= RUN_BYTES:
            self.memory.codes[run] = code
        return code, after

    def _sequence(
        self, start: int, length: int, stop: int, depth: int
    ) -> tuple[tuple[DataSet, ...], int]:
        try:
            return self.walk.items(start, length, stop, depth + 1)
        except ObjectRefused:
            raise IrregularItem from None

    def _elements(self, start: int, at: int, depth: int) -> DataSet:
        """Elements that fill `start` to `at` exactly and identify nobody."""
        if at - start > RUN_BYTES:
            raise IrregularItem
        try:
            elements = self.walk.elements(start, at, depth)
        except ObjectRefused:
            raise IrregularItem from None
        if first_identifying(elements) is not None:
            raise IrregularItem
        return elements
