"""Decoded reports as rows of the declared tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from transforms.decode.content import ContentItem
from transforms.decode.ct import Values
from transforms.decode.header import Header
from transforms.decode.report import DecodedReport
from transforms.normalise import vocabulary
from transforms.normalise.dates import age_days, date
from transforms.normalise.numbers import decimal_string
from transforms.normalise.pseudonyms import Pseudonyms
from transforms.normalise.units import convert
from transforms.schema import Column, Table
from transforms.tables import CT_ACCUMULATED_DOSE, CT_IRRADIATION_EVENT

Row = Mapping[str, Any]

WORDS: Mapping[str, vocabulary.Words] = {
    "ct_acquisition_type": vocabulary.CT_ACQUISITION_TYPE,
    "ctdiw_phantom": vocabulary.CTDIW_PHANTOM,
}
"""Vocabulary of the columns that allow a closed list of words."""

CODE_AS_SCHEME_AND_VALUE = frozenset({"target_region_code"})


@dataclass(frozen=True, slots=True)
class ObjectKeys:
    """Which object of which submission a report came in."""

    facility_id: str
    submission_id: str
    object_sha256: str

    def columns(self) -> dict[str, Any]:
        """The key columns every report-level table carries."""
        return {
            "facility_id": self.facility_id,
            "submission_id": self.submission_id,
            "object_sha256": self.object_sha256,
        }


def report_rows(
    report: DecodedReport, keys: ObjectKeys, pseudonyms: Pseudonyms
) -> dict[str, list[Row]]:
    """Rows per table name. ObjectRefused where a number, unit or code cannot be used."""
    shared = keys.columns() | {
        "report_key": pseudonyms.of(report.header.sop_instance_uid),
        "study_key": pseudonyms.of(report.header.study_instance_uid),
    }
    return {
        "dose_report": [shared | _report_columns(report, keys.facility_id, pseudonyms)],
        "ct_irradiation_event": [
            shared
            | {"event_index": index}
            | _value_columns(CT_IRRADIATION_EVENT, event, pseudonyms)
            for index, event in enumerate(report.ct_events, start=1)
        ],
        "ct_accumulated_dose": [
            shared | _value_columns(CT_ACCUMULATED_DOSE, values, pseudonyms)
            for values in (report.ct_accumulated,)
            if values is not None
        ],
    }


def _report_columns(
    report: DecodedReport, facility_id: str, pseudonyms: Pseudonyms
) -> dict[str, Any]:
    header = report.header
    height_m = decimal_string(header.patient_size, "PatientSize")
    return {
        "template_id": header.template_id,
        "sop_class_uid": header.sop_class_uid,
        "modality": report.modality,
        "manufacturer": header.manufacturer,
        "model_name": header.model_name,
        "device_key": _device_key(header, report.device_observer_uid, facility_id, pseudonyms),
        "software_versions": header.software_versions,
        "study_date": date(header.study_date) or date(header.content_date),
        "patient_age_days": age_days(header.patient_age),
        "patient_sex": _one_of(header.patient_sex, ("M", "F", "O")),
        "patient_weight_kg": decimal_string(header.patient_weight, "PatientWeight"),
        "patient_height_cm": None if height_m is None else height_m * 100,
        "completion_flag": _one_of(header.completion_flag, ("COMPLETE", "PARTIAL")),
        "study_description": header.study_description,
        "requested_procedure": header.requested_procedure,
        "procedure_code": header.procedure_code,
        "irradiation_started_at": report.irradiation_started_at,
    }


def _device_key(
    header: Header, observer_uid: str | None, facility_id: str, pseudonyms: Pseudonyms
) -> str:
    """One X-ray unit: software is left out, since an upgrade makes no new scanner."""
    unit = header.device_serial_number or observer_uid or ""
    maker, model = header.manufacturer or "", header.model_name or ""
    return pseudonyms.of("device", facility_id, maker.casefold(), model.casefold(), unit)


def _one_of(text: str | None, allowed: tuple[str, ...]) -> str | None:
    return text if text in allowed else None


def _value_columns(table: Table, values: Values, pseudonyms: Pseudonyms) -> dict[str, Any]:
    columns = (column for column in table.columns if column.name in values)
    return {
        column.name: _value(column, item, pseudonyms)
        for column in columns
        if (item := values[column.name]) is not None
    }


def _value(column: Column, item: ContentItem, pseudonyms: Pseudonyms) -> Any:
    """A content item as the column's type; None where the item has no value."""
    if column.type == pa.float64():
        return _number(column, item)
    if column.type == pa.bool_():
        return _yes(column, item)
    if column.name in WORDS:
        return vocabulary.word(item.code, WORDS[column.name], column.name) if item.code else None
    if column.name == "event_key":
        return pseudonyms.of(item.text) if item.text else None
    return _text(column, item)


def _number(column: Column, item: ContentItem) -> float | None:
    number = decimal_string(item.text, column.name)
    if number is None:
        return None
    return convert(number, item.unit, column.unit or "1", column.name)


def _yes(column: Column, item: ContentItem) -> bool | None:
    if item.code is None:
        return None
    return vocabulary.word(item.code, vocabulary.YES_NO, column.name) == "yes"


def _text(column: Column, item: ContentItem) -> str | None:
    if item.code is None:
        return None if column.name in CODE_AS_SCHEME_AND_VALUE else item.text
    if column.name in CODE_AS_SCHEME_AND_VALUE:
        return str(item.code) if item.code.value else None
    return item.code.meaning or item.code.value
