"""Caches of a reader, by exact bytes, kept from one report to the next.

`known_runs.py` and `reader.py` fill them with items that the strict walk has read or verified,
never with items that the identity policy refuses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.dicom.codes import Code
from transforms.dicom.content_tree import ContentItem
from transforms.dicom.header_runs import HeaderRuns
from transforms.dicom.identity.policy import IdentityPolicy
from transforms.dicom.structure import DataSet, Element, KnownElements
from transforms.dicom.text import SPECIFIC_CHARACTER_SET, TextDecoder

MEMORY_LIMIT = 50_000
"""Maximum number of cached runs per kind; a full cache is cleared."""

CHARACTER_SETS_REMEMBERED = 32


class Frame(NamedTuple):
    """The bytes around a value: an item with it, the value's length, and the bytes that follow.

    `closes_with` are the bytes that follow in an item of undefined length without children.
    """

    item: ContentItem
    length: int
    ends_with: bytes
    closes_with: bytes


class NextElement(NamedTuple):
    """A header element that followed another one in the last report: its bytes, tag and value."""

    run: bytes
    tag: int
    element: Element


@dataclass(slots=True)
class Memory:
    """Cached items of one encoding and character set.

    All items were checked under `policy`: items that it refuses are not cached.
    """

    text: TextDecoder
    policy: IdentityPolicy
    heads: dict[bytes, ContentItem] = field(default_factory=dict)
    frames: dict[bytes, Frame] = field(default_factory=dict)
    codes: dict[bytes, Code | None] = field(default_factory=dict)
    leaves: dict[bytes, ContentItem] = field(default_factory=dict)
    open_items: dict[bytes, ContentItem] = field(default_factory=dict)
    """Items of undefined length by their bytes and the item delimiter; equal ones are one object,
    although their end must be found each time."""

    next_items: dict[Code | None, tuple[bytes, ContentItem]] = field(default_factory=dict)
    """An item of undefined length that followed an item with this concept, with its bytes."""

    def forget_when_full(self) -> None:
        """Clear caches that are full, so that memory stays bounded."""
        for known in (
            self.heads,
            self.frames,
            self.codes,
            self.leaves,
            self.open_items,
            self.next_items,
        ):
            if len(known) > MEMORY_LIMIT:
                known.clear()


class Memories:
    """The caches of one reader, one for each encoding and character set."""

    def __init__(self, policy: IdentityPolicy) -> None:
        self.policy = policy
        self.warned_tags: set[int] = (
            set()
        )  # elements that identified a place or a device in some report
        self._memories: dict[tuple[bool, bytes], Memory] = {}
        self._elements: dict[bool, KnownElements] = {True: {}, False: {}}
        self.meta: KnownElements = {}
        self.next_elements: dict[bool, dict[int, NextElement]] = {True: {}, False: {}}
        self.header_runs = {True: HeaderRuns(), False: HeaderRuns()}

    def elements(self, explicit: bool) -> KnownElements:
        """Cached short header elements of one encoding; none of them identifies a person."""
        known = self._elements[explicit]
        if len(known) > MEMORY_LIMIT:
            known.clear()
        return known

    def memory(self, explicit: bool, dataset: DataSet) -> Memory:
        """The cache for an encoding and the character set that a data set declares."""
        declared = dataset.get(SPECIFIC_CHARACTER_SET)
        key = (explicit, declared.value if declared else b"")
        memory = self._memories.get(key)
        if memory is None:
            if len(self._memories) >= CHARACTER_SETS_REMEMBERED:
                self._memories.clear()
            memory = self._memories[key] = Memory(TextDecoder(dataset), self.policy)
        memory.forget_when_full()
        return memory
