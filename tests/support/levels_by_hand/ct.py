"""Scenarios of CT: what a report says wrongly, or in a way that was read wrongly."""

from __future__ import annotations

from math import exp

from tests.support.levels_by_hand.scenario import (
    LATER_DAY,
    Files,
    LeftOut,
    Level,
    Scenario,
    doses,
    study,
)
from tests.support.reports.written_reports import ADULT, Patient
from tests.support.reports.written_scans import Scan, ct_report

BODY_20_CM = 3.704369 * exp(-0.03671937 * 20)
"""SSDE over CTDIvol on the 32 cm phantom for a water-equivalent diameter of 20 cm: 1.777."""

HEAD_16_CM = 1.874799 * exp(-0.03871313 * 16)
"""The same on the 16 cm phantom for 16 cm: 1.009."""

CHILD, INFANT = Patient("012Y", "40", "1.50"), Patient("002M", "4", "0.55")
IMPOSSIBLE = {"pounds": Patient("003Y", "31", "0.95"), "height": Patient("012Y", "40", "0.40")}
NOT_ENTERED = {"zero": Patient("008Y", "0", "1.30"), "negative": Patient("008Y", "-5", "1.30")}


def scan(dlp: float, region: str = "chest", **how: object) -> Scan:
    """A helix of 30 cm."""
    return Scan(dlp / 30, dlp, region=region, **how)  # type: ignore[arg-type]


def weights(facility: int) -> Files:
    for number, dlp in doses(facility, 10):
        sent = study("A1", "CT Chest", facility, number, CHILD)
        yield f"child-{number}", ct_report(sent, scan(dlp))
    for number, dlp in doses(facility, 5):
        sent = study("A1", "CT Chest", facility, 20 + number, INFANT)
        yield f"infant-{number}", ct_report(sent, scan(dlp))
    for number, (name, patient) in enumerate({**IMPOSSIBLE, **NOT_ENTERED}.items(), start=40):
        dlp = facility * (30 if name in IMPOSSIBLE else 15)
        sent = study("A1", "CT Chest", facility, number, patient)
        yield name, ct_report(sent, scan(dlp))


def event_parts(facility: int) -> Files:
    """Parts of equal dose for adults, of a quarter and three quarters for children."""
    for patient, share, first in ((ADULT, 0.5, 0), (CHILD, 0.25, 20)):
        for number, dlp in doses(facility, 20):
            parts = [
                scan(dlp * share, "abdomen", uid="one"),
                scan(dlp * (1 - share), "lumbar", uid="one"),
            ]
            sent = study("A3", "CT Abdomen", facility, first + number, patient)
            yield f"parts-{first + number}", ct_report(sent, *parts)


def scans_again(facility: int) -> Files:
    for number, dlp in doses(facility, 10):
        sent = study("A4", "CT KUB", facility, number)
        for part in ("scanner", "tool"):
            yield f"{part}-{number}", ct_report(sent, scan(dlp, "abdomen"), part=part)


def total_alone(facility: int) -> Files:
    for number, dlp in doses(facility, 10):
        alone = Scan(dlp / 30, None, region="head", phantom="head")
        sent = study("A7", "CT Sinus", facility, number)
        yield f"total-{number}", ct_report(sent, alone, dlp_total=dlp)


def hearts(facility: int) -> Files:
    score = Scan(5, 60, "sequenced", "heart", protocol="CaScore")
    bolus = Scan(5, 5, "stationary", "heart", protocol="Monitoring")
    for number, ctdivol in doses(facility, 2):
        volume = Scan(ctdivol, 16 * ctdivol, "stationary", "heart", protocol="Volume")
        sent = study("A8a", "CT Coronary angiography", facility, number)
        yield f"heart-{number}", ct_report(sent, score, bolus, volume)


def heads(facility: int) -> Files:
    for number, dlp in doses(facility, 50):
        sent = study("A8b", "CT Head", facility, number)
        yield f"head-{number}", ct_report(sent, _head(dlp))
    for number in (10, 11):
        repeated = Scan(230, 2300, "stationary", "head", "head", "Dynamic")
        sent = study("A8b", "CT Head", facility, number)
        yield f"perfusion-{number}", ct_report(sent, _head(50 * facility), repeated)


def _head(dlp: float) -> Scan:
    return Scan(dlp / 15, dlp, region="head", phantom="head", diameter_mm=160)


def phases(facility: int) -> Files:
    bolus = Scan(20, 20, "stationary", "abdomen", protocol="Monitoring")
    for number, dlp in doses(facility, 10):
        sent = study("A8c", "CT Liver", facility, number)
        two = [scan(dlp, "abdomen", protocol=name) for name in ("arterial", "venous")]
        yield f"liver-{number}", ct_report(sent, two[0], bolus, two[1])


def lengths(facility: int) -> Files:
    for number, ctdivol in doses(facility, 1):
        long, short = Scan(ctdivol, 60 * ctdivol), Scan(4 * ctdivol, 8 * ctdivol)
        sent = study("A10", "CT Chest Abdomen Pelvis", facility, number)
        yield f"lengths-{number}", ct_report(sent, long, short)


def regions(facility: int) -> Files:
    for number, dlp in doses(facility, 10):
        sent = study("A11", "CT Chest", facility, number)
        yield f"regions-{number}", ct_report(sent, scan(dlp), scan(2 * dlp, "abdomen"))


def diameters(facility: int) -> Files:
    for number, dlp in doses(facility, 10):
        sent = study("A14", "CT Neck", facility, number)
        yield f"neck-{number}", ct_report(sent, scan(dlp, "neck", diameter_mm=200))
    for number in (10, 11):
        sent = study("A14", "CT Neck", facility, number)
        yield f"centimetres-{number}", ct_report(sent, scan(30 * facility, "neck", diameter_mm=30))


def days(facility: int) -> Files:
    """Six of ten scans name an iterative reconstruction, where the standard puts it (row A13)."""
    for number, dlp in doses(facility, 10):
        by = "iterative" if number < 6 else "filtered"
        sent = study("A18", "CT Cervical spine", facility, number)
        yield f"spine-{number}", ct_report(sent, scan(dlp, "neck", reconstruction=by))
    for number in (10, 11):
        sent = study("A18", "CT Cervical spine", facility, number, day=LATER_DAY)
        yield f"later-{number}", ct_report(sent, scan(30 * facility, "neck"))


SCENARIOS = (
    Scenario(
        "A1",
        "weight of 0, of -5, in pounds, or beside a height of 40 cm",
        weights,
        (
            Level("ct_chest", "dlp", 92.5, 101.75, "body_30_50kg"),
            Level("ct_chest", "dlp", 46.25, 50.875, "body_lt5kg"),
        ),
        (
            LeftOut("pounds", "weight_impossible", "examination", 24),
            LeftOut("zero", "no_patient_group", "examination", 24),
        ),
    ),
    Scenario(
        "A3",
        "one event UID in two CT Acquisition containers",
        event_parts,
        (
            Level("ct_abdomen_pelvis", "dlp", 185, 92.5),
            Level("ct_abdomen_pelvis", "dlp", 185, None, "body_30_50kg"),
        ),
    ),
    Scenario(
        "A4",
        "a dose tool describes each scan again",
        scans_again,
        (Level("ct_kidneys_ureters_bladder", "dlp", 92.5, 185),),
        (LeftOut("tool-0", "same_examination_again", "report", 120, twin="scanner-0"),),
    ),
    Scenario(
        "A7",
        "DLP is stated in the total alone",
        total_alone,
        (Level("ct_sinuses", "dlp", 92.5, None),),
    ),
    Scenario(
        "A8a",
        "calcium score, bolus tracking and a wide stationary volume",
        hearts,
        (
            Level("ct_coronary_angiography", "ctdivol", 18.5, 5),
            Level("ct_coronary_angiography", "dlp", 361, 361),
        ),
    ),
    Scenario(
        "A8b",
        "perfusions named CT Head; A14: SSDE of heads",
        heads,
        (
            Level("ct_head", "dlp", 462.5, 508.75),
            Level("ct_head", "ssde", 462.5 / 15 * HEAD_16_CM, None),
        ),
        (LeftOut("perfusion-10", "perfusion", "examination", 24),),
    ),
    Scenario(
        "A8c",
        "two phases around bolus tracking of 20 mGy.cm; A11: France takes each phase",
        phases,
        (
            Level("ct_liver_multiphase", "ctdivol", 92.5 / 30, 205 / 61),
            Level("ct_liver_multiphase", "dlp", 205, 205),
            Level("ct_liver_multiphase", "dlp", 92.5, 69.375, method_id="france"),
        ),
    ),
    Scenario(
        "A10",
        "60 cm at 1 mGy and 2 cm at 4 mGy",
        lengths,
        (
            Level("ct_chest_abdomen_pelvis", "ctdivol", 9.25 * 68 / 62, 23.125),
            Level("ct_chest_abdomen_pelvis", "dlp", 629, 629),
        ),
    ),
    Scenario(
        "A11",
        "scans of chest and abdomen under the name of a chest",
        regions,
        (
            Level("ct_chest", "dlp", 277.5, 277.5),
            Level("ct_chest", "dlp", 92.5, 122.5625, method_id="france"),
        ),
    ),
    Scenario(
        "A14",
        "water-equivalent diameter in cm where mm is stated",
        diameters,
        (Level("ct_neck", "ssde", 92.5 / 30 * BODY_20_CM, 101.75 / 30 * BODY_20_CM),),
        (LeftOut("centimetres-10", "diameter_outside_tables", "quantity", 24),),
    ),
    Scenario(
        "A18",
        "study days after the day of the validation",
        days,
        (Level("ct_cervical_spine", "dlp", 92.5, 101.75),),
        (LeftOut("later-10", "study_date_in_future", "object", 24),),
    ),
)
