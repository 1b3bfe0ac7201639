"""Expected results against the files: pydicom reads them all, and the medians are computed again.

Nothing here comes from the decoder, the SQL or `transforms.sample.truth`.
"""

from __future__ import annotations

import math
import statistics
import warnings
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError

from transforms.sample import write_nation
from transforms.sample.hostile_texts import TEXTS
from transforms.sample.names import CHILD_NAMES, NAMES
from transforms.sample.other_names import OTHER_NAMES

pytestmark = pytest.mark.slow

DIAGNOSTIC_CODES = {"P5-08001", "116152004", "113804"}  # spiral (SRT, SCT), sequenced
BOLUS_NAMES = {"SmartPrep"}  # the one that its scanner calls sequenced
IDENTITY = ("PatientName", "PatientID", "PatientBirthDate")
ROTATIONAL = "113613"
TOTALS = ("113811", "113702", "113502")  # CT, projection and mammography, administration
STEPS_PER_UNIT = {  # KAP in Gy.cm2, air kerma in mGy
    **{"Gy.m2": 1e4, "Gy.cm2": 1.0, "dGy.cm2": 0.1, "mGy.cm2": 1e-3, "uGy.m2": 1e-2},
    **{"Gy": 1e3, "mGy": 1.0},
}
PROCEDURE_BY_NAME = {
    name: procedure
    for table in (NAMES, CHILD_NAMES, OTHER_NAMES)
    for procedure, by_language in table.items()
    for names in by_language.values()
    for name in names
}


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    directory = tmp_path_factory.mktemp("nation")
    return directory, write_nation(directory, facilities=7, examinations=3, seed=2)


@pytest.fixture(scope="module")
def studies(nation: tuple[Path, dict[str, Any]]) -> dict[tuple[str, str], list[Dataset]]:
    """Usable reports by facility and study, without duplicates."""
    directory, _ = nation
    found: defaultdict[tuple[str, str], list[Dataset]] = defaultdict(list)
    for path in sorted(directory.glob("F*/*.dcm")):
        report = usable_report(path)
        if report is not None:
            found[path.parent.name, report.StudyInstanceUID].append(report)
    return found


def items(item: Dataset, concept: str) -> list[Dataset]:
    return [
        child
        for child in item.get("ContentSequence", [])
        if child.ConceptNameCodeSequence[0].CodeValue == concept
    ]


def number(item: Dataset, concept: str) -> float | None:
    found = items(item, concept)
    return float(found[0].MeasuredValueSequence[0].NumericValue) if found else None


def usable_report(path: Path) -> Dataset | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a cut file and NaN are faults on purpose
        try:
            report = pydicom.dcmread(path)
            report.walk(lambda _, element: element.value)
        except (InvalidDicomError, EOFError, OSError):
            return None
    return report if is_whole(report) and is_sound(report) else None


def is_whole(report: Dataset) -> bool:
    """Whether the last item of the report says how it was collected, as in every dose report."""
    if not any(items(report, code) for code in TOTALS) or not items(report, "113854"):
        return False
    codes = items(report, "113854")[0].get("ConceptCodeSequence")
    return bool(codes) and codes[0].get("CodeMeaning") == "Automated Data Collection"


def is_sound(report: Dataset) -> bool:
    doses = [dose for event in items(report, "113819") for dose in items(event, "113829")]
    units = {
        items(dose, "113838")[0].MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0].CodeValue
        for dose in doses
    }
    finite = all(math.isfinite(number(dose, "113830") or 0.0) for dose in doses)
    anonymous = not any(str(report.get(keyword, "")) for keyword in IDENTITY)
    return finite and anonymous and units <= {"mGycm", "mGy.cm"}


def events_once(reports: list[Dataset]) -> list[Dataset]:
    by_uid = {
        items(event, "113769")[0].UID: event
        for report in reports
        for event in items(report, "113819")
    }
    return list(by_uid.values())


def protocol(event: Dataset) -> str:
    found = items(event, "125203")
    return str(found[0].TextValue) if found else ""


def is_diagnostic(event: Dataset) -> bool:
    acquisition = items(event, "113820")[0].ConceptCodeSequence[0].CodeValue
    return acquisition in DIAGNOSTIC_CODES and protocol(event) not in BOLUS_NAMES


def procedure_of(report: Dataset, diagnostic: list[Dataset]) -> str | None:
    texts = (report.StudyDescription, report.RequestedProcedureDescription, protocol(diagnostic[0]))
    return next((found for found in map(procedure_named, texts) if found), None)


def procedure_named(text: str) -> str | None:
    for hostile in TEXTS:
        text = text.removesuffix(f" {hostile}")
    return PROCEDURE_BY_NAME.get(text)


def group_of(report: Dataset, procedure: str) -> str | None:
    years = int(report.PatientAge[:3]) / (12 if report.PatientAge[3] == "M" else 1)
    if years >= 18:
        return "adult"
    if procedure == "ct_head":
        return "head_1y_6y" if 1 <= years < 6 else None
    weight = report.PatientWeight
    return "body_15_30kg" if weight is not None and 15 <= weight < 30 else None


def phantoms(events: list[Dataset]) -> set[str]:
    doses = [dose for event in events for dose in items(event, "113829")]
    return {items(dose, "113835")[0].ConceptCodeSequence[0].CodeValue for dose in doses}


Values = dict[tuple[str, str, str], list[float]]
"""Values of an examination by procedure, patient group and quantity."""

Judged = tuple[str | None, Values]


def judge(reports: list[Dataset]) -> Judged:
    """Reason of exclusion or None; the values of each quantity."""
    return judge_ct(reports) if items(reports[0], "113811") else judge_other(reports[0])


def judge_other(report: Dataset) -> Judged:
    """The same for an examination without CT, which is sent in one report."""
    procedure = procedure_named(report.StudyDescription)
    if procedure is None:
        return "unmapped_procedure", {}
    events = items(report, "113706")
    if items(report, "113502"):
        activity = number(items(report, "113502")[0], "113507") or 0.0
        doses = {"administered_activity": activity}
        doses["administered_activity_per_kg"] = activity / float(report.PatientWeight)
        return None, {(procedure, "adult", name): [value] for name, value in doses.items()}
    total = items(report, "113702")[0]
    if items(total, "111637"):
        return None, views(procedure, events)
    doses = {"kap": in_units(total, "113722")}
    if items(total, "113730"):
        doses |= {"air_kerma_rp": in_units(total, "113725")}
        doses |= {"fluoro_time": number(total, "113730") or 0.0}
    return None, {(procedure, "adult", name): [value] for name, value in doses.items()}


def views(procedure: str, events: list[Dataset]) -> Values:
    """Each view of a breast, in the groups of its own thickness."""
    found: defaultdict[tuple[str, str, str], list[float]] = defaultdict(list)
    for event in events:
        kind = items(event, "113721")[0].ConceptCodeSequence[0].CodeValue
        name = "agd_tomosynthesis" if kind == ROTATIONAL else "agd"
        for group in ("adult", *thickness_groups(number(event, "111633") or 0.0)):
            found[procedure, group, name].append(number(event, "111631") or 0.0)
    return found


def in_units(item: Dataset, concept: str) -> float:
    unit = items(item, concept)[0].MeasuredValueSequence[0].MeasurementUnitsCodeSequence[0]
    return (number(item, concept) or 0.0) * STEPS_PER_UNIT[unit.CodeValue]


def thickness_groups(thickness_mm: float) -> list[str]:
    bands = {f"mg_{lower}_{lower + 10}mm": (lower, lower + 10) for lower in range(20, 110, 10)}
    bands["mg_60mm"] = (55, 65)
    return [name for name, (low, high) in bands.items() if low <= thickness_mm < high]


def judge_ct(reports: list[Dataset]) -> Judged:
    events = events_once(reports)
    diagnostic = [event for event in events if is_diagnostic(event)]
    if not diagnostic:
        return "no_diagnostic_event", {}
    if len(phantoms(diagnostic)) > 1:
        return "mixed_phantoms", {}
    procedure = procedure_of(reports[0], diagnostic)
    if procedure is None:
        return "unmapped_procedure", {}
    group = group_of(reports[0], procedure)
    if group is None:
        return "no_patient_group", {}
    ctdivol = [number(items(event, "113829")[0], "113830") or 0.0 for event in diagnostic]
    dlp = [number(dose, "113838") or 0.0 for event in events for dose in items(event, "113829")]
    of_scans = [number(items(event, "113829")[0], "113838") or 0.0 for event in diagnostic]
    centimetres = [dose / value for dose, value in zip(of_scans, ctdivol, strict=True)]
    doses = {"ctdivol": math.fsum(of_scans) / math.fsum(centimetres), "dlp": math.fsum(dlp)}
    ssde = [number(items(event, "113829")[0], "113930") for event in diagnostic]
    if None not in ssde:
        sizes = [value for value in ssde if value is not None]
        doses["ssde"] = statistics.fmean(sizes, weights=centimetres)
    return None, {(procedure, group, name): [value] for name, value in doses.items()}


def test_examinations_excluded(
    nation: tuple[Path, dict[str, Any]], studies: dict[tuple[str, str], list[Dataset]]
) -> None:
    counted = Counter((facility, judge(reports)[0]) for (facility, _), reports in studies.items())
    expected = {
        (row["facility_id"], row["reason_code"]): row["examinations"]
        for row in nation[1]["examinations_excluded"]
    }
    assert {key: n for key, n in counted.items() if key[1] is not None} == expected


def test_facility_typical_values(
    nation: tuple[Path, dict[str, Any]], studies: dict[tuple[str, str], list[Dataset]]
) -> None:
    doses: defaultdict[tuple[str, int, str, str, str], list[float]] = defaultdict(list)
    examinations: Counter[tuple[str, int, str, str, str]] = Counter()
    for (facility, _), reports in studies.items():
        for key, found in judge(reports)[1].items():
            cell = facility, int(reports[0].StudyDate[:4]), *key
            doses[cell] += found
            examinations[cell] += 1
    rows = nation[1]["facility_typical_values"]
    keys = ("facility_id", "period", "procedure_id", "patient_group_id", "drl_quantity")
    told = {tuple(row[key] for key in keys): row for row in rows}
    assert told.keys() == doses.keys()
    for place, values in doses.items():
        assert told[place]["n_examinations"] == examinations[place]
        assert told[place]["typical_value"] == pytest.approx(statistics.median(values), abs=1e-9)


def test_accepted_objects(
    nation: tuple[Path, dict[str, Any]], studies: dict[tuple[str, str], list[Dataset]]
) -> None:
    sop_uids = {
        (facility, report.SOPInstanceUID)
        for (facility, _), reports in studies.items()
        for report in reports
    }
    accepted = sum(row["objects"] for row in nation[1]["outcomes"] if row["outcome"] == "accepted")
    assert len(sop_uids) == accepted


def test_total_of_every_report_is_the_sum_of_its_events(
    studies: dict[tuple[str, str], list[Dataset]],
) -> None:
    for reports in studies.values():
        for report in (one for one in reports if items(one, "113811")):
            doses = [dose for event in items(report, "113819") for dose in items(event, "113829")]
            stated = number(items(report, "113811")[0], "113813")
            assert stated == pytest.approx(sum(number(dose, "113838") or 0.0 for dose in doses))
