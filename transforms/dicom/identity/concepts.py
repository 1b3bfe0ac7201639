"""Content items with identifying values, by the code of their concept (PS3.16)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from transforms.dicom.identity.attributes import DIRECT, INSTITUTION, SERIAL_NUMBER

DCM = codes.DCM

DIRECT_CONCEPTS: tuple[Code, ...] = (
    # Person observer (TID 1003)
    DCM.PersonObserverName,
    DCM.PersonObserverLoginName,
    DCM.PersonObserverOrganizationName,
    DCM.IdentifierWithinPersonObserverRole,
    # Procedure (TID 1005) and subject (TID 1007)
    DCM.PlacerNumber,
    DCM.FillerNumber,
    DCM.AccessionNumber,
    DCM.SubjectID,
    DCM.SubjectName,
    DCM.SubjectBirthDate,
    DCM.SpecimenAccessionNumber,
    # Person participant (TID 1020), also in the dose check with its reason (TID 10015)
    DCM.PersonName,
    DCM.PersonID,
    DCM.PersonIDIssuer,
    DCM.OrganizationName,
    DCM.ReasonForProceeding,
    # Names in other templates
    DCM.PerformingPhysician,
    DCM.Physician,
    DCM.PersonAdministeringDrugContrast,
    DCM.PhysicianNote,
    DCM.OperatorNarrative,
)
INSTITUTION_CONCEPTS: tuple[Code, ...] = (
    DCM.DeviceObserverPhysicalLocationDuringObservation,
    DCM.DeviceSubjectPhysicalLocationDuringObservation,
    DCM.ServiceDeliveryLocation,
)
SERIAL_NUMBER_CONCEPTS: tuple[Code, ...] = (
    DCM.DeviceObserverName,
    DCM.DeviceObserverSerialNumber,
    DCM.DeviceSubjectName,
    DCM.DeviceSubjectSerialNumber,
    DCM.DeviceName,
    DCM.DeviceSerialNumber,
    DCM.UnitSerialIdentifier,
    DCM.StationAETitle,
)
KIND_BY_CONCEPT: Mapping[tuple[str, str], str] = {
    (code.scheme_designator, code.value): kind
    for kind, concepts in (
        (DIRECT, DIRECT_CONCEPTS),
        (INSTITUTION, INSTITUTION_CONCEPTS),
        (SERIAL_NUMBER, SERIAL_NUMBER_CONCEPTS),
    )
    for code in concepts
}
"""Kind by scheme and value of the concept."""

MEANING_BY_CONCEPT: Mapping[tuple[str, str], str] = {
    (code.scheme_designator, code.value): code.meaning
    for code in (*DIRECT_CONCEPTS, *INSTITUTION_CONCEPTS, *SERIAL_NUMBER_CONCEPTS)
}

PERSON_VALUE_TYPES = frozenset({"PNAME", "PERSON NAME"})
"""Value types of a person name; the second is the spelling of older devices."""

_NAMES_A_PERSON = re.compile(
    r"\b(patient|person|subject|physician|doctor|operator|nurse|radiographer|radiologist"
    r"|technologist|technician)('?s)?'? (full |last |first |family |given )?"
    r"(name|id|identifier|number|address|phone)s?\b"
    r"|\b(accession|telephone|phone|insurance) number\b|\bbirth ?date\b|\bdate of birth\b",
    re.IGNORECASE,
)


def kind_of_concept(scheme: str, value: str, meaning: str) -> str | None:
    """Kind of identifier in items with this concept; None if they contain none.

    Manufacturers' private codes (99PHI-IXR-XPER "Performing Physicians Name") are recognised by
    their meaning.
    """
    known = KIND_BY_CONCEPT.get((scheme, value))
    if known is not None:
        return known
    return DIRECT if meaning and _NAMES_A_PERSON.search(meaning) else None
