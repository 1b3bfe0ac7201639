"""The strict reader: one pass over the bytes is the structural guard and the content tree.

Dose reports repeat themselves: the head of a content item (relationship, value type, concept),
a code or the unit of a number are the same bytes thousands of times. The reader recognises such
runs by their exact bytes instead of parsing them again. It remembers only what the strict walk of
`receive.structure` has read whole, and every length around a remembered run is checked before it
is used: a truncated file can neither fill the memory with lies nor profit from it. Whatever is
not of the common form goes to that walk, so memory changes the speed and never the result.
"""

from __future__ import annotations

from typing import NamedTuple

from transforms.decode.content import (
    CONTENT_SEQUENCE,
    NO_CHILDREN,
    Children,
    ContentItem,
    content_item,
    content_tree,
)
from transforms.decode.runs import (
    ITEM_END,
    ITEM_HEAD,
    LEAF_BYTES,
    MEMORY_LIMIT,
    SEQUENCE_END,
    IrregularItem,
    Memory,
    Runs,
    uint32,
)
from transforms.decode.text import SPECIFIC_CHARACTER_SET, TextDecoder
from transforms.errors import ObjectRefused
from transforms.receive.identity import first_identifying
from transforms.receive.structure import (
    MAXIMUM_DEPTH,
    UNDEFINED,
    DataSet,
    Element,
    Walk,
    is_explicit,
    read_meta,
)

CHARACTER_SETS_REMEMBERED = 32
STRICT_DEPTH = MAXIMUM_DEPTH - 4
"""Below this depth nothing is taken from memory: the limit itself is checked item by item."""

_CONTENT_TAG = b"\x40\x00\x30\xa7"
_PRESENT = Element("SQ", b"", ())


class ReadReport(NamedTuple):
    """A file that passed the guard; the content sequence stands in `root`, not in `dataset`."""

    dataset: DataSet
    root: ContentItem
    text: TextDecoder
    identified_by: str | None


class ReportReader:
    """Reads one report after another, the faster the more they have in common."""

    def __init__(self) -> None:
        self._memories: dict[tuple[bool, bytes], Memory] = {}
        self._sequences: dict[bool, dict[bytes, Element]] = {True: {}, False: {}}

    def read(self, data: bytes) -> ReadReport:
        """Guard and tree of one file; ObjectRefused says what does not fit."""
        meta, position = read_meta(data)
        return _Pass(data, is_explicit(meta), self).read(position)

    def sequences(self, explicit: bool) -> dict[bytes, Element]:
        """Short header sequences read before in one encoding."""
        known = self._sequences[explicit]
        if len(known) > MEMORY_LIMIT:
            known.clear()
        return known

    def memory(self, explicit: bool, dataset: DataSet) -> Memory:
        """The memory for an encoding and the character set that a data set declares."""
        declared = dataset.get(SPECIFIC_CHARACTER_SET)
        key = (explicit, declared.value if declared else b"")
        memory = self._memories.get(key)
        if memory is None:
            if len(self._memories) >= CHARACTER_SETS_REMEMBERED:
                self._memories.clear()
            memory = self._memories[key] = Memory(TextDecoder(dataset))
        memory.forget_when_full()
        return memory


class _Pass:
    """One pass over one file."""

    def __init__(self, data: bytes, explicit: bool, reader: ReportReader) -> None:
        self.data, self.reader = data, reader
        self.walk = Walk(data, explicit=explicit)
        self.sequences = reader.sequences(explicit)
        self.identified_by: str | None = None

    def read(self, position: int) -> ReadReport:
        """Header elements by the strict walk, the content sequence as a tree."""
        dataset: DataSet = {}
        children = NO_CHILDREN
        end, walk = len(self.data), self.walk
        while position < end:
            start = position
            if self.data[position : position + 4] == _CONTENT_TAG:
                children, position = self._content(position, end, dataset)
                walk.keep(dataset, CONTENT_SEQUENCE, _PRESENT, start)
            else:
                tag, element, position = self._header_element(position, end)
                walk.keep(dataset, tag, element, start)
        text = self.reader.memory(walk.explicit, dataset).text
        root = content_item(dataset, text, children)
        return ReadReport(dataset, root, text, first_identifying(dataset) or self.identified_by)

    def _header_element(self, position: int, end: int) -> tuple[int, Element, int]:
        """One header element; sequences of codes repeat from report to report."""
        tag, vr, length, start = self.walk.head(position, end)
        if vr != "SQ" or length > LEAF_BYTES:
            return self.walk.element(position, end, 0)
        after = self.walk.within(start, length, end)
        run = self.data[position:after]
        element = self.sequences.get(run)
        if element is None:
            _, element, _ = self.walk.element(position, end, 0)
            self.sequences[run] = element
        return tag, element, after

    def _content(self, position: int, end: int, dataset: DataSet) -> tuple[Children, int]:
        _, vr, length, start = self.walk.head(position, end)
        self.memory = self.reader.memory(self.walk.explicit, dataset)
        if vr != "SQ":
            return self._foreign_content(position, end)
        self.runs = Runs(self.data, self.walk, self.memory)
        return self._items(start, length, end, 1)

    def _foreign_content(self, position: int, end: int) -> tuple[Children, int]:
        """A content sequence under another VR (UN, as some archives make it)."""
        _, element, after = self.walk.element(position, end, 0)
        if element.vr != "SQ":
            raise ObjectRefused("structure_invalid", "the content sequence is no sequence")
        found = (first_identifying(item) for item in element.items)
        self.identified_by = next((name for name in found if name), None)
        text = self.memory.text
        return Children(content_tree(item, text) for item in element.items), after

    def _items(self, position: int, length: int, end: int, depth: int) -> tuple[Children, int]:
        """The content items of a sequence and the position after it."""
        if depth > MAXIMUM_DEPTH:
            raise ObjectRefused("structure_invalid", f"nested deeper than {MAXIMUM_DEPTH}")
        undefined = length == UNDEFINED
        stop = end if undefined else self.walk.within(position, length, end)
        found: list[ContentItem] = []
        while undefined or position < stop:
            if undefined and self.data.startswith(SEQUENCE_END, position, stop):
                return Children(found), position + 8
            item, position = self._item(position, stop, depth)
            found.append(item)
        return Children(found), position

    def _item(self, position: int, end: int, depth: int) -> tuple[ContentItem, int]:
        """One content item: remembered whole, of the common form, or read by the strict walk."""
        start = self.walk.within(position, 8, end)
        if not self.data.startswith(ITEM_HEAD, position):
            raise ObjectRefused("structure_invalid", f"no item at byte {position}")
        length = uint32(self.data, position + 4)[0]
        if length == UNDEFINED or length > LEAF_BYTES or depth > STRICT_DEPTH:
            return self._parsed(start, length, end, depth)
        stop = self.walk.within(start, length, end)
        run = self.data[start:stop]
        item = self.memory.leaves.get(run)
        if item is None:
            item, _ = self._parsed(start, length, end, depth)
            if self.identified_by is None and not any(child.children for child in item.children):
                self.memory.leaves[run] = item
        return item, stop

    def _parsed(self, start: int, length: int, end: int, depth: int) -> tuple[ContentItem, int]:
        try:
            if depth > STRICT_DEPTH:
                raise IrregularItem
            return self._common(start, length, end, depth)
        except IrregularItem:
            dataset, after = self.walk.item(start, length, end, depth)
            self.identified_by = self.identified_by or first_identifying(dataset)
            return content_tree(dataset, self.memory.text), after

    def _common(self, start: int, length: int, end: int, depth: int) -> tuple[ContentItem, int]:
        """An item of head and one value element; IrregularItem where it is something else."""
        undefined = length == UNDEFINED
        stop = end if undefined else self.walk.within(start, length, end)
        at, head = self.runs.head(start, stop, depth)
        text, code, unit, children = head.text, head.code, head.unit, head.children
        after = at
        if not self.runs.is_content(at):
            text, code, unit, after = self.runs.read_value(at, stop, depth)
        if after < stop and self.runs.is_content(after):
            value_length, value_start = self.runs.value(after, stop)
            children, after = self._items(value_start, value_length, stop, depth + 1)
        if undefined:
            if not self.data.startswith(ITEM_END, after, end):
                raise IrregularItem
            after += 8
        elif after != stop:
            raise IrregularItem
        item = ContentItem(
            head.relationship, head.value_type, head.concept, text, code, unit, children
        )
        return item, after
