"""The strict structural walk of a DICOM Part 10 file (PS3.5 section 7, PS3.10 section 7).

pydicom reads a truncated report without an error and returns fewer events. So no value is used
before this walk has checked that every length fits its parent and that the data set ends exactly at
the end of the file. A data set is returned as a plain dict.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydicom.datadict import dictionary_VR
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from transforms.errors import ObjectRefused

MAXIMUM_DEPTH = 32
"""Maximum nesting of sequences; a CT dose report has about eight levels."""

PREAMBLE_BYTES = 128
UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = 0xFFFEE000, 0xFFFEE00D, 0xFFFEE0DD
META_LENGTH, MEDIA_STORAGE_SOP_CLASS_UID = 0x00020000, 0x00020002
TRANSFER_SYNTAX_UID = 0x00020010
SOP_CLASS_UID = 0x00080016
REPEATED_META = frozenset({META_LENGTH, MEDIA_STORAGE_SOP_CLASS_UID, TRANSFER_SYNTAX_UID})
REPEATED_META |= {0x00020012, 0x00020013}
"""Elements of the file meta information that repeat, with the implementation's UID and name."""

SHORT_VRS = frozenset(b"AE AS AT CS DA DS DT FL FD IS LO LT PN SH SL SS ST TM UI UL US".split())
LONG_VRS = frozenset(b"OB OD OF OL OV OW SQ SV UC UN UR UT UV".split())

_Unpack = Callable[[bytes, int], tuple[Any, ...]]


class _Numbers(NamedTuple):
    """Readers of tags and lengths for one byte order."""

    tag_length: _Unpack
    tag: _Unpack
    short: _Unpack
    long: _Unpack


_LITTLE, _BIG = (
    _Numbers(*(struct.Struct(order + form).unpack_from for form in ("HHL", "HH", "H", "L")))
    for order in "<>"
)


class Element(NamedTuple):
    """One element: its VR and its bytes, or its items for a sequence."""

    vr: str
    value: bytes
    items: tuple[DataSet, ...]


DataSet = dict[int, Element]
"""Elements of one data set or item by tag, in file order."""


@dataclass(frozen=True, slots=True)
class Part10:
    """A file that passed the check: its file meta information and data set."""

    meta: DataSet
    dataset: DataSet


def read_part10(data: bytes) -> Part10:
    """Check and read a whole file; ObjectRefused names the fault and the byte position."""
    meta, position = read_meta(data)
    dataset = walk_of(data, meta).elements(position, len(data), 0)
    check_sop_class(meta, dataset)
    return Part10(meta, dataset)


KnownElements = dict[bytes, tuple[int, Element]]
"""Elements with their tags, by all their bytes."""


def read_meta(data: bytes, known: KnownElements | None = None) -> tuple[DataSet, int]:
    """File meta information (group 0002, always explicit VR little endian) and its end position.

    Elements that repeat from file to file are added to `known` and found there again.
    """
    known = {} if known is None else known
    if len(data) < PREAMBLE_BYTES + 4 or data[PREAMBLE_BYTES : PREAMBLE_BYTES + 4] != b"DICM":
        raise ObjectRefused("not_dicom", "no DICM prefix at byte 128")
    walk = Walk(data, explicit=True)
    meta: DataSet = {}
    position = PREAMBLE_BYTES + 4
    declared_end = None
    while data[position : position + 2] == b"\x02\x00":
        start, found = position, _known_element(data, position, known)
        if found is not None:
            tag, element = found
            position = start + 8 + len(element.value)
        else:
            tag, element, position = walk.element(start, len(data), 0)
            if tag in REPEATED_META:
                known[data[start:position]] = (tag, element)
        Walk.keep(meta, tag, element, position)
        if tag == META_LENGTH:
            declared_end = position + _meta_length(element)
    if declared_end not in (None, position):
        raise ObjectRefused("structure_invalid", "wrong length in (0002,0000)")
    return meta, position


def _known_element(data: bytes, start: int, known: KnownElements) -> tuple[int, Element] | None:
    """The known element with a length of two bytes that begins at `start`."""
    length = _LITTLE.short(data, start + 6)[0] if start + 8 <= len(data) else 0
    return known.get(data[start : start + 8 + length])


def _meta_length(element: Element) -> int:
    """Number of bytes of file meta information after this element (PS3.10 section 7.1)."""
    if element.vr != "UL" or len(element.value) != 4:
        raise ObjectRefused("structure_invalid", "file meta information (0002,0000)")
    return int(_LITTLE.long(element.value, 0)[0])


def walk_of(data: bytes, meta: DataSet) -> Walk:
    """The walk for the transfer syntax; refuses transfer syntaxes that drlake does not support."""
    element = meta.get(TRANSFER_SYNTAX_UID)
    if element is None:
        raise ObjectRefused("structure_invalid", "no transfer syntax (0002,0010)")
    syntax = _uid(element)
    if syntax not in (ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian):
        raise ObjectRefused("transfer_syntax_not_supported", "(0002,0010)")
    explicit, big_endian = syntax != ImplicitVRLittleEndian, syntax == ExplicitVRBigEndian
    return Walk(data, explicit=explicit, big_endian=big_endian)


def check_sop_class(meta: DataSet, dataset: DataSet) -> None:
    """Refuse a file whose meta information and data set have different SOP classes."""
    announced, found = meta.get(MEDIA_STORAGE_SOP_CLASS_UID), dataset.get(SOP_CLASS_UID)
    if announced is None or found is None or announced.value == found.value:
        return
    if _uid(announced) != _uid(found):
        raise ObjectRefused(
            "structure_invalid",
            "SOP class of the file and its data set differ: (0002,0002), (0008,0016)",
        )


def _uid(element: Element) -> str:
    return element.value.rstrip(b"\0 ").decode("ascii", "replace")


class Walk:
    """Reads a file in one pass; every read is checked against the end of its parent."""

    def __init__(self, data: bytes, *, explicit: bool, big_endian: bool = False) -> None:
        self.data = data
        self.explicit = explicit
        self.big_endian = big_endian
        self._numbers = _BIG if big_endian else _LITTLE

    def elements(self, position: int, end: int, depth: int) -> DataSet:
        """Elements from `position` to exactly `end`."""
        found: DataSet = {}
        while position < end:
            tag, element, position = self.element(position, end, depth)
            self.keep(found, tag, element, position)
        return found

    def element(self, position: int, end: int, depth: int) -> tuple[int, Element, int]:
        """One element and the position after it."""
        tag, vr, length, start = self.head(position, end)
        if length == UNDEFINED and vr not in ("SQ", "UN"):
            raise ObjectRefused("structure_invalid", f"undefined length at byte {position}")
        if length == UNDEFINED or _is_sequence(tag, vr):
            items, after = self._for_items(vr).items(start, length, end, depth + 1)
            return tag, Element("SQ", b"", items), after
        after = start + length
        if after > end:
            self.checked_end(start, length, end)
        return tag, Element(vr, self.data[start:after], ()), after

    def items(
        self, position: int, length: int, end: int, depth: int
    ) -> tuple[tuple[DataSet, ...], int]:
        """Items of a sequence and the position after it."""
        if depth > MAXIMUM_DEPTH:
            raise ObjectRefused("structure_invalid", f"nested deeper than {MAXIMUM_DEPTH}")
        found: list[DataSet] = []
        undefined = length == UNDEFINED
        stop = end if undefined else self.checked_end(position, length, end)
        while undefined or position < stop:
            tag, item_length, start = self.item_head(position, stop)
            if tag == SEQUENCE_END and undefined and item_length == 0:
                return tuple(found), start
            if tag != ITEM:
                raise ObjectRefused("structure_invalid", f"no item at byte {position}")
            item, position = self.item(start, item_length, stop, depth)
            found.append(item)
        return tuple(found), position

    def item(self, start: int, length: int, end: int, depth: int) -> tuple[DataSet, int]:
        """The data set of an item whose header has been read, and the position after it."""
        if length != UNDEFINED:
            stop = self.checked_end(start, length, end)
            return self.elements(start, stop, depth), stop
        found: DataSet = {}
        position = start
        while True:
            self.checked_end(position, 8, end)
            if self.tag_at(position) == ITEM_END:
                return found, self._item_end(position, end)
            tag, element, position = self.element(position, end, depth)
            self.keep(found, tag, element, position)

    def _item_end(self, position: int, end: int) -> int:
        _, length, after = self.item_head(position, end)
        if length:
            raise ObjectRefused("structure_invalid", f"item end with a length at byte {position}")
        return after

    def head(self, position: int, end: int) -> tuple[int, str, int, int]:
        """Tag, VR, length and start of the value."""
        start = self.checked_end(position, 8, end)
        group, number, length = self._numbers.tag_length(self.data, position)
        tag = group << 16 | number
        if group == 0xFFFE:
            raise ObjectRefused(
                "structure_invalid", f"delimiter outside a sequence or item at byte {position}"
            )
        if not self.explicit:
            return tag, _implicit_vr(tag), length, start
        vr = self.data[position + 4 : position + 6]
        if vr in SHORT_VRS:
            return tag, vr.decode(), self._numbers.short(self.data, position + 6)[0], start
        if vr not in LONG_VRS:
            raise ObjectRefused("structure_invalid", f"unknown VR at byte {position + 4}")
        start = self.checked_end(position, 12, end)
        return tag, vr.decode(), self._numbers.long(self.data, position + 8)[0], start

    def _for_items(self, vr: str) -> Walk:
        """The walk for the items of a sequence; with VR UN they are implicit VR little endian."""
        if self.explicit and vr == "UN":
            return Walk(self.data, explicit=False)
        return self

    def item_head(self, position: int, end: int) -> tuple[int, int, int]:
        """Tag, length and start of an item (or of a delimiter)."""
        start = self.checked_end(position, 8, end)
        group, number, length = self._numbers.tag_length(self.data, position)
        return group << 16 | number, length, start

    def tag_at(self, position: int) -> int:
        """The tag (four bytes) at a position."""
        group, number = self._numbers.tag(self.data, position)
        return int(group << 16 | number)

    def checked_end(self, start: int, length: int, end: int) -> int:
        """The end of `length` bytes from `start`; refused if it exceeds the parent or the file."""
        after = start + length
        if after <= end:
            return after
        if after > len(self.data):
            raise ObjectRefused("structure_truncated", f"element at byte {start} exceeds the file")
        raise ObjectRefused("structure_invalid", f"element at byte {start} exceeds its parent")

    @staticmethod
    def keep(found: DataSet, tag: int, element: Element, position: int) -> None:
        """Add an element; a repeated tag is refused."""
        if tag in found:
            raise ObjectRefused("structure_invalid", f"an element twice before byte {position}")
        found[tag] = element


def _is_sequence(tag: int, vr: str) -> bool:
    """Whether the value has items, by VR or (for UN) by the dictionary (PS3.5 section 6.2.2)."""
    return vr == "SQ" or (vr == "UN" and _implicit_vr(tag) == "SQ")


def _implicit_vr(tag: int) -> str:
    """VR of a tag in the dictionary; UN if the dictionary has none or several."""
    try:
        vr = dictionary_VR(tag)
    except KeyError:
        return "UN"
    return vr if len(vr) == 2 else "UN"
