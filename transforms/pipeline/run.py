"""State shared by the steps of one command or task."""

from __future__ import annotations

from functools import cached_property

from transforms.dicom.identity.policy import identity_policy
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import Pseudonyms, load_pseudonyms
from transforms.pipeline.decode_job import FacilityTerms
from transforms.receive.registry import (
    Registry,
    configured_registry,
    foreign_device_keys,
    write_registry,
)
from transforms.receive.visit import facilities
from transforms.settings import Settings


class Run:
    """Settings, lake, facility registry and pseudonyms, created once and passed down.

    The registry is read first, so that a mistake in it is reported before anything is written.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.registry: Registry = configured_registry(settings)
        self.lake = Lake(settings.lake)

    @cached_property
    def submitting(self) -> list[str]:
        """Ids of the facilities that submit today; writes the registry into the lake."""
        found = facilities(self.settings, self.registry)
        if self.registry is not None:
            self.lake.prepare()
            write_registry(self.lake, self.registry)
        return found

    @cached_property
    def pseudonyms(self) -> Pseudonyms:
        """The lake's pseudonyms; prepares the lake first, since its key may be created now."""
        self.lake.prepare()
        return load_pseudonyms(self.settings, self.lake)

    def facility_terms(self, facility_id: str) -> FacilityTerms:
        """Settings for a facility's objects, from the registry and the settings."""
        agreed = {one.facility_id: one.allows for one in self.registry or ()}
        return FacilityTerms(
            foreign_device_keys(self.registry or (), facility_id, self.pseudonyms),
            identity_policy(self.settings.identity_policy, agreed.get(facility_id)),
        )
