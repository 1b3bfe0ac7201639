"""Devices and examinations of a facility other than CT: one device for each use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from transforms.sample.facilities import SERIAL_DIGITS, Facility, uid
from transforms.sample.other_catalogue import (
    BETWEEN_FACILITY_GSD,
    OTHER_PROCEDURES,
    OtherProcedure,
    is_done,
)
from transforms.sample.other_devices import model_of
from transforms.sample.other_examinations import OtherDevice, OtherExamination, other_examinations
from transforms.sample.other_names import OTHER_NAMES

FIRST_INDEX = 2
"""Last digit of the first serial number; CT scanners have the digits below."""


def other_devices(place: Facility, rng: np.random.Generator) -> dict[str, OtherDevice]:
    """The facility's devices without CT, by use."""
    uses = dict.fromkeys(one.use for one in OTHER_PROCEDURES if is_done(one, place.number))
    return {
        use: OtherDevice(model_of(use, place.number), _serial(place, index, rng), uid(rng))
        for index, use in enumerate(uses, start=FIRST_INDEX)
    }


def all_other_examinations(
    place: Facility, devices: Mapping[str, OtherDevice], mean: int, rng: np.random.Generator
) -> Iterator[OtherExamination]:
    """All examinations of the facility without CT."""
    for procedure in OTHER_PROCEDURES:
        if is_done(procedure, place.number):
            name = _name(procedure, place.language, rng)
            level = procedure.dose_median * rng.lognormal(0.0, np.log(BETWEEN_FACILITY_GSD))
            device = devices[procedure.use]
            yield from other_examinations(procedure, device, name, level, mean, place.days, rng)


def _serial(place: Facility, index: int, rng: np.random.Generator) -> str:
    lowest = 10 ** (SERIAL_DIGITS - 1)
    return f"{rng.integers(lowest, 10 * lowest)}{place.number:04d}{index}"


def _name(procedure: OtherProcedure, language: str, rng: np.random.Generator) -> str:
    names = OTHER_NAMES[procedure.procedure_id][language]
    return names[rng.integers(len(names))]
