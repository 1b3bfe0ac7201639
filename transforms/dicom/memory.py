"""What a reader remembers from one report to the next, by exact bytes, and how much of it.

`runs.py` and `reader.py` fill it, with what the strict walk has read or proven, never with what
the policy refuses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.dicom.codes import Code
from transforms.dicom.content_tree import ContentItem
from transforms.dicom.identity.policy import IdentityPolicy
from transforms.dicom.structure import DataSet, Element
from transforms.dicom.text import SPECIFIC_CHARACTER_SET, TextDecoder

MEMORY_LIMIT = 50_000
"""Runs remembered per kind; when full, that kind is forgotten and learnt again."""

CHARACTER_SETS_REMEMBERED = 32


class Frame(NamedTuple):
    """What stands around a value: an item that has it, the value's length, and what follows."""

    item: ContentItem
    length: int
    ends_with: bytes


@dataclass(slots=True)
class Memory:
    """What was read before in one encoding and character set.

    All of it was checked under `policy`: nothing that the policy refuses is remembered.
    """

    text: TextDecoder
    policy: IdentityPolicy
    heads: dict[bytes, ContentItem] = field(default_factory=dict)
    frames: dict[bytes, Frame] = field(default_factory=dict)
    codes: dict[bytes, Code | None] = field(default_factory=dict)
    leaves: dict[bytes, ContentItem] = field(default_factory=dict)

    def forget_when_full(self) -> None:
        """Keep memory bounded however many different reports come."""
        for known in (self.heads, self.frames, self.codes, self.leaves):
            if len(known) > MEMORY_LIMIT:
                known.clear()


class Memories:
    """The memories of one reader: one for each encoding and character set that it has met."""

    def __init__(self, policy: IdentityPolicy) -> None:
        self.policy = policy
        self.warned_tags: set[int] = set()  # that named a place or a device in some report
        self._memories: dict[tuple[bool, bytes], Memory] = {}
        self._elements: dict[bool, dict[bytes, tuple[int, Element]]] = {True: {}, False: {}}

    def elements(self, explicit: bool) -> dict[bytes, tuple[int, Element]]:
        """Short header elements read before in one encoding; none of them identifies anybody."""
        known = self._elements[explicit]
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
            memory = self._memories[key] = Memory(TextDecoder(dataset), self.policy)
        memory.forget_when_full()
        return memory
