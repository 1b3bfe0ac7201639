"""Determines the kind of equipment from the content of a dose report.

No single code is sufficient: some fluoroscopy devices have the type "Integrated" (Azurion), one
model makes radiographs and fluoroscopies (Fluorospot Compact), and a C-arm whose fluoroscopy time
is zero is still a C-arm. A report with both CT and an administration has modality CT; both are read
into their tables.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from transforms.decode import ct, mammography, projection, radiopharmaceutical
from transforms.decode.departures import azurion_is_fluoroscopy_guided, is_radiation_summary
from transforms.dicom.codes import Code, same_code, same_meaning
from transforms.dicom.content_tree import ContentItem
from transforms.dicom.header import Header

DCM, SCT = codes.DCM, codes.SCT

_EVENT, _ACCUMULATED = DCM.IrradiationEventXRayData, DCM.AccumulatedXRayDoseData
_EVENT_TYPE, _FLUORO_MODE = DCM.IrradiationEventType, DCM.FluoroMode
_DEVICE_TYPE, _PROCEDURE_REPORTED = DCM.AcquisitionDeviceType, DCM.ProcedureReported
CODES_REMEMBERED = 1024
FLUOROSCOPY = (SCT.Fluoroscopy,)
FLUOROSCOPY_DEVICES = (DCM.FluoroscopyGuidedProjectionRadiographySystem,)
FLUOROSCOPY_TOTALS = (
    DCM.TotalFluoroTime,
    DCM.FluoroDoseAreaProductTotal,
    DCM.FluoroDoseRPTotal,
)
RADIOGRAPHY_DEVICES = (
    DCM.IntegratedProjectionRadiographySystem,
    DCM.CassetteBasedProjectionRadiographySystem,
)
C_ARM_CONCEPTS = (DCM.DistanceSourceToIsocenter,)
C_ARM_EVENTS = (DCM.RotationalAcquisition,)
PROCEDURES = {
    "CBCT": SCT.ConeBeamComputedTomography,
    "DENTAL": SCT.DentalRadiography,
    "DXA": SCT.DualEnergyXRayAbsorptiometry,
    "DX": SCT.PlainRadiography,
    "RF": SCT.Fluoroscopy,
}
"""Procedure reported (CID 10005) of equipment that its events do not tell apart: a dental unit
turns around the head as a C-arm does. Most devices state Projection X-Ray, which tells nothing."""
PROCEDURE_DECIDES = frozenset({"CBCT", "DENTAL", "DXA", "RF"})
RADIOGRAPHY_STAND_CONCEPTS = (DCM.ColumnAngulation, DCM.CRDRMechanicalConfiguration)


def modality(root: ContentItem, header: Header) -> str | None:
    """A code of `MODALITIES`; None if the report contains no dose that drlake reads."""
    procedure = _procedure_reported(root)
    if ct.is_ct(root):
        return "CBCT" if procedure == "CBCT" else "CT"
    if radiopharmaceutical.is_radiopharmaceutical(root):
        return "NM"
    if mammography.is_mammography(root):
        return "MG"
    if is_radiation_summary(root):
        return "RF"
    if projection.is_projection(root):
        return _of_projection(root, header, procedure)
    return None


def _procedure_reported(root: ContentItem) -> str | None:
    """The key of the procedure in `PROCEDURES`; None if it is another one, or several differ."""
    codes = (item.code for item in root.children_named(_PROCEDURE_REPORTED))
    found = {key for code in codes if code is not None for key in _procedures(code)}
    return found.pop() if len(found) == 1 else None


@lru_cache(maxsize=CODES_REMEMBERED)
def _procedures(code: Code) -> tuple[str, ...]:
    """Keys of `PROCEDURES` with this code."""
    return tuple(key for key, known in PROCEDURES.items() if _is_of(code, known))


def _of_projection(root: ContentItem, header: Header, procedure: str | None) -> str:
    """The modality of projection X-ray: by the procedure reported, or else by the device.

    A report of plain radiography with fluoroscopy contradicts itself, and the events decide.
    """
    if procedure is not None and procedure in PROCEDURE_DECIDES:
        return procedure
    if procedure == "DX" and not _did_fluoroscopy(root):
        return "DX"
    return "RF" if _is_fluoroscopy(root, header) else "DX"


def _is_fluoroscopy(root: ContentItem, header: Header) -> bool:
    """Whether the device is a fluoroscopy system: decided by its events, then by signs of a C-arm,
    then by the device type, and last by fluoroscopy totals without a radiography stand."""
    if _did_fluoroscopy(root):
        return True
    if azurion_is_fluoroscopy_guided(header):
        return True
    if _is_c_arm(root):
        return True
    device_types = [item for item in root.children_named(_DEVICE_TYPE) if item.code is not None]
    if _has_value(device_types, FLUOROSCOPY_DEVICES):
        return True
    if _has_value(device_types, RADIOGRAPHY_DEVICES):
        return False
    return _totals_fluoroscopy_and_has_no_stand(root)


def _did_fluoroscopy(root: ContentItem) -> bool:
    events = root.all_children_named(_EVENT)
    if _has_value(_event_types(events), FLUOROSCOPY) or any(
        event.children_named(_FLUORO_MODE) for event in events
    ):
        return True
    totals = _totals(root, FLUOROSCOPY_TOTALS)
    return any(item.qualifier is None and _is_positive(item.text) for item in totals)


def _is_positive(text: str | None) -> bool:
    """Whether the text is a finite number above zero; invalid numbers are refused elsewhere."""
    try:
        return math.isfinite(number := float(text or "")) and number > 0
    except ValueError:
        return False


def _is_c_arm(root: ContentItem) -> bool:
    """Whether the events have an isocentre, or the gantry turned around the patient."""
    events = root.all_children_named(_EVENT)
    return _has_item(events, C_ARM_CONCEPTS) or _has_value(_event_types(events), C_ARM_EVENTS)


def _totals_fluoroscopy_and_has_no_stand(root: ContentItem) -> bool:
    """Whether fluoroscopy totals are stated (even zero) and there is no wall stand or column."""
    events = root.all_children_named(_EVENT)
    return bool(_totals(root, FLUOROSCOPY_TOTALS)) and not _has_item(
        events, RADIOGRAPHY_STAND_CONCEPTS
    )


def _event_types(events: Iterable[ContentItem]) -> list[ContentItem]:
    return [item for event in events for item in event.children_named(_EVENT_TYPE)]


def _totals(root: ContentItem, concepts: Iterable[PydicomCode]) -> list[ContentItem]:
    containers = root.all_children_named(_ACCUMULATED)
    return [item for c in concepts for holder in containers for item in holder.children_named(c)]


def _has_item(events: Iterable[ContentItem], concepts: Iterable[PydicomCode]) -> bool:
    return any(event.children_named(concept) for event in events for concept in concepts)


def _has_value(items: Iterable[ContentItem], concepts: Iterable[PydicomCode]) -> bool:
    """Whether an item has one of the concepts as its value."""
    wanted = tuple(concepts)
    return any(
        _is_of(item.code, concept) for item in items if item.code is not None for concept in wanted
    )


def _is_of(code: Code, concept: PydicomCode) -> bool:
    return same_code(code, concept) or same_meaning(code, concept)
