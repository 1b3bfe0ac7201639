"""Reports made byte by byte: legal, odd and broken ones that no library would write.

pydicom writes only regular files; these have value elements under VR UN, nonzero reserved bytes,
elements twice, sequences in private elements, character sets in items, and values whose bytes look
like the elements that the reader searches for.
"""

from __future__ import annotations

import struct
from typing import NamedTuple

from hypothesis import strategies as st
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from tests.support.reports.broken_reports import ITEM, ITEM_END, SEQUENCE_END, UNDEFINED, file_of

RELATIONSHIP, VALUE_TYPE, CHARACTER_SET = 0x0040A010, 0x0040A040, 0x00080005
CONCEPT_NAME, CONCEPT_CODE, CONTENT = 0x0040A043, 0x0040A168, 0x0040A730
MEASURED, NUMERIC, UNITS = 0x0040A300, 0x0040A30A, 0x004008EA
TEXT, DATE, UID, DATE_TIME, PERSON = 0x0040A160, 0x0040A121, 0x0040A124, 0x0040A120, 0x0040A123
CODE_VALUE, SCHEME, MEANING, PRIVATE = 0x00080100, 0x00080102, 0x00080104, 0x00411001

LONG_VRS = ("SQ", "UN", "UT", "OB")
LOOKALIKES = (
    b"@\0\x0a\xa3DS\x04\0",
    b"@\0\x0a\xa3\x04\0\0\0",
    b"@\0\x68\xa1SQ\0\0\x08\0\0\0",
    b"@\0\x30\xa7SQ\0\0\xff\xff\xff\xff",
    b"@\0\x60\xa1UT\0\0\x04\0\0\0",
    ITEM_END + b"\0\0\0\0",
    SEQUENCE_END + b"\0\0\0\0",
)


class Encoding(NamedTuple):
    """How a file is written."""

    explicit: bool

    def element(self, tag: int, vr: str, value: bytes, *, undefined: bool = False) -> bytes:
        """One element; of undefined length with its delimiter."""
        head = struct.pack("<HH", tag >> 16, tag & 0xFFFF)
        length = UNDEFINED if undefined else len(value)
        end = SEQUENCE_END + b"\0\0\0\0" if undefined else b""
        if not self.explicit:
            return head + struct.pack("<L", length) + value + end
        if vr in LONG_VRS:
            return head + vr.encode() + b"\0\0" + struct.pack("<L", length) + value + end
        return head + vr.encode() + struct.pack("<H", len(value)) + value

    def file(self, body: bytes) -> bytes:
        """A Part 10 file of the elements."""
        syntax = ExplicitVRLittleEndian if self.explicit else ImplicitVRLittleEndian
        return file_of(body, syntax)


def item(body: bytes, *, undefined: bool = False) -> bytes:
    """One item of a sequence."""
    if undefined:
        return ITEM + struct.pack("<L", UNDEFINED) + body + ITEM_END + b"\0\0\0\0"
    return ITEM + struct.pack("<L", len(body)) + body


def nested_private(encoding: Encoding, depth: int) -> bytes:
    """Nested private sequences; of undefined length, so that implicit VR shows them too."""
    body = b""
    for _ in range(depth):
        body = encoding.element(PRIVATE, "SQ", item(body), undefined=True)
    return body


def nested_content(encoding: Encoding, depth: int, innermost: bytes) -> bytes:
    """A content sequence this many items deep; the innermost item has the elements given."""
    for _ in range(depth):
        innermost = encoding.element(CONTENT, "SQ", item(innermost))
    return innermost


def code(encoding: Encoding, value: bytes, scheme: bytes = b"DCM ") -> bytes:
    """The elements of a code item."""
    return (
        encoding.element(CODE_VALUE, "SH", value)
        + encoding.element(SCHEME, "LO", scheme)
        + encoding.element(MEANING, "LO", b"meaning ")
    )


class ReportCrafter:
    """Draws the bytes of one odd report."""

    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.encoding = Encoding(draw(st.booleans()))

    def sometimes(self, of: int) -> bool:
        """True once in this many times."""
        return self.draw(st.integers(1, of)) == of

    def odd(self, element: bytes) -> bytes:
        """The element, sometimes with reserved bytes that are not zero, twice, or of VR UN."""
        if self.sometimes(30) and self.encoding.explicit and element[4:6] in (b"SQ", b"UT"):
            element = element[:6] + b"\0\1" + element[8:]
        if self.sometimes(30) and self.encoding.explicit and element[4:6] in (b"SQ", b"UT"):
            vr = self.draw(st.sampled_from([b"UN", b"UN", b"UT", b"OB"]))
            element = element[:4] + vr + element[6:]
        return element * 2 if self.sometimes(40) else element

    def sequence(self, tag: int, items: list[bytes]) -> bytes:
        """A sequence of either kind of length."""
        joined = b"".join(item(one, undefined=self.draw(st.booleans())) for one in items)
        undefined = self.draw(st.booleans())
        return self.odd(self.encoding.element(tag, "SQ", joined, undefined=undefined))

    def text(self, tag: int, vr: str) -> bytes:
        """A value, sometimes one that looks like elements or is not ASCII."""
        usual = st.sampled_from([b"", b"1.50", b"dose", b"20240101", b"1.2.3.4 ", b"D0123456789 "])
        strange = st.sampled_from([*LOOKALIKES, "ä€".encode(), b"\xe4\xf6 x"])
        value = self.draw(strange if self.sometimes(12) else usual)
        return self.odd(self.encoding.element(tag, vr, value))

    def code(self, tag: int) -> bytes:
        """A code sequence."""
        values = [b"113830", b"121008", b"113819", b"113880"]
        body = code(self.encoding, self.draw(st.sampled_from(values)))
        return self.sequence(
            tag, [self.charset() + body] * self.draw(st.sampled_from([0, 1, 1, 2]))
        )

    def charset(self) -> bytes:
        """Sometimes a character set of the item itself."""
        if not self.sometimes(25):
            return b""
        term = self.draw(st.sampled_from([b"ISO_IR 192", b"ISO_IR 144", b"", b"NONE"]))
        return self.encoding.element(CHARACTER_SET, "CS", term)

    def value(self) -> bytes:
        """The value of an item, of any kind, at the place of its tag."""
        kind = self.draw(
            st.sampled_from(["NUM", "CODE", "TEXT", "UID", "DATE", "WHEN", "NAME", ""])
        )
        if kind == "NUM":
            inner = self.charset() + self.code(UNITS) + self.text(NUMERIC, "DS")
            return self.sequence(MEASURED, [inner])
        if kind == "CODE":
            return self.code(CONCEPT_CODE)
        tag, vr = {
            "TEXT": (TEXT, "UT"),
            "UID": (UID, "UI"),
            "DATE": (DATE, "DA"),
            "WHEN": (DATE_TIME, "DT"),
            "NAME": (PERSON, "PN"),
            "": (PRIVATE + 1, "LO"),
        }[kind]
        return self.text(tag, vr)

    def content_item(self, depth: int) -> bytes:
        """The elements of a content item, usually in order."""
        parts = [
            self.charset(),
            self.encoding.element(RELATIONSHIP, "CS", b"CONTAINS"),
            self.encoding.element(VALUE_TYPE, "CS", b"NUM "),
            self.code(CONCEPT_NAME),
            self.value(),
        ]
        if self.sometimes(8):
            parts.insert(2, nested_private(self.encoding, self.draw(st.integers(1, 8))))
        if self.sometimes(12):
            parts.insert(self.draw(st.integers(0, len(parts))), self.value())
        if depth and self.sometimes(2):
            parts.append(self.content(depth - 1))
        if self.sometimes(20):
            parts = self.draw(st.permutations(parts))
        return b"".join(parts)

    def content(self, depth: int) -> bytes:
        """A content sequence."""
        number = self.draw(st.integers(0, 3))
        return self.sequence(CONTENT, [self.content_item(depth) for _ in range(number)])

    def report(self) -> bytes:
        """A whole file; its content may be nested below many others."""
        above = self.draw(st.sampled_from([0, 0, 0, 15, 22, 24, 27]))
        content = nested_content(self.encoding, above, self.content(3))
        head = self.encoding.element(CHARACTER_SET, "CS", b"ISO_IR 100")
        parts = [head, content] if not self.sometimes(20) else [content, head]
        return self.encoding.file(b"".join(parts))


@st.composite
def crafted_reports(draw: st.DrawFn) -> bytes:
    """An odd report; one in three has a few bytes changed."""
    data = ReportCrafter(draw).report()
    if draw(st.integers(1, 3)) > 1:
        return data
    changed = bytearray(data)
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(140, len(changed) - 1))
        new = st.one_of(st.integers(0, 255), st.sampled_from([0, 0xFF, changed[at] ^ 1]))
        changed[at] = draw(new)
    return bytes(changed)
