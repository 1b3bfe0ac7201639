"""Fluoroscopy, radiography, mammography and nuclear medicine beside CT: doses and counts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import LakeRows, Row, event, projection, report

FACILITY = "MODALITY1"
CT_NAME = {"study_description": "CT Chest"}


def shot(key: str | None = None, kap: float | None = 0.001, plane: str = "single_plane") -> Row:
    return {"event_key": key, "dose_area_product_gy_m2": kap, "acquisition_plane": plane}


def total(kap: float | None, kerma: float | None = 0.25, plane: str = "single_plane") -> Row:
    return {
        "acquisition_plane": plane,
        "dose_area_product_total_gy_m2": kap,
        "dose_rp_total_gy": kerma,
        "total_fluoro_time_s": 90.0,
    }


def put_rows(lake_rows: LakeRows) -> None:
    lake_rows.submission(
        FACILITY,
        [
            projection("plain", [shot("P1"), shot("P2")], [total(0.0025)], **CT_NAME),
            projection("cumulative", [shot("C1")], [total(0.001)], key="C-1"),
            projection("cumulative", [shot("C1"), shot("C2")], [total(0.0015)], key="C-2"),
            projection("overlapping", [shot("O1"), shot("O2")], [total(0.002)], key="O-1"),
            projection("overlapping", [shot("O2"), shot("O3")], [total(0.002)], key="O-2"),
            projection(
                "biplane",
                [shot("B1", plane="plane_a"), shot("B1", plane="plane_b")],
                [total(0.001, plane="plane_a"), total(0.0015, plane="plane_b")],
            ),
            projection("totals-only", totals=[total(0.003)]),
            projection("film", [shot("F1", kap=0.00001)], modality="DX"),
            projection("no-kap", [shot("N1", kap=None)], modality="DX"),
            projection("eventless-film", modality="DX"),
            projection(
                "breasts",
                [{"average_glandular_dose_mgy": 1.0, "irradiation_event_type": "stationary"}] * 2,
                modality="MG",
            ),
            projection(
                "pet-ct",
                administrations=[{"administered_activity_mbq": 250.0, "radionuclide": "F-18"}],
                modality="NM",
            ),
            report("pet-ct", [event("CT1")], key="CT-of-PET", **CT_NAME),
            report("eventless-ct", [], **CT_NAME),
        ],
    )


def doses(warehouse: Any, study: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    rows = warehouse.rows(
        "select modality, drl_quantity, value, unit, exclusion_reason from ("
        "from core.fct_examination_doses union all by name from core.fct_view_doses) "
        "where facility_id = ? and study_key = ?",
        FACILITY,
        study,
    )
    return {(modality, quantity): tuple(rest) for modality, quantity, *rest in rows}


UNMAPPED, OVERLAP, EMPTY = "unmapped_procedure", "overlapping_reports", "no_diagnostic_event"


@pytest.mark.parametrize(
    ("study", "expected"),
    [
        ("plain", (25.0, 250.0, 90.0, UNMAPPED)),  # named as a CT, but not a CT
        ("cumulative", (15.0, 250.0, 90.0, UNMAPPED)),
        ("overlapping", (40.0, 500.0, 180.0, OVERLAP)),
        ("biplane", (25.0, None, None, UNMAPPED)),
        ("totals-only", (30.0, 250.0, 90.0, UNMAPPED)),
    ],
)
def test_fluoroscopy_has_three_quantities_in_their_units(
    warehouse: Any, study: str, expected: tuple[Any, ...]
) -> None:
    kap, kerma, time, reason = expected
    assert doses(warehouse, study) == {
        ("RF", "kap"): (kap, "Gy.cm2", reason),
        ("RF", "air_kerma_rp"): (kerma, "mGy", reason),
        ("RF", "fluoro_time"): (time, "s", reason),
    }


@pytest.mark.parametrize(
    ("study", "expected"),
    [
        ("film", {("DX", "kap"): (0.1, "Gy.cm2", UNMAPPED)}),
        ("no-kap", {("DX", "kap"): (None, "Gy.cm2", "no_dose")}),
        ("eventless-film", {("DX", "kap"): (None, "Gy.cm2", EMPTY)}),
        ("breasts", {("MG", "agd"): (1.0, "mGy", UNMAPPED)}),
        (
            "eventless-ct",
            {
                ("CT", "ctdivol"): (None, "mGy", EMPTY),
                ("CT", "dlp"): (None, "mGy.cm", EMPTY),
                ("CT", "ssde"): (None, "mGy", EMPTY),
            },
        ),
        (
            "pet-ct",
            {
                ("NM", "administered_activity"): (250.0, "MBq", UNMAPPED),
                ("NM", "administered_activity_per_kg"): (None, "MBq/kg", UNMAPPED),
                ("CT", "ctdivol"): (10.0, "mGy", "hybrid_ct"),
                ("CT", "dlp"): (300.0, "mGy.cm", "hybrid_ct"),
                ("CT", "ssde"): (None, "mGy", "hybrid_ct"),
            },
        ),
    ],
)
def test_a_modality_has_its_own_quantities(
    warehouse: Any, study: str, expected: dict[tuple[str, str], tuple[Any, ...]]
) -> None:
    assert doses(warehouse, study) == expected


def test_every_report_is_in_an_examination_and_every_event_is_counted(warehouse: Any) -> None:
    answer = warehouse.rows(
        "select counted, step, reason_code, n from marts.attrition where facility_id = ? "
        "and counted in ('event', 'examination') order by counted, step_number, reason_code",
        FACILITY,
    )
    assert answer == [
        ("event", "accepted", None, 16),
        ("event", "superseded", "superseded_copy", 2),
        ("event", "counted_once", None, 14),
        ("examination", "found", None, 12),
        ("examination", "excluded", "hybrid_ct", 1),
        ("examination", "excluded", EMPTY, 2),
        ("examination", "excluded", "no_dose", 1),
        ("examination", "excluded", OVERLAP, 1),
        ("examination", "excluded", UNMAPPED, 7),
        ("examination", "used", None, 0),
    ]


def test_a_submission_counts_the_events_and_examinations_of_all_modalities(warehouse: Any) -> None:
    answer = warehouse.rows(
        "select n_events, n_examinations, n_unmapped_examinations "
        "from marts.submission_quality where facility_id = ?",
        FACILITY,
    )
    assert answer == [(16, 12, 10)]
