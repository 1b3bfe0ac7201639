"""Reports that a test writes: CT scans, X-ray events, administrations and views of the breast."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from tests.support.reports.content_bytes import (
    code_item,
    container,
    moment_item,
    number_item,
    text_item,
    uid_item,
)
from tests.support.reports.written_reports import Study, report_file, uid_of
from transforms.sample.ct_items import ACQUISITION_CODES, RECONSTRUCTIONS
from transforms.sample.encoding.codes import CT_IMAGING, PHANTOMS, REGIONS, in_scheme
from transforms.sample.other_codes import (
    AGENT,
    ANATOMY,
    IMAGE_VIEWS,
    LATERALITY,
    MAMMOGRAPHY,
    OTHER_REGIONS,
    SIDES,
    TRACERS,
)
from transforms.sample.projection_items import REFERENCE_POINT

DCM, SCT = codes.DCM, codes.SCT
PROJECTION, CONE_BEAM = DCM.ProjectionXRay, SCT.ConeBeamComputedTomography


@dataclass(frozen=True, slots=True)
class Scan:
    """A CT acquisition: CTDIvol in mGy, DLP in mGy.cm, diameter in mm.

    Scans of one `uid` are parts of one event. The length is DLP / CTDIvol; without DLP it is 30 cm.
    """

    ctdivol: float
    dlp: float | None
    kind: str = "spiral"
    region: str = "chest"
    phantom: str = "body"
    protocol: str = "Routine"
    uid: str = ""
    diameter_mm: float | None = None
    reconstruction: str = ""


def ct_report(study: Study, *scans: Scan, part: str = "", dlp_total: float | None = None) -> bytes:
    """A CT report; its total is the sum of the scans unless another one is stated."""
    total = sum(scan.dlp or 0 for scan in scans) if dlp_total is None else dlp_total
    accumulated = container(
        DCM.CTAccumulatedDoseData,
        number_item(DCM.TotalNumberOfIrradiationEvents, str(len(scans)), "{events}"),
        number_item(DCM.CTDoseLengthProductTotal, _ds(total), "mGy.cm"),
    )
    events = [_scan(scan, _uid(study, part, at, scan.uid)) for at, scan in enumerate(scans)]
    imaging = in_scheme(CT_IMAGING, "SCT")
    return report_file(study, DCM.XRayRadiationDoseReport, imaging, [accumulated, *events], part)


def _scan(scan: Scan, event_uid: str) -> bytes:
    """CT Acquisition (TID 10013)."""
    dose = [
        number_item(DCM.MeanCtdivol, _ds(scan.ctdivol), "mGy"),
        code_item(DCM.CtdiwPhantomType, PHANTOMS[scan.phantom]),
    ]
    if scan.dlp is not None:
        dose.append(number_item(DCM.DLP, _ds(scan.dlp), "mGy.cm"))
    if scan.diameter_mm is not None:
        dose.append(number_item(DCM.WaterEquivalentDiameter, _ds(scan.diameter_mm), "mm"))
    length = 300 if scan.dlp is None else 10 * scan.dlp / scan.ctdivol
    return container(
        DCM.CTAcquisition,
        text_item(DCM.AcquisitionProtocol, scan.protocol),
        code_item(DCM.TargetRegion, in_scheme(REGIONS[scan.region], "SCT")),
        _acquisition_type(scan),
        uid_item(DCM.IrradiationEventUID, event_uid),
        container(DCM.CTAcquisitionParameters, number_item(DCM.ScanningLength, _ds(length), "mm")),
        container(DCM.CTDose, *dose),
    )


def _acquisition_type(scan: Scan) -> bytes:
    """The acquisition type, with the reconstruction as its property (TID 10013 row 4b)."""
    kind = in_scheme(ACQUISITION_CODES[scan.kind], "SCT")
    if not scan.reconstruction:
        return code_item(DCM.CTAcquisitionType, kind)
    below = code_item(DCM.ReconstructionAlgorithm, RECONSTRUCTIONS[scan.reconstruction])
    return code_item(DCM.CTAcquisitionType, kind, below)


@dataclass(frozen=True, slots=True)
class Beam:
    """An X-ray event: KAP in Gy.cm2, air kerma at the reference point in mGy."""

    kap: float | None
    air_kerma: float | None = None
    kind: Code = DCM.StationaryAcquisition


@dataclass(frozen=True, slots=True)
class Totals:
    """Totals of an X-ray report; a fluoroscopy system states air kerma, point and time."""

    kap: float | None = None
    air_kerma: float | None = None
    point: str = REFERENCE_POINT


def xray_report(
    study: Study, beam: Beam, totals: Totals, part: str = "", procedure: Code = PROJECTION
) -> bytes:
    """A projection report of one event."""
    items = [_plane(), *_doses(totals, DCM.DoseAreaProductTotal, DCM.DoseRPTotal)]
    if totals.air_kerma is not None:
        items.append(number_item(DCM.TotalFluoroTime, "60", "s"))
        items.append(text_item(DCM.ReferencePointDefinition, totals.point))
    content = [container(DCM.AccumulatedXRayDoseData, *items), _beam(study, beam, part)]
    return report_file(study, DCM.XRayRadiationDoseReport, procedure, content, part)


def _beam(study: Study, beam: Beam, part: str) -> bytes:
    """Irradiation Event X-Ray Data (TID 10003)."""
    return container(
        DCM.IrradiationEventXRayData,
        _plane(),
        uid_item(DCM.IrradiationEventUID, _uid(study, part, 0)),
        moment_item(DCM.DatetimeStarted, study.at(5 + len(part))),
        code_item(DCM.IrradiationEventType, beam.kind),
        number_item(DCM.KVP, "80", "kV"),
        *_doses(beam, DCM.DoseAreaProduct, DCM.DoseRP),
    )


def nuclear_report(study: Study, activity_mbq: float, use: str) -> bytes:
    """A report of one administration (TID 10022), of `use` pet or gamma_camera."""
    administration = container(
        DCM.RadiopharmaceuticalAdministration,
        code_item(AGENT, TRACERS[use][0]),
        uid_item(DCM.RadiopharmaceuticalAdministrationEventUID, _uid(study, "", 0)),
        moment_item(DCM.RadiopharmaceuticalStartDatetime, study.at(5)),
        number_item(DCM.AdministeredActivity, _ds(activity_mbq), "MBq"),
    )
    title = DCM.RadiopharmaceuticalRadiationDoseReport
    return report_file(study, title, None, [administration])


@dataclass(frozen=True, slots=True)
class BreastView:
    """A view of the left breast: glandular dose in mGy, thickness in mm."""

    view: str
    agd: float
    thickness_mm: int
    kind: Code = DCM.StationaryAcquisition


def breast_report(study: Study, *views: BreastView) -> bytes:
    """A mammography report."""
    events = [
        container(
            DCM.IrradiationEventXRayData,
            _plane(),
            uid_item(DCM.IrradiationEventUID, _uid(study, "", at)),
            moment_item(DCM.DatetimeStarted, study.at(5 + 10 * at)),
            code_item(DCM.IrradiationEventType, one.kind),
            code_item(ANATOMY, OTHER_REGIONS["breast"], code_item(LATERALITY, SIDES["left"])),
            code_item(DCM.ImageView, IMAGE_VIEWS[one.view]),
            number_item(DCM.AverageGlandularDose, _ds(one.agd), "mGy"),
            number_item(DCM.CompressionThickness, str(one.thickness_mm), "mm"),
        )
        for at, one in enumerate(views)
    ]
    content = [container(DCM.AccumulatedXRayDoseData, _plane()), *events]
    return report_file(study, DCM.XRayRadiationDoseReport, MAMMOGRAPHY, content)


def _doses(stated: Beam | Totals, of_kap: Code, of_kerma: Code) -> list[bytes]:
    """KAP in Gy.m2 and air kerma in Gy; nothing where one is not stated."""
    items = []
    if stated.kap is not None:
        items.append(number_item(of_kap, _ds(stated.kap / 10_000), "Gy.m2"))
    if stated.air_kerma is not None:
        items.append(number_item(of_kerma, _ds(stated.air_kerma / 1000), "Gy"))
    return items


def _uid(study: Study, part: str, at: int, stated: str = "") -> str:
    """The UID of an event: by its place in the report, or by the name stated."""
    return uid_of(study.key, stated or f"{part} {at}", "event")


def _plane() -> bytes:
    return code_item(DCM.AcquisitionPlane, DCM.SinglePlane)


def _ds(value: float) -> str:
    """A decimal string of at most 16 characters."""
    return f"{value:.10g}"
