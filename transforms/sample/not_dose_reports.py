"""Files in an export that are not supported dose reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from pydicom.config import disable_value_validation
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import EnhancedSRStorage, PatientRadiationDoseSRStorage

from transforms.sample.encoding.codes import DCM
from transforms.sample.encoding.encode import content_frame, encode_header, encode_item
from transforms.sample.encoding.items import CONTAINS, OBS_CONTEXT, code, text
from transforms.sample.encoding.slots import Placeholders, stamp
from transforms.sample.facilities import uid
from transforms.sample.headers import add_title, base_header, file_meta

NON_DOSE_SR, PATIENT_DOSE, TEXT_FILE, EMPTY_FILE = (
    "not_dose_report",
    "patient_rdsr_not_supported",
    "not_dicom",
    "object_empty",
)
"""Kinds of such files, each named after the reason that drlake must give."""

NOT_DOSE_REPORT_SHARES: Mapping[str, float] = {
    NON_DOSE_SR: 0.004,
    PATIENT_DOSE: 0.003,
    TEXT_FILE: 0.002,
    EMPTY_FILE: 0.002,
}
"""Number of each, relative to the number of examinations; at most one empty file per facility,
because a second one would be a duplicate.
"""

STUDY_DATE, STUDY_TIME = b"20250301", b"101500"


def not_a_dose_report(kind: str, facility_id: str, rng: np.random.Generator) -> bytes:
    """Return the bytes of one such file, different each time (except the empty one)."""
    with disable_value_validation():  # placeholders are not valid dates or ages
        return _MAKER_BY_KIND[kind](facility_id, rng)


def _empty_file(facility_id: str, rng: np.random.Generator) -> bytes:
    return b""


def _text_file(facility_id: str, rng: np.random.Generator) -> bytes:
    return f"Export log of {facility_id}\nbatch {rng.integers(10**9)}: complete\n".encode()


def _non_dose_sr(facility_id: str, rng: np.random.Generator) -> bytes:
    places = Placeholders()
    header = base_header("ISO_IR 100", "AGFA HEALTHCARE", "IMPAX Volume Viewing", places)
    header.SOPClassUID = EnhancedSRStorage
    add_title(header, codes.LN.RadiologyReport, "2000")
    observer = code(OBS_CONTEXT, DCM.ObserverType, DCM.Device)
    finding = text(CONTAINS, DCM.Finding, "No pulmonary nodules.")
    return _object(header, [observer, finding], places, rng)


def _patient_dose(facility_id: str, rng: np.random.Generator) -> bytes:
    """A Patient Radiation Dose SR (TID 10030): organ doses computed from other reports."""
    places = Placeholders()
    header = base_header("ISO_IR 100", "DOSE SERVER", "Organ Dose Estimator", places)
    header.SOPClassUID = PatientRadiationDoseSRStorage
    add_title(header, DCM.PatientRadiationDoseReport, "10030")
    items = [
        code(OBS_CONTEXT, DCM.ObserverType, DCM.Device),
        code(CONTAINS, DCM.SourceOfDoseInformation, DCM.AutomatedDataCollection),
    ]
    return _object(header, items, places, rng)


def _object(
    header: Dataset, items: list[Dataset], places: Placeholders, rng: np.random.Generator
) -> bytes:
    """The bytes of a DICOM file with this header and these items, and new UIDs."""
    meta = file_meta(header.SOPClassUID, False, places)
    head, _ = encode_header(header, meta, implicit_vr=False)
    encoded = [encode_item(one, implicit_vr=False, undefined_length=False) for one in items]
    body = b"".join(encoded)
    before, after = content_frame(len(body), implicit_vr=False, undefined_length=False)
    data = bytearray(head + before + body + after)
    stamp(data, places.find(bytes(data)), _values(rng))
    return bytes(data)


def _values(rng: np.random.Generator) -> dict[str, bytes]:
    names = ("sop_uid", "study_uid", "series_uid", "event_uid")
    values = {name: uid(rng).encode("ascii") for name in names}
    return values | {
        "date": STUDY_DATE,
        "time": STUDY_TIME,
        "started_at": STUDY_DATE + STUDY_TIME,
        "serial": b"77001",
        "sex": b"F",
        "age": b"070Y",
    }


_MAKER_BY_KIND: Mapping[str, Callable[[str, np.random.Generator], bytes]] = {
    NON_DOSE_SR: _non_dose_sr,
    PATIENT_DOSE: _patient_dose,
    TEXT_FILE: _text_file,
    EMPTY_FILE: _empty_file,
}
