"""Copies a folder of dose reports into a folder of registry-safe copies."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pydicom import dcmread, dcmwrite
from pydicom.config import disable_value_validation
from pydicom.dataset import FileMetaDataset
from pydicom.uid import PYDICOM_IMPLEMENTATION_UID

from transforms.decode.report import is_dose_report
from transforms.deidentify.header import clean_report
from transforms.deidentify.keys import SiteKey
from transforms.deidentify.patients import PHANTOM_PATTERNS
from transforms.dicom.content_tree import CONTENT_SEQUENCE
from transforms.dicom.identity.policy import STRICT, identity_policy
from transforms.dicom.reader import ReportReader
from transforms.errors import ObjectRefused, UsageError
from transforms.reasons.objects import REASON_BY_CODE, Reason
from transforms.settings import MAXIMUM_OBJECT_BYTES

GATE = identity_policy(STRICT, ())
"""The strictest identity gate: a copy that does not pass it is not written."""


class CopyResult(NamedTuple):
    """Outcome of one file: its number in the order of the names, and the reason if not copied.

    `is_without_age`: copied without the age, which contradicts birth date and study date.
    """

    number: int
    reason: Reason | None
    is_without_age: bool = False


class Copy(NamedTuple):
    """Bytes of a registry-safe copy; `is_without_age` as in `CopyResult`."""

    data: bytes
    is_without_age: bool


def deidentify_folder(
    source: Path, target: Path, key: SiteKey, phantoms: Iterable[str] = PHANTOM_PATTERNS
) -> Iterator[CopyResult]:
    """Copy every dose report, and nothing else; UsageError where the folders overlap."""
    files = _files(source, target)
    patterns = tuple(phantoms)
    target.mkdir(parents=True, exist_ok=True)
    for number, path in enumerate(files, start=1):
        try:
            data = _read(path)
            copy = copy_report(data, key, patterns)
        except ObjectRefused as refusal:
            yield CopyResult(number, refusal.reason)
            continue
        _write(target / key.file_name(data), copy.data)
        yield CopyResult(number, None, copy.is_without_age)


def deidentify_report(
    data: bytes, key: SiteKey, phantoms: Iterable[str] = PHANTOM_PATTERNS
) -> bytes:
    """Bytes of the registry-safe copy of a dose report."""
    return copy_report(data, key, phantoms).data


def copy_report(data: bytes, key: SiteKey, phantoms: Iterable[str] = PHANTOM_PATTERNS) -> Copy:
    """Registry-safe copy of a dose report; ObjectRefused where it cannot be made."""
    _check_is_dose_report(data)
    dataset = dcmread(io.BytesIO(data))
    with disable_value_validation():
        is_without_age = clean_report(dataset, key, phantoms)
        meta = FileMetaDataset()
        meta.MediaStorageSOPClassUID = dataset.SOPClassUID
        meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        meta.TransferSyntaxUID = dataset.file_meta.TransferSyntaxUID
        meta.ImplementationClassUID = PYDICOM_IMPLEMENTATION_UID
        dataset.file_meta, dataset.preamble = meta, b"\0" * 128
        out = io.BytesIO()
        dcmwrite(out, dataset, enforce_file_format=True)
    identified_by = ReportReader(GATE).read(out.getvalue()).identified_by
    if identified_by is not None:
        raise ObjectRefused("identity_present", identified_by)
    return Copy(out.getvalue(), is_without_age)


def _check_is_dose_report(data: bytes) -> None:
    dataset, root, text, *_ = ReportReader().read(data)
    if not is_dose_report(root, text.text(dataset, "SOPClassUID")):
        raise ObjectRefused("not_dose_report", "document title")
    if CONTENT_SEQUENCE not in dataset:
        raise ObjectRefused("structure_truncated", "no content sequence (0040,A730)")
    for keyword in ("SOPInstanceUID", "StudyInstanceUID"):
        if not text.text(dataset, keyword):
            raise ObjectRefused("uid_missing", keyword)


def _files(source: Path, target: Path) -> list[Path]:
    """Files to copy, in the order of their names."""
    if not source.exists():
        raise UsageError("The folder of reports (IN) does not exist. Name a folder or a file.")
    inside = target.resolve().is_relative_to(source.resolve())
    if inside or source.resolve().is_relative_to(target.resolve()):
        raise UsageError(
            "The folder for the copies (OUT) must be separate from the reports (IN): a copy beside "
            "its original would be sent with it. Name another folder."
        )
    if source.is_file():
        return [source]
    return sorted(path for path in source.rglob("*") if path.is_file() and not path.is_symlink())


def _read(path: Path) -> bytes:
    if path.stat().st_size > MAXIMUM_OBJECT_BYTES:
        raise ObjectRefused("object_too_large")
    try:
        data = path.read_bytes()
    except OSError:
        raise ObjectRefused("object_unreadable") from None
    if not data:
        raise ObjectRefused("object_empty")
    return data


def _write(path: Path, data: bytes) -> None:
    """Write the file completely or not at all."""
    temporary = path.with_suffix(".part")
    temporary.write_bytes(data)
    temporary.replace(path)


def refusal_message(copied: CopyResult) -> str:
    """Message for a file without a copy: its number and what to do, never its name."""
    reason = copied.reason or REASON_BY_CODE["decoder_failed"]
    return f"file {copied.number}: {reason.code}, not copied. {reason.mend}"


def age_message(copied: CopyResult) -> str:
    """Message for a copy without age: the number of the file and what to do."""
    return (
        f"file {copied.number}: copied without the age. Patient's Age (0010,1010) contradicts the "
        "birth date on the day of the study. Correct the age, the birth date or the clock of the "
        "device, and copy the report again."
    )
