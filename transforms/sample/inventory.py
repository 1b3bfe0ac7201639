"""All devices installed in the synthetic nation, for any use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from transforms.sample.facilities import SERIAL_DIGITS, Facility
from transforms.sample.other_examinations import OtherDevice


@dataclass(frozen=True, slots=True)
class InstalledDevice:
    """One device as registry and forms describe it; `software` is its newest version."""

    facility_id: str
    manufacturer: str
    model_name: str
    serial: str
    modality: str

    @property
    def setting(self) -> int:
        """A number of its own, from which its invented properties are derived."""
        return int(self.serial[:SERIAL_DIGITS])


def inventory(place: Facility, others: Iterable[OtherDevice]) -> list[InstalledDevice]:
    """All devices of a facility."""
    ct = [
        InstalledDevice(
            place.facility_id, one.model.manufacturer, one.model.model_name, one.serial, "CT"
        )
        for one in place.devices
    ]
    return ct + [
        InstalledDevice(
            *(place.facility_id, one.model.manufacturer, one.model.model_name),
            *(one.serial, one.model.modality),
        )
        for one in others
    ]
