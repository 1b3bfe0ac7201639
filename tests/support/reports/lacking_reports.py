"""Dose reports in which each dose is present, missing, zero or unusable, in every combination."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import product

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from tests.support.reports.content_bytes import (
    code_item,
    container,
    moment_item,
    number_item,
    report_bytes,
    uid_item,
)
from tests.support.reports.content_bytes import content as content_item
from tests.support.reports.content_bytes import sequence as sequence_of
from tests.support.reports.crafted_reports import MEASURED

DCM, SCT = codes.DCM, codes.SCT
DOSE_SR = "1.2.840.10008.5.1.4.1.1.88.67"
AGENT = Code("349358000", "SCT", "Radiopharmaceutical agent")
SCANNED = Code("116152004", "SCT", "Spiral Acquisition")
CT_IMAGING = Code("77477000", "SCT", "Computed Tomography X-Ray")


class State(Enum):
    """What a report says about a dose. A missing one has an item without a number, or no item."""

    PRESENT, MISSING, ZERO, UNUSABLE = range(4)


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose of a template: its concept, its unit, and the value of the first event or total."""

    concept: Code
    unit: str
    value: float
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Lacking:
    """One report: the state of each dose, and the number of events (the second lacks nothing)."""

    modality: str
    number: int
    states: Mapping[str, State]
    events: int


DOSES: Mapping[str, Mapping[str, Dose]] = {
    "CT": {
        "ctdivol": Dose(DCM.MeanCtdivol, "mGy", 10.0),
        "dlp": Dose(DCM.DLP, "mGy.cm", 500.0),
        "dlp_total": Dose(DCM.CTDoseLengthProductTotal, "mGy.cm", 500.0, is_total=True),
    },
    "MG": {
        "agd": Dose(DCM.AverageGlandularDose, "mGy", 1.5),
        "kap": Dose(DCM.DoseAreaProduct, "Gy.m2", 2e-5),
        "kap_total": Dose(DCM.DoseAreaProductTotal, "Gy.m2", 2e-5, is_total=True),
    },
    "DX": {
        "kap": Dose(DCM.DoseAreaProduct, "Gy.m2", 2e-5),
        "air_kerma": Dose(DCM.DoseRP, "Gy", 2e-3),
        "kap_total": Dose(DCM.DoseAreaProductTotal, "Gy.m2", 2e-5, is_total=True),
        "air_kerma_total": Dose(DCM.DoseRPTotal, "Gy", 2e-3, is_total=True),
    },
    "RF": {
        "kap": Dose(DCM.DoseAreaProduct, "Gy.m2", 2e-4),
        "air_kerma": Dose(DCM.DoseRP, "Gy", 2e-2),
        "kap_total": Dose(DCM.DoseAreaProductTotal, "Gy.m2", 2e-4, is_total=True),
        "air_kerma_total": Dose(DCM.DoseRPTotal, "Gy", 2e-2, is_total=True),
        "fluoro_time_total": Dose(DCM.TotalFluoroTime, "s", 60.0, is_total=True),
    },
    "NM": {"activity": Dose(DCM.AdministeredActivity, "MBq", 250.0)},
}
NAMES = {"CT": "CT Chest", "MG": "Mammography", "DX": "Thorax p.a.", "RF": "Angiography"}
EVENTS = {"CT": (1, 2), "MG": (1, 2), "DX": (1, 2), "RF": (1,), "NM": (1, 2)}


def lacking_reports(modality: str) -> Iterator[Lacking]:
    """Every combination of states of the doses of a modality."""
    doses = DOSES[modality]
    made = product(EVENTS[modality], product(State, repeat=len(doses)))
    for number, (events, states) in enumerate(made):
        yield Lacking(modality, number, dict(zip(doses, states, strict=True)), events)


def file_of(lacking: Lacking) -> bytes:
    """The report as a DICOM file."""
    title = DCM.XRayRadiationDoseReport
    if lacking.modality == "NM":
        title = DCM.RadiopharmaceuticalRadiationDoseReport
    content = [
        code_item(DCM.ProcedureReported, _procedure(lacking.modality)),
        moment_item(DCM.StartOfXRayIrradiation, _moment(lacking)),
        *_totals(lacking),
        *(_event(lacking, index) for index in range(lacking.events)),
    ]
    return report_bytes(_header(lacking), title, content)


def uid(lacking: Lacking, index: int) -> str:
    """A UID of the report: 0 the instance, 1 the study, from 2 the events."""
    kind = list(DOSES).index(lacking.modality) + 1
    return f"2.25.{kind}{lacking.number:05}{index}"


def _header(lacking: Lacking) -> tuple[tuple[int, str, str], ...]:
    return (
        (0x00080005, "CS", "ISO_IR 100"),
        (0x00080016, "UI", DOSE_SR),
        (0x00080018, "UI", uid(lacking, 0)),
        (0x00080020, "DA", "20250301"),
        (0x00080060, "CS", "SR"),
        (0x00080070, "LO", "Acme"),
        (0x00081030, "LO", NAMES.get(lacking.modality, "Bone scan")),
        (0x00081090, "LO", f"{lacking.modality} 1"),
        (0x00100040, "CS", "F"),
        (0x00101010, "AS", "040Y"),
        (0x00120062, "CS", "YES"),
        (0x00181000, "LO", "1"),
        (0x0020000D, "UI", uid(lacking, 1)),
    )


def _procedure(modality: str) -> Code:
    return {"CT": CT_IMAGING, "MG": SCT.Mammography}.get(modality, DCM.ProjectionXRay)


def _moment(lacking: Lacking) -> str:
    hour, minute, second = lacking.number // 3600, lacking.number // 60 % 60, lacking.number % 60
    return f"20250301{hour + 8:02}{minute:02}{second:02}"


def _totals(lacking: Lacking) -> list[bytes]:
    """The container of the totals; a missing total has no item."""
    if lacking.modality == "NM":
        return []
    items = [
        _number(dose, lacking.states[name], lacking.events)
        for name, dose in DOSES[lacking.modality].items()
        if dose.is_total and lacking.states[name] is not State.MISSING
    ]
    if lacking.modality == "CT":
        return [container(DCM.CTAccumulatedDoseData, *items)]
    plane = code_item(DCM.AcquisitionPlane, DCM.SinglePlane)
    return [container(DCM.AccumulatedXRayDoseData, plane, *items)]


def _event(lacking: Lacking, index: int) -> bytes:
    """One event; only the first lacks a dose, as an item without a number."""
    doses = [
        _number(dose, lacking.states[name] if index == 0 else State.PRESENT)
        for name, dose in DOSES[lacking.modality].items()
        if not dose.is_total
    ]
    key = uid_item(DCM.IrradiationEventUID, uid(lacking, 2 + index))
    if lacking.modality == "NM":
        agent = code_item(AGENT, SCT.FluorodeoxyglucoseF18)
        return container(DCM.RadiopharmaceuticalAdministration, key, agent, *doses)
    if lacking.modality == "CT":
        phantom = code_item(DCM.CtdiwPhantomType, DCM.IECBodyDosimetryPhantom)
        scanned = code_item(DCM.CTAcquisitionType, SCANNED)
        return container(DCM.CTAcquisition, key, scanned, container(DCM.CTDose, phantom, *doses))
    plane = code_item(DCM.AcquisitionPlane, DCM.SinglePlane)
    kind = SCT.Fluoroscopy if lacking.modality == "RF" else DCM.StationaryAcquisition
    typed = code_item(DCM.IrradiationEventType, kind)
    return container(DCM.IrradiationEventXRayData, plane, key, typed, *doses)


@cache
def _number(dose: Dose, state: State, times: int = 1) -> bytes:
    if state is State.MISSING:
        return content_item(dose.concept, "NUM", sequence_of(MEASURED))
    number = "0" if state is State.ZERO else f"{dose.value * times:.10g}"
    return number_item(dose.concept, number, "[furlong]" if state is State.UNUSABLE else dose.unit)
