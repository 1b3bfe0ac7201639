"""Converts decoded reports to rows of the declared tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from transforms.decode.report import DecodedReport
from transforms.decode.values import Values
from transforms.errors import ObjectRefused
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.dates import age_days, date_time, study_date, utc_offset
from transforms.normalise.doubtful_texts import doubtful_text_columns, stored_texts
from transforms.normalise.identifying_texts import refuse_named_texts
from transforms.normalise.notes import Notes
from transforms.normalise.numbers import decimal_string, finite
from transforms.normalise.values import RowMaker
from transforms.normalise.vocabulary import SCOPE_OF_ACCUMULATION, word_or_none
from transforms.tables import (
    CT_ACCUMULATED_DOSE,
    CT_IRRADIATION_EVENT,
    DOSE_REPORT,
    MAMMOGRAPHY_ACCUMULATED_DOSE,
    RADIOPHARMACEUTICAL_ADMINISTRATION,
    XRAY_ACCUMULATED_DOSE,
    XRAY_IRRADIATION_EVENT,
)
from transforms.tables.schema import Table

Row = Mapping[str, Any]

INDEX_COLUMNS: Mapping[str, str] = {
    CT_IRRADIATION_EVENT.name: "event_index",
    XRAY_IRRADIATION_EVENT.name: "event_index",
    XRAY_ACCUMULATED_DOSE.name: "plane_index",
    MAMMOGRAPHY_ACCUMULATED_DOSE.name: "breast_index",
    RADIOPHARMACEUTICAL_ADMINISTRATION.name: "event_index",
}
"""The column of each table with the position of the row in the report, from 1."""


DEVICES_REMEMBERED = 1024


@dataclass(frozen=True, slots=True)
class ObjectKeys:
    """Facility, submission and object of a report."""

    facility_id: str
    submission_id: str
    object_sha256: str

    def columns(self) -> dict[str, Any]:
        """The key columns of every table of report rows."""
        return {
            "facility_id": self.facility_id,
            "submission_id": self.submission_id,
            "object_sha256": self.object_sha256,
        }


def report_rows(
    report: DecodedReport, keys: ObjectKeys, pseudonyms: Pseudonyms
) -> dict[str, list[Row]]:
    """Rows by table name. ObjectRefused if a number, unit or code cannot be used, or a text
    identifies somebody."""
    shared = keys.columns() | {
        "report_key": pseudonyms.of(report.header.sop_instance_uid),
        "study_key": pseudonyms.of(report.header.study_instance_uid),
    }
    maker = RowMaker(pseudonyms, report.header.manufacturer)
    rows: dict[str, list[Row]] = {
        table.name: _table_rows(table, values, shared, maker)
        for table, values in _values_by_table(report)
    }
    maker.notes.add_remarks(report.remarks)
    told = _report_columns(report, keys.facility_id, pseudonyms, maker.notes)
    told |= maker.notes.columns()
    told["identity_warnings"] = "; ".join(sorted(report.identity_warnings)) or None
    rows = {DOSE_REPORT.name: [shared | told], **rows}
    texts = stored_texts(rows)
    refuse_named_texts(texts)
    told["doubtful_text_columns"] = doubtful_text_columns(texts, report.text)
    return {**rows, DOSE_REPORT.name: [shared | told]}


def _values_by_table(report: DecodedReport) -> tuple[tuple[Table, Iterable[Values]], ...]:
    totals = () if report.ct_accumulated is None else (report.ct_accumulated,)
    return (
        (CT_IRRADIATION_EVENT, report.ct_events),
        (CT_ACCUMULATED_DOSE, totals),
        (XRAY_IRRADIATION_EVENT, report.xray_events),
        (XRAY_ACCUMULATED_DOSE, report.xray_accumulated),
        (MAMMOGRAPHY_ACCUMULATED_DOSE, report.mammography_accumulated),
        (RADIOPHARMACEUTICAL_ADMINISTRATION, report.administrations),
    )


def _table_rows(table: Table, values: Iterable[Values], shared: Row, maker: RowMaker) -> list[Row]:
    index = INDEX_COLUMNS.get(table.name)
    return [
        {**shared, **({index: position} if index else {}), **maker.columns(table, one)}
        for position, one in enumerate(values, start=1)
    ]


def _report_columns(
    report: DecodedReport, facility_id: str, pseudonyms: Pseudonyms, notes: Notes
) -> dict[str, Any]:
    header = report.header
    return {
        "template_id": header.template_id,
        "sop_class_uid": header.sop_class_uid,
        "modality": report.modality,
        "manufacturer": header.manufacturer,
        "model_name": header.model_name,
        **_device_keys(
            header.manufacturer or "",
            header.model_name or "",
            header.device_serial_number or report.device_observer_uid or "",
            facility_id,
            pseudonyms,
        ),
        "software_versions": header.software_versions,
        **_times(report, notes),
        "scope_of_accumulation": _scope(report, notes),
        "patient_sex": _one_of(header.patient_sex, ("M", "F", "O")),
        "patient_weight_kg": _measure(header.patient_weight, "patient_weight_kg", notes),
        "patient_height_cm": _measure(header.patient_size, "patient_height_cm", notes, 100),
        "completion_flag": _one_of(header.completion_flag, ("COMPLETE", "PARTIAL")),
        "study_description": header.study_description,
        "requested_procedure": header.requested_procedure,
        "procedure_code": header.procedure_code,
    }


def _times(report: DecodedReport, notes: Notes) -> dict[str, Any]:
    """Dates, times and age; NULL with a note if a stated value is invalid."""
    header, started = report.header, report.irradiation_started_at
    ended = report.irradiation_ended_at
    days = (header.study_date, header.content_date, header.series_date)
    stated: dict[str, tuple[Any, bool]] = {
        "study_date": (study_date(*days, started and started[:8]), any(days)),
        "patient_age_days": (age_days(header.patient_age), bool(header.patient_age)),
        "timezone_offset": (utc_offset(header.timezone_offset), bool(header.timezone_offset)),
        "irradiation_started_at": (date_time(started), bool(started)),
        "irradiation_ended_at": (date_time(ended), bool(ended)),
    }
    for name, (value, is_stated) in stated.items():
        if value is None and is_stated:
            notes.note_unusable(DOSE_REPORT.name, name, "time_malformed")
    return {name: value for name, (value, _) in stated.items()}


def _scope(report: DecodedReport, notes: Notes) -> str | None:
    """What the totals cover; NULL with a note for a code that CID 10000 does not have."""
    code = report.scope_of_accumulation
    scope = None if code is None else word_or_none(code, SCOPE_OF_ACCUMULATION)
    if code is not None and scope is None:
        notes.note_unusable(DOSE_REPORT.name, "scope_of_accumulation", "code_unknown")
    return scope


def _measure(text: str | None, column: str, notes: Notes, factor: float = 1) -> float | None:
    """Weight or height of the header; NULL with a note if it cannot be used.

    Devices write 0 where none was entered.
    """
    try:
        number = decimal_string(text, column)
        if number is not None and number <= 0:
            raise ObjectRefused("number_out_of_domain", column)
        return None if number is None else finite(number * factor, column)
    except ObjectRefused as refusal:
        notes.note_unusable(DOSE_REPORT.name, column, refusal.reason.code)
        return None


@lru_cache(maxsize=DEVICES_REMEMBERED)
def _device_keys(
    maker: str, model: str, unit: str, facility_id: str, pseudonyms: Pseudonyms
) -> Mapping[str, str | None]:
    """Keys of one X-ray unit, of its facility and of the nation.

    `unit` is the serial number or else the device observer UID. The keys are made without the
    software version, since an upgrade is not a new device. A report without serial number and
    observer UID does not say which unit of the nation made it.
    """
    device = (maker.casefold(), model.casefold(), unit)
    return {
        "device_key": pseudonyms.of("device", facility_id, *device),
        "national_device_key": pseudonyms.of("device", *device) if unit else None,
    }


def _one_of(text: str | None, allowed: tuple[str, ...]) -> str | None:
    return text if text in allowed else None
