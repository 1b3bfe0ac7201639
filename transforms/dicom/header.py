"""Attributes of a dose report outside its content tree."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.datadict import tag_for_keyword

from transforms.dicom.content_tree import items_of, read_code
from transforms.dicom.structure import DataSet
from transforms.dicom.text import TextDecoder, tag_of
from transforms.errors import ObjectRefused


@dataclass(frozen=True, slots=True)
class Header:
    """Attributes as written in the report; None if absent or empty."""

    sop_class_uid: str
    sop_instance_uid: str
    study_instance_uid: str
    template_id: str | None = None
    manufacturer: str | None = None
    model_name: str | None = None
    device_serial_number: str | None = None
    software_versions: str | None = None
    study_date: str | None = None
    content_date: str | None = None
    series_date: str | None = None
    timezone_offset: str | None = None
    patient_age: str | None = None
    patient_sex: str | None = None
    patient_weight: str | None = None
    patient_size: str | None = None
    completion_flag: str | None = None
    study_description: str | None = None
    requested_procedure: str | None = None
    procedure_code: str | None = None


_TEXTS = tuple(
    (name, int(tag_for_keyword(keyword) or 0))
    for name, keyword in (
        ("manufacturer", "Manufacturer"),
        ("model_name", "ManufacturerModelName"),
        ("device_serial_number", "DeviceSerialNumber"),
        ("software_versions", "SoftwareVersions"),
        ("study_date", "StudyDate"),
        ("content_date", "ContentDate"),
        ("series_date", "SeriesDate"),
        ("timezone_offset", "TimezoneOffsetFromUTC"),
        ("patient_age", "PatientAge"),
        ("patient_sex", "PatientSex"),
        ("patient_weight", "PatientWeight"),
        ("patient_size", "PatientSize"),
        ("completion_flag", "CompletionFlag"),
        ("study_description", "StudyDescription"),
    )
)
"""Fields of the header that are the text of one attribute, with its tag."""


def read_header(dataset: DataSet, text: TextDecoder) -> Header:
    """Read the attributes; refuses a report without the UIDs that identify it."""
    return Header(
        sop_class_uid=_sop_class_uid(dataset, text),
        sop_instance_uid=_uid(dataset, "SOPInstanceUID", text),
        study_instance_uid=_uid(dataset, "StudyInstanceUID", text),
        template_id=_template_id(dataset, text),
        requested_procedure=_requested_procedure(dataset, text),
        procedure_code=_procedure_code(dataset, text),
        **{name: text.text(dataset, tag) for name, tag in _TEXTS if tag in dataset},
    )


def _uid(dataset: DataSet, keyword: str, text: TextDecoder) -> str:
    uid = text.text(dataset, keyword)
    if not uid:
        raise ObjectRefused("uid_missing", keyword)
    return uid


def _sop_class_uid(dataset: DataSet, text: TextDecoder) -> str:
    """The SOP Class UID, which is stored unchanged; refused if it is not a UID."""
    uid = _uid(dataset, "SOPClassUID", text)
    if uid.strip("0123456789."):
        raise ObjectRefused("uid_missing", "SOPClassUID")
    return uid


def _template_id(dataset: DataSet, text: TextDecoder) -> str | None:
    """The template identifier if it is a number of up to six digits; None otherwise."""
    found = _nested_text(dataset, "ContentTemplateSequence", "TemplateIdentifier", text)
    return found if found and found.isascii() and found.isdigit() and len(found) <= 6 else None


def _requested_procedure(dataset: DataSet, text: TextDecoder) -> str | None:
    keyword = "RequestedProcedureDescription"
    return text.text(dataset, keyword) or _nested_text(
        dataset, "RequestAttributesSequence", keyword, text
    )


def _procedure_code(dataset: DataSet, text: TextDecoder) -> str | None:
    """The requested or else the performed procedure code, as scheme:value."""
    for keyword in ("RequestedProcedureCodeSequence", "ProcedureCodeSequence"):
        item = _first_item(dataset, keyword)
        code = read_code(item, text) if item is not None else None
        if code is not None and code.value:
            return str(code)
    return None


def _nested_text(
    dataset: DataSet, sequence_keyword: str, keyword: str, text: TextDecoder
) -> str | None:
    item = _first_item(dataset, sequence_keyword)
    return text.for_item(item).text(item, keyword) if item is not None else None


def _first_item(dataset: DataSet, keyword: str) -> DataSet | None:
    items = items_of(dataset, tag_of(keyword))
    return items[0] if items else None
