"""Identifying attributes of DICOM (PS3.15 Table E.1-1, edition 2026c), by kind.

`confidentiality_profile.csv` holds the table's attributes with the action of the Basic profile and
the kind drlake puts each into, by the options of the profile that a dose register needs:

- `direct`: identifies a person; refused always. Everything that is not of a kind below is direct.
- `institution`, `serial_number`: names a place or a device (Retain Institution and Device Identity
  options); refused unless the facility's agreement allows it.
- `descriptor`: technical free text (Clean Descriptors Option); refused if it identifies somebody.
- `date`: of the examination, not the patient (Retain Longitudinal Temporal Information options).
- `characteristic`: age, sex, size, weight of the patient (Retain Patient Characteristics Option).
- `uid`, `structure`, `technical`: UIDs (stored as keyed hashes), sequences that are examined
  (Clean Structured Content Option), and attributes that do not identify anybody.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from pydicom.datadict import DicomDictionary, keyword_for_tag, tag_for_keyword

DIRECT, INSTITUTION, SERIAL_NUMBER = "direct", "institution", "serial_number"
DESCRIPTOR = "descriptor"

DIRECT_BESIDE_THE_TABLE = (
    "IssuerOfAccessionNumberSequence",
    "IssuerOfPatientIDQualifiersSequence",
    "PatientBirthDateInAlternativeCalendar",
    "PatientDeathDateInAlternativeCalendar",
    "PatientAlternativeCalendar",
    "PrivateInformation",
    "StudyIDIssuer",
)
"""Attributes that identify a person but are not in the table."""

_FILE = Path(__file__).with_name("confidentiality_profile.csv")


def _kinds() -> dict[int, str]:
    """Kind by tag. Every attribute with VR PN (person name) is direct."""
    names = (tag for tag, entry in DicomDictionary.items() if entry[0] == "PN")
    beside = (int(tag_for_keyword(keyword) or 0) for keyword in DIRECT_BESIDE_THE_TABLE)
    kinds = dict.fromkeys((*names, *beside), DIRECT)
    with _FILE.open(encoding="utf-8", newline="") as file:
        kinds |= {int(row["tag"], 16): row["kind"] for row in csv.DictReader(file)}
    return kinds


KIND_BY_TAG: Mapping[int, str] = _kinds()
"""Kind of each identifying attribute, by tag."""

IDENTIFYING_KEYWORDS: tuple[str, ...] = tuple(
    keyword_for_tag(tag)
    for tag, kind in sorted(KIND_BY_TAG.items())
    if kind in (DIRECT, INSTITUTION) and keyword_for_tag(tag)
)
"""Keywords of attributes that are refused unless an agreement allows them."""


def tags_of(*kinds: str) -> frozenset[int]:
    """Tags of the attributes of these kinds."""
    return frozenset(tag for tag, kind in KIND_BY_TAG.items() if kind in kinds)
