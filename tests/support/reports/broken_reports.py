"""Broken copies of reports: prefixes and random mutations."""

from __future__ import annotations

import random
import struct

from pydicom.uid import ExplicitVRLittleEndian

from transforms.dicom.structure import Walk, read_meta, walk_of

UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0", b"\xfe\xff\xdd\xe0"
CONTENT_SEQUENCE = b"\x40\x00\x30\xa7"
LENGTHS = (0, 1, 7, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFFE, UNDEFINED)


class _Boundaries(Walk):
    """Records every offset where the strict walk sees a head, an item or a value begin or end."""

    found: set[int]

    def checked_end(self, start: int, length: int, end: int) -> int:
        """Record what is between two boundaries."""
        self.found.update((start, start + length))
        return super().checked_end(start, length, end)


def element_boundaries(data: bytes) -> list[int]:
    """Offsets where an element, an item, a delimiter or a value begins or ends, at any depth."""
    meta, position = read_meta(data)
    strict = walk_of(data, meta)
    walk = _Boundaries(data, explicit=strict.explicit, big_endian=strict.big_endian)
    walk.found = {position}
    walk.elements(position, len(data), 0)
    return sorted(walk.found)


def mutation(data: bytes, rng: random.Random) -> bytes:
    """A copy with one to eight changes of the kinds that transfer and software cause."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(changed)) if changed else 0
        rng.choice((_flip, _set_length, _remove, _insert, _repeat, _move, _cut))(changed, at, rng)
    return bytes(changed)


def _flip(data: bytearray, at: int, rng: random.Random) -> None:
    if data:
        data[at] = rng.choice((0, 0xFF, data[at] ^ (1 << rng.randrange(8)), rng.randrange(256)))


def _set_length(data: bytearray, at: int, rng: random.Random) -> None:
    """Overwrite the length of a nearby item or sequence."""
    found = data.find(rng.choice((ITEM, CONTENT_SEQUENCE, SEQUENCE_END)), at)
    if 0 <= found <= len(data) - 12:
        offset = rng.choice((4, 8))
        new = rng.choice((*LENGTHS, rng.randrange(1 << 16)))
        struct.pack_into("<L", data, found + offset, new)


def _remove(data: bytearray, at: int, rng: random.Random) -> None:
    del data[at : at + rng.choice((1, 2, 8, 64))]


def _insert(data: bytearray, at: int, rng: random.Random) -> None:
    piece = rng.choice((ITEM + b"\0\0\0\0", ITEM_END + b"\0\0\0\0", SEQUENCE_END + b"\0\0\0\0"))
    data[at:at] = rng.choice((piece, rng.randbytes(rng.randint(1, 16))))


def _repeat(data: bytearray, at: int, rng: random.Random) -> None:
    data[at:at] = data[at : at + rng.randint(1, 512)]


def _move(data: bytearray, at: int, rng: random.Random) -> None:
    length = rng.randint(1, 256)
    piece = data[at : at + length]
    del data[at : at + length]
    to = rng.randrange(len(data) + 1)
    data[to:to] = piece


def _cut(data: bytearray, at: int, rng: random.Random) -> None:
    if rng.randrange(4) == 0:
        del data[at:]


def file_of(body: bytes, syntax: str = ExplicitVRLittleEndian, preamble: bytes = b"") -> bytes:
    """A Part 10 file with this body."""
    uid = syntax.encode() + b"\0" * (len(syntax) % 2)
    meta = struct.pack("<HH2sH", 2, 0x10, b"UI", len(uid)) + uid
    return preamble.ljust(128, b"\0") + b"DICM" + meta + body
