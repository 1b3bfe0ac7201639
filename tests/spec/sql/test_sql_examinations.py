"""From events to examinations: what is counted once, what is excluded, and patient groups."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import LakeRows, Report, event, report

CHEST = {"study_description": "CT Chest"}

EXCLUDED = {
    # study                 why
    "only-localizers": ("no_diagnostic_event", [event(kind="constant_angle")], CHEST),
    "zero-dose": ("no_dose", [event(ctdivol=0.0, dlp=None)], CHEST),
    "both-phantoms": ("mixed_phantoms", [event(), event(phantom="head_16cm")], CHEST),
    "nameless": ("unmapped_procedure", [event()], {"study_description": "Research 7"}),
    "ageless": ("no_patient_group", [event()], {**CHEST, "patient_age_days": None}),
    "weightless-child": ("no_patient_group", [event()], {**CHEST, "patient_age_days": 900}),
}


def put_rows(lake_rows: LakeRows) -> None:
    first, second, third = event("A", dlp=100), event("B", dlp=200), event("C", dlp=400)
    lake_rows.submission(
        "REPEAT1",
        [
            chest("cumulative", [first], key="R1"),
            chest("cumulative", [first, second], key="R2"),
            chest("continued", [third], key="R3"),
        ],
    )
    lake_rows.submission(
        "REPEAT1",
        [
            chest("cumulative", [first, second, event("D", dlp=800)], key="R4"),
            chest("continued", [event("E", dlp=1600)], key="R5"),
            chest("sent-twice", [event("F", dlp=7), event("G", dlp=8)], key="R6"),
            chest("sent-twice", [event("F", dlp=7), event("G", dlp=8)], key="R6"),
            chest("no-uids", [event(dlp=1), event(dlp=2)], key="R7"),
        ],
    )
    excluded = [report(study, events, **names) for study, (_, events, names) in EXCLUDED.items()]
    lake_rows.submission("EXCLUDE1", [*excluded, chest("good", [event()])])
    lake_rows.submission(
        "CHILD1",
        [
            chest("child-12kg", [event()], patient_age_days=900, patient_weight_kg=12.0),
            report(
                "child-head",
                [event(phantom="head_16cm")],
                patient_age_days=900,
                study_description="DT hjärna",
            ),
        ],
    )


def chest(study: str, events: list[dict[str, Any]], **columns: Any) -> Report:
    return report(study, events, **CHEST, **columns)


def dlp(warehouse: Any, study: str) -> float:
    ((value,),) = warehouse.rows(
        "select value from core.fct_examination_doses where study_key = ? and drl_quantity = 'dlp'",
        study,
    )
    return value


@pytest.mark.parametrize(
    ("study", "total"),
    [
        ("cumulative", 100 + 200 + 800),
        ("continued", 400 + 1600),
        ("sent-twice", 7 + 8),
        ("no-uids", 1 + 2),
    ],
)
def test_every_event_is_counted_once(warehouse: Any, study: str, total: float) -> None:
    assert dlp(warehouse, study) == total


def test_attrition_of_events_counts_the_copies(warehouse: Any) -> None:
    answer = warehouse.rows(
        "select step, reason_code, n from marts.attrition "
        "where facility_id = 'REPEAT1' and counted = 'event' order by step_number"
    )
    assert answer == [
        ("accepted", None, 14),
        ("excluded", "duplicate_content", 2),
        ("superseded", "superseded_copy", 3),
        ("counted_once", None, 9),
    ]


@pytest.mark.parametrize("study", EXCLUDED)
def test_examination_is_excluded_with_its_reason(warehouse: Any, study: str) -> None:
    reason, _, _ = EXCLUDED[study]
    reasons = warehouse.rows(
        "select distinct exclusion_reason from core.fct_examination_doses "
        "where facility_id = 'EXCLUDE1' and study_key = ? and drl_quantity <> 'ssde'",
        study,
    )
    assert reasons == [(reason,)]


def test_attrition_of_examinations_counts_every_reason(warehouse: Any) -> None:
    answer = warehouse.rows(
        "select step, reason_code, n from marts.attrition "
        "where facility_id = 'EXCLUDE1' and counted = 'examination' "
        "order by step_number, reason_code"
    )
    assert answer == [
        ("found", None, 7),
        ("excluded", "mixed_phantoms", 1),
        ("excluded", "no_diagnostic_event", 1),
        ("excluded", "no_dose", 1),
        ("excluded", "no_patient_group", 2),
        ("excluded", "unmapped_procedure", 1),
        ("used", None, 1),
    ]


def test_excluded_examinations_are_in_no_statistic(warehouse: Any) -> None:
    answer = warehouse.rows(
        "select distinct procedure_id, n_examinations from marts.facility_typical_values "
        "where facility_id = 'EXCLUDE1' and method_id = 'drlake_first_line'"
    )
    assert answer == [("ct_chest", 1)]


@pytest.mark.parametrize(
    ("study", "group"), [("child-12kg", "body_5_15kg"), ("child-head", "head_1y_6y")]
)
def test_children_go_by_weight_and_their_heads_by_age(
    warehouse: Any, study: str, group: str
) -> None:
    groups = warehouse.rows(
        "select distinct patient_group_id from core.fct_examination_doses where study_key = ?",
        study,
    )
    assert groups == [(group,)]
