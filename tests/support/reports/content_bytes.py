"""Content items and whole reports byte by byte: fast, for tests that write thousands of reports."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pydicom.sr.coding import Code

from tests.support.reports.crafted_reports import (
    CODE_VALUE,
    CONCEPT_CODE,
    CONCEPT_NAME,
    CONTENT,
    DATE_TIME,
    MEANING,
    MEASURED,
    NUMERIC,
    RELATIONSHIP,
    SCHEME,
    TEXT,
    UID,
    UNITS,
    VALUE_TYPE,
    Encoding,
    item,
)

ENCODING = Encoding(explicit=True)
Elements = Iterable[tuple[int, str, str]]
"""Tag, VR and text of elements, in the order of their tags."""


def report_bytes(header: Elements, title: Code, content: Iterable[bytes]) -> bytes:
    """A file of the header, the document title and the content items."""
    stated = b"".join(element(*one) for one in header)
    root = element(VALUE_TYPE, "CS", "CONTAINER") + sequence(CONCEPT_NAME, coded(title))
    flags = element(0x0040A491, "CS", "COMPLETE")
    return ENCODING.file(stated + root + flags + sequence(CONTENT, *content))


def container(concept: Code, *children: bytes) -> bytes:
    """A container with its children."""
    return content(concept, "CONTAINER", sequence(CONTENT, *children))


@cache
def code_item(concept: Code, value: Code, *children: bytes) -> bytes:
    """A content item with a code."""
    below = sequence(CONTENT, *children) if children else b""
    return content(concept, "CODE", sequence(CONCEPT_CODE, coded(value)) + below)


def number_item(concept: Code, number: str, unit: str) -> bytes:
    """A measured number with its unit (UCUM)."""
    units = sequence(UNITS, coded(Code(unit, "UCUM", unit)))
    return content(concept, "NUM", sequence(MEASURED, units + element(NUMERIC, "DS", number)))


def uid_item(concept: Code, uid: str) -> bytes:
    """A reference by UID."""
    return content(concept, "UIDREF", element(UID, "UI", uid))


def moment_item(concept: Code, moment: str) -> bytes:
    """A date and time (DT)."""
    return content(concept, "DATETIME", element(DATE_TIME, "DT", moment))


def text_item(concept: Code, text: str) -> bytes:
    """A text."""
    return content(concept, "TEXT", element(TEXT, "UT", text))


def content(concept: Code, value_type: str, value: bytes) -> bytes:
    """A content item; `value` are its elements after the concept name."""
    return (
        element(RELATIONSHIP, "CS", "CONTAINS")
        + element(VALUE_TYPE, "CS", value_type)
        + sequence(CONCEPT_NAME, coded(concept))
        + value
    )


@cache
def coded(code: Code) -> bytes:
    """The elements of a code."""
    return (
        element(CODE_VALUE, "SH", code.value)
        + element(SCHEME, "SH", code.scheme_designator)
        + element(MEANING, "LO", code.meaning)
    )


def sequence(tag: int, *items: bytes) -> bytes:
    """A sequence of items."""
    return ENCODING.element(tag, "SQ", b"".join(item(one) for one in items))


def element(tag: int, vr: str, text: str) -> bytes:
    """An element with a text, padded to an even length."""
    value = text.encode("latin-1")
    padding = b"\0" if vr == "UI" else b" "
    return ENCODING.element(tag, vr, value + padding * (len(value) % 2))
