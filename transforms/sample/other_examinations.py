"""One examination without CT: patient, device, name, events.

Doses are whole numbers of the steps of `OtherProcedure`, air kerma of 0.001 mGy, so that totals are
the sums of the events to the last digit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from transforms.sample.examinations import Patient
from transforms.sample.facilities import uid
from transforms.sample.other_catalogue import (
    FEWEST_EXAMINATIONS_SHARE,
    FLUOROSCOPY,
    MG,
    MORE_EXAMINATIONS,
    NM,
    WITHIN_FACILITY_GSD,
    OtherProcedure,
    View,
)
from transforms.sample.other_devices import OtherModel

ADULT_HEIGHT_M, ADULT_BMI = (1.70, 0.09), (27.0, 4.5)
THICKNESS_MM = (58.0, 8.0)
THINNEST_MM, THICKEST_MM = 24, 95
REFERENCE_THICKNESS_MM = 58
"""Breast thickness that receives the facility's dose; a thicker breast receives more."""

GLANDULAR_SHARE = 9.0
"""Average glandular dose as a share of the incident air kerma, times the thickness in mm."""


@dataclass(frozen=True, slots=True)
class OtherDevice:
    """One device of one facility."""

    model: OtherModel
    serial: str
    uid: str


@dataclass(frozen=True, slots=True)
class OtherEvent:
    """One irradiation event, or one administration (without a view)."""

    view: View
    uid: str
    dose: int
    kerma: int = 0
    fluoro_time_s: int = 0
    thickness_mm: int = 0


@dataclass(frozen=True, slots=True)
class OtherExamination:
    """One examination, before any fault is added."""

    procedure: OtherProcedure
    device: OtherDevice
    patient: Patient
    study_uid: str
    day: int
    second: int
    name: str
    events: tuple[OtherEvent, ...]


def other_examinations(
    procedure: OtherProcedure,
    device: OtherDevice,
    name: str,
    level: float,
    mean: int,
    days: int,
    rng: np.random.Generator,
) -> Iterator[OtherExamination]:
    """A facility's examinations of one procedure on these days, with doses around `level`."""
    number = round(FEWEST_EXAMINATIONS_SHARE * mean) + int(rng.integers(MORE_EXAMINATIONS))
    number *= procedure.frequency
    for dose in level * rng.lognormal(0.0, np.log(WITHIN_FACILITY_GSD), max(1, number)):
        yield OtherExamination(
            procedure=procedure,
            device=device,
            patient=_patient(procedure, rng),
            study_uid=uid(rng),
            day=int(rng.integers(days)),
            second=int(rng.integers(7 * 3600, 20 * 3600)),
            name=name,
            events=_events(procedure, float(dose), rng),
        )


def _patient(procedure: OtherProcedure, rng: np.random.Generator) -> Patient:
    """An adult; for mammography a woman of screening age, without a weight."""
    sex = "F" if procedure.modality == MG else "FM"[rng.integers(2)]
    age = int(rng.integers(45, 75)) if procedure.modality == MG else int(rng.integers(25, 91))
    height = float(np.clip(rng.normal(*ADULT_HEIGHT_M), 1.40, 2.05))
    weight = round(float(np.clip(rng.normal(*ADULT_BMI), 17, 45)) * height**2, 1)
    return Patient(
        f"{age:03d}Y", sex, round(height, 2), None if procedure.modality == MG else weight
    )


def _events(
    procedure: OtherProcedure, dose: float, rng: np.random.Generator
) -> tuple[OtherEvent, ...]:
    if procedure.modality == NM:
        return (OtherEvent(View("administration"), uid(rng), max(1, round(dose))),)
    if procedure.modality == MG:
        thickness = rng.normal(*THICKNESS_MM)
        return tuple(_breast(view, dose, float(thickness), rng) for view in procedure.views)
    return tuple(_projection(procedure, view, dose, rng) for view in procedure.views)


def _breast(view: View, dose: float, thickness: float, rng: np.random.Generator) -> OtherEvent:
    """AGD and the air kerma it is based on, in 0.01 mGy, for a breast of this thickness."""
    mm = int(np.clip(round(thickness + float(rng.normal(0, 2))), THINNEST_MM, THICKEST_MM))
    agd = max(20, round(dose * view.share * (mm / REFERENCE_THICKNESS_MM) ** 0.6))
    return OtherEvent(view, uid(rng), agd, round(agd * mm / GLANDULAR_SHARE), thickness_mm=mm)


def _projection(
    procedure: OtherProcedure, view: View, dose: float, rng: np.random.Generator
) -> OtherEvent:
    kap = max(1, round(dose * view.share))
    kerma, seconds = 0, 0
    if procedure.field_cm2:  # 0.0001 Gy.cm2 over 1 cm2 is 0.1 mGy
        kerma = round(100 * kap / (procedure.field_cm2 * rng.lognormal(0.0, 0.15)))
    if view.kind == FLUOROSCOPY:
        seconds = max(5, round(procedure.fluoro_time_median_s * rng.lognormal(0.0, 0.4)))
    return OtherEvent(view, uid(rng), kap, kerma, seconds)
