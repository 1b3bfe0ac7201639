"""CT dose: TID 10011 (report), 10012 (accumulated), 10013 (event), 10014 (source), 10015 (check).

PS3.16, edition 2024e. A value is read from the container its template puts it in; the concept
of each value stands in the column's declaration, so this module names containers only.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from transforms.decode.content import ContentItem
from transforms.decode.departures import siemens_modulation_type
from transforms.decode.values import Finder, Values, coded_columns, first_of
from transforms.errors import ObjectRefused
from transforms.tables import CT_ACCUMULATED_DOSE, CT_IRRADIATION_EVENT

DCM = codes.DCM

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

EVENT_ITEMS = frozenset(
    {
        "event_key",
        "acquisition_protocol",
        "target_region",
        "target_region_code",
        "ct_acquisition_type",
        "xray_modulation_type",
        "reconstruction_algorithm",
    }
)
"""Values that stand in the event itself."""

_ACQUISITION, _ACCUMULATED = DCM.CTAcquisition, DCM.CTAccumulatedDoseData
_SUB_TOTAL, _PHANTOM_TYPE = DCM.CTDoseLengthProductSubTotal, DCM.CtdiwPhantomType
_HEAD, _BODY = DCM.IECHeadDosimetryPhantom, DCM.IECBodyDosimetryPhantom
_SOURCES = dict(coded_columns(CT_IRRADIATION_EVENT))
_TOTALS = frozenset({"total_number_of_irradiation_events", "dlp_total_mgy_cm"})


def _finder(names: Iterable[str]) -> Finder:
    return Finder((name, _SOURCES[name]) for name in names)


_CONTAINERS = tuple(
    (f"container {code.value}", frozenset(names), _finder(names))
    for code, names in EVENT_CONTAINERS.items()
)
_IN_EVENT = Finder(
    [
        *((name, _SOURCES[name]) for name in EVENT_ITEMS),
        *((f"container {code.value}", code) for code in EVENT_CONTAINERS),
    ]
)
_IN_ACCUMULATED = Finder(
    (name, code) for name, code in coded_columns(CT_ACCUMULATED_DOSE) if name in _TOTALS
)


def is_ct(root: ContentItem) -> bool:
    """Whether the tree holds CT dose, whatever the header says."""
    return bool(root.all(_ACQUISITION) or root.all(_ACCUMULATED))


def events(root: ContentItem) -> list[Values]:
    """The CT acquisitions in document order (TID 10013)."""
    return [_event(item) for item in root.all(_ACQUISITION)]


def accumulated(root: ContentItem) -> Values | None:
    """The CT accumulated dose data (TID 10012); None where the report has none."""
    containers = root.all(_ACCUMULATED)
    if len(containers) > 1:
        raise ObjectRefused("content_malformed", "more than one CT Accumulated Dose Data")
    if not containers:
        return None
    container = containers[0]
    return {
        **first_of(_IN_ACCUMULATED.find(container), _TOTALS),
        "dlp_subtotal_head_16cm_mgy_cm": _sub_total(container, _HEAD),
        "dlp_subtotal_body_32cm_mgy_cm": _sub_total(container, _BODY),
    }


def _event(event: ContentItem) -> Values:
    found = _IN_EVENT.find(event)
    values = first_of(found, EVENT_ITEMS)
    for container, names, finder in _CONTAINERS:
        if holders := found.get(container):
            values.update(first_of(finder.find(holders[0]), names))
    modulation = siemens_modulation_type(event, values.get("xray_modulation_type", ()))
    values["xray_modulation_type"] = modulation
    return values


def _sub_total(container: ContentItem, phantom: PydicomCode) -> tuple[ContentItem, ...]:
    """The sub-total whose phantom type child names this phantom (TID 10012 row 3a)."""
    for item in container.all(_SUB_TOTAL):
        named = item.first(_PHANTOM_TYPE)
        if named is not None and named.code is not None and named.code.value == phantom.value:
            return (item,)
    return ()
