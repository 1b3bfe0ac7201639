"""The warehouse never invents a zero, averages one, or sums only a part of the events."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.lakes.lake_rows import LakeRows, Report, Row, event, projection, report
from transforms.tables import RADIOPHARMACEUTICAL_ADMINISTRATION

FACILITY, TWIN, OTHER = "MISSING1", "MISSING2", "MISSING3"
CHEST = {"study_description": "CT Chest"}
UNMAPPED = "unmapped_procedure"
ADMINISTERED: Row = {"administered_activity_mbq": 250.0, "radionuclide": "F-18"}


def chest(study: str, events: list[Row], **columns: Any) -> Report:
    return report(study, events, **CHEST, **columns)


def shot(key: str | None, kap: float | None) -> Row:
    return {"event_key": key, "dose_area_product_gy_m2": kap, "acquisition_plane": "single_plane"}


def total(kap: float | None, plane: str = "single_plane") -> Row:
    return {"dose_area_product_total_gy_m2": kap, "acquisition_plane": plane}


def view(agd: float | None) -> Row:
    return {"average_glandular_dose_mgy": agd, "irradiation_event_type": "stationary"}


def pet_ct(study: str) -> Report:
    """One report of a PET-CT with the CT and the administration."""
    both = chest(study, [event("PET-CT")])
    administrations = {RADIOPHARMACEUTICAL_ADMINISTRATION.name: [ADMINISTERED]}
    return Report(both.row, {**both.tables, **administrations})


def cumulative_without_uids(make: Callable[[int, str], Report]) -> list[Report]:
    return [make(size, f"no-uid-{size}") for size in (1, 2, 3)]


CT_REPORTS = [
    chest("spiral-without-dlp", [event("A1", dlp=500), event("A2", dlp=None)]),
    chest("dlp-zero-beside-ctdivol", [event("B1", dlp=500), event("B2", dlp=0.0)]),
    chest(
        "localizer-without-dlp",
        [event("C1", kind="constant_angle", ctdivol=None, dlp=None), event("C2", dlp=500)],
    ),
    chest(
        "zero-and-positive",
        [event("D1", ctdivol=0.0, dlp=0.0), event("D2", ctdivol=10.0, dlp=500)],
    ),
    chest("ctdivol-missing", [event("E1", ctdivol=None, dlp=100), event("E2", ctdivol=8, dlp=400)]),
    chest("all-missing", [event("F1", ctdivol=None, dlp=None)]),
    chest("all-zero", [event("G1", ctdivol=0.0, dlp=0.0)]),
    chest("no-dlp-at-all", [event("H1", dlp=None), event("H2", dlp=None)]),
    *cumulative_without_uids(
        lambda size, key: chest("uidless", [event(dlp=100)] * size, key=f"ct-{key}")
    ),
    chest("part", [event("J1", dlp=100)], key="part-1", completion_flag="PARTIAL"),
    chest("part", [event("J1", dlp=200)], key="part-2", completion_flag="COMPLETE"),
    chest("only-part", [event("K1", dlp=200)], completion_flag="PARTIAL"),
    chest("two-doses", [event("L1", dlp=100)], key="two-1", completion_flag="COMPLETE"),
    chest("two-doses", [event("L1", dlp=200)], key="two-2", completion_flag="COMPLETE"),
    pet_ct("one-report"),
    chest("shares-an-event", [event("S1", dlp=100), event("S2", dlp=200)]),
    chest("larger", [event("S2", dlp=200), event("S3", dlp=300), event("S4", dlp=400)]),
]

XRAY_REPORTS = [
    projection("half-totals", [shot("M1", 1e-3)], [total(1e-3)], key="half-1"),
    projection("half-totals", [shot("M2", 4e-3)], key="half-2"),
    projection("zero-total", [shot("N1", 1e-3)], [total(0.0)]),
    projection("events-and-totals", [shot("O1", 1e-3)], [total(1e-3)], key="both-1"),
    projection("events-and-totals", totals=[total(4e-3)], key="both-2"),
    projection("twice", [shot("P1", 1e-3)], [total(1e-3), total(1e-3)]),
    projection("two-values", [shot("Q1", 1e-3)], [total(1e-3), total(4e-3)]),
    projection("two-planes", [], [total(1e-3, "plane_a"), total(1e-3, "plane_b")]),
    projection("missing-kap", [shot("R1", 1e-3), shot("R2", None)]),
    *cumulative_without_uids(
        lambda size, key: projection("uidless", [shot(None, 1e-3)] * size, key=f"rf-{key}")
    ),
    projection("views", [view(1.0), view(None), view(0.0)], modality="MG"),
    projection("zero-views", [view(0.0)], modality="MG"),
]


def put_rows(lake_rows: LakeRows) -> None:
    lake_rows.submission(FACILITY, [*CT_REPORTS, *XRAY_REPORTS])
    lake_rows.submission(TWIN, [chest("same-study", [event("T1", dlp=100)])])
    lake_rows.submission(OTHER, [chest("same-study", [event("T1", dlp=900)])])


def values(warehouse: Any, study: str, modality: str, facility_id: str = FACILITY) -> Row:
    rows = warehouse.rows(
        "select drl_quantity, value, exclusion_reason from core.fct_examination_doses "
        "where facility_id = ? and study_key = ? and modality = ?",
        facility_id,
        study,
        modality,
    )
    return {quantity: (value, reason) for quantity, value, reason in rows}


INCOMPLETE, UIDLESS, EMPTY = "incomplete_dlp", "events_without_uid", "no_dose"
OVERLAP = "overlapping_reports"


@pytest.mark.parametrize(
    ("study", "ctdivol", "dlp"),
    [
        ("spiral-without-dlp", (10, INCOMPLETE), (None, INCOMPLETE)),
        ("dlp-zero-beside-ctdivol", (10, INCOMPLETE), (None, INCOMPLETE)),
        ("localizer-without-dlp", (10, None), (500, None)),
        ("zero-and-positive", (10, None), (500, None)),
        ("ctdivol-missing", (8, None), (500, None)),
        ("all-missing", (None, EMPTY), (None, EMPTY)),
        ("all-zero", (None, EMPTY), (0, EMPTY)),
        ("no-dlp-at-all", (10, None), (None, EMPTY)),
        ("uidless", (10, UIDLESS), (600, UIDLESS)),
        ("part", (10, None), (200, None)),
        ("only-part", (10, None), (200, None)),
        ("one-report", (10, "hybrid_ct"), (300, "hybrid_ct")),
        ("shares-an-event", (10, OVERLAP), (100, OVERLAP)),
        ("larger", (10, None), (900, None)),
    ],
)
def test_ct_states_what_every_scan_states(
    warehouse: Any, study: str, ctdivol: tuple[Any, ...], dlp: tuple[Any, ...]
) -> None:
    found = values(warehouse, study, "CT")
    assert {name: found[name] for name in ("ctdivol", "dlp")} == {"ctdivol": ctdivol, "dlp": dlp}


def test_chance_chooses_no_dose(warehouse: Any) -> None:
    reasons = {reason for _, reason in values(warehouse, "two-doses", "CT").values()}
    assert reasons == {"contradictory_copies"}


def test_an_examination_says_that_a_report_of_it_is_partial(warehouse: Any) -> None:
    partial = warehouse.rows(
        "select distinct study_key from core.fct_examination_doses "
        "where facility_id = ? and has_partial_report order by study_key",
        FACILITY,
    )
    assert partial == [("only-part",), ("part",)]


@pytest.mark.parametrize(
    ("study", "kap"),
    [
        ("half-totals", (50, UNMAPPED)),
        ("zero-total", (10, UNMAPPED)),
        ("events-and-totals", (50, "mixed_reports")),
        ("twice", (10, UNMAPPED)),
        ("two-values", (40, "contradictory_totals")),
        ("two-planes", (20, UNMAPPED)),
        ("missing-kap", (None, EMPTY)),
        ("uidless", (60, UIDLESS)),
    ],
)
def test_kap_is_of_all_events_once(warehouse: Any, study: str, kap: tuple[Any, ...]) -> None:
    value, reason = values(warehouse, study, "RF")["kap"]
    assert (value if value is None else pytest.approx(value), reason) == kap


@pytest.mark.parametrize(
    ("study", "doses", "reason"),
    [("views", [0, 1, None], UNMAPPED), ("zero-views", [0], EMPTY)],
)
def test_the_reason_of_an_examination_of_breasts_is_that_of_its_views(
    warehouse: Any, study: str, doses: list[Any], reason: str
) -> None:
    assert values(warehouse, study, "MG") == {}
    rows = warehouse.rows(
        "select value, exclusion_reason from core.fct_view_doses "
        "where facility_id = ? and study_key = ? order by value",
        FACILITY,
        study,
    )
    assert rows == [(dose, reason) for dose in doses]


def test_an_administration_in_the_report_of_a_ct_is_an_examination_of_its_own(
    warehouse: Any,
) -> None:
    assert values(warehouse, "one-report", "NM") == {
        "administered_activity": (250, UNMAPPED),
        "administered_activity_per_kg": (None, UNMAPPED),
    }


def test_events_without_dose_are_counted(warehouse: Any) -> None:
    lost = warehouse.rows(
        "select reason_code, n from marts.attrition "
        "where facility_id = ? and counted = 'event' and reason_code is not null order by all",
        FACILITY,
    )
    assert lost == [("event_without_dose", 7), ("superseded_copy", 3)]


def test_examinations_are_counted_under_their_reason(warehouse: Any) -> None:
    lost = warehouse.rows(
        "select reason_code, n from marts.attrition where facility_id = ? "
        "and counted = 'examination' and step = 'excluded' order by all",
        FACILITY,
    )
    assert lost == [
        ("contradictory_copies", 1),
        ("contradictory_totals", 1),
        ("events_without_uid", 2),
        ("hybrid_ct", 1),
        ("incomplete_dlp", 2),
        ("mixed_reports", 1),
        ("no_dose", 4),
        ("overlapping_reports", 1),
        ("unmapped_procedure", 6),
    ]


@pytest.mark.parametrize(("facility_id", "dlp"), [(TWIN, 100), (OTHER, 900)])
def test_one_study_uid_at_two_facilities_is_two_examinations(
    warehouse: Any, facility_id: str, dlp: float
) -> None:
    assert values(warehouse, "same-study", "CT", facility_id)["dlp"] == (dlp, None)


def test_no_dose_of_zero_or_missing_is_used(warehouse: Any) -> None:
    query = (
        "select count(*) from core.fct_examination_doses "
        "where exclusion_reason is null and not coalesce(value > 0, false)"
    )
    assert warehouse.rows(query) == [(0,)]
