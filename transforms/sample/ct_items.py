"""The content items of a CT dose report (TID 10011 to 10015, PS3.16 2024e) of one device model."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from transforms.sample.catalogue import BODY
from transforms.sample.devices import DeviceModel
from transforms.sample.dose_check import dose_check_items
from transforms.sample.encoding.codes import (
    CT_IMAGING,
    DCM,
    DIAGNOSTIC_INTENT,
    HAS_INTENT,
    PHANTOMS,
    REGION_UNKNOWN,
    REGIONS,
    SPIRAL,
    in_scheme,
)
from transforms.sample.encoding.items import (
    CONCEPT_MOD,
    CONTAINS,
    INFERRED_FROM,
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
from transforms.sample.shapes import DIAGNOSTIC, EventShape

ACQUISITION_CODES: dict[str, Code] = {
    "constant_angle": DCM.ConstantAngleAcquisition,
    "stationary": DCM.StationaryAcquisitionCT,
    "spiral": SPIRAL,
    "sequenced": DCM.SequencedAcquisition,
}
RECONSTRUCTIONS: dict[str, Code] = {
    "iterative": DCM.IterativeReconstruction,
    "filtered": DCM.FilteredBackProjection,
}


def opening_items(model: DeviceModel, places: Placeholders) -> list[Dataset]:
    """The items before the accumulated dose: procedure, observer, times, scope."""
    imaging = code(CONCEPT_MOD, DCM.ProcedureReported, in_scheme(CT_IMAGING, model.scheme))
    if not model.enhanced_sr:
        intent = in_scheme(HAS_INTENT, model.scheme), in_scheme(DIAGNOSTIC_INTENT, model.scheme)
        imaging.ContentSequence = [code(CONCEPT_MOD, *intent)]
    study = uid(PROPERTIES, DCM.StudyInstanceUID, places.uid("study_uid"))
    return [
        imaging,
        code(OBS_CONTEXT, DCM.ObserverType, DCM.Device),
        uid(OBS_CONTEXT, DCM.DeviceObserverUID, places.uid("device_uid")),
        text(OBS_CONTEXT, DCM.DeviceObserverManufacturer, model.manufacturer),
        text(OBS_CONTEXT, DCM.DeviceObserverModelName, model.model_name),
        text(OBS_CONTEXT, DCM.DeviceObserverSerialNumber, places.text("serial", 10)),
        moment(OBS_CONTEXT, DCM.StartOfXRayIrradiation, places.short("started_at", 14)),
        moment(OBS_CONTEXT, DCM.EndOfXRayIrradiation, places.short("ended_at", 14)),
        code(OBS_CONTEXT, DCM.ScopeOfAccumulation, DCM.Study, study),
    ]


def accumulated_item(model: DeviceModel, places: Placeholders) -> Dataset:
    """CT Accumulated Dose Data (TID 10012): number of events and total DLP."""
    return container(
        DCM.CTAccumulatedDoseData,
        number(DCM.TotalNumberOfIrradiationEvents, places.number("events"), "{events}"),
        number(DCM.CTDoseLengthProductTotal, places.number("dlp_total"), model.dlp_unit),
    )


def source_item() -> Dataset:
    """The last item of the report: how the dose values were collected."""
    return code(CONTAINS, DCM.SourceOfDoseInformation, DCM.AutomatedDataCollection)


@dataclass(frozen=True, slots=True)
class Piece:
    """A child of an event: what builds it, and from what; equal pieces are written once."""

    build: Callable[..., Dataset]
    arguments: tuple[Hashable, ...]

    def item(self, places: Placeholders) -> Dataset:
        """The content item, with placeholders where values go."""
        return self.build(*self.arguments, places)


def event_container() -> Dataset:
    """CT Acquisition (TID 10013) without its children."""
    return container(DCM.CTAcquisition)


def event_pieces(model: DeviceModel, shape: EventShape) -> list[Piece]:
    """The children of CT Acquisition (TID 10013), in order."""
    pieces = [
        Piece(_region, (model, shape.region)),
        Piece(_acquisition, (model, shape.acquisition, shape.reconstruction)),
        Piece(_event_uid, ()),
        Piece(_parameters, (model, shape.kind, shape.acquisition)),
    ]
    if model.writes_protocol:
        pieces.insert(0, Piece(_protocol, ()))
    if shape.has_dose(model):
        fixed = (shape.kind, shape.phantom, shape.dlp_unit, shape.dose_check)
        pieces.append(Piece(_dose, (model, *fixed)))
    if model.modulation:
        pieces.append(Piece(_modulation, ()))
    if shape.reconstruction and model.reconstruction_in_event:
        pieces.append(Piece(_reconstruction_in_event, (shape.reconstruction,)))
    if model.comment:
        pieces.append(Piece(_comment, (shape.kind, shape.phantom)))
    if not model.enhanced_sr:
        pieces.append(Piece(_device_role, (model,)))
    return pieces


def _protocol(places: Placeholders) -> Dataset:
    return text(CONTAINS, DCM.AcquisitionProtocol, places.text("protocol"))


def _region(model: DeviceModel, region: str, places: Placeholders) -> Dataset:
    named = REGION_UNKNOWN if model.enhanced_sr else in_scheme(REGIONS[region], model.scheme)
    return code(CONTAINS, DCM.TargetRegion, named)


def _acquisition(
    model: DeviceModel, acquisition: str, reconstruction: str, places: Placeholders
) -> Dataset:
    """The acquisition type, with the reconstruction as its property (row 4b)."""
    named = in_scheme(ACQUISITION_CODES[acquisition], model.scheme)
    if not reconstruction or model.reconstruction_in_event:
        return code(CONTAINS, DCM.CTAcquisitionType, named)
    below = _reconstruction(PROPERTIES, reconstruction)
    return code(CONTAINS, DCM.CTAcquisitionType, named, below)


def _event_uid(places: Placeholders) -> Dataset:
    return uid(CONTAINS, DCM.IrradiationEventUID, places.uid("event_uid"))


def _parameters(model: DeviceModel, kind: str, acquisition: str, places: Placeholders) -> Dataset:
    ray = "X-ray sources" if model.enhanced_sr else "{X-Ray sources}"
    items = [
        number(DCM.ExposureTime, places.number("exposure_time_s"), "s"),
        number(DCM.ScanningLength, places.number("length_mm"), "mm"),
    ]
    if model.exposed_range and kind == DIAGNOSTIC:
        items.append(number(DCM.ExposedRange, places.number("exposed_range_mm"), "mm"))
    items += [
        number(DCM.NominalSingleCollimationWidth, "0.625", "mm"),
        number(DCM.NominalTotalCollimationWidth, "40" if kind == DIAGNOSTIC else "10", "mm"),
    ]
    if acquisition == "spiral":
        items.append(number(DCM.PitchFactor, "0.984", "{ratio}"))
    items.append(number(_concept_as_written(DCM.NumberOfXRaySources, model), "1", ray))
    items.append(
        container(_concept_as_written(DCM.CTXRaySourceParameters, model), *_source(model, places))
    )
    return container(DCM.CTAcquisitionParameters, *items)


def _source(model: DeviceModel, places: Placeholders) -> list[Dataset]:
    return [
        text(CONTAINS, _concept_as_written(DCM.IdentificationOfTheXRaySource, model), "1"),
        number(DCM.KVP, places.number("kvp_kv"), "kV"),
        number(
            _concept_as_written(DCM.MaximumXRayTubeCurrent, model),
            places.number("maximum_ma"),
            "mA",
        ),
        number(DCM.XRayTubeCurrent, places.number("tube_current_ma"), "mA"),
        number(DCM.ExposureTimePerRotation, "0.5", "s"),
    ]


def _modulation(places: Placeholders) -> Dataset:
    return text(CONTAINS, DCM.XRayModulationType, places.text("modulation", 16))


def _reconstruction_in_event(algorithm: str, places: Placeholders) -> Dataset:
    return _reconstruction(CONTAINS, algorithm)


def _reconstruction(relation: str, algorithm: str) -> Dataset:
    return code(relation, DCM.ReconstructionAlgorithm, RECONSTRUCTIONS[algorithm])


def _dose(
    model: DeviceModel,
    kind: str,
    phantom: str,
    dlp_unit: str,
    dose_check: str,
    places: Placeholders,
) -> Dataset:
    items = [
        number(DCM.MeanCtdivol, places.number("ctdivol_mgy"), "mGy"),
        code(CONTAINS, DCM.CtdiwPhantomType, PHANTOMS[phantom]),
        number(DCM.DLP, places.number("dlp_mgy_cm"), dlp_unit),
    ]
    if model.ssde and kind == DIAGNOSTIC:
        items.append(_size_specific(phantom, places))
    if dose_check and kind == DIAGNOSTIC:
        items += dose_check_items(dose_check, model.scheme, model.dlp_unit)
    return container(DCM.CTDose, *items)


def _size_specific(phantom: str, places: Placeholders) -> Dataset:
    """SSDE; for the trunk also the water-equivalent diameter that it is based on."""
    ssde = places.number("ssde_mgy")
    if phantom != BODY:
        return number(DCM.SizeSpecificDoseEstimate, ssde, "mGy")
    diameter = number(DCM.WaterEquivalentDiameter, places.number("diameter_mm"), "mm")
    diameter.RelationshipType = INFERRED_FROM
    return number(DCM.SizeSpecificDoseEstimate, ssde, "mGy", diameter)


def _comment(kind: str, phantom: str, places: Placeholders) -> Dataset:
    modulation = "XYZ_EC" if kind == DIAGNOSTIC else "OFF"
    comment = (
        f"Internal technical scan parameters: Organ Characteristic = {phantom.title()}, "
        f"Body Region = {phantom.title()}, X-ray Modulation Type = {modulation}"
    )
    return text(CONTAINS, DCM.Comment, comment)


def _device_role(model: DeviceModel, places: Placeholders) -> Dataset:
    return code(
        CONTAINS,
        DCM.DeviceRoleInProcedure,
        DCM.IrradiatingDevice,
        text(PROPERTIES, DCM.DeviceManufacturer, model.manufacturer),
        text(PROPERTIES, DCM.DeviceModelName, model.model_name),
        text(PROPERTIES, DCM.DeviceSerialNumber, places.text("serial", 10)),
    )


def _concept_as_written(name: Code, model: DeviceModel) -> Code:
    """The concept with its meaning in lower case, as some GE models write it."""
    if not model.enhanced_sr:
        return name
    return Code(name.value, name.scheme_designator, name.meaning.replace("X-Ray", "X-ray"))
