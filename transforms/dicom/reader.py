"""The strict reader: one pass checks the structure and builds the content tree.

Dose reports repeat themselves: the head of a content item (relationship, value type, concept), a
code or the unit of a number are the same bytes thousands of times. The reader recognises such runs
by their exact bytes instead of parsing them again. It caches only runs that the strict walk of
`dicom.structure` has read completely, and checks every length around a cached run before using it,
so a truncated file can neither corrupt the cache nor pass because of it. Items that do not have the
common form are read by the strict walk: the cache changes the speed, never the result.
"""

from __future__ import annotations

from typing import NamedTuple

from transforms.dicom.content_tree import (
    CONTENT_SEQUENCE,
    NO_CHILDREN,
    Children,
    ContentItem,
    content_item,
    content_tree,
)
from transforms.dicom.identity.attributes import SERIAL_NUMBER
from transforms.dicom.identity.check import (
    NEGOTIABLE_TAGS,
    first_identifying,
    header_warnings,
    identifier_kind,
    identifying_content,
    identifying_meta,
    names_place_or_device,
    tag_name,
)
from transforms.dicom.identity.policy import DEFAULT_POLICY, IdentityPolicy
from transforms.dicom.known_runs import (
    ITEM_END,
    ITEM_HEAD,
    LEAF_BYTES,
    MEMORY_DEPTH,
    SEQUENCE_END,
    IrregularItem,
    Runs,
    repeats,
    uint16,
    uint32,
)
from transforms.dicom.memory import Memories
from transforms.dicom.structure import (
    MAXIMUM_DEPTH,
    UNDEFINED,
    DataSet,
    Element,
    Walk,
    check_sop_class,
    read_meta,
    walk_of,
)
from transforms.dicom.text import TextDecoder, wrong_vr
from transforms.errors import ObjectRefused

IRREGULAR_SHARE = 2
"""Limit of bytes in irregular items, as a multiple of the file size. Above it the strict walk reads
the whole file, since nested irregular items would be read again at every level."""

_CONTENT_TAG = b"\x40\x00\x30\xa7"
_PRESENT = Element("SQ", b"", ())


class ReadReport(NamedTuple):
    """A file that passed the structural check; its content is in `root`, not in `dataset`."""

    dataset: DataSet
    root: ContentItem
    text: TextDecoder
    identified_by: str | None
    identity_warnings: frozenset[str] = frozenset()


class _TooIrregular(Exception):
    """The cache does not help; the strict walk must read the file."""


class ReportReader:
    """Reads reports one after another; faster the more they have in common.

    Cached items were checked under the identity policy, so each policy has its own reader.
    """

    def __init__(self, policy: IdentityPolicy = DEFAULT_POLICY) -> None:
        self.policy = policy
        self.memories = Memories(policy)
        self._others: dict[IdentityPolicy, ReportReader] = {}

    def for_policy(self, policy: IdentityPolicy) -> ReportReader:
        """The reader for a policy, with the items cached under that policy."""
        if policy == self.policy:
            return self
        return self._others.setdefault(policy, ReportReader(policy))

    def read(self, data: bytes) -> ReadReport:
        """Check the structure of one file and read it; ObjectRefused names the fault."""
        meta, position = read_meta(data)
        walk = walk_of(data, meta)
        report = self._read_with_memory(walk, position) or _read_strictly(
            walk, position, self.policy
        )
        check_sop_class(meta, report.dataset)
        private = identifying_meta(meta)
        return report if private is None else report._replace(identified_by=private)

    def _read_with_memory(self, walk: Walk, position: int) -> ReadReport | None:
        """Read the report with the cache; None if the strict walk must read the whole file."""
        if walk.big_endian:
            return None
        try:
            return _MemoryPass(walk, self.memories).read(position)
        except _TooIrregular:
            return None


def _read_strictly(walk: Walk, position: int, policy: IdentityPolicy) -> ReadReport:
    """Read a file with an unusual but legal encoding, without the cache."""
    dataset = walk.elements(position, len(walk.data), 0)
    text = TextDecoder(dataset)
    root = content_tree(dataset, text)
    warnings = frozenset(header_warnings(dataset, policy))
    return ReadReport(dataset, root, text, first_identifying(dataset, policy), warnings)


class _MemoryPass:
    """One pass over a little endian file with the cache."""

    def __init__(self, walk: Walk, memories: Memories) -> None:
        self.data, self.walk, self.memories = walk.data, walk, memories
        self.known = memories.elements(walk.explicit)
        self.policy = memories.policy
        self.identified_by: str | None = None
        self.warnings: set[str] = set()
        self.irregular_items = self.irregular_bytes = 0

    def read(self, position: int) -> ReadReport:
        """Header elements (repeated ones from the cache) and the content tree."""
        dataset, read_with = DataSet(), None
        children = NO_CHILDREN
        data, end, known = self.data, len(self.data), self.known
        length_of, at = (uint16, 6) if self.walk.explicit else (uint32, 4)
        while position < end:
            start = position
            length = length_of(data, start + at)[0] if start + 8 <= end else UNDEFINED
            found = known.get(data[start : start + 8 + length]) if length <= LEAF_BYTES else None
            if found is not None:
                tag, element = found
                position = start + 8 + length
            elif data[start : start + 4] == _CONTENT_TAG:
                children, position = self._content(start, end, dataset)
                tag, element, read_with = CONTENT_SEQUENCE, _PRESENT, self.memory
            else:
                tag, element, position = self._header_element(start, end)
            if tag in dataset:
                raise ObjectRefused("structure_invalid", f"an element twice at byte {start}")
            dataset[tag] = element
        memory = self.memories.memory(self.walk.explicit, dataset)
        if read_with is not None and read_with is not memory:
            raise _TooIrregular  # the character set comes after the content
        text = memory.text
        root = content_item(dataset, text, children)
        return self._report(dataset, root, text)

    def _report(self, dataset: DataSet, root: ContentItem, text: TextDecoder) -> ReadReport:
        """The report with its identifying attribute (if refused) and identity warnings."""
        scheme, value, meaning = root.concept or ("", "", "")
        if self.identified_by is None and identifier_kind(scheme, value, meaning, root.value_type):
            self.identified_by = identifying_content(dataset, self.policy)
        for tag in self.memories.warned_tags:
            if tag in dataset and names_place_or_device(tag, dataset[tag].value):
                self.warnings.add(tag_name(tag))
        return ReadReport(dataset, root, text, self.identified_by, frozenset(self.warnings))

    def _header_element(self, position: int, end: int) -> tuple[int, Element, int]:
        """One header element; short ones are cached, since many repeat between reports."""
        _, vr, length, start = self.walk.head(position, end)
        run = self.data[position : start + length] if length <= LEAF_BYTES else b""
        if vr == "SQ" and run in self.known:
            return (*self.known[run], position + len(run))
        tag, element, after = self.walk.element(position, end, 0)
        identified_by = first_identifying({tag: element}, self.policy)
        warnings = header_warnings({tag: element}, self.policy)
        looked_at = tag in NEGOTIABLE_TAGS and not element.items  # checked again in every report
        if warnings and looked_at:
            self.memories.warned_tags.add(tag)
        if run and identified_by is None and (looked_at or not warnings):
            self.known[run] = (tag, element)
        self.identified_by = self.identified_by or identified_by
        self.warnings |= warnings
        return tag, element, after

    def _content(self, position: int, end: int, dataset: DataSet) -> tuple[Children, int]:
        _, vr, length, start = self.walk.head(position, end)
        self.memory = self.memories.memory(self.walk.explicit, dataset)
        if vr != "SQ":
            return self._foreign_content(position, end)
        self.runs = Runs(self.data, self.walk, self.memory)
        self.content_tag = _CONTENT_TAG + (b"SQ\0\0" if self.walk.explicit else b"")
        return self._items(start, length, end, 1)

    def _foreign_content(self, position: int, end: int) -> tuple[Children, int]:
        """A content sequence with another VR (UN, as some archives write it)."""
        _, element, after = self.walk.element(position, end, 0)
        if element.vr != "SQ":
            raise wrong_vr(CONTENT_SEQUENCE, element)
        found = (first_identifying(item, self.policy) for item in element.items)
        self.identified_by = self.identified_by or next((name for name in found if name), None)
        text = self.memory.text
        return Children(content_tree(item, text) for item in element.items), after

    def _items(self, position: int, length: int, end: int, depth: int) -> tuple[Children, int]:
        """The content items of a sequence and the position after it.

        This is drlake's innermost loop: a cached item costs one look-up.
        """
        if depth > MAXIMUM_DEPTH:
            raise ObjectRefused("structure_invalid", f"nested deeper than {MAXIMUM_DEPTH}")
        undefined = length == UNDEFINED
        stop = end if undefined else self.walk.checked_end(position, length, end)
        longest = LEAF_BYTES if depth <= MEMORY_DEPTH else -1
        data, leaves, framed = self.data, self.memory.leaves, self.runs.framed_item
        found: list[ContentItem] = []
        while undefined or position < stop:
            start = position + 8
            if start > stop or data[position : position + 4] != ITEM_HEAD:
                if undefined and data.startswith(SEQUENCE_END, position, stop):
                    return Children(found), start
                self.walk.checked_end(position, 8, stop)
                raise ObjectRefused("structure_invalid", f"no item at byte {position}")
            size = uint32(data, position + 4)[0]
            position = start + size
            item = None
            if size <= longest and position <= stop:
                item = leaves.get(data[start:position]) or framed(start, position)
            if item is None:
                item, position = self._item(start, size, stop, depth)
            found.append(item)
        return Children(found), position

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
        if regular and length <= LEAF_BYTES and repeats(item):
            self.memory.leaves[self.data[start:after]] = item
        return item, after

    def _common_item(
        self, start: int, length: int, end: int, depth: int
    ) -> tuple[ContentItem, int]:
        """Read an item of head, value and children; IrregularItem if it has another form."""
        undefined = length == UNDEFINED
        stop = end if undefined else self.walk.checked_end(start, length, end)
        head, text, code, after = self.runs.value(start, stop)
        children = NO_CHILDREN
        if after < stop and self.data.startswith(self.content_tag, after):
            begins = after + len(self.content_tag) + 4
            if begins > stop:
                raise IrregularItem
            children, after = self._items(begins, uint32(self.data, begins - 4)[0], stop, depth + 1)
        if undefined:
            if not self.data.startswith(ITEM_END, after, end):
                raise IrregularItem
            after += len(ITEM_END)
        elif after != stop:
            raise IrregularItem
        relationship, value_type, concept, _, _, unit, _, why, _ = head
        item = ContentItem(relationship, value_type, concept, text, code, unit, children, why)
        return item, after

    def _strict_item(
        self, start: int, length: int, end: int, depth: int
    ) -> tuple[ContentItem, int]:
        """Read an item by the strict walk; items that contain it are not cached either."""
        dataset, after = self.walk.item(start, length, end, depth)
        self.irregular_items += 1
        self.irregular_bytes += after - start
        if self.irregular_bytes > IRREGULAR_SHARE * len(self.data):
            raise _TooIrregular
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
