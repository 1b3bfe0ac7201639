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

from transforms.dicom.content_pass import CONTENT_TAG, ContentPass, TooIrregular
from transforms.dicom.content_tree import (
    CONTENT_SEQUENCE,
    NO_CHILDREN,
    Children,
    ContentItem,
    content_item,
    content_tree,
)
from transforms.dicom.identity.check import (
    NEGOTIABLE_TAGS,
    first_identifying,
    header_findings,
    header_warnings,
    identifier_kind,
    identifying_content,
    identifying_meta,
    names_place_or_device,
    tag_name,
)
from transforms.dicom.identity.policy import DEFAULT_POLICY, IdentityPolicy
from transforms.dicom.known_runs import (
    LEAF_BYTES,
    repeats_in_headers,
    uint16,
    uint32,
)
from transforms.dicom.memory import Memories, Memory, NextElement
from transforms.dicom.structure import (
    DataSet,
    Element,
    Walk,
    check_sop_class,
    read_meta,
    walk_of,
)
from transforms.dicom.text import TextDecoder, wrong_vr
from transforms.errors import ObjectRefused

_PRESENT = Element("SQ", b"", ())


class ReadReport(NamedTuple):
    """A file that passed the structural check; its content is in `root`, not in `dataset`."""

    dataset: DataSet
    root: ContentItem
    text: TextDecoder
    identified_by: str | None
    identity_warnings: frozenset[str] = frozenset()


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
        meta, position = read_meta(data, self.memories.meta)
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
        except TooIrregular:
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
        self.next_elements = memories.next_elements[walk.explicit]
        self.runs = memories.header_runs[walk.explicit]
        self.policy = memories.policy
        self.identified_by: str | None = None
        self.warnings: set[str] = set()

    def read(self, position: int) -> ReadReport:
        """Header elements (repeated ones from the cache) and the content tree."""
        dataset = DataSet()
        children, read_with = self._elements(dataset, position)
        memory = self.memories.memory(self.walk.explicit, dataset)
        if read_with is not None and read_with is not memory:
            raise TooIrregular  # the character set comes after the content
        text = memory.text
        root = content_item(dataset, text, children)
        return self._report(dataset, root, text)

    def _elements(self, dataset: DataSet, position: int) -> tuple[Children, Memory | None]:
        """Read all elements into `dataset`; returns the content, and the cache it was read with."""
        children, read_with, tag = NO_CHILDREN, None, 0
        data, end, runs = self.data, len(self.data), self.runs
        runs.begin()
        while position < end:
            start, run = position, runs.expected(data, position, tag)
            if run is not None and dataset.keys().isdisjoint(run.elements):
                runs.end(data, start)
                dataset.update(run.elements)
                tag, position = run.last, start + len(run.data)
                continue
            if data.startswith(CONTENT_TAG, start):
                runs.end(data, start)
                children, position = self._content(start, end, dataset)
                tag, element, read_with = CONTENT_SEQUENCE, _PRESENT, self.memory
            else:
                tag, element, position = self._header_element(start, end, tag)
            if tag in dataset:
                raise ObjectRefused("structure_invalid", f"an element twice at byte {start}")
            dataset[tag] = element
        return children, read_with

    def _report(self, dataset: DataSet, root: ContentItem, text: TextDecoder) -> ReadReport:
        """The report with its identifying attribute (if refused) and identity warnings."""
        scheme, value, meaning = root.concept or ("", "", "")
        if self.identified_by is None and identifier_kind(scheme, value, meaning, root.value_type):
            self.identified_by = identifying_content(dataset, self.policy)
        for tag in self.memories.warned_tags:
            if tag in dataset and names_place_or_device(tag, dataset[tag].value):
                self.warnings.add(tag_name(tag))
        return ReadReport(dataset, root, text, self.identified_by, frozenset(self.warnings))

    def _header_element(self, position: int, end: int, before: int) -> tuple[int, Element, int]:
        """One header element; a cached one is expected after the tag `before` in the next report,
        and becomes part of a run when it is there."""
        expected = self.next_elements.get(before)
        if expected is not None and self.data.startswith(expected.run, position):
            self.runs.add(before, position, expected.tag, expected.element)
            return expected.tag, expected.element, position + len(expected.run)
        self.runs.end(self.data, position)
        run = self._short_element(position)
        found = self.known.get(run)
        if found is None:
            return self._new_element(position, end)
        self.next_elements[before] = NextElement(run, *found)
        return (*found, position + len(run))

    def _short_element(self, position: int) -> bytes:
        """The bytes of the element at this position, as its length states; empty if it is long."""
        length_of, at, head = (uint16, 6, 8) if self.walk.explicit else (uint32, 4, 8)
        if self.walk.explicit and self.data.startswith(b"SQ", position + 4):
            length_of, at, head = uint32, 8, 12
        if position + head > len(self.data):
            return b""
        length = length_of(self.data, position + at)[0]
        return self.data[position : position + head + length] if length <= LEAF_BYTES else b""

    def _new_element(self, position: int, end: int) -> tuple[int, Element, int]:
        """Read and check a header element; a short one is cached, if reports may repeat it."""
        tag, element, after = self.walk.element(position, end, 0)
        identified_by, warnings = header_findings(tag, element, self.policy)
        looked_at = tag in NEGOTIABLE_TAGS and not element.items  # checked again in every report
        if warnings and looked_at:
            self.memories.warned_tags.add(tag)
        is_short = after - position <= LEAF_BYTES and repeats_in_headers(element)
        if is_short and identified_by is None and (looked_at or not warnings):
            self.known[self.data[position:after]] = (tag, element)
        self.identified_by = self.identified_by or identified_by
        self.warnings |= warnings
        return tag, element, after

    def _content(self, position: int, end: int, dataset: DataSet) -> tuple[Children, int]:
        _, vr, length, start = self.walk.head(position, end)
        self.memory = self.memories.memory(self.walk.explicit, dataset)
        if vr != "SQ":
            return self._foreign_content(position, end)
        content = ContentPass(self.walk, self.memory)
        found = content.items(start, length, end, 1)
        self.identified_by = self.identified_by or content.identified_by
        return found

    def _foreign_content(self, position: int, end: int) -> tuple[Children, int]:
        """A content sequence with another VR (UN, as some archives write it)."""
        _, element, after = self.walk.element(position, end, 0)
        if element.vr != "SQ":
            raise wrong_vr(CONTENT_SEQUENCE, element)
        found = (first_identifying(item, self.policy) for item in element.items)
        self.identified_by = self.identified_by or next((name for name in found if name), None)
        text = self.memory.text
        return Children(content_tree(item, text) for item in element.items), after
