"""One received object to one decoded dose report: guard, identity, template, values."""

from __future__ import annotations

from dataclasses import dataclass

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from transforms.decode import ct
from transforms.decode.concepts import same_code
from transforms.decode.content import CONTENT_SEQUENCE, ContentItem
from transforms.decode.header import Header, read_header
from transforms.decode.reader import ReportReader
from transforms.errors import ObjectRefused

DOSE_REPORT_TITLES = (
    codes.DCM.XRayRadiationDoseReport,
    codes.DCM.RadiopharmaceuticalRadiationDoseReport,
)
"""Document titles of TID 10001, 10011 and 10021: the title decides, not the SOP class, since
older scanners send CT dose reports as Enhanced SR."""


@dataclass(frozen=True, slots=True)
class DecodedReport:
    """A report's values, still as the report writes them: content items, not yet numbers."""

    header: Header
    modality: str
    device_observer_uid: str | None
    irradiation_started_at: str | None
    ct_events: tuple[ct.Values, ...]
    ct_accumulated: ct.Values | None


def decode(data: bytes, reader: ReportReader | None = None) -> DecodedReport:
    """Decode one DICOM file; ObjectRefused says why it cannot be used.

    A `reader` that has read other reports before is many times faster and reads the same.
    """
    dataset, root, text, identified_by = (reader or ReportReader()).read(data)
    if root.concept is None or not any(same_code(root.concept, t) for t in DOSE_REPORT_TITLES):
        raise ObjectRefused("not_dose_report", "document title")
    if identified_by is not None:
        raise ObjectRefused("identity_present", identified_by)
    if CONTENT_SEQUENCE not in dataset:
        raise ObjectRefused("structure_truncated", "no content sequence (0040,A730)")
    header = read_header(dataset, text)
    if not ct.is_ct(root):
        raise ObjectRefused("modality_not_supported", f"template {header.template_id or 'unknown'}")
    return DecodedReport(
        header=header,
        modality="CT",
        device_observer_uid=_text(root, codes.DCM.DeviceObserverUID),
        irradiation_started_at=_text(root, codes.DCM.StartOfXRayIrradiation),
        ct_events=tuple(ct.events(root)),
        ct_accumulated=ct.accumulated(root),
    )


def _text(root: ContentItem, concept: PydicomCode) -> str | None:
    items = root.all(concept)
    return items[0].text if items else None
