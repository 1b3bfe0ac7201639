"""Broken copies of reports: prefixes, random mutations, and files made to do harm."""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Iterator

import pydicom
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

UNDEFINED = 0xFFFFFFFF
ITEM, ITEM_END, SEQUENCE_END = b"\xfe\xff\x00\xe0", b"\xfe\xff\x0d\xe0", b"\xfe\xff\xdd\xe0"
CONTENT_SEQUENCE = b"\x40\x00\x30\xa7"
LENGTHS = (0, 1, 7, 0x7FFF, 0xFFFF, 0x10000, 0x7FFFFFFF, 0xFFFFFFFE, UNDEFINED)


def element_boundaries(data: bytes) -> list[int]:
    """Where pydicom sees a value begin or end, in every data set and item of a file."""
    dataset = pydicom.dcmread(io.BytesIO(data))
    return sorted(at for at in set(_boundaries(dataset)) if 0 <= at <= len(data))


def _boundaries(dataset: pydicom.Dataset) -> Iterator[int]:
    for element in dataset:
        start = element.file_tell or 0
        yield from (start - 12, start - 8, start)
        if element.VR == "SQ":
            for item in element.value:
                yield from _boundaries(item)
        else:
            raw = dataset.get_item(element.tag)
            yield start + (len(raw.value) if isinstance(raw.value, bytes) else 0)


def mutation(data: bytes, rng: random.Random) -> bytes:
    """A copy with one to eight changes of the kinds that transfer and software make."""
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
    """A Part 10 file of a body as it is."""
    uid = syntax.encode() + b"\0" * (len(syntax) % 2)
    meta = struct.pack("<HH2sH", 2, 0x10, b"UI", len(uid)) + uid
    return preamble.ljust(128, b"\0") + b"DICM" + meta + body


def sequence_head(length: int, *, explicit: bool = True) -> bytes:
    """Head of a content sequence."""
    return CONTENT_SEQUENCE + (b"SQ\0\0" if explicit else b"") + struct.pack("<L", length)


def bombs() -> dict[str, bytes]:
    """Files that ask for far more than they bring, by name."""
    undefined = struct.pack("<L", UNDEFINED)
    nested = sequence_head(UNDEFINED) + ITEM + undefined
    implicit = sequence_head(UNDEFINED, explicit=False) + ITEM + undefined
    empty = ITEM + b"\0\0\0\0"
    zeros = zlib.compress(b"\0" * (64 << 20), wbits=-15)
    return {
        "deflated zeros": file_of(zeros, DeflatedExplicitVRLittleEndian),
        "nested 100,000 deep": file_of(nested * 100_000),
        "nested 100,000 deep, implicit": file_of(implicit * 100_000, ImplicitVRLittleEndian),
        "200,000 empty items": file_of(sequence_head(len(empty) * 200_000) + empty * 200_000),
        "200,000 empty items, no end": file_of(sequence_head(UNDEFINED) + empty * 200_000),
        "4 GB in a length": file_of(sequence_head(0xFFFFFFFE) + ITEM + struct.pack("<L", 1 << 31)),
        "100,000 private elements": file_of(
            b"".join(
                struct.pack("<HH2sH", 0x41 + 2 * (n >> 16), n & 0xFFFF, b"LO", 0)
                for n in range(100_000)
            )
        ),
        "a backslash a thousand times": file_of(
            struct.pack("<HH2sH", 8, 5, b"CS", 60_000) + b"ISO 2022 IR 87\\" * 4_000
        ),
    }
