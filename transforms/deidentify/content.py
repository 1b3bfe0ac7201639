"""Cleans the content tree (Clean Structured Content Option, PS3.15 E.3.4).

Numbers, codes and containers are kept. A text is kept where it becomes a column of the lake or
names the type of device, and only if it names no person. UIDs are replaced, dates moved, device
names and serial numbers replaced by pseudonyms. Every other item is removed with its children.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes

from transforms.decode.departures import SIEMENS_MODULATION
from transforms.deidentify.elements import keep_only, text_of
from transforms.deidentify.forms import CODE_VALUE, check_number, empty_where_malformed
from transforms.deidentify.keys import SiteKey
from transforms.deidentify.moments import DateShift
from transforms.describe.tree import SHOWN_TEXTS
from transforms.dicom.codes import Code, normalised_meaning, standard_meaning
from transforms.dicom.identity.attributes import SERIAL_NUMBER
from transforms.dicom.identity.check import identifier_kind
from transforms.dicom.identity.free_text import descriptor_names_somebody, names_somebody
from transforms.normalise.units import folded_spelling, known_spellings

KEPT_IN_AN_ITEM = (
    *("RelationshipType", "ValueType", "ContinuityOfContent", "ConceptNameCodeSequence"),
    *("ConceptCodeSequence", "MeasuredValueSequence", "NumericValueQualifierCodeSequence"),
    *("TextValue", "UID", "DateTime", "Date", "Time", "ContentTemplateSequence"),
    *("ReferencedSOPSequence", "ReferencedContentItemIdentifier", "ContentSequence"),
)
KEPT_IN_A_CODE = (
    *("CodeValue", "LongCodeValue", "URNCodeValue", "CodingSchemeDesignator"),
    *("CodingSchemeVersion", "CodeMeaning", "MappingResource", "ContextIdentifier"),
)
KEPT_IN_A_MEASUREMENT = ("NumericValue", "MeasurementUnitsCodeSequence")
KEPT_IN_A_REFERENCE = ("ReferencedSOPClassUID", "ReferencedSOPInstanceUID")
KEPT_IN_A_TEMPLATE = ("MappingResource", "TemplateIdentifier")

_DCM = codes.DCM
KEPT_TEXTS = SHOWN_TEXTS | {
    (code.scheme_designator, code.value)
    for code in (
        *(_DCM.DeviceObserverManufacturer, _DCM.DeviceObserverModelName),
        *(_DCM.DeviceManufacturer, _DCM.DeviceModelName),
        *(_DCM.IdentificationOfTheXRaySource, _DCM.ReferencePointDefinition),
        *(_DCM.IrradiationEventLabel, _DCM.ReferenceAuthority),
    )
}
"""Concepts whose text is kept."""

_COMMENT = (_DCM.Comment.scheme_designator, _DCM.Comment.value)
_UIDS_AS_TEXT = {
    (code.scheme_designator, code.value)
    for code in (_DCM.DeviceObserverUID, _DCM.StudyInstanceUID, _DCM.IrradiationEventUID)
}
_KEPT_VALUE_TYPES = frozenset(
    {"CONTAINER", "NUM", "CODE", "TEXT", "UIDREF", "DATETIME", "DATE", "TIME", "IMAGE", "COMPOSITE"}
)


@dataclass(frozen=True, slots=True)
class ContentCleaner:
    """Cleans the content tree of one report in place."""

    key: SiteKey
    shift: DateShift

    def children(self, item: Dataset) -> None:
        """Clean the items below an item, and remove those that are not listed."""
        if "ContentSequence" in item:
            kept = [child for child in item.ContentSequence if self._clean(child)]
            item.ContentSequence = kept

    def _clean(self, item: Dataset) -> bool:
        """Clean one item; returns False where it must be removed."""
        value_type = str(item.get("ValueType", "")).upper()
        if value_type not in _KEPT_VALUE_TYPES:
            return False
        keep_only(item, KEPT_IN_AN_ITEM)
        empty_where_malformed(item, ("RelationshipType", "ContinuityOfContent", "Time"))
        concept = clean_code(item, "ConceptNameCodeSequence", standard_meanings=True)
        if concept is not None and _is_a_word(concept):
            return False
        kind = identifier_kind(*(concept or ("", "", "")), value_type)
        if kind == SERIAL_NUMBER:
            return self._pseudonym(item)
        if kind is not None or (value_type == "TEXT" and not self._clean_text(item, concept)):
            return False
        self._clean_values(item)
        self.children(item)
        return True

    def _pseudonym(self, item: Dataset) -> bool:
        """Replace a device's name or serial number; returns False where there is none."""
        name = text_of(item, "TextValue")
        keep_only(item, ("RelationshipType", "ValueType", "ConceptNameCodeSequence", "TextValue"))
        if name:
            item.TextValue = self.key.device(name)
        return bool(name)

    def _clean_text(self, item: Dataset, concept: Code | None) -> bool:
        """Clean a text; returns False where it is not listed or names a person."""
        key = (concept.scheme, concept.value) if concept else ("", "")
        text = text_of(item, "TextValue")
        if key in _UIDS_AS_TEXT:
            item.TextValue = self.key.uid(text)
            return True
        if key == _COMMENT:
            found = SIEMENS_MODULATION.search(text)
            text = found.group(0).strip() if found else ""
            item.TextValue = text
            return bool(text) and not descriptor_names_somebody(text)
        return key in KEPT_TEXTS and not descriptor_names_somebody(text)

    def _clean_values(self, item: Dataset) -> None:
        """Clean the codes, measurements, references, UID and dates of an item."""
        for keyword in ("ConceptCodeSequence", "NumericValueQualifierCodeSequence"):
            clean_code(item, keyword)
        for measured in item.get("MeasuredValueSequence") or ():
            keep_only(measured, KEPT_IN_A_MEASUREMENT)
            check_number(measured)
            clean_code(measured, "MeasurementUnitsCodeSequence", is_unit=True)
        for template in item.get("ContentTemplateSequence") or ():
            keep_only(template, KEPT_IN_A_TEMPLATE)
            empty_where_malformed(template, KEPT_IN_A_TEMPLATE)
        clean_references(item, "ReferencedSOPSequence", self.key)
        for keyword, change in (
            ("UID", self.key.uid),
            ("DateTime", self.shift.moment),
            ("Date", self.shift.date),
        ):
            if keyword in item:
                setattr(item, keyword, change(text_of(item, keyword)))


def clean_code(
    item: Dataset, keyword: str, *, standard_meanings: bool = False, is_unit: bool = False
) -> Code | None:
    """Keep only the attributes of a code in each item; returns the first code.

    The meaning of a code is free text, so it is kept only where it names no person. With
    `standard_meanings` (concepts), DICOM's wording replaces it where DICOM lists the code. With
    `is_unit`, each spelling that units.csv converts is kept as written (Gy.cm^2, µGy·m²).
    """
    first: Code | None = None
    for one in item.get(keyword) or ():
        keep_only(one, KEPT_IN_A_CODE)
        value = next(
            (v for k in ("CodeValue", "LongCodeValue", "URNCodeValue") if (v := text_of(one, k))),
            "",
        )
        code = Code(text_of(one, "CodingSchemeDesignator"), value, text_of(one, "CodeMeaning"))
        meaning = standard_meaning(code)
        if standard_meanings and meaning is not None and not same_words(meaning, code.meaning):
            one.CodeMeaning = meaning
        elif names_somebody(code.meaning):
            one.CodeMeaning = ""
        is_known_unit = is_unit and folded_spelling(value) in known_spellings()
        if not is_known_unit and (not CODE_VALUE.fullmatch(value) or names_somebody(value)):
            one.CodeValue = None
        empty_where_malformed(one, ("CodingSchemeDesignator", "MappingResource"))
        first = first or code
    return first


def _is_a_word(concept: Code) -> bool:
    """Whether a concept's code is unknown to DICOM and has no digit, so that it may be a name."""
    unknown = standard_meaning(concept) is None
    return unknown and bool(concept.value) and not any(c.isdigit() for c in concept.value)


def same_words(one: str, other: str) -> bool:
    """Whether two meanings differ by case and punctuation only."""
    return normalised_meaning(one) == normalised_meaning(other)


def clean_references(item: Dataset, keyword: str, key: SiteKey) -> None:
    """Keep only SOP class and instance of each reference; the instance UID is replaced."""
    for reference in item.get(keyword) or ():
        keep_only(reference, KEPT_IN_A_REFERENCE)
        if "ReferencedSOPInstanceUID" in reference:
            uid = text_of(reference, "ReferencedSOPInstanceUID")
            reference.ReferencedSOPInstanceUID = key.uid(uid)
