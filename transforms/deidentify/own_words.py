"""Removes from every text of a report the words of its own names and identifiers.

A hospital writes a patient's name or accession number into descriptions and protocols; the header
says which words these are (PS3.15 E.3.5, Clean Descriptors).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pydicom.charset import convert_encodings, decode_bytes
from pydicom.datadict import dictionary_has_tag, dictionary_VR, tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.tag import BaseTag

IDENTIFIERS = (
    *("PatientID", "OtherPatientIDs", "AccessionNumber", "StudyID", "AdmissionID"),
    *("RequestedProcedureID", "ScheduledProcedureStepID", "PerformedProcedureStepID"),
    *("FillerOrderNumberImagingServiceRequest", "PlacerOrderNumberImagingServiceRequest"),
)
"""Attributes whose words are removed, beside every person name."""

_IDENTIFIER_TAGS = frozenset(tag_for_keyword(keyword) for keyword in IDENTIFIERS)
TEXT_VRS = frozenset({"LO", "SH", "LT", "ST", "UC", "UT"})
SHORTEST_NAME, SHORTEST_NUMBER = 3, 4
"""Shorter words are kept: "Li" is also a syllable, "12" also a thickness."""

_WORD = re.compile(r"[^\W_]+")
_DELIMITERS = {"\n", "\r", "\t", "\f"}


def own_words(dataset: Dataset) -> frozenset[str]:
    """Words of person names and identifiers anywhere in the object, without case."""
    encodings = _encodings(dataset)
    return frozenset(
        word
        for holder in (dataset, *_nested(dataset))
        for tag in list(holder.keys())
        if _vr(holder, tag) == "PN" or tag in _IDENTIFIER_TAGS
        for word in _WORD.findall(_text(holder, tag, encodings).casefold())
        if len(word) >= _shortest(word)
    )


def remove_words(dataset: Dataset, words: frozenset[str]) -> None:
    """Remove the words from every text of the object, nested ones included."""
    if not words:
        return
    pattern, encodings = _pattern(words), _encodings(dataset)
    for holder in (dataset, *_nested(dataset)):
        for tag in list(holder.keys()):
            if _vr(holder, tag) in TEXT_VRS:
                text = _text(holder, tag, encodings)
                if text and pattern.search(text.casefold()):
                    holder[tag].value = _without(text, pattern)


def _shortest(word: str) -> int:
    if any(character.isdigit() for character in word):
        return SHORTEST_NUMBER
    return SHORTEST_NAME if _has_case(word) else 1


def _has_case(word: str) -> bool:
    return word.upper() != word.lower()


@lru_cache(maxsize=64)
def _pattern(words: frozenset[str]) -> re.Pattern[str]:
    """Any of the words; whole words only in scripts that put spaces between them."""
    parts = (
        rf"(?<![^\W_]){re.escape(word)}(?![^\W_])"
        if _has_case(word) or word.isascii()
        else re.escape(word)
        for word in sorted(words, key=lambda word: (-len(word), word))
    )
    return re.compile("|".join(parts), re.IGNORECASE)


def _without(text: str, pattern: re.Pattern[str]) -> str:
    """The text without the words; empty where they cannot be cut out."""
    left = " ".join(pattern.sub(" ", text).split()).strip(" ^,;:-_/")
    return "" if pattern.search(left.casefold()) else left


def _encodings(dataset: Dataset) -> list[str]:
    """Python's names of the declared character sets."""
    return list(convert_encodings(dataset.get("SpecificCharacterSet") or ""))


def _vr(holder: Dataset, tag: BaseTag) -> str:
    """The VR as read; that of the dictionary where the file states none."""
    vr = holder.get_item(tag).VR
    if vr is None:
        return str(dictionary_VR(tag)) if dictionary_has_tag(tag) else "UN"
    return str(vr)


def _text(holder: Dataset, tag: BaseTag, encodings: list[str]) -> str:
    """Text of an element, which is left as it was read."""
    value = holder.get_item(tag).value
    if isinstance(value, bytes):
        return str(decode_bytes(value, encodings, _DELIMITERS)).strip("\0 ")
    return "" if value is None else str(value)


def _nested(dataset: Dataset) -> Iterator[Dataset]:
    for tag in list(dataset.keys()):
        if _vr(dataset, tag) == "SQ":
            for item in dataset[tag].value:
                yield item
                yield from _nested(item)
