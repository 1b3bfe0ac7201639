"""Dose reports whose every dose is stated by the test, as files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from pydicom.uid import (
    RadiopharmaceuticalRadiationDoseSRStorage,
    XRayRadiationDoseSRStorage,
)

from tests.support.reports.content_bytes import code_item, moment_item, report_bytes

DCM = codes.DCM
MANUFACTURER, MODEL = "Acme Imaging", "Hand 1"


@dataclass(frozen=True, slots=True)
class Patient:
    """What a report says of the patient: age as in DICOM, weight in kg, height in m."""

    age: str = "045Y"
    weight_kg: str = "70"
    height_m: str = "1.72"


ADULT = Patient()


@dataclass(frozen=True, slots=True)
class Study:
    """An examination: its key (from which all UIDs follow), name, day, device and patient."""

    key: str
    name: str
    serial: str
    number: int
    patient: Patient = ADULT
    day: str = "20250310"

    def at(self, seconds: int) -> str:
        """A date and time this many seconds after the beginning; each study has its minute."""
        second = 8 * 3600 + 60 * self.number + seconds
        return f"{self.day}{second // 3600:02}{second // 60 % 60:02}{second % 60:02}"


def uid_of(*parts: object) -> str:
    """A UID that follows from these parts."""
    digest = hashlib.sha256("/".join(map(str, parts)).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:15], 'big')}"


def report_file(
    study: Study, title: Code, procedure: Code | None, content: Iterable[bytes], part: str = ""
) -> bytes:
    """The file of a report; `part` tells apart the reports of one study.

    `procedure` is the Procedure reported, which reports of nuclear medicine do not have.
    """
    return report_bytes(
        _header(study, title, part),
        title,
        [
            *(_opening(study, procedure) if procedure else []),
            *content,
            code_item(DCM.SourceOfDoseInformation, DCM.AutomatedDataCollection),
        ],
    )


def _header(study: Study, title: Code, part: str) -> tuple[tuple[int, str, str], ...]:
    is_nuclear = title == DCM.RadiopharmaceuticalRadiationDoseReport
    return (
        (0x00080005, "CS", "ISO_IR 100"),
        (
            0x00080016,
            "UI",
            RadiopharmaceuticalRadiationDoseSRStorage if is_nuclear else XRayRadiationDoseSRStorage,
        ),
        (0x00080018, "UI", uid_of(study.key, part, "object")),
        (0x00080020, "DA", study.day),
        (0x00080030, "TM", study.at(0)[8:]),
        (0x00080060, "CS", "SR"),
        (0x00080070, "LO", MANUFACTURER),
        (0x00081030, "LO", study.name),
        (0x00081090, "LO", MODEL),
        (0x00100040, "CS", "F"),
        (0x00101010, "AS", study.patient.age),
        (0x00101020, "DS", study.patient.height_m),
        (0x00101030, "DS", study.patient.weight_kg),
        (0x00120062, "CS", "YES"),
        (0x00181000, "LO", study.serial),
        (0x0020000D, "UI", uid_of(study.key, "study")),
    )


def _opening(study: Study, procedure: Code) -> list[bytes]:
    """Procedure, times and scope."""
    return [
        code_item(DCM.ProcedureReported, procedure),
        moment_item(DCM.StartOfXRayIrradiation, study.at(5)),
        moment_item(DCM.EndOfXRayIrradiation, study.at(45)),
        code_item(DCM.ScopeOfAccumulation, DCM.Study),
    ]
