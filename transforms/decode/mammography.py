"""Mammography dose: the accumulated average glandular dose per breast (TID 10005).

PS3.16, edition 2024e. The events (TID 10003) are read by `projection`. Hologic writes both breasts
into one container, other vendors one container per breast; the breast is identified by its code.
"""

from __future__ import annotations

from pydicom.sr.codedict import codes

from transforms.decode.values import Remarks, Values
from transforms.dicom.codes import same_code, same_meaning
from transforms.dicom.content_tree import ContentItem
from transforms.tables import MAMMOGRAPHY_ACCUMULATED_DOSE

DCM, SCT = codes.DCM, codes.SCT

_ACCUMULATED, _EVENT = DCM.AccumulatedXRayDoseData, DCM.IrradiationEventXRayData
_ACCUMULATED_DOSE, _EVENT_DOSE = DCM.AccumulatedAverageGlandularDose, DCM.AverageGlandularDose
_PROCEDURE, _MAMMOGRAPHY, _LATERALITY = DCM.ProcedureReported, SCT.Mammography, SCT.Laterality


def is_mammography(root: ContentItem) -> bool:
    """Whether the report is mammography: by its procedure, or because it has glandular doses."""
    for item in root.children_named(_PROCEDURE):
        code = item.code
        if code and (same_code(code, _MAMMOGRAPHY) or same_meaning(code, _MAMMOGRAPHY)):
            return True
    totals = (
        item.children_named(_ACCUMULATED_DOSE) for item in root.all_children_named(_ACCUMULATED)
    )
    return any(totals) or any(
        event.children_named(_EVENT_DOSE) for event in root.all_children_named(_EVENT)
    )


def accumulated_doses(root: ContentItem, remarks: Remarks) -> list[Values]:
    """The accumulated average glandular doses in document order.

    A dose without its own laterality has that of its container; two lateralities give none.
    """
    containers = [
        item
        for item in root.all_children_named(_ACCUMULATED)
        if item.children_named(_ACCUMULATED_DOSE)
    ]
    remarks.note_rows_named_by_meaning(MAMMOGRAPHY_ACCUMULATED_DOSE, containers, _ACCUMULATED)
    return [
        {
            "laterality": tuple(
                dose.children_named(_LATERALITY) or container.children_named(_LATERALITY)
            ),
            "accumulated_average_glandular_dose_mgy": (dose,),
        }
        for container in containers
        for dose in container.children_named(_ACCUMULATED_DOSE)
    ]
