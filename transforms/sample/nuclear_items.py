"""The content items of a radiopharmaceutical report (TID 10021 and 10022, PS3.16 2024e)."""

from __future__ import annotations

from pydicom.dataset import Dataset

from transforms.sample.encoding.codes import DCM, DIAGNOSTIC_INTENT, HAS_INTENT
from transforms.sample.encoding.items import (
    CONCEPT_MOD,
    CONTAINS,
    PROPERTIES,
    code,
    container,
    moment,
    number,
    uid,
)
from transforms.sample.encoding.slots import Placeholders
from transforms.sample.other_codes import (
    AGENT,
    ASSOCIATED_PROCEDURE,
    HALF_LIFE,
    RADIONUCLIDE,
    STUDIES,
    TRACERS,
)


def associated_procedure(use: str) -> Dataset:
    """Associated Procedure: the purpose of the administration."""
    intent = code(CONCEPT_MOD, HAS_INTENT, DIAGNOSTIC_INTENT)
    return code(CONCEPT_MOD, ASSOCIATED_PROCEDURE, STUDIES[use], intent)


def administration_item(use: str, places: Placeholders) -> Dataset:
    """Radiopharmaceutical Administration (TID 10022)."""
    agent, radionuclide, half_life_s = TRACERS[use]
    half_life = number(HALF_LIFE, half_life_s, "s")
    half_life.RelationshipType = PROPERTIES
    return container(
        DCM.RadiopharmaceuticalAdministration,
        code(CONTAINS, AGENT, agent, code(PROPERTIES, RADIONUCLIDE, radionuclide), half_life),
        uid(CONTAINS, DCM.RadiopharmaceuticalAdministrationEventUID, places.uid("event_uid")),
        moment(CONTAINS, DCM.RadiopharmaceuticalStartDatetime, places.short("event_at", 14)),
        number(DCM.AdministeredActivity, places.number("activity_mbq"), "MBq"),
    )
