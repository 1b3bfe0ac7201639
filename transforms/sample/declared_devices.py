"""Invented declarations of facilities about their devices and themselves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from transforms.sample.inventory import InstalledDevice
from transforms.sample.model_facts import FACTS, FOURTH
from transforms.sample.registry import COUNTRY

Row = dict[str, object]

THIS_YEAR = 2025
YOUNG, MIDDLE, OLD = (2, 5), (6, 10), (11, 14)
"""Ages of devices in years at the end of this year, by the bands of the golden rules (COCIR)."""

UNDECLARED = 19
"""One device in this number is not declared."""

SILENT_CT = ("Philips", "Brilliance 16")
"""A scanner that sends no dose reports; every fourth facility has one."""


def device_rows(devices: list[InstalledDevice], facilities: list[str]) -> Iterator[Row]:
    """Rows of the devices form; some devices are missing, and some have no reports."""
    for device in devices:
        if device.setting % UNDECLARED:
            yield _device(device)
    for facility_id in facilities[::4]:
        yield _device(
            InstalledDevice(facility_id, *SILENT_CT, f"7{facility_id[1:]:0>4}00009", "CT")
        )


def facility_rows(examinations: Mapping[tuple[str, str], int]) -> Iterator[Row]:
    """Rows of the facilities form: more examinations than reports, and a dose management system."""
    for (facility_id, modality), reported in sorted(examinations.items()):
        number = int(facility_id[1:])
        yield {
            "facility_id": facility_id,
            "period": THIS_YEAR,
            "modality": modality,
            "n_examinations": reported + number % 4 * reported // 8 if number % 7 else None,
            "has_dose_management_system": ("yes", "no", "yes", "unknown")[number % 4],
            "dose_training_on": date(THIS_YEAR - number % 3, 1 + number % 12, 15)
            if number % 5
            else None,
        }


def _age(device: InstalledDevice) -> int:
    """Age of a device: young if the model is of the newest generation, else middle or old in turn.

    In a large nation every age band then has enough facilities to be published.
    """
    facts = FACTS[device.model_name]
    is_old = int(device.facility_id[1:]) % 2 == 0 and facts.market_year <= THIS_YEAR - OLD[0]
    youngest, oldest = YOUNG if facts.generation == FOURTH else OLD if is_old else MIDDLE
    oldest = min(oldest, THIS_YEAR - facts.market_year)
    return youngest + device.setting % (oldest - youngest + 1)


def _device(device: InstalledDevice) -> Row:
    age = _age(device)
    month = 1 + device.setting // 7 % 12
    is_refurbished = age > 8 and device.setting % 3 == 0
    return {
        "facility_id": device.facility_id,
        "manufacturer": device.manufacturer,
        "model_name": device.model_name,
        "serial_number": device.serial,
        "modality": device.modality,
        "country": COUNTRY,
        "manufactured_on": date(THIS_YEAR - age, month, 1) if device.setting % 5 else None,
        "installed_on": date(THIS_YEAR - age, month, 20),
        "refurbished_on": date(THIS_YEAR - age + 7, month, 20) if is_refurbished else None,
        "decommissioned_on": None,
    }
