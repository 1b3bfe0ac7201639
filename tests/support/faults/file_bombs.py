"""Files that need far more resources than their size, each read in a process of its own.

`python -m tests.support.faults.file_bombs` reads every file in a child of its own, with limits of
memory and time, and prints one JSON object with the outcome of each. Two of them are not files but
a child that uses memory and one that hangs: they show that the limits work.
"""

from __future__ import annotations

import json
import os
import resource
import struct
import sys
import time
import zlib
from pathlib import Path

from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from tests.support.reports.broken_reports import ITEM, ITEM_END, SEQUENCE_END, UNDEFINED, file_of
from tests.support.reports.crafted_reports import CONTENT, PRIVATE, TEXT, VALUE_TYPE, Encoding, item
from transforms.decode.report import decode
from transforms.errors import ObjectRefused

MEMORY_BYTES, SECONDS = 384 << 20, 5
EXPLICIT, IMPLICIT = Encoding(explicit=True), Encoding(explicit=False)
HEADER_SEQUENCE = 0x00081032
"""Procedure Code Sequence, an element of the header."""

INVALID, TRUNCATED = "structure_invalid", "structure_truncated"
SYNTAX, NO_REPORT = "transfer_syntax_not_supported", "not_dose_report"
HOG, HANG = "(eats memory)", "(hangs)"
ENDLESS = struct.pack("<L", UNDEFINED)
EMPTY_ITEM = ITEM + b"\0\0\0\0"


def head(tag: int, length: int, *, vr: str = "SQ", explicit: bool = True) -> bytes:
    """Head of a sequence."""
    written = struct.pack("<HH", tag >> 16, tag & 0xFFFF) + (vr.encode() + b"\0\0") * explicit
    return written + struct.pack("<L", length)


def bombs() -> dict[str, tuple[str, bytes]]:
    """Files and the reason for which each is refused, by name."""
    return {**_deep_nesting(), **_long_sequences(), **_false_lengths(), **_layered_items()}


def _deep_nesting() -> dict[str, tuple[str, bytes]]:
    """Endless nesting, in each kind of sequence."""
    levels = 100_000
    opened = ITEM + ENDLESS
    unknown = head(CONTENT, UNDEFINED, explicit=False) + opened
    swapped = struct.pack(
        ">HH2sHLHHL", 0x40, 0xA730, b"SQ", 0, UNDEFINED, 0xFFFE, 0xE000, UNDEFINED
    )
    return {
        f"{name} nested 100,000 deep": (INVALID, file_of(body, syntax))
        for name, body, syntax in (
            ("content", (head(CONTENT, UNDEFINED) + opened) * levels, ExplicitVRLittleEndian),
            ("implicit content", unknown * levels, ImplicitVRLittleEndian),
            ("big endian content", swapped * levels, ExplicitVRBigEndian),
            ("private", (head(PRIVATE, UNDEFINED) + opened) * levels, ExplicitVRLittleEndian),
            (
                "header",
                (head(HEADER_SEQUENCE, UNDEFINED) + opened) * levels,
                ExplicitVRLittleEndian,
            ),
            (
                "unknown VR",
                head(CONTENT, UNDEFINED, vr="UN") + opened + unknown * levels,
                ExplicitVRLittleEndian,
            ),
        )
    }


def _long_sequences() -> dict[str, tuple[str, bytes]]:
    """Very many items, elements and terms."""
    items = EMPTY_ITEM * 200_000
    without_value = item(EXPLICIT.element(VALUE_TYPE, "CS", b"NUM "))
    unended = item(EXPLICIT.element(VALUE_TYPE, "CS", b"NUM "), undefined=True)
    text = item(IMPLICIT.element(TEXT, "UT", b"dose"), undefined=True)
    private = b"".join(
        EXPLICIT.element((0x41 + 2 * (n >> 16)) << 16 | (n & 0xFFFF), "LO", b"")
        for n in range(100_000)
    )
    terms = b"ISO 2022 IR 87\\" * 4_000
    zeros = zlib.compress(b"\0" * (64 << 20), wbits=-15)
    own = item(EXPLICIT.element(0x00080005, "CS", b"ISO_IR 192") + without_value[8:])
    return {
        "200,000 empty items": (NO_REPORT, content_file(items)),
        "200,000 empty items without end": (
            TRUNCATED,
            file_of(head(CONTENT, UNDEFINED) + items),
        ),
        "100,000 items without a value": (NO_REPORT, content_file(without_value * 100_000)),
        "100,000 undefined items without a value": (NO_REPORT, content_file(unended * 100_000)),
        "100,000 undefined implicit items": (
            NO_REPORT,
            file_of(IMPLICIT.element(CONTENT, "SQ", text * 100_000), ImplicitVRLittleEndian),
        ),
        "50,000 items with a character set": (NO_REPORT, content_file(own * 50_000)),
        "100,000 private elements": (NO_REPORT, file_of(private)),
        "4,000 character sets": (
            NO_REPORT,
            file_of(struct.pack("<HH2sH", 8, 5, b"CS", len(terms)) + terms),
        ),
        "64 MB of zeros, deflated": (SYNTAX, file_of(zeros, DeflatedExplicitVRLittleEndian)),
    }


def content_file(items: bytes) -> bytes:
    """A file whose content sequence has these items."""
    return file_of(EXPLICIT.element(CONTENT, "SQ", items))


def _false_lengths() -> dict[str, tuple[str, bytes]]:
    """Lengths of gigabytes, and missing ends."""
    huge = struct.pack("<L", 0xFFFFFFFE)
    delimiters = (ITEM_END + b"\0\0\0\0") * 100_000
    return {
        "a sequence of 4 GB": (TRUNCATED, file_of(head(CONTENT, 0xFFFFFFFE) + EMPTY_ITEM)),
        "an item of 4 GB": (TRUNCATED, file_of(head(CONTENT, UNDEFINED) + ITEM + huge)),
        "a text of 4 GB": (TRUNCATED, file_of(head(TEXT, 0xFFFFFFFE, vr="UT") + b"dose")),
        "bytes of 4 GB in the meta information": (
            TRUNCATED,
            b"\0" * 128 + b"DICM" + head(0x00020102, 0xFFFFFFFE, vr="OB"),
        ),
        "a sequence without end": (TRUNCATED, file_of(head(CONTENT, UNDEFINED))),
        "an item without end": (TRUNCATED, file_of(head(CONTENT, UNDEFINED) + ITEM + ENDLESS)),
        "a text without end": (INVALID, file_of(head(TEXT, UNDEFINED, vr="UT") + b"\0" * 64)),
        "nothing but ends of items": (INVALID, file_of(head(CONTENT, UNDEFINED) + delimiters)),
        "nothing but ends of sequences": (
            INVALID,
            file_of(head(CONTENT, UNDEFINED) + (SEQUENCE_END + b"\0\0\0\0") * 100_000),
        ),
    }


def _layered_items() -> dict[str, tuple[str, bytes]]:
    """Nested items, each irregular only after all that it contains."""
    found = {}
    for undefined in (False, True):
        body = EXPLICIT.element(CONTENT, "SQ", item(EXPLICIT.element(TEXT, "UT", b"a")) * 40_000)
        for _ in range(22):
            after = EXPLICIT.element(PRIVATE, "LO", b"x ")
            body = EXPLICIT.element(
                CONTENT, "SQ", item(body + after, undefined=undefined), undefined=undefined
            )
        kind = "undefined" if undefined else "defined"
        found[f"irregular at 22 levels, {kind}"] = (NO_REPORT, file_of(body))
    return found


def outcome(name: str, data: bytes) -> str:
    """Outcome of one file; the two that are not files do harm."""
    try:
        if name == HOG:
            bytearray(2 * MEMORY_BYTES)
        while name == HANG:
            pass
        decode(data)
    except ObjectRefused as refused:
        return refused.reason.code
    except MemoryError:
        return "MemoryError"
    return "accepted"


def in_a_child(name: str, data: bytes) -> str:
    """Outcome of a file that is read within the limits, or how the child died."""
    told, say = os.pipe()
    child = os.fork()
    if child == 0:
        _limit()
        os.write(say, outcome(name, data).encode())
        os._exit(0)
    os.close(say)
    with os.fdopen(told, "rb") as pipe:
        found = pipe.read().decode()
    _, status = os.waitpid(child, 0)
    return found or f"died of signal {os.WTERMSIG(status)}"


def _limit() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    most = pages * resource.getpagesize() + MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def main() -> None:
    """Read every file and print its outcome."""
    files = {HOG: b"", HANG: b"", **{name: data for name, (_, data) in bombs().items()}}
    found = {}
    for name, data in files.items():
        started = time.monotonic()
        found[name] = (in_a_child(name, data), time.monotonic() - started)
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
