"""A report's content tree as text that a physicist can pass on: no person is named in it.

Numbers and codes are shown. A meaning is shown where DICOM's dictionaries list the code, and in
their wording: the meaning in a report may be a person's name. Text is shown only where it becomes a
column of the lake. Names, dates and free text are masked, and a UID is shown as the first digits of
its SHA-256.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator

import pyarrow as pa

from transforms.dicom.codes import Code, standard_meaning
from transforms.dicom.content_tree import ContentItem
from transforms.dicom.identity.check import identifier_kind
from transforms.dicom.identity.free_text import descriptor_names_somebody
from transforms.tables import REPORT_TABLES

MASKED = "(masked)"
UID_HEX_DIGITS = 8
MAXIMUM_LINES = 5_000
"""A larger tree is cut: a file can be made to have millions of items."""

SHOWN_TEXTS = frozenset(
    (column.source.scheme_designator, column.source.value)
    for table in REPORT_TABLES
    for column in table.columns
    if not isinstance(column.source, str)
    and column.type == pa.string()
    and not column.name.endswith(("_at", "_key"))
)
"""Concepts whose text becomes a column of the lake; times and keys are left out."""

_VALUE_TYPES = frozenset(
    {
        *("TEXT", "NUM", "CODE", "DATETIME", "DATE", "TIME", "UIDREF", "PNAME", "PERSON NAME"),
        *("CONTAINER", "COMPOSITE", "IMAGE", "WAVEFORM", "SCOORD", "SCOORD3D", "TCOORD", "TABLE"),
    }
)
_NUMBER = re.compile(r"[0-9eE+\-.,\\/ ]{1,512}")
_VALUE = re.compile(r"[A-Za-z]{0,3}-?[A-Z]{0,2}[0-9][\w.-]{0,15}", re.ASCII)
_SCHEME = re.compile(r"[A-Z0-9_.-]{1,16}")
_UNIT = re.compile(
    r"(?![A-Z][a-z]{2,}$)[A-Za-z0-9\[\]()./*^%\u00b5\u03bc-]{1,10}"
    r"|\{[\w -]{1,16}\}(/[a-z]{1,3})?|X-[Rr]ay sources"
)


def tree_lines(root: ContentItem) -> Iterator[str]:
    """The tree, one line per content item, indented by its depth."""
    for number, (depth, item) in enumerate(_with_depth(root, 0)):
        if number == MAXIMUM_LINES:
            yield f"... more than {MAXIMUM_LINES} items"
            return
        yield "  " * depth + item_line(item)


def item_line(item: ContentItem) -> str:
    """Value type, concept and value of one content item."""
    concept = "(no concept)" if item.concept is None else code_text(item.concept)
    value_type = item.value_type or "(no value type)"
    if item.value_type and item.value_type not in _VALUE_TYPES:
        value_type = MASKED
    line = f"{value_type} {concept}"
    value = value_text(item)
    return f"{line} = {value}" if value else line


def code_text(code: Code) -> str:
    """Return a code and its meaning, masked where they could name a person."""
    scheme = _text_or_mask(_SCHEME, code.scheme)
    meaning = standard_meaning(code)
    if meaning is None:
        return f"{scheme} {_text_or_mask(_VALUE, code.value)} {MASKED}"
    return f"{scheme} {code.value} {meaning!r}"


def _text_or_mask(pattern: re.Pattern[str], text: str) -> str:
    """Return the text if it has the pattern's form, else the mask; empty text stays empty."""
    return text if not text or pattern.fullmatch(text) else MASKED


def value_text(item: ContentItem) -> str:
    """Return the value of a content item, masked unless it is known to identify no person."""
    if item.text is None and item.code is None and item.qualifier is None:
        return ""
    if identifier_kind(*(item.concept or ("", "", "")), item.value_type) is not None:
        return MASKED
    if item.code is not None:
        return code_text(item.code)
    if item.value_type == "NUM":
        return _number(item)
    return _text(item)


def _number(item: ContentItem) -> str:
    """Number and unit, with the qualifier that says why there is no number."""
    number = _text_or_mask(_NUMBER, item.text or "") or "(no number)"
    unit = "(no unit)" if item.unit is None else _unit(item.unit)
    why = "" if item.qualifier is None else f", qualified {code_text(item.qualifier)}"
    return f"{number} {unit}{why}"


def _unit(unit: Code) -> str:
    return unit.value if standard_meaning(unit) else _text_or_mask(_UNIT, unit.value)


def _text(item: ContentItem) -> str:
    if item.value_type == "UIDREF":
        return short_uid(item.text or "")
    shown = item.concept and (item.concept.scheme, item.concept.value) in SHOWN_TEXTS
    if not shown or item.value_type != "TEXT" or descriptor_names_somebody(item.text or ""):
        return MASKED
    return repr(item.text)


def short_uid(uid: str) -> str:
    """First digits of a UID's SHA-256: enough to see which UIDs are equal."""
    return f"uid:{hashlib.sha256(uid.encode()).hexdigest()[:UID_HEX_DIGITS]}"


def _with_depth(item: ContentItem, depth: int) -> Iterator[tuple[int, ContentItem]]:
    yield depth, item
    for child in item.children:
        yield from _with_depth(child, depth + 1)
