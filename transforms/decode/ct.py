"""CT dose: TID 10011 (report), 10012 (accumulated), 10013 (event), 10014 (source), 10015 (check).

PS3.16, edition 2024e. A value is read from the container its template puts it in; the concept
of each value stands in the column's declaration, so this module names containers only.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from transforms.decode.content import ContentItem
from transforms.errors import ObjectRefused
from transforms.schema import Column
from transforms.tables import CT_IRRADIATION_EVENT

DCM = codes.DCM

Values = Mapping[str, ContentItem | None]
"""Column name -> the content item that holds its value, None where the report has none."""

EVENT_CONTAINERS: Mapping[PydicomCode, tuple[str, ...]] = {
    DCM.CTAcquisitionParameters: (
        "exposure_time_s",
        "scanning_length_mm",
        "exposed_range_mm",
        "nominal_single_collimation_width_mm",
        "nominal_total_collimation_width_mm",
        "pitch_factor",
        "number_of_xray_sources",
    ),
    DCM.CTXRaySourceParameters: (
        "kvp_kv",
        "tube_current_ma",
        "maximum_tube_current_ma",
        "exposure_time_per_rotation_s",
    ),
    DCM.CTDose: (
        "mean_ctdivol_mgy",
        "ctdiw_phantom",
        "dlp_mgy_cm",
        "ssde_mgy",
        "water_equivalent_diameter_mm",
    ),
    DCM.DoseCheckAlertDetails: (
        "ctdivol_alert_configured",
        "ctdivol_alert_value_mgy",
        "dlp_alert_configured",
        "dlp_alert_value_mgy_cm",
    ),
    DCM.DoseCheckNotificationDetails: (
        "ctdivol_notification_configured",
        "ctdivol_notification_value_mgy",
        "dlp_notification_configured",
        "dlp_notification_value_mgy_cm",
    ),
}
"""Where TID 10013 puts the values that do not stand in the event itself."""

EVENT_ITEMS = (
    "event_key",
    "acquisition_protocol",
    "target_region",
    "target_region_code",
    "ct_acquisition_type",
    "xray_modulation_type",
    "reconstruction_algorithm",
)
"""Values that stand in the event itself."""

_CONTAINER_OF = {name: code for code, names in EVENT_CONTAINERS.items() for name in names}
_EVENT_COLUMNS = tuple(
    column
    for column in CT_IRRADIATION_EVENT.columns
    if column.name in EVENT_ITEMS or column.name in _CONTAINER_OF
)


def is_ct(root: ContentItem) -> bool:
    """Whether the tree holds CT dose, whatever the header says."""
    return bool(root.all(DCM.CTAcquisition) or root.all(DCM.CTAccumulatedDoseData))


def events(root: ContentItem) -> list[Values]:
    """The CT acquisitions in document order (TID 10013)."""
    return [_event(item) for item in root.all(DCM.CTAcquisition)]


def accumulated(root: ContentItem) -> Values | None:
    """The CT accumulated dose data (TID 10012); None where the report has none."""
    containers = root.all(DCM.CTAccumulatedDoseData)
    if len(containers) > 1:
        raise ObjectRefused("content_malformed", "more than one CT Accumulated Dose Data")
    if not containers:
        return None
    container = containers[0]
    return {
        "total_number_of_irradiation_events": container.first(DCM.TotalNumberOfIrradiationEvents),
        "dlp_total_mgy_cm": container.first(DCM.CTDoseLengthProductTotal),
        "dlp_subtotal_head_16cm_mgy_cm": _sub_total(container, DCM.IECHeadDosimetryPhantom),
        "dlp_subtotal_body_32cm_mgy_cm": _sub_total(container, DCM.IECBodyDosimetryPhantom),
    }


def _event(event: ContentItem) -> Values:
    containers = {code: event.first(code) for code in EVENT_CONTAINERS}
    return {
        column.name: _find(_holder(event, containers, column), column) for column in _EVENT_COLUMNS
    }


def _holder(
    event: ContentItem,
    containers: Mapping[PydicomCode, ContentItem | None],
    column: Column,
) -> ContentItem | None:
    code = _CONTAINER_OF.get(column.name)
    return event if code is None else containers[code]


def _find(holder: ContentItem | None, column: Column) -> ContentItem | None:
    if holder is None or isinstance(column.source, str):
        return None
    return holder.first(column.source)


def _sub_total(container: ContentItem, phantom: PydicomCode) -> ContentItem | None:
    """The sub-total whose phantom type child names this phantom (TID 10012 row 3a)."""
    for item in container.all(DCM.CTDoseLengthProductSubTotal):
        named = item.first(DCM.CtdiwPhantomType)
        if named is not None and named.code is not None and named.code.value == phantom.value:
            return item
    return None
