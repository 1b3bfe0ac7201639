"""Scenarios of radiography, fluoroscopy, dental X-ray, nuclear medicine and mammography."""

from __future__ import annotations

from tests.support.levels_by_hand.scenario import Files, LeftOut, Level, Scenario, doses, study
from tests.support.reports.written_scans import (
    CONE_BEAM,
    DCM,
    SCT,
    Beam,
    BreastView,
    Totals,
    breast_report,
    nuclear_report,
    xray_report,
)
from transforms.sample.other_catalogue import CC, MLO

OTHER_POINT = "30cm in Front of Image Input Surface"


def activities(facility: int) -> Files:
    """One report is wrong: above a share of 5 % the whole submission would be held."""
    for number, mbq in doses(facility, 10):
        sent = study("A2a", "PET FDG", facility, number)
        yield f"fdg-{number}", nuclear_report(sent, mbq, "pet")
    sent = study("A2a", "PET FDG", facility, 10)
    yield "becquerel", nuclear_report(sent, 370_000_000, "pet")


def shifted_device(facility: int) -> Files:
    """Facility 1 has a median of 7.5 (in 0.01 Gy.cm2) and writes it a hundred times too high."""
    for again in (0, 10) if facility == 1 else (0,):
        for number, kap in doses(750 if facility == 1 else facility, 0.01):
            sent = study("A2b", "Chest", facility, number + again)
            yield f"chest-{number + again}", xray_report(sent, Beam(kap), Totals(kap))


def impossible_kap(facility: int) -> Files:
    for number, kap in doses(facility, 0.1):
        sent = study("A2c", "Lumbar spine", facility, number)
        yield f"lumbar-{number}", xray_report(sent, Beam(kap), Totals(kap))
    for number in (10, 11):
        sent = study("A2c", "Lumbar spine", facility, number)
        yield f"impossible-{number}", xray_report(sent, Beam(20_000), Totals(20_000))


def study_totals(facility: int) -> Files:
    """The second report states the total of both, as its Scope of Accumulation (Study) says."""
    for number, kap in doses(facility, 0.01):
        sent = study("A6", "Abdomen", facility, number)
        yield f"first-{number}", xray_report(sent, Beam(kap), Totals(kap), part="a")
        second = xray_report(sent, Beam(2 * kap), Totals(3 * kap), part="bb")
        yield f"second-{number}", second


def without_kap(facility: int) -> Files:
    for number, kap in doses(facility, 0.1):
        sent = study("A12", "Pelvis", facility, number)
        yield f"pelvis-{number}", xray_report(sent, Beam(kap), Totals(kap))
    for number in (10, 11):
        sent = study("A12", "Pelvis", facility, number)
        yield f"kerma-{number}", xray_report(sent, Beam(None, 1.0), Totals())


def reference_points(facility: int) -> Files:
    """KAP of 1 Gy.cm2 for each 10 mGy of air kerma: a field of 100 cm2."""
    for number, kap in doses(facility, 1):
        yield f"coro-{number}", _fluoroscopy("A15", "Coronary angiography", facility, number, kap)
    for number in (10, 11):
        sent = study("A15", "Coronary angiography", facility, number)
        kap = 3 * facility
        beam = Beam(kap, 10 * kap, SCT.Fluoroscopy)
        yield f"point-{number}", xray_report(sent, beam, Totals(kap, 10 * kap, OTHER_POINT))


def cone_beams(facility: int) -> Files:
    for number, kap in doses(facility, 1):
        yield f"swallow-{number}", _fluoroscopy("A16", "Barium swallow", facility, number, kap)
    for number in (10, 11):
        sent = study("A16", "Barium swallow", facility, number)
        beam = Beam(3 * facility, kind=DCM.RotationalAcquisition)
        totals = Totals(3 * facility)
        yield f"cone-{number}", xray_report(sent, beam, totals, procedure=CONE_BEAM)


def _fluoroscopy(row: str, name: str, facility: int, number: int, kap: float) -> bytes:
    beam = Beam(kap, 10 * kap, SCT.Fluoroscopy)
    sent = study(row, name, facility, number)
    return xray_report(sent, beam, Totals(kap, 10 * kap))


def breast_views(facility: int) -> Files:
    """Views of 52 and 68 mm, whose mean of 60 mm is of neither; an image and a tomosynthesis."""
    for number, agd in doses(facility, 0.1):
        sent = study("A9", "Mammography", facility, number)
        thin, thick = BreastView(CC, agd, 52), BreastView(MLO, 2 * agd, 68)
        yield f"breast-{number}", breast_report(sent, thin, thick)
    for number, agd in doses(facility, 0.1):
        sent = study("A9", "Mammography", facility, 20 + number)
        image = BreastView(CC, agd, 35)
        tomosynthesis = BreastView(CC, 1.5 * agd, 35, DCM.RotationalAcquisition)
        yield f"breast-{20 + number}", breast_report(sent, image, tomosynthesis)


OF_VIEWS = (
    Scenario(
        "A9",
        "views of 52 and 68 mm; an image and a tomosynthesis of 35 mm",
        breast_views,
        (
            Level("mg_mammography", "agd", 0.925, None, "mg_50_60mm"),
            Level("mg_mammography", "agd", 1.85, 1.3875, "mg_60_70mm"),
            Level("mg_mammography", "agd", 0.925, 1.15625, "mg_30_40mm"),
            Level("mg_mammography", "agd_tomosynthesis", 1.3875, None, "mg_30_40mm"),
            Level("mg_mammography", "agd_combination", 2.3125, None, "mg_30_40mm"),
        ),
    ),
)

SCENARIOS = (
    Scenario(
        "A2a",
        "370,000,000 MBq, which are Bq",
        activities,
        (Level("nm_pet_fdg", "administered_activity", 92.5, 97.125),),
        (LeftOut("becquerel", "outside_hard_limits", "examination", 36),),
    ),
    Scenario(
        "A2b",
        "the device of one facility writes KAP a hundred times too high",
        shifted_device,
        (Level("dx_chest", "kap", 0.095, 0.1025, n_facilities=11),),
    ),
    Scenario(
        "A2c",
        "KAP of 20,000 Gy.cm2",
        impossible_kap,
        (Level("dx_lumbar_spine", "kap", 0.925, 1.0175),),
        (LeftOut("impossible-10", "outside_hard_limits", "examination", 36),),
    ),
    Scenario(
        "A6",
        "the total of the second report includes the first",
        study_totals,
        (Level("dx_abdomen", "kap", 0.2775, 0.37),),
    ),
    Scenario(
        "A12",
        "air kerma without KAP",
        without_kap,
        (Level("dx_pelvis", "kap", 0.925, None),),
        (LeftOut("kerma-10", "no_dose", "examination", 24),),
    ),
    Scenario(
        "A15",
        "air kerma 30 cm in front of the image receptor",
        reference_points,
        (
            Level("rf_coronary_angiography", "air_kerma_rp", 92.5, 101.75),
            Level("rf_coronary_angiography", "kap", 10.175, 10.175),
        ),
        (LeftOut("point-10", "other_reference_point", "quantity", 24),),
    ),
    Scenario(
        "A16",
        "cone beam CT with the event type of a C-arm",
        cone_beams,
        (Level("rf_barium_swallow", "kap", 9.25, 10.175),),
        (LeftOut("cone-10", "unmapped_procedure", "examination", 24),),
    ),
    *OF_VIEWS,
)
