"""CT dose: TID 10011 (report), 10012 (totals), 10013 (event), 10014 (length), 10015 (dose check).

PS3.16; `templates.csv` has the rows and their editions. A value is read from the container defined
by its template. The concept of each value is in the column's declaration, so this module names only
containers. If there are several X-ray sources, the values of the first are read. In all other cases
all items are returned, so that a quantity stated twice with different values is detected as a
contradiction.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from transforms.decode.departures import siemens_modulation_type
from transforms.decode.values import NESTED, Finder, Found, Remarks, Values, coded_columns
from transforms.dicom.codes import canonical, same_code, same_meaning
from transforms.dicom.content_tree import ContentItem
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
    DCM.SizeSpecificDoseEstimate: ("water_equivalent_diameter_mm",),
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
"""Containers in which TID 10013 puts values that are not direct children of the event."""

WITHIN: Mapping[PydicomCode, PydicomCode] = {
    DCM.CTXRaySourceParameters: DCM.CTAcquisitionParameters,
    DCM.DoseCheckAlertDetails: DCM.CTDose,
    DCM.DoseCheckNotificationDetails: DCM.CTDose,
    DCM.SizeSpecificDoseEstimate: DCM.CTDose,
}
"""Containers that TID 10013 nests in another one; some devices put them next to it."""

EVENT_ITEMS = (
    "event_key",
    "acquisition_protocol",
    "target_region",
    "target_region_code",
    "ct_acquisition_type",
    "is_repeated_acquisition",
    "xray_modulation_type",
    "reconstruction_algorithm",
)
"""Values that are direct children of the event."""

_ACQUISITION, _ACCUMULATED = DCM.CTAcquisition, DCM.CTAccumulatedDoseData
_SUB_TOTAL, _PHANTOM_TYPE = DCM.CTDoseLengthProductSubTotal, DCM.CtdiwPhantomType
_SUB_TOTALS = {
    "dlp_subtotal_head_16cm_mgy_cm": DCM.IECHeadDosimetryPhantom,
    "dlp_subtotal_body_32cm_mgy_cm": DCM.IECBodyDosimetryPhantom,
}
_X_RAY_SOURCE = DCM.CTXRaySourceParameters
_SOURCES = dict(coded_columns(CT_IRRADIATION_EVENT))
_TOTALS = frozenset({"total_number_of_irradiation_events", "dlp_total_mgy_cm"})


def _container_name(code: PydicomCode) -> str:
    return f"container {code.value}"


def _inner_containers(container: PydicomCode | None) -> Iterator[tuple[str, PydicomCode]]:
    """Containers allowed in a container; None is the event itself, where all are allowed."""
    for code in EVENT_CONTAINERS:
        if container is None or (code in WITHIN and WITHIN[code] == container):
            yield _container_name(code), code


_CONTAINERS = tuple(
    (
        _container_name(code),
        canonical(code.scheme_designator, code.value),
        code == _X_RAY_SOURCE,
        Finder([*((name, _SOURCES[name]) for name in names), *_inner_containers(code)]),
    )
    for code, names in EVENT_CONTAINERS.items()
)
_IN_EVENT = Finder(
    [
        *((name, _SOURCES[name]) for name in EVENT_ITEMS),
        *_inner_containers(None),
        (NESTED, _ACQUISITION),
    ]
)
_BELOW_ACQUISITION_TYPE = Finder([("reconstruction_algorithm", DCM.ReconstructionAlgorithm)])
"""TID 10013 row 4b; many devices put it next to the acquisition type."""
_IN_ACCUMULATED = Finder(
    (name, code) for name, code in coded_columns(CT_ACCUMULATED_DOSE) if name in _TOTALS
)


def is_ct(root: ContentItem) -> bool:
    """Whether the content tree contains CT dose, regardless of the header."""
    return bool(root.children_named(_ACQUISITION) or root.children_named(_ACCUMULATED))


def events(root: ContentItem, remarks: Remarks) -> list[Values]:
    """The CT acquisitions in document order (TID 10013).

    Columns whose container is recognised only by its meaning are noted in `remarks`.
    """
    found = root.all_children_named(_ACQUISITION)
    remarks.note_rows_named_by_meaning(CT_IRRADIATION_EVENT, found, _ACQUISITION)
    return [_event(item, remarks) for item in found]


def accumulated_dose(root: ContentItem, remarks: Remarks) -> Values | None:
    """The CT accumulated dose data (TID 10012); None if the report has none."""
    containers = root.all_children_named(_ACCUMULATED)
    if len(containers) > 1:
        raise ObjectRefused("content_malformed", "more than one CT Accumulated Dose Data")
    if not containers:
        return None
    remarks.note_rows_named_by_meaning(CT_ACCUMULATED_DOSE, containers, _ACCUMULATED)
    return {**_IN_ACCUMULATED.find(containers[0]), **_sub_totals(containers[0], remarks)}


def _event(event: ContentItem, remarks: Remarks) -> Values:
    values = _IN_EVENT.find(event)
    if NESTED in values:
        raise ObjectRefused("content_malformed", "a CT acquisition within another")
    for container, key, first_only, finder in _CONTAINERS:
        if holders := values.pop(container, None):
            found = _first_of(finder.find(holders[0])) if first_only else finder.find(*holders)
            concept = holders[0].concept
            if concept and canonical(concept.scheme, concept.value) != key:
                _note_meaning(found, remarks)
            _add(values, found)
    _add(values, _BELOW_ACQUISITION_TYPE.find(*values.get("ct_acquisition_type", ())))
    modulation = siemens_modulation_type(event, values.get("xray_modulation_type", ()))
    values["xray_modulation_type"] = modulation
    return values


def _first_of(found: Found) -> Found:
    """The first item of each name, since some devices put two sources into one container."""
    return {name: items[:1] for name, items in found.items()}


def _note_meaning(found: Found, remarks: Remarks) -> None:
    """Note the columns read from a container that is recognised only by its meaning."""
    names = [name for name in found if name in _SOURCES]
    if names:
        remarks.note_named_by_meaning(CT_IRRADIATION_EVENT, *names)


def _add(values: Found, found: Found) -> None:
    """Add the items of another container; items found in two places are all kept."""
    for name, items in found.items():
        values[name] = (*values[name], *items) if name in values else items


def _sub_totals(container: ContentItem, remarks: Remarks) -> Found:
    """The sub-totals by phantom type, which is a child of each (TID 10012 row 3a)."""
    found: Found = {}
    for item in container.children_named(_SUB_TOTAL):
        for named in item.children_named(_PHANTOM_TYPE):
            column = next((c for c, p in _SUB_TOTALS.items() if _is_of(named, p)), None)
            if column is not None:
                _add(found, {column: (item,)})
            elif named.code is not None:
                remarks.note_unusable(CT_ACCUMULATED_DOSE, "dlp_subtotal", "code_unknown")
    return found


def _is_of(named: ContentItem, phantom: PydicomCode) -> bool:
    code = named.code
    return code is not None and (same_code(code, phantom) or same_meaning(code, phantom))
