"""Projection X-ray dose: TID 10001 (report), 10002 to 10007 (accumulated), 10003 (event).

PS3.16, edition 2024e. Radiography, fluoroscopy, intervention and mammography share the event
template; `transforms.decode.modality` distinguishes them by content. A plane is identified by its
code, not by the order of containers.
"""

from __future__ import annotations

from pydicom.sr.codedict import codes

from transforms.decode.departures import philips_abdomen_region
from transforms.decode.values import NESTED, Finder, Remarks, Values, coded_columns
from transforms.dicom.content_tree import ContentItem
from transforms.dicom.header import Header
from transforms.errors import ObjectRefused
from transforms.tables import XRAY_ACCUMULATED_DOSE, XRAY_IRRADIATION_EVENT

DCM, SCT = codes.DCM, codes.SCT

_EVENT, _ACCUMULATED = DCM.IrradiationEventXRayData, DCM.AccumulatedXRayDoseData
_LATERALITY, _SIDED = SCT.Laterality, (DCM.TargetRegion, SCT.AnatomicalStructure)
_FILTERS, _FILTER_MATERIAL = DCM.XRayFilters, DCM.XRayFilterMaterial
_IN_EVENT = Finder([*coded_columns(XRAY_IRRADIATION_EVENT), (NESTED, _EVENT)])
_IN_ACCUMULATED = Finder(coded_columns(XRAY_ACCUMULATED_DOSE))
_NOT_A_TOTAL = frozenset({"acquisition_plane", "reference_point_definition"})


def is_projection(root: ContentItem) -> bool:
    """Whether the tree contains projection X-ray or mammography dose, regardless of the header."""
    return bool(root.children_named(_EVENT) or root.children_named(_ACCUMULATED))


def events(root: ContentItem, header: Header, remarks: Remarks) -> list[Values]:
    """The irradiation events in document order (TID 10003)."""
    found = root.all_children_named(_EVENT)
    remarks.note_rows_named_by_meaning(XRAY_IRRADIATION_EVENT, found, _EVENT)
    return [_event(item, header) for item in found]


def accumulated_doses(root: ContentItem, remarks: Remarks) -> list[Values]:
    """The totals per plane (TID 10004, 10006, 10007), in document order.

    A container without such a total (mammography has its own) gives no row.
    """
    containers = root.all_children_named(_ACCUMULATED)
    remarks.note_rows_named_by_meaning(XRAY_ACCUMULATED_DOSE, containers, _ACCUMULATED)
    found = [_IN_ACCUMULATED.find(item) for item in containers]
    return [values for values in found if not _NOT_A_TOTAL.issuperset(values)]


def _event(event: ContentItem, header: Header) -> Values:
    values = _IN_EVENT.find(event)
    if NESTED in values:
        raise ObjectRefused("content_malformed", "an irradiation event within another")
    values["laterality"] = _laterality(event)
    values["filter_material"] = _filter_materials(event)
    values["target_region_code"] = tuple(
        philips_abdomen_region(item, header) for item in values.get("target_region_code", ())
    )
    return values


def _laterality(event: ContentItem) -> tuple[ContentItem, ...]:
    """Laterality items of the target region (CP 1676), of the anatomical structure and of the
    event; none if they disagree."""
    holders = [event, *(holder for concept in _SIDED for holder in event.children_named(concept))]
    return tuple(side for holder in holders for side in holder.children_named(_LATERALITY))


def _filter_materials(event: ContentItem) -> tuple[ContentItem, ...]:
    """Materials of all filter containers, in document order."""
    return tuple(
        item
        for holder in event.children_named(_FILTERS)
        for item in holder.children_named(_FILTER_MATERIAL)
    )
