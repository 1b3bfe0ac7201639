"""Cleans the attributes outside the content tree: those listed are kept, all others removed.

PS3.15 Basic Application Level Confidentiality Profile with Clean Structured Content, Clean
Descriptors, Retain Patient Characteristics and Retain Longitudinal Temporal Information with
Modified Dates. The Basic Profile alone would replace the content tree with a dummy.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes

from transforms.deidentify.content import (
    KEPT_IN_A_TEMPLATE,
    ContentCleaner,
    clean_code,
    clean_references,
)
from transforms.deidentify.elements import keep_only, text_of
from transforms.deidentify.forms import empty_where_malformed
from transforms.deidentify.keys import SiteKey
from transforms.deidentify.moments import DateShift, date_shift
from transforms.deidentify.own_words import own_words, remove_words
from transforms.deidentify.patients import age_string, is_age_contradicted, is_phantom
from transforms.dicom.identity.free_text import descriptor_names_somebody, names_somebody
from transforms.normalise.dates import date, study_date

KEPT = (
    *("SpecificCharacterSet", "SOPClassUID", "Modality", "SeriesNumber"),
    *("InstanceNumber", "Manufacturer", "ManufacturerModelName", "SoftwareVersions"),
    *("PatientSex", "PatientSize", "PatientWeight", "QualityControlSubject"),
    *("TimezoneOffsetFromUTC", "StudyTime", "SeriesTime", "ContentTime", "AcquisitionTime"),
    *("CompletionFlag", "VerificationFlag", "PreliminaryFlag", "ValueType", "ContinuityOfContent"),
)
"""Attributes kept unchanged: they identify no person, and the registry reads them."""

UIDS = ("SOPInstanceUID", "StudyInstanceUID", "SeriesInstanceUID")
DATES = ("StudyDate", "SeriesDate", "ContentDate", "AcquisitionDate")
DESCRIPTORS = (
    *("StudyDescription", "SeriesDescription", "ProtocolName", "RequestedProcedureDescription"),
    *("PerformedProcedureStepDescription", "ScheduledProcedureStepDescription"),
)
DEVICE_TEXTS = ("Manufacturer", "ManufacturerModelName", "SoftwareVersions")
CODES = (
    *("ConceptNameCodeSequence", "ProcedureCodeSequence", "RequestedProcedureCodeSequence"),
    "PerformedProcedureCodeSequence",
)
REFERENCES = ("ReferencedPerformedProcedureStepSequence",)
EMPTIED = ("PatientName", "PatientID", "PatientBirthDate", "AccessionNumber", "StudyID")
"""Attributes that must be present in a report and may be empty (type 2)."""

IDENTITY = ("PatientName", "PatientID", "OtherPatientIDs", "OtherPatientNames", "PatientComments")
"""Attributes that are compared with the patterns of phantoms and tests."""

_DCM = codes.DCM
METHOD_CODES = (
    _DCM.BasicApplicationConfidentialityProfile,
    _DCM.CleanStructuredContentOption,
    _DCM.CleanDescriptorsOption,
    _DCM.RetainLongitudinalTemporalInformationModifiedDatesOption,
    _DCM.RetainPatientCharacteristicsOption,
)
METHOD = "drlake deidentify"


def clean_report(dataset: Dataset, key: SiteKey, phantom_patterns: Iterable[str]) -> bool:
    """Make a dose report registry-safe in place.

    Returns whether the age was left out because it contradicts birth date and study date.
    """
    phantom = is_phantom((text_of(dataset, name) for name in IDENTITY), phantom_patterns)
    study_day = study_date(*(text_of(dataset, keyword) for keyword in DATES))
    birth = date(text_of(dataset, "PatientBirthDate"))
    stated_age = text_of(dataset, "PatientAge")
    age = age_string(stated_age, birth, study_day)
    patient = text_of(dataset, "PatientID") or text_of(dataset, "StudyInstanceUID")
    shift = date_shift(key, patient, study_day)
    serial_number = text_of(dataset, "DeviceSerialNumber")
    words = own_words(dataset)
    _keep_listed(dataset)
    _clean_attributes(dataset, key, shift)
    ContentCleaner(key, shift).children(dataset)
    remove_words(dataset, words)
    for keyword in EMPTIED:
        setattr(dataset, keyword, "")
    if age:
        dataset.PatientAge = age
    if serial_number:
        dataset.DeviceSerialNumber = key.device(serial_number)
    if phantom:
        dataset.QualityControlSubject = "YES"
    _say_method(dataset)
    return is_age_contradicted(stated_age, birth, study_day)


def _keep_listed(dataset: Dataset) -> None:
    listed = (KEPT, UIDS, DATES, DESCRIPTORS, CODES, REFERENCES)
    kept = [keyword for keywords in listed for keyword in keywords]
    keep_only(
        dataset,
        (*kept, "ContentSequence", "ContentTemplateSequence", "RequestAttributesSequence"),
    )
    for request in dataset.get("RequestAttributesSequence") or ():
        keep_only(request, (*DESCRIPTORS, *CODES))


def _clean_attributes(dataset: Dataset, key: SiteKey, shift: DateShift) -> None:
    empty_where_malformed(dataset, KEPT)
    for keyword in UIDS:
        if keyword in dataset:
            setattr(dataset, keyword, key.uid(text_of(dataset, keyword)))
    for keyword in DATES:
        if keyword in dataset:
            setattr(dataset, keyword, shift.date(text_of(dataset, keyword)))
    for part in (dataset, *(dataset.get("RequestAttributesSequence") or ())):
        for keyword in DESCRIPTORS:
            if descriptor_names_somebody(text_of(part, keyword)):
                setattr(part, keyword, "")
        for keyword in CODES:
            clean_code(part, keyword)
    for keyword in DEVICE_TEXTS:
        if names_somebody(text_of(dataset, keyword)):
            setattr(dataset, keyword, "")
    for keyword in REFERENCES:
        clean_references(dataset, keyword, key)
    for template in dataset.get("ContentTemplateSequence") or ():
        keep_only(template, KEPT_IN_A_TEMPLATE)
        empty_where_malformed(template, KEPT_IN_A_TEMPLATE)


def _say_method(dataset: Dataset) -> None:
    """Record Patient Identity Removed, and by which profile and options (PS3.15 E.1.1)."""
    dataset.PatientIdentityRemoved = "YES"
    dataset.DeidentificationMethod = METHOD
    dataset.LongitudinalTemporalInformationModified = "MODIFIED"
    items = []
    for code in METHOD_CODES:
        item = Dataset()
        item.CodeValue, item.CodingSchemeDesignator = code.value, code.scheme_designator
        item.CodeMeaning = code.meaning
        items.append(item)
    dataset.DeidentificationMethodCodeSequence = Sequence(items)
