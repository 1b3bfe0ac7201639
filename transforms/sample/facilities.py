"""Facilities of the synthetic nation: their scanners, language and names of procedures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.sample.catalogue import ADULT, PROCEDURES, Procedure
from transforms.sample.devices import MODELS, DeviceModel
from transforms.sample.encoding.encode import PYTHON_CODEC
from transforms.sample.hostile_texts import requested_text, unmapped_name
from transforms.sample.names import CHILD_NAMES, NAMES, UNMAPPED_NAMES

STUDY, REQUESTED, PROTOCOL = "study_description", "requested_procedure", "acquisition_protocol"
"""Attribute in which a facility names the examination."""

PLACE_SHARES = {STUDY: 0.70, REQUESTED: 0.15, PROTOCOL: 0.15}
SECOND_DEVICE_SHARE = 0.35
VOLUME_RANGE = (0.80, 1.30)
UPDATED_ON = 182
"""Day of the year on which a device with older software gets its update."""

SERIAL_DIGITS = 5
"""Random digits of a serial number; facility and index follow, so that each is unique."""

DOUBTFUL_FROM = 12
"""From this number of facilities on, the last one reports totals ten times too small."""

DAYS_IN_YEAR = 365
DAYS_OF_LATE_YEAR = 270
LATE_NUMBER = 4
"""In a nation with at least this many, this facility sends nothing from the last quarter."""

SENT_BEFORE = (1, 2, 3)
"""Facilities whose number modulo five is one of these also took part in the year before."""


@dataclass(frozen=True, slots=True)
class Device:
    """One scanner of one facility."""

    model: DeviceModel
    serial: str
    uid: str

    def software_on(self, day: int) -> str:
        """The software on this day of the year: some devices are updated during the year."""
        is_updated = bool(self.model.older_software) and self.setting % 2 == 0
        return self.model.older_software if is_updated and day < UPDATED_ON else self.model.software

    @property
    def setting(self) -> int:
        """A number that represents how its facility has set up the device."""
        return int(self.serial[:SERIAL_DIGITS])


@dataclass(frozen=True, slots=True)
class Facility:
    """One facility; `name_by_procedure` has its name for each procedure, in its language."""

    facility_id: str
    devices: tuple[Device, ...]
    place: str
    name_by_procedure: dict[Procedure, str]
    unmapped_name: str
    requested_text: str
    volume: float
    doubtful: bool
    language: str = "english"
    late: bool = False
    sent_before: bool = False

    @property
    def number(self) -> int:
        """Its number in the nation, from 1."""
        return int(self.facility_id[1:])

    @property
    def days(self) -> int:
        """Days of the year on which it has sent examinations."""
        return DAYS_OF_LATE_YEAR if self.late else DAYS_IN_YEAR


def generator(seed: int, facility_number: int, *purpose: int) -> np.random.Generator:
    """Return the facility's own random number generator, another for each purpose."""
    entropy = [seed, facility_number, *purpose]
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy)))


def uid(rng: np.random.Generator) -> str:
    """A UID of exactly 44 characters: 2.25. and 39 digits below 2^128 (PS3.5 B.2)."""
    return f"2.25.{10**38 + (int.from_bytes(rng.bytes(16), 'big') >> 1)}"


def facility(number: int, facilities: int, rng: np.random.Generator) -> Facility:
    """Facility `number` (from 1) of the nation."""
    devices = _devices(number, rng)
    languages = [
        language
        for language in devices[0].model.languages
        if all(language in device.model.languages for device in devices)
    ]
    language = languages[rng.integers(len(languages))]
    codec = _codec(devices)
    return Facility(
        facility_id=f"F{number:03d}",
        devices=devices,
        place=_place(devices, rng),
        name_by_procedure={one: _name(one, language, rng) for one in PROCEDURES},
        unmapped_name=unmapped_name(number, _unmapped_name(devices, rng), codec),
        requested_text=requested_text(number, codec),
        volume=float(rng.uniform(*VOLUME_RANGE)),
        doubtful=facilities >= DOUBTFUL_FROM and number == facilities,
        language=language,
        late=facilities >= DOUBTFUL_FROM and number == LATE_NUMBER,
        sent_before=number % 5 in SENT_BEFORE,
    )


def _devices(number: int, rng: np.random.Generator) -> tuple[Device, ...]:
    models = [MODELS[(number - 1) % len(MODELS)]]
    if rng.random() < SECOND_DEVICE_SHARE:
        models.append(MODELS[rng.integers(len(MODELS))])
    return tuple(
        Device(model, f"{rng.integers(10_000, 100_000)}{number:04d}{index}", uid(rng))
        for index, model in enumerate(models)
    )


def _place(devices: tuple[Device, ...], rng: np.random.Generator) -> str:
    place = str(rng.choice(list(PLACE_SHARES), p=list(PLACE_SHARES.values())))
    writes_protocol = all(device.model.writes_protocol for device in devices)
    return place if place != PROTOCOL or writes_protocol else STUDY


def _codec(devices: tuple[Device, ...]) -> str:
    """The codec of the smallest character set among the facility's devices."""
    charsets = {device.model.charset for device in devices}
    return next(codec for charset, codec in PYTHON_CODEC.items() if charset in charsets)


def _name(procedure: Procedure, language: str, rng: np.random.Generator) -> str:
    table = NAMES if procedure.patient == ADULT else CHILD_NAMES
    names = table[procedure.procedure_id][language]
    return names[rng.integers(len(names))]


def _unmapped_name(devices: tuple[Device, ...], rng: np.random.Generator) -> str:
    ascii_only = any(not device.model.charset for device in devices)
    names = [name for name in UNMAPPED_NAMES if name.isascii() or not ascii_only]
    return names[rng.integers(len(names))]
