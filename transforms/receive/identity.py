"""The identity check: refuse an object that still names a person or a place.

"Patient Identity Removed (0012,0062) = YES" stands in real files that carry a name and a birth
date, so the whole object is looked at, nested items and content tree included. Only the
attribute is named in the outcome, never its value (PS3.15 Table E.1-1 lists the attributes).
"""

from __future__ import annotations

from pydicom.datadict import keyword_for_tag, tag_for_keyword
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from transforms.receive.structure import DataSet, Element

IDENTIFYING_KEYWORDS = (
    "AccessionNumber",
    "AdmissionID",
    "CurrentPatientLocation",
    "InstitutionAddress",
    "InstitutionName",
    "InstitutionalDepartmentName",
    "IssuerOfPatientID",
    "MedicalRecordLocator",
    "OtherPatientIDs",
    "PatientAddress",
    "PatientBirthDate",
    "PatientBirthTime",
    "PatientID",
    "PatientInstitutionResidence",
    "PatientTelephoneNumbers",
    "PerformedStationName",
    "RegionOfResidence",
    "ResponsibleOrganization",
    "StationName",
)
"""Attributes that identify by themselves; every Person Name (VR PN) does so as well."""

IDENTIFYING_CONCEPTS: tuple[Code, ...] = (
    codes.DCM.SubjectID,
    codes.DCM.SubjectName,
    codes.DCM.SubjectBirthDate,
    codes.DCM.PersonObserverLoginName,
    codes.DCM.PersonObserverName,
    codes.DCM.PersonObserverOrganizationName,
    codes.DCM.DeviceObserverPhysicalLocationDuringObservation,
)
"""Content items whose value identifies (TID 1003, 1004, 1007)."""

_TAGS = frozenset(tag_for_keyword(keyword) for keyword in IDENTIFYING_KEYWORDS)
_CONCEPTS = frozenset((code.scheme_designator, code.value) for code in IDENTIFYING_CONCEPTS)

CONCEPT_NAME = 0x0040A043
CODE_VALUE, CODING_SCHEME = 0x00080100, 0x00080102
CONTENT_VALUES = (0x0040A160, 0x0040A121, 0x0040A120, 0x0040A123)
"""TextValue, Date, DateTime and PersonName of a content item."""


def first_identifying(dataset: DataSet) -> str | None:
    """Name of the first attribute or content item that identifies, nested ones included."""
    for tag, element in dataset.items():
        if _identifies(tag, element):
            return _tag_name(tag)
        for item in element.items:
            if (found := first_identifying(item)) is not None:
                return found
    return identifying_content(dataset)


def is_identifying_concept(scheme: str, value: str) -> bool:
    """Whether a content item of this concept identifies by its value."""
    return (scheme, value) in _CONCEPTS


def _identifies(tag: int, element: Element) -> bool:
    return (tag in _TAGS or element.vr == "PN") and _has_text(element)


def _has_text(element: Element) -> bool:
    """Whether there is more than padding and name delimiters."""
    return bool(element.value.strip(b"\0 ^=\\"))


def identifying_content(item: DataSet) -> str | None:
    """The concept of a content item that identifies by its value; None where it does not."""
    concept = item.get(CONCEPT_NAME)
    if concept is None or not concept.items:
        return None
    scheme, value = (_text(concept.items[0], tag) for tag in (CODING_SCHEME, CODE_VALUE))
    if not is_identifying_concept(scheme, value):
        return None
    stated = any(_has_text(item[tag]) for tag in CONTENT_VALUES if tag in item)
    return f"content item {scheme} {value}" if stated else None


def _text(dataset: DataSet, tag: int) -> str:
    element = dataset.get(tag)
    return element.value.strip(b"\0 ").decode("ascii", "replace") if element else ""


def _tag_name(tag: int) -> str:
    return f"{keyword_for_tag(tag) or 'private'} ({tag >> 16:04X},{tag & 0xFFFF:04X})"
