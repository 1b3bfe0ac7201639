"""One CT examination: patient, device, names, irradiation events.

Doses are whole numbers of 0.01 mGy and 0.01 mGy.cm, lengths of 1 mm, so that written values are
exact and DLP = CTDIvol x length holds to the last digit.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.sample.catalogue import (
    ADULT,
    ADULT_WITHOUT_WEIGHT,
    CHILD_BY_AGE,
    LENGTH_RELATIVE_SD,
    PHASE_GSD,
    Procedure,
)
from transforms.sample.devices import DeviceModel
from transforms.sample.facilities import PROTOCOL, Device, Facility, uid
from transforms.sample.names import SCAN_NAMES
from transforms.sample.shapes import (
    BOLUS,
    CONSTANT_ANGLE,
    DIAGNOSTIC,
    LOCALIZER,
    SEQUENCED,
    SPIRAL,
    STATIONARY,
    EventShape,
)

BOLUS_LENGTH_MM = 10


@dataclass(frozen=True, slots=True)
class Event:
    """One irradiation event. `ctdivol` is in 0.01 mGy; None where the device states no dose.

    `diameter_mm` is the water-equivalent diameter, None where the device does not measure it.
    """

    shape: EventShape
    uid: str
    protocol: str
    length_mm: int
    ctdivol: int | None
    kvp_kv: int
    modulation: str = ""
    diameter_mm: int | None = None

    @property
    def dlp(self) -> int:
        """CTDIvol times length in 0.01 mGy.cm, rounded half up; 0 where no dose is stated."""
        return 0 if self.ctdivol is None else (self.ctdivol * self.length_mm + 5) // 10


@dataclass(frozen=True, slots=True)
class Patient:
    """The patient as the report states it; an unknown weight is None."""

    age: str
    sex: str
    height_m: float
    weight_kg: float | None


@dataclass(frozen=True, slots=True)
class Examination:
    """One examination, before any fault is added."""

    procedure: Procedure
    device: Device
    patient: Patient
    study_uid: str
    day: int
    second: int
    name: str
    events: tuple[Event, ...]


def draw_examination(
    facility: Facility, procedure: Procedure, ctdivol_mgy: float, rng: np.random.Generator
) -> Examination:
    """Draw an examination of a patient whose CTDIvol is about `ctdivol_mgy` in each phase."""
    device = facility.devices[rng.integers(len(facility.devices))]
    name = facility.name_by_procedure[procedure]
    protocol = name if facility.place == PROTOCOL else SCAN_NAMES[procedure.procedure_id]
    return Examination(
        procedure=procedure,
        device=device,
        patient=_patient(procedure, rng),
        study_uid=uid(rng),
        day=int(rng.integers(facility.days)),
        second=int(rng.integers(7 * 3600, 20 * 3600)),
        name=name,
        events=_events(device.model, procedure, protocol, ctdivol_mgy, rng),
    )


def diagnostic_event(
    model: DeviceModel,
    procedure: Procedure,
    protocol: str,
    ctdivol_mgy: float,
    rng: np.random.Generator,
) -> Event:
    """A diagnostic scan, sequenced where procedure and model are sequenced."""
    sequenced = procedure.sequenced and model.head_sequenced
    length = rng.normal(procedure.length_mean_mm, LENGTH_RELATIVE_SD * procedure.length_mean_mm)
    return Event(
        shape=_shape(DIAGNOSTIC, SEQUENCED if sequenced else SPIRAL, model, procedure),
        uid=uid(rng),
        protocol=protocol,
        length_mm=max(40, round(length)),
        ctdivol=max(1, round(100 * ctdivol_mgy * rng.lognormal(0.0, np.log(PHASE_GSD)))),
        kvp_kv=120 if procedure.patient == ADULT else 100,
    )


def _events(
    model: DeviceModel,
    procedure: Procedure,
    protocol: str,
    ctdivol_mgy: float,
    rng: np.random.Generator,
) -> tuple[Event, ...]:
    events = [localizer(model, procedure, rng)]
    if procedure.bolus:
        events += [_bolus(model, procedure, name, rng) for name in model.bolus]
    for share in procedure.phases:
        events.append(diagnostic_event(model, procedure, protocol, share * ctdivol_mgy, rng))
    return tuple(events)


def localizer(model: DeviceModel, procedure: Procedure, rng: np.random.Generator) -> Event:
    """A localizer, longer than the scan, with dose where the model states it."""
    dose = int(rng.integers(8, 20)) if model.localizer_has_dose else None
    return Event(
        shape=_shape(LOCALIZER, CONSTANT_ANGLE, model, procedure),
        uid=uid(rng),
        protocol=model.localizer,
        length_mm=round(procedure.length_mean_mm) + 60,
        ctdivol=dose,
        kvp_kv=100,
    )


def _bolus(model: DeviceModel, procedure: Procedure, name: str, rng: np.random.Generator) -> Event:
    return Event(
        shape=_shape(BOLUS, SEQUENCED if model.bolus_sequenced else STATIONARY, model, procedure),
        uid=uid(rng),
        protocol=name,
        length_mm=BOLUS_LENGTH_MM,
        ctdivol=int(rng.integers(100, 600)),
        kvp_kv=120,
    )


def _shape(kind: str, acquisition: str, model: DeviceModel, procedure: Procedure) -> EventShape:
    return EventShape(kind, acquisition, procedure.region, procedure.phantom, model.dlp_unit)


def _patient(procedure: Procedure, rng: np.random.Generator) -> Patient:
    sex = "FM"[rng.integers(2)]
    if procedure.patient == ADULT:
        age = int(np.clip(rng.normal(61, 17), 18, 98))
        height = float(np.clip(rng.normal(1.70, 0.09), 1.40, 2.05))
        weight = round(float(np.clip(rng.normal(27, 4.5), 17, 45)) * height**2, 1)
        known = rng.random() >= ADULT_WITHOUT_WEIGHT
        return Patient(f"{age:03d}Y", sex, round(height, 2), weight if known else None)
    return _child(procedure, sex, rng)


def _child(procedure: Procedure, sex: str, rng: np.random.Generator) -> Patient:
    if procedure.patient == CHILD_BY_AGE:
        months = int(rng.integers(13, 71))
        age = f"{months:03d}M" if months < 36 else f"{months // 12:03d}Y"
        return Patient(age, sex, round(0.70 + 0.006 * months, 2), round(8 + 0.2 * months, 1))
    weight = round(float(rng.uniform(15.5, 29.5)), 1)
    return Patient(f"{int(weight / 3.4):03d}Y", sex, round(0.75 + 0.018 * weight, 2), weight)
