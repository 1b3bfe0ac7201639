"""The content items of projection and mammography reports (TID 10001 to 10005, PS3.16 2024e)."""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from transforms.sample.encoding.codes import DCM, DIAGNOSTIC_INTENT, HAS_INTENT, in_scheme
from transforms.sample.encoding.items import (
    CONCEPT_MOD,
    CONTAINS,
    OBS_CONTEXT,
    PROPERTIES,
    code,
    container,
    moment,
    number,
    text,
    uid,
)
from transforms.sample.encoding.slots import Placeholders
from transforms.sample.other_catalogue import ACQUISITION, CC, FLUOROSCOPY, MG, MLO, RF, View
from transforms.sample.other_codes import (
    ANATOMY,
    BREASTS,
    EVENT_TYPES,
    IMAGE_VIEWS,
    LATERALITY,
    MAMMOGRAPHY,
    MATERIALS,
    OTHER_REGIONS,
    SIDES,
)
from transforms.sample.other_devices import OtherModel

REFERENCE_POINT = "15cm below BeamIsocenter"


def opening_items(model: OtherModel, places: Placeholders) -> list[Dataset]:
    """The items before the events: procedure, observer, scope, totals."""
    reported = MAMMOGRAPHY if model.modality == MG else DCM.ProjectionXRay
    intent = _in_model_scheme(HAS_INTENT, model), _in_model_scheme(DIAGNOSTIC_INTENT, model)
    procedure = code(CONCEPT_MOD, DCM.ProcedureReported, _in_model_scheme(reported, model))
    procedure.ContentSequence = [code(CONCEPT_MOD, *intent)]
    study = uid(PROPERTIES, DCM.StudyInstanceUID, places.uid("study_uid"))
    return [
        procedure,
        code(OBS_CONTEXT, DCM.ObserverType, DCM.Device),
        uid(OBS_CONTEXT, DCM.DeviceObserverUID, places.uid("device_uid")),
        text(OBS_CONTEXT, DCM.DeviceObserverManufacturer, model.manufacturer),
        text(OBS_CONTEXT, DCM.DeviceObserverModelName, model.model_name),
        text(OBS_CONTEXT, DCM.DeviceObserverSerialNumber, places.text("serial", 10)),
        code(OBS_CONTEXT, DCM.ScopeOfAccumulation, DCM.Study, study),
        _accumulated_dose(model, places),
    ]


def event_item(model: OtherModel, view: View, region: str, places: Placeholders) -> Dataset:
    """Irradiation Event X-Ray Data (TID 10003)."""
    is_breast = view.kind in (CC, MLO)
    items = [
        _plane(),
        uid(CONTAINS, DCM.IrradiationEventUID, places.uid("event_uid")),
        moment(CONTAINS, DCM.DatetimeStarted, places.short("event_at", 14)),
        code(CONTAINS, DCM.IrradiationEventType, _event_type(model, view)),
        code(CONTAINS, DCM.TargetRegion, _in_model_scheme(OTHER_REGIONS[region], model)),
        number(DCM.KVP, places.number("kvp_kv"), "kV"),
    ]
    if model.protocol:
        items.append(text(CONTAINS, DCM.AcquisitionProtocol, model.protocol))
    items += _breast(model, view, places) if is_breast else _beam(model, view, places)
    return container(DCM.IrradiationEventXRayData, *items)


def _accumulated_dose(model: OtherModel, places: Placeholders) -> Dataset:
    """Accumulated X-Ray Dose Data (TID 10002): glandular dose of each breast, or KAP and times."""
    if model.modality == MG:
        items = [
            number(
                DCM.AccumulatedAverageGlandularDose,
                places.number(f"agd_{side}"),
                "mGy",
                code(
                    CONCEPT_MOD,
                    _in_model_scheme(LATERALITY, model),
                    _in_model_scheme(BREASTS[side], model),
                ),
            )
            for side in ("left", "right")
        ]
        return container(DCM.AccumulatedXRayDoseData, _plane(), *items)
    items = [number(DCM.DoseAreaProductTotal, places.number("kap_total"), model.kap_unit)]
    if model.modality == RF:
        items += _fluoroscopy_totals(model, places)
    return container(DCM.AccumulatedXRayDoseData, _plane(), *items)


def _fluoroscopy_totals(model: OtherModel, places: Placeholders) -> list[Dataset]:
    """Totals of a fluoroscopy system (TID 10004), of fluoroscopy and of acquisitions."""
    return [
        number(DCM.DoseRPTotal, places.number("kerma_total"), model.kerma_unit),
        number(DCM.FluoroDoseAreaProductTotal, places.number("fluoro_kap"), model.kap_unit),
        number(DCM.FluoroDoseRPTotal, places.number("fluoro_kerma"), model.kerma_unit),
        number(DCM.TotalFluoroTime, places.number("fluoro_time_s"), "s"),
        number(DCM.AcquisitionDoseAreaProductTotal, places.number("image_kap"), model.kap_unit),
        number(DCM.AcquisitionDoseRPTotal, places.number("image_kerma"), model.kerma_unit),
        number(DCM.TotalNumberOfRadiographicFrames, "24", "1"),
        text(CONTAINS, DCM.ReferencePointDefinition, REFERENCE_POINT),
    ]


def _breast(model: OtherModel, view: View, places: Placeholders) -> list[Dataset]:
    side = code(
        CONCEPT_MOD,
        _in_model_scheme(LATERALITY, model),
        _in_model_scheme(SIDES[view.laterality], model),
    )
    breast = _in_model_scheme(OTHER_REGIONS["breast"], model)
    strip = code(CONTAINS, DCM.XRayFilterType, DCM.StripFilter)
    material = code(CONTAINS, DCM.XRayFilterMaterial, MATERIALS[model.scheme][model.filter])
    return [
        code(CONTAINS, _in_model_scheme(ANATOMY, model), breast, side),
        code(CONTAINS, DCM.ImageView, _in_model_scheme(IMAGE_VIEWS[view.kind], model)),
        number(DCM.AverageGlandularDose, places.number("agd_mgy"), "mGy"),
        number(DCM.EntranceExposureAtRP, places.number("entrance_mgy"), "mGy"),
        number(DCM.CompressionThickness, places.number("thickness_mm"), "mm"),
        code(CONTAINS, DCM.AnodeTargetMaterial, MATERIALS[model.scheme][model.target]),
        container(DCM.XRayFilters, strip, material),
    ]


def _beam(model: OtherModel, view: View, places: Placeholders) -> list[Dataset]:
    items = [number(DCM.DoseAreaProduct, places.number("kap"), model.kap_unit)]
    if view.kind in (FLUOROSCOPY, ACQUISITION):
        items += [
            number(DCM.DoseRP, places.number("kerma"), model.kerma_unit),
            text(CONTAINS, DCM.ReferencePointDefinition, REFERENCE_POINT),
        ]
    if view.kind == FLUOROSCOPY:
        items.append(code(CONTAINS, DCM.FluoroMode, DCM.Pulsed))
    return items


def _event_type(model: OtherModel, view: View) -> Code:
    """Event type; for tomosynthesis, the only sign of it in the report."""
    if model.tomosynthesis:
        return DCM.RotationalAcquisition
    return _in_model_scheme(EVENT_TYPES[view.kind], model)


def _plane() -> Dataset:
    return code(CONCEPT_MOD, DCM.AcquisitionPlane, DCM.SinglePlane)


def _in_model_scheme(named: Code, model: OtherModel) -> Code:
    return in_scheme(named, model.scheme)
