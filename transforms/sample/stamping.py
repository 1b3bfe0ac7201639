"""Turns an examination into the bytes of its reports."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from transforms.sample.devices import DeviceModel
from transforms.sample.encoding.encode import PYTHON_CODEC
from transforms.sample.encoding.slots import NUMBER_WIDTH
from transforms.sample.examinations import Event, Examination
from transforms.sample.facilities import REQUESTED, STUDY, Facility, uid
from transforms.sample.faults import IDENTIFIED, NOT_FINITE, TRUNCATED
from transforms.sample.names import VAGUE_STUDY_DESCRIPTION
from transforms.sample.shapes import DIAGNOSTIC, ReportShape
from transforms.sample.templates import ReportTemplates, Template

FIRST_DAY = date(2025, 1, 1)
"""Day 0; days of the year before are negative."""

HEAD_SSDE_FACTOR = 1.25
SECONDS_PER_EVENT = 40
MADE_UP_NAMES = ("Mustermann^Erika", "Testperson^Ola", "Sample^Sam", "Exemple^Camille")
FIRST_CUT = 133
"""A cut file keeps at least the preamble, the prefix and one more byte."""


def report_bytes(
    templates: ReportTemplates,
    facility: Facility,
    examination: Examination,
    events: Sequence[Event],
    role: str,
    rng: np.random.Generator,
) -> bytes:
    """One report of the examination, with the fault of its role."""
    model = examination.device.model
    shape = ReportShape(
        model=model,
        events=tuple(event.shape for event in events),
        has_weight=examination.patient.weight_kg is not None,
        identified=role == IDENTIFIED,
    )
    template = templates.template(shape)
    event_values = [_event_values(event, model) for event in events]
    if role == NOT_FINITE:
        event_values[-1]["ctdivol_mgy"] = b"NaN"
    report_values = _report_values(facility, examination, events, rng)
    if role == IDENTIFIED:
        report_values |= identity(rng)
    data = bytes(template.fill(report_values, event_values))
    return truncate_file(data, template, rng) if role == TRUNCATED else data


def truncate_file(data: bytes, template: Template, rng: np.random.Generator) -> bytes:
    """Cut the file at a random byte that is not the end of an element."""
    end = int(rng.integers(FIRST_CUT, len(data)))
    while end in template.element_ends:
        end += 1
    return data[:end]


def _report_values(
    facility: Facility,
    examination: Examination,
    events: Sequence[Event],
    rng: np.random.Generator,
) -> dict[str, bytes]:
    device, patient = examination.device, examination.patient
    total = sum(event.dlp for event in events)
    if facility.doubtful:
        total = (total + 5) // 10
    values = {
        "sop_uid": uid(rng),
        "series_uid": uid(rng),
        "study_uid": examination.study_uid,
        "device_uid": device.uid,
        "serial": device.serial,
        "software": device.software_on(examination.day),
        "sex": patient.sex,
        "age": patient.age,
        "height_m": f"{patient.height_m:.2f}",
        "weight_kg": f"{patient.weight_kg}",
        "events": str(len(events)),
        "dlp_total": hundredths(total),
    }
    values |= _times(examination, events)
    values |= _names(facility, examination)
    codec = PYTHON_CODEC[device.model.charset]
    return {name: value.encode(codec) for name, value in values.items()}


def _times(examination: Examination, events: Sequence[Event]) -> dict[str, str]:
    """Study date and time, and when irradiation began and ended."""
    day = date_of(examination.day).strftime("%Y%m%d")
    begin = examination.second + SECONDS_PER_EVENT * examination.events.index(events[0])
    end = begin + SECONDS_PER_EVENT * len(events)
    return {
        "date": day,
        "time": clock(examination.second),
        "started_at": day + clock(begin),
        "ended_at": day + clock(end),
    }


def date_of(day: int) -> date:
    """Date of a day number of the nation."""
    return FIRST_DAY + timedelta(days=day)


def clock(second: int) -> str:
    """Seconds of a day as a DICOM time."""
    return f"{second // 3600:02d}{second // 60 % 60:02d}{second % 60:02d}"


def _names(facility: Facility, examination: Examination) -> dict[str, str]:
    study = examination.name if facility.place == STUDY else VAGUE_STUDY_DESCRIPTION
    beside = facility.requested_text if facility.place == STUDY else ""
    requested = examination.name if facility.place == REQUESTED else beside
    return {"study_description": study, "requested_procedure": requested}


def identity(rng: np.random.Generator) -> dict[str, bytes]:
    """An invented person with an invented birth date."""
    name = MADE_UP_NAMES[rng.integers(len(MADE_UP_NAMES))]
    born = f"19{rng.integers(30, 99)}{rng.integers(1, 13):02d}{rng.integers(1, 29):02d}"
    number = f"MRN{rng.integers(10**6, 10**7)}"
    values = {"patient_name": name, "patient_id": number, "birth_date": born}
    return {key: value.encode("ascii") for key, value in values.items()}


def _event_values(event: Event, model: DeviceModel) -> dict[str, bytes]:
    dose = event.ctdivol or 0
    tube_current = max(20, dose // 8) if event.shape.kind == DIAGNOSTIC else 40
    values = {
        "event_uid": event.uid,
        "exposure_time_s": hundredths(100 * event.length_mm // 60 + 50),
        "length_mm": str(event.length_mm),
        "exposed_range_mm": str(event.length_mm + 10),
        "kvp_kv": str(event.kvp_kv),
        "tube_current_ma": str(tube_current),
        "maximum_ma": str(tube_current * 3 // 2),
        "ctdivol_mgy": hundredths(dose),
        "dlp_mgy_cm": hundredths(event.dlp),
        "ssde_mgy": hundredths(ssde_hundredths(event)),
        "diameter_mm": str(event.diameter_mm),
        "modulation": event.modulation,
        "protocol": event.protocol,
    }
    codec = PYTHON_CODEC[model.charset]
    return {name: value.encode(codec) for name, value in values.items()}


def ssde_hundredths(event: Event) -> int:
    """SSDE that a device reports with the CTDIvol of an event, both in 0.01 mGy.

    The factor for the 32 cm phantom decreases with the diameter as in AAPM Report 204.
    """
    factor = HEAD_SSDE_FACTOR
    if event.diameter_mm is not None:
        factor = 3.704369 * math.exp(-0.003671937 * event.diameter_mm)
    return round((event.ctdivol or 0) * factor)


def hundredths(value: int) -> str:
    """A whole number of hundredths as a decimal string."""
    text = f"{value // 100}.{value % 100:02d}"
    if len(text) > NUMBER_WIDTH:
        raise ValueError(f"{text} is wider than a slot")
    return text
