"""Finds free text that looks like an identifier of a person, in descriptors and comments.

A descriptor is the hospital's own text ("CT Thorax nativ") and is kept, since it is used to map
procedures. No rule can distinguish an unknown surname from an unknown protocol, so only text in the
form of an identifier is refused: a name with a title or a label, a DICOM person name, a date, a
number as long as a patient's, an e-mail address or a telephone number (PS3.15 section E.3.5 gives
"CT chest abdomen pelvis - 55F Dr. Smith" as the example).
"""

from __future__ import annotations

import re
from functools import lru_cache

TEXTS_REMEMBERED = 65_536

_UPPER, _LOWER = "A-ZÀ-ÖØ-Þ\u0100-\u024f", "a-zß-öø-ÿ\u0100-\u024f"
_TITLES = "Dr|Prof|Mrs|Mr|Ms|Miss|Herr|Frau|Mme|Mlle|Sra|Sig|Signora|Fru"
_LABELS = (
    "(?:patient|pat|physician|doctor|operator|radiographer|radiologist|nurse)(?:'?s)?(?: name)?"
    "|(?:sur|last|first|given|family)[ -]?name|referrer|referring|referred by|mrn|born|dob|birth"
)

_ALWAYS: tuple[tuple[str, str], ...] = (
    (
        "title and name",
        rf"\b(?:{_TITLES})\.?[ ^_]?(?<=[ .^_])[{_UPPER}][{_LOWER}'’-]+"
        rf"|\b(?:DR|PROF|MRS|MR|MS)\. ?[{_UPPER}][{_UPPER}{_LOWER}'’-]"
        rf"|\b(?:PROF|MRS|HERR|FRAU|MME) [{_UPPER}][{_UPPER}{_LOWER}'’-]",
    ),
    ("label and name", rf"(?i:\b(?:{_LABELS})\s?[:=]\s?[\w(])"),
    ("e-mail address", r"[\w.+-]+@[\w-]+\.[\w.-]+"),
    (
        "birth date",
        r"(?i:\b(?:d\.?o\.?b\.?|born|birth ?date|date of birth|geb\.?|geboren|née?)"
        r"\W{0,3}(?:am |le |on )?\d)",
    ),
    ("telephone number", r"(?i:\b(?:tel|phone|mobile|fax)\b\.?\W{0,3}\+?\d)|\+\d[\d ()/-]{7,}\d"),
    (
        "patient number",
        r"(?i:\b(?:mrn|pid|pat(?:ient)?[ ._-]?(?:id|nr|no))\W{0,3}[a-z]{0,4}\d{2,})",
    ),
)
"""Forms that are refused in any text of a report, with their names."""

_IN_DESCRIPTORS: tuple[tuple[str, str], ...] = (
    ("date", r"(?<!\d)(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])[./-](?:19|20)\d\d(?!\d)"),
    (
        "date",
        r"(?<!\d)(?:19|20)\d\d(?P<sep>[./-]?)(?:0[1-9]|1[0-2])(?P=sep)"
        r"(?:0[1-9]|[12]\d|3[01])(?!\d)",
    ),
    ("long number", r"\d{7,}|(?<!\d)\d{6}[-+]\d{3,5}(?!\d)"),
)
"""Forms that are refused in descriptors; comments of devices often contain UIDs and settings."""

_SIEMENS_FOLDERS = """
    abdomen abd angio bauch becken body breast cardiac cardio chest child coeur crane dental
    extremities extremity extremität extremitäten fluoro gefäße general hals head heart herz
    interventional intervention knie kopf lung lunge mamma neck neuro oncology onko pediatric
    paediatric pelvis pet qa quality rachis respiratory rtp schulter service shoulder specials
    spect spine stamm testing thorax tests trauma truncus vascular wbct wirbelsäule ganzkörper
    knee hip foot hand arm leg joint joints lowerextremities upperextremities
"""
"""Protocol folders of Siemens: "Thorax^TAP" is not a person name."""

_LETTER = r"[^\W\d_]"
_PERSON_NAME = re.compile(
    rf"({_LETTER}(?:{_LETTER}|['’ -])*)\^({_LETTER}(?:{_LETTER}|['’. -])*)(?:\^[^\d_]*)?"
)


def _alternation(forms: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    return re.compile("|".join(pattern for _, pattern in forms))


_FOLDERS = frozenset(_SIEMENS_FOLDERS.split())
_STRONG = _alternation(_ALWAYS)
_WEAK = _alternation(_IN_DESCRIPTORS)


@lru_cache(maxsize=TEXTS_REMEMBERED)
def names_somebody(text: str) -> bool:
    """Whether a text (also a device comment or name) has the form of an identifier."""
    return _STRONG.search(text) is not None or _is_person_name(text)


@lru_cache(maxsize=TEXTS_REMEMBERED)
def descriptor_names_somebody(text: str) -> bool:
    """Whether a descriptor (study description, protocol …) has the form of an identifier."""
    return names_somebody(text) or _WEAK.search(text) is not None


def _is_person_name(text: str) -> bool:
    """Whether the whole text is a DICOM person name (family^given) and not a Siemens protocol.

    Letters of scripts without case (Chinese, Arabic …) count as capitals.
    """
    found = _PERSON_NAME.fullmatch(text)
    if found is None or found[1][0].islower() or found[2][0].islower():
        return False
    return found[1].casefold() not in _FOLDERS
