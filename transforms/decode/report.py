"""Decodes a received object: structure, identity check, template and values."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from transforms.decode import ct, mammography, projection, radiopharmaceutical
from transforms.decode.departures import is_radiation_summary, siemens_radiation_summary
from transforms.decode.modality import modality
from transforms.decode.values import REPEATED, Remarks, Values
from transforms.dicom.codes import Code, same_code, same_meaning
from transforms.dicom.content_tree import CONTENT_SEQUENCE, ContentItem
from transforms.dicom.header import Header, read_header
from transforms.dicom.identity.content_items import comment_naming_somebody, device_warnings
from transforms.dicom.reader import ReportReader
from transforms.dicom.text import NO_CHARACTER_SET, TextDecoder
from transforms.errors import ObjectRefused

DOSE_REPORT_TITLES = (
    codes.DCM.XRayRadiationDoseReport,
    codes.DCM.RadiopharmaceuticalRadiationDoseReport,
    codes.DCM.PatientRadiationDoseReport,
)
"""Document titles of TID 10001, 10011, 10021 and 10030. They identify dose reports of general SR
classes: older scanners send CT dose reports as Enhanced SR."""

DOSE_REPORT_CLASSES = frozenset({"1.2.840.10008.5.1.4.1.1.88.67", "1.2.840.10008.5.1.4.1.1.88.68"})
"""SOP classes that only dose reports have (PS3.3 A.35.8 and A.35.14), whatever their title."""

_DEVICE_OBSERVER_UID = codes.DCM.DeviceObserverUID
_STARTED, _ENDED = codes.DCM.StartOfXRayIrradiation, codes.DCM.EndOfXRayIrradiation
_SCOPE = codes.DCM.ScopeOfAccumulation

OTHER_DOSE_REPORTS = {
    "1.2.840.10008.5.1.4.1.1.88.73": "patient_rdsr_not_supported",
    "1.2.840.10008.5.1.4.1.1.88.76": "enhanced_rdsr_not_supported",
}
"""SOP classes of dose reports with other templates (TID 10030, TID 10040), and the reason code if
they have none of the containers that drlake reads."""


@dataclass(frozen=True, slots=True)
class DecodedReport:
    """The values of a report as content items, not yet converted.

    `text` is the decoder for the declared character set.
    """

    header: Header
    text: TextDecoder
    modality: str
    device_observer_uid: str | None
    irradiation_started_at: str | None
    ct_events: tuple[Values, ...]
    ct_accumulated: Values | None
    xray_events: tuple[Values, ...]
    xray_accumulated: tuple[Values, ...]
    mammography_accumulated: tuple[Values, ...]
    administrations: tuple[Values, ...]
    remarks: Remarks
    identity_warnings: frozenset[str] = frozenset()
    irradiation_ended_at: str | None = None
    scope_of_accumulation: Code | None = None


def decode(data: bytes, reader: ReportReader | None = None) -> DecodedReport:
    """Decode one DICOM file; ObjectRefused gives the reason if it cannot be used.

    A `reader` that has read other reports is many times faster, with the same result.
    """
    reader = reader or ReportReader()
    dataset, root, text, identified_by, warnings = reader.read(data)
    if not is_dose_report(root, text.text(dataset, "SOPClassUID")):
        raise ObjectRefused("not_dose_report", "document title")
    if identified_by is not None:
        raise ObjectRefused("identity_present", identified_by)
    if CONTENT_SEQUENCE not in dataset:
        raise ObjectRefused("structure_truncated", "no content sequence (0040,A730)")
    if text.text(dataset, "QualityControlSubject") == "YES":
        raise ObjectRefused("phantom_or_test", "QualityControlSubject (0010,0200)")
    warnings |= device_warnings(root, reader.policy)
    report = decoded_report(root, read_header(dataset, text), text, warnings)
    if (where := comment_naming_somebody(root)) is not None:
        raise ObjectRefused("identity_present", where)
    return report


def is_dose_report(root: ContentItem, sop_class_uid: str | None) -> bool:
    """Whether a document is a dose report, by its SOP class or title and not by its template."""
    if sop_class_uid in DOSE_REPORT_CLASSES or sop_class_uid in OTHER_DOSE_REPORTS:
        return True
    title = root.concept
    return is_radiation_summary(root) or any(
        same_code(title, known) or same_meaning(title, known)
        for known in DOSE_REPORT_TITLES
        if title is not None
    )


def decoded_report(
    root: ContentItem,
    header: Header,
    text: TextDecoder = NO_CHARACTER_SET,
    identity_warnings: frozenset[str] = frozenset(),
) -> DecodedReport:
    """The values of a dose report that follows any of the supported templates."""
    kind = modality(root, header)
    if kind is None:
        reason = OTHER_DOSE_REPORTS.get(header.sop_class_uid, "modality_not_supported")
        raise ObjectRefused(reason, f"template {header.template_id or 'unknown'}")
    REPEATED.find(root)  # refuses a report with events that no template reads
    remarks = Remarks()
    return DecodedReport(
        header=header,
        text=text,
        modality=kind,
        device_observer_uid=_text(root, _DEVICE_OBSERVER_UID),
        irradiation_started_at=_text(root, _STARTED),
        ct_events=tuple(ct.events(root, remarks)),
        ct_accumulated=ct.accumulated_dose(root, remarks),
        xray_events=tuple(projection.events(root, header, remarks)),
        xray_accumulated=_xray_accumulated(root, remarks),
        mammography_accumulated=tuple(mammography.accumulated_doses(root, remarks)),
        administrations=tuple(radiopharmaceutical.administrations(root, remarks)),
        remarks=remarks,
        identity_warnings=identity_warnings,
        irradiation_ended_at=_text(root, _ENDED),
        scope_of_accumulation=_code(root, _SCOPE),
    )


def _xray_accumulated(root: ContentItem, remarks: Remarks) -> tuple[Values, ...]:
    if is_radiation_summary(root):
        return (siemens_radiation_summary(root),)
    return tuple(projection.accumulated_doses(root, remarks))


def _text(root: ContentItem, concept: PydicomCode) -> str | None:
    items = root.children_named(concept)
    return items[0].text if items else None


def _code(root: ContentItem, concept: PydicomCode) -> Code | None:
    items = root.children_named(concept)
    return items[0].code if items else None
