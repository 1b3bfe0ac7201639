"""Reads as much as possible of a broken file, for display only; the values are never used."""

from __future__ import annotations

from transforms.dicom.structure import (
    ITEM,
    ITEM_END,
    MAXIMUM_DEPTH,
    SEQUENCE_END,
    UNDEFINED,
    DataSet,
    Walk,
    read_meta,
    walk_of,
)
from transforms.errors import ObjectRefused


def read_leniently(data: bytes) -> tuple[DataSet, ObjectRefused | None]:
    """The elements up to the first structural fault, and that fault."""
    try:
        meta, position = read_meta(data)
        strict = walk_of(data, meta)
    except ObjectRefused as refusal:
        return {}, refusal
    walk = _LenientWalk(data, explicit=strict.explicit, big_endian=strict.big_endian)
    return walk.elements(position, len(data), 0), walk.refusal


class _LenientWalk(Walk):
    """The strict walk, except that elements read before a fault are kept."""

    refusal: ObjectRefused | None = None

    def elements(self, position: int, end: int, depth: int) -> DataSet:
        """Elements from `position` to `end`, or to the fault."""
        found: DataSet = {}
        while position < end and self.refusal is None:
            position = self._add_element(found, position, end, depth)
        return found

    def items(
        self, position: int, length: int, end: int, depth: int
    ) -> tuple[tuple[DataSet, ...], int]:
        """Items to the end of the sequence, or to the fault in or between items."""
        found: list[DataSet] = []
        stop = end if length == UNDEFINED else min(position + length, end)
        while self.refusal is None and (length == UNDEFINED or position < stop):
            try:
                tag, item_length, start = self.item_head(position, stop)
                if tag == SEQUENCE_END:
                    return tuple(found), start
                if tag != ITEM or depth > MAXIMUM_DEPTH:
                    raise ObjectRefused("structure_invalid", f"no item at byte {position}")
            except ObjectRefused as refusal:
                self.refusal = refusal
                break
            one, position = self.item(start, item_length, stop, depth)
            found.append(one)
        return tuple(found), position

    def item(self, start: int, length: int, end: int, depth: int) -> tuple[DataSet, int]:
        """One item, complete or up to the fault in it."""
        if length != UNDEFINED:
            stop = min(start + length, end)
            return self.elements(start, stop, depth), stop
        found: DataSet = {}
        position = start
        while self.refusal is None and not self._item_ends(position):
            position = self._add_element(found, position, end, depth)
        return found, position + 8

    def _item_ends(self, position: int) -> bool:
        return position + 4 <= len(self.data) and self.tag_at(position) == ITEM_END

    def _add_element(self, found: DataSet, position: int, end: int, depth: int) -> int:
        try:
            tag, element, after = self.element(position, end, depth)
        except ObjectRefused as refusal:
            self.refusal = self.refusal or refusal
            return end
        found.setdefault(tag, element)
        return after
