"""Reads the content items of one file, with the cache of earlier files."""

from __future__ import annotations

from transforms.dicom.content_tree import (
    NO_CHILDREN,
    Children,
    ContentItem,
    content_tree,
    item_of,
)
from transforms.dicom.identity.attributes import SERIAL_NUMBER
from transforms.dicom.identity.check import first_identifying, identifier_kind
from transforms.dicom.known_runs import (
    ITEM_END,
    ITEM_HEAD,
    LEAF_BYTES,
    MEMORY_DEPTH,
    RUN_BYTES,
    SEQUENCE_END,
    IrregularItem,
    Runs,
    repeats,
    uint32,
)
from transforms.dicom.memory import Memory
from transforms.dicom.structure import MAXIMUM_DEPTH, UNDEFINED, Walk
from transforms.errors import ObjectRefused

IRREGULAR_SHARE = 2
"""Limit of bytes in irregular items, as a multiple of the file size. Above it the strict walk reads
the whole file, since nested irregular items would be read again at every level."""

LEAF_SIZES = {ITEM_HEAD + size.to_bytes(4, "little"): size for size in range(LEAF_BYTES + 1)}
"""Sizes of the items that are cached whole, by tag and length of the item."""

NO_SIZES: dict[bytes, int] = {}

CONTENT_TAG = b"\x40\x00\x30\xa7"


class TooIrregular(Exception):
    """The cache does not help; the strict walk must read the file."""


class ContentPass:
    """One pass over the content of a little endian file with the cache."""

    def __init__(self, walk: Walk, memory: Memory) -> None:
        self.data, self.walk, self.memory = walk.data, walk, memory
        self.policy = memory.policy
        self.runs = Runs(walk.data, walk, memory)
        self.leaves, self.framed_item = memory.leaves, self.runs.framed_item
        self.content_tag = CONTENT_TAG + (b"SQ\0\0" if walk.explicit else b"")
        self.identified_by: str | None = None
        self.irregular_items = self.irregular_bytes = 0

    def items(self, position: int, length: int, end: int, depth: int) -> tuple[Children, int]:
        """The content items of a sequence and the position after it.

        This is drlake's innermost loop: a cached item costs one look-up.
        """
        if depth > MAXIMUM_DEPTH:
            raise ObjectRefused("structure_invalid", f"nested deeper than {MAXIMUM_DEPTH}")
        undefined = length == UNDEFINED
        stop = end if undefined else self.walk.checked_end(position, length, end)
        sizes = LEAF_SIZES if depth <= MEMORY_DEPTH else NO_SIZES
        data, leaves, framed = self.data, self.leaves, self.framed_item
        found: list[ContentItem] = []
        while undefined or position < stop:
            start = position + 8
            size = sizes.get(data[position:start])
            if size is None or start + size > stop:
                if undefined and data.startswith(SEQUENCE_END, position, stop):
                    return Children(found), start
                before = found[-1] if found else None
                item, position = self._large_item(position, stop, depth, before)
            else:
                position = start + size
                known = leaves.get(data[start:position]) or framed(start, position)
                item = known or self._item(start, size, stop, depth)[0]
            found.append(item)
        return Children(found), position

    def _large_item(
        self, position: int, end: int, depth: int, before: ContentItem | None
    ) -> tuple[ContentItem, int]:
        """Read an item with its header: a long one, or one of undefined length."""
        start = position + 8
        if start > end or not self.data.startswith(ITEM_HEAD, position):
            self.walk.checked_end(position, 8, end)
            raise ObjectRefused("structure_invalid", f"no item at byte {position}")
        size = uint32(self.data, position + 4)[0]
        if size == UNDEFINED and depth <= MEMORY_DEPTH:
            return self._open_item(start, end, depth, before)
        return self._item(start, size, end, depth)

    def _open_item(
        self, start: int, end: int, depth: int, before: ContentItem | None
    ) -> tuple[ContentItem, int]:
        """Read an item of undefined length: the one that followed `before` in another report, or
        one with cached bytes around its value, or any other."""
        concept = None if before is None else before.concept
        expected = self.memory.next_items.get(concept)
        if expected is not None and self.data.startswith(expected[0], start, end):
            return expected[1], start + len(expected[0])
        item, after = self.runs.open_item(start, end) or self._item(start, UNDEFINED, end, depth)
        if after - start <= LEAF_BYTES:
            run = self.data[start:after]
            if run in self.memory.open_items:
                self.memory.next_items[concept] = (run, item)
        return item, after

    def _item(self, start: int, length: int, end: int, depth: int) -> tuple[ContentItem, int]:
        """Read a content item that is not cached; a short one is then cached whole."""
        if depth > MEMORY_DEPTH:
            return self._strict_item(start, length, end, depth)
        irregular_before = self.irregular_items
        try:
            item, after = self._common_item(start, length, end, depth)
        except IrregularItem:
            return self._strict_item(start, length, end, depth)
        regular = self.irregular_items == irregular_before
        if regular and after - start <= LEAF_BYTES and repeats(item):
            if length == UNDEFINED:
                item = self.memory.open_items.setdefault(self.data[start:after], item)
            else:
                self.memory.leaves[self.data[start:after]] = item
        return item, after

    def _common_item(
        self, start: int, length: int, end: int, depth: int
    ) -> tuple[ContentItem, int]:
        """Read an item of head, value and children; IrregularItem if it has another form."""
        undefined = length == UNDEFINED
        stop = end if undefined else self.walk.checked_end(start, length, end)
        text = code = None
        children = NO_CHILDREN
        after = self.data.find(self.content_tag, start, start + RUN_BYTES)
        head = self.memory.heads.get(self.data[start:after]) if start < after < stop else None
        if head is None:
            head, text, code, after = self.runs.value(start, stop)
        if after < stop and self.data.startswith(self.content_tag, after):
            begins = after + len(self.content_tag) + 4
            if begins > stop:
                raise IrregularItem
            children, after = self.items(begins, uint32(self.data, begins - 4)[0], stop, depth + 1)
        if undefined:
            if not self.data.startswith(ITEM_END, after, end):
                raise IrregularItem
            after += len(ITEM_END)
        elif after != stop:
            raise IrregularItem
        relationship, value_type, concept, _, _, unit, _, why, _ = head
        fields = (relationship, value_type, concept, text, code, unit, children, why, ())
        return item_of(fields), after

    def _strict_item(
        self, start: int, length: int, end: int, depth: int
    ) -> tuple[ContentItem, int]:
        """Read an item by the strict walk; items that contain it are not cached either."""
        dataset, after = self.walk.item(start, length, end, depth)
        self.irregular_items += 1
        self.irregular_bytes += after - start
        if self.irregular_bytes > IRREGULAR_SHARE * len(self.data):
            raise TooIrregular
        identified_by = first_identifying(dataset, self.policy)
        self.identified_by = self.identified_by or identified_by
        item = content_tree(dataset, self.memory.text)
        if identified_by is None and length <= LEAF_BYTES and depth <= MEMORY_DEPTH:
            self._keep_if_of_a_device(start, after, item)
        return item, after

    def _keep_if_of_a_device(self, start: int, stop: int, item: ContentItem) -> None:
        """Cache a device pseudonym, which is repeated in every event of its reports."""
        scheme, value, meaning = item.concept or ("", "", "")
        if identifier_kind(scheme, value, meaning, item.value_type) == SERIAL_NUMBER:
            self.runs.learn_checked(start, stop, item)
