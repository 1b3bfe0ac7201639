"""The identity check: refuses an object that still identifies a person or place.

Real files contain "Patient Identity Removed (0012,0062) = YES" together with a name and a birth
date. So the whole object is checked, including nested items and the content tree. The outcome names
only the attribute and the rule, never a value.

Four rules: an attribute of PS3.15 Table E.1-1 (`identity_profile`) or a content item that names
somebody (`identity_concepts`) has a value; a private or unknown element has a value, whatever it
means, unless it is a private creator; a descriptor has the form of an identifier
(`identity_text`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from pydicom.datadict import DicomDictionary, keyword_for_tag

from transforms.dicom.identity.attributes import (
    DESCRIPTOR,
    DIRECT,
    KIND_BY_TAG,
    SERIAL_NUMBER,
    tags_of,
)
from transforms.dicom.identity.concepts import (
    MEANING_BY_CONCEPT,
    PERSON_VALUE_TYPES,
    kind_of_concept,
)
from transforms.dicom.identity.free_text import descriptor_names_somebody
from transforms.dicom.identity.policy import DEFAULT_POLICY, NEGOTIABLE, IdentityPolicy
from transforms.dicom.structure import DataSet, Element

PRIVATE_ELEMENT, UNKNOWN_ELEMENT, NAME_IN_TEXT = "private_element", "unknown_element", "name_like"
"""Rules in addition to the kinds of `identity.attributes`."""

CONTENT_SEQUENCE, CONCEPT_NAME, VALUE_TYPE = 0x0040A730, 0x0040A043, 0x0040A040
CODE_VALUE, CODING_SCHEME, CODE_MEANING = 0x00080100, 0x00080102, 0x00080104
CONTENT_VALUES = (0x0040A160, 0x0040A121, 0x0040A120, 0x0040A122, 0x0040A123, 0x0040A124)
"""TextValue, Date, DateTime, Time, PersonName and UID of a content item."""

NEGOTIABLE_TAGS = tags_of(*NEGOTIABLE)
_PRIVATE_INFORMATION = 0x00020102
_PSEUDONYM = re.compile(rb"D[0-9a-f]{8,32}[ \0]*")
"""A keyed pseudonym of a device as written by `drlake deidentify`; it is not a serial number."""


class Finding(NamedTuple):
    """An identifying attribute or content item, and the rule that found it."""

    where: str
    rule: str

    def __str__(self) -> str:
        return f"{self.where}, rule {self.rule}"


def findings(dataset: DataSet, *, content: bool = True) -> Iterator[Finding]:
    """All identifying elements in a data set or item, including nested items.

    Without `content` the content tree is not checked.
    """
    for tag, element in dataset.items():
        rule = _rule(tag, element)
        if rule is not None:
            yield Finding(tag_name(tag), rule)
        elif content or tag != CONTENT_SEQUENCE:
            for item in element.items:
                yield from findings(item)
    if content:
        yield from _content_findings(dataset)


def first_identifying(dataset: DataSet, policy: IdentityPolicy = DEFAULT_POLICY) -> str | None:
    """The first attribute or content item that the policy refuses, including nested ones."""
    return next((str(found) for found in findings(dataset) if policy.refuses(found.rule)), None)


def identifying_meta(meta: DataSet) -> str | None:
    """An identifying element of the file meta information: private information; None if absent."""
    element = meta.get(_PRIVATE_INFORMATION)
    if element is None or not _has_text(element):
        return None
    return str(Finding(tag_name(_PRIVATE_INFORMATION), PRIVATE_ELEMENT))


def header_warnings(dataset: DataSet, policy: IdentityPolicy) -> set[str]:
    """Attributes outside the content tree that the policy allows with a warning."""
    found = findings(dataset, content=False)
    return {one.where for one in found if not policy.refuses(one.rule)}


def header_findings(
    tag: int, element: Element, policy: IdentityPolicy
) -> tuple[str | None, set[str]]:
    """What the policy refuses in an element outside the content tree (the first), and what it
    allows with a warning."""
    found = list(findings({tag: element}, content=False))
    if not found:
        return None, set()
    refused = next((str(one) for one in found if policy.refuses(one.rule)), None)
    return refused, {one.where for one in found if not policy.refuses(one.rule)}


@lru_cache(maxsize=4096)
def identifier_kind(scheme: str, value: str, meaning: str, value_type: str) -> str | None:
    """The kind of identifier in the value of a content item; None if there is none."""
    if value_type.upper() in PERSON_VALUE_TYPES:
        return DIRECT
    return kind_of_concept(scheme, value, meaning)


def identifying_content(item: DataSet, policy: IdentityPolicy = DEFAULT_POLICY) -> str | None:
    """The concept of a content item with an identifying value; None otherwise."""
    found = (str(one) for one in _content_findings(item) if policy.refuses(one.rule))
    return next(found, None)


@lru_cache(maxsize=4096)
def names_place_or_device(tag: int, value: bytes) -> bool:
    """Whether a negotiable attribute without items has a value that is not a pseudonym."""
    return _rule(tag, Element("LO", value, ())) is not None


def is_pseudonym(value: bytes) -> bool:
    """Whether a device name or serial number is a keyed pseudonym."""
    return _PSEUDONYM.fullmatch(value) is not None


def _content_findings(item: DataSet) -> Iterator[Finding]:
    scheme, value, meaning = _concept(item)
    kind = identifier_kind(scheme, value, meaning, _text(item, VALUE_TYPE))
    if kind is None:
        return
    stated = [item[tag] for tag in CONTENT_VALUES if tag in item and _has_text(item[tag])]
    if any(kind != SERIAL_NUMBER or not is_pseudonym(element.value) for element in stated):
        yield Finding(f"content item {concept_text(scheme, value)}", kind)


def concept_text(scheme: str, value: str) -> str:
    """Code and meaning of a standard concept; other concepts are not quoted."""
    known = MEANING_BY_CONCEPT.get((scheme, value))
    return "that names a person" if known is None else f"{scheme} {value} ({known})"


def _concept(item: DataSet) -> tuple[str, str, str]:
    """Scheme, value and meaning of an item's concept; empty if it has none."""
    element = item.get(CONCEPT_NAME)
    if element is None or not element.items:
        return "", "", ""
    code = element.items[0]
    return _text(code, CODING_SCHEME), _text(code, CODE_VALUE), _text(code, CODE_MEANING)


def _rule(tag: int, element: Element) -> str | None:
    """The rule that an identifying element matches; None if it matches none."""
    if tag >> 16 & 1:
        return _rule_of_private(tag, element)
    kind = KIND_BY_TAG.get(tag) or (DIRECT if element.vr == "PN" else None)
    if kind is None:
        return UNKNOWN_ELEMENT if _is_unknown(tag, element) and _has_value(element) else None
    if kind == DESCRIPTOR:
        return (
            NAME_IN_TEXT if descriptor_names_somebody(decode_any_charset(element.value)) else None
        )
    if kind != DIRECT and kind not in NEGOTIABLE:
        return None
    if not _has_value(element) or (kind == SERIAL_NUMBER and is_pseudonym(element.value)):
        return None
    return kind


def _rule_of_private(tag: int, element: Element) -> str | None:
    """A private element with a value. A reservation (gggg,0010) to (gggg,00FF) names the maker of
    its block (PS3.5 section 7.8.1): it identifies nobody unless its text has that form."""
    if not _has_value(element):
        return None
    if not 0x10 <= tag & 0xFFFF <= 0xFF or element.items:
        return PRIVATE_ELEMENT
    return NAME_IN_TEXT if descriptor_names_somebody(decode_any_charset(element.value)) else None


def _is_unknown(tag: int, element: Element) -> bool:
    """Whether the tag is not in the standard; group lengths (gggg,0000) are not counted."""
    return tag not in DicomDictionary and not (tag & 0xFFFF == 0 and len(element.value) == 4)


def _has_value(element: Element) -> bool:
    """Whether an element, or any element within its items, has a value."""
    return _has_text(element) or any(
        _has_value(inner) for item in element.items for inner in item.values()
    )


def _has_text(element: Element) -> bool:
    """Whether the bytes contain more than padding and name delimiters."""
    return bool(element.value.strip(b"\0 ^=\\"))


def decode_any_charset(value: bytes) -> str:
    """Text in either of two character sets; only its form is examined."""
    try:
        return value.decode("utf-8").strip("\0 ")
    except UnicodeDecodeError:
        return value.decode("latin-1").strip("\0 ")


def _text(dataset: DataSet, tag: int) -> str:
    element = dataset.get(tag)
    return element.value.strip(b"\0 ").decode("ascii", "replace") if element else ""


def tag_name(tag: int) -> str:
    """Keyword and tag; only the group number for a private or unknown element."""
    keyword = keyword_for_tag(tag)
    if not keyword:
        return f"private or unknown element of group {tag >> 16:04X}"
    return f"{keyword} ({tag >> 16:04X},{tag & 0xFFFF:04X})"
