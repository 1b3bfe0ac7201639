"""Versions, copies and withdrawals: the result never depends on the order of arrival."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from tests.support.lakes.lake_rows import LakeRows, Report, event, report
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

NECK = {"study_description": "CT Neck"}


def neck(study: str, dlp: float = 300.0, *, key: str | None = None, **columns: Any) -> Report:
    return report(study, [event(f"{study}-E1", dlp=dlp)], key=key, **NECK, **columns)


def report_at(hour: int) -> Callable[..., Report]:
    """Examinations at this hour, equal to every other of the same DLP but for their UIDs.

    Facilities that use the same UIDs have different hours: they did not send the same event.
    """

    def made(study: str, dlp: float = 300.0, **columns: Any) -> Report:
        start = {"irradiation_started_at": f"2025-03-01T{hour}:00:00"}
        return neck(study, dlp, **{**start, **columns})

    return made


def put_rows(lake_rows: LakeRows) -> None:
    for order, facility_id, hour in ((1, "STAND1", 12), (-1, "STAND2", 13)):
        report_at_noon = report_at(hour)
        rounds = [
            [neck("kept"), neck("retracted"), neck("wrong", 900.0, key="corrected")],
            [neck("wrong", 300.0, key="corrected")],
            [neck("equal", key="equal-report"), neck("conflict", 100.0, key="conflicting")],
            [neck("equal", key="equal-report"), neck("conflict", 200.0, key="conflicting")],
            [
                report_at_noon("again-a"),
                report_at_noon("again-b"),
                report_at_noon("again-c", 301.0),
            ],
            [report_at_noon("apart-a", 400.0), report_at_noon("apart-b", 400.0)],
            [report_at_noon("zero-a", 0.0), report_at_noon("patient-a", 500.0)],
            [report_at_noon("patient-b", 500.0, patient_age_days=19_999)],
        ]
        sent = {
            n: lake_rows.submission(facility_id, reports[::order])
            for n, reports in list(enumerate(rounds))[::order]
        }
        objects = {n: lake_rows.objects(sent[n])[::order] for n in sent}
        lake_rows.state(facility_id, "retracted", objects[0][1])
        lake_rows.state(facility_id, "superseded", objects[0][2], objects[1][0])
        lake_rows.state(facility_id, "confirmed_other", objects[5][1])
    lake_rows.submission("STAND3", [report_at(12)("again-z")])
    put_withdrawals(lake_rows)


def put_withdrawals(lake_rows: LakeRows) -> None:
    """Statements of each kind that are withdrawn; one is made again, one is made by two."""
    studies = ("retracted", "restated", "superseded", "twice")
    sent = lake_rows.submission("TAKEN1", [neck(study) for study in studies])
    retracted, restated, superseded, twice = lake_rows.objects(sent)
    at_two = report_at(14)
    sent = lake_rows.submission("TAKEN1", [at_two("apart-a", 7.0), at_two("apart-b", 7.0)])
    apart = lake_rows.objects(sent)[1]
    for statement, sha, other in (
        ("retracted", retracted, None),
        ("retracted", restated, None),
        ("superseded", superseded, retracted),
        ("confirmed_other", apart, None),
        ("retracted", twice, None),
    ):
        said = lake_rows.state("TAKEN1", statement, sha, other)
        lake_rows.withdraw("TAKEN1", said, sha)
    lake_rows.state("TAKEN1", "retracted", restated, repetition=1)
    lake_rows.state("TAKEN1", "superseded", twice, retracted)
    lake_rows.withdraw("TAKEN2", lake_rows.state("TAKEN1", "retracted", "0" * 64), "0" * 64)


REASONS = [
    ("again-a", None),
    ("again-b", "same_examination_again"),
    ("again-c", None),
    ("apart-a", None),
    ("apart-b", None),
    ("conflict", "instance_conflict"),
    ("conflict", "instance_conflict"),
    ("equal", "duplicate_content"),
    ("equal", None),
    ("kept", None),
    ("patient-a", None),
    ("patient-b", None),
    ("retracted", "retracted"),
    ("wrong", "superseded"),
    ("wrong", None),
    ("zero-a", None),
]


@pytest.mark.parametrize("facility_id", ["STAND1", "STAND2"])
def test_a_report_counts_or_has_its_reason(warehouse: Any, facility_id: str) -> None:
    answer = warehouse.rows(
        "select study_key, exclusion_reason from intermediate.int_reports_with_exclusion "
        "where facility_id = ? order by all",
        facility_id,
    )
    assert sorted(answer, key=str) == sorted(REASONS, key=str)


def test_the_order_of_arrival_changes_no_dose(warehouse: Any) -> None:
    query = (
        "select study_key, drl_quantity, value, exclusion_reason "
        "from core.fct_examination_doses where facility_id = ? order by all"
    )
    doses = warehouse.rows(query, "STAND1")
    assert doses
    assert doses == warehouse.rows(query, "STAND2")


def test_a_corrected_report_counts_in_place_of_the_wrong_one(warehouse: Any) -> None:
    answer = warehouse.rows(
        "select value from core.fct_examination_doses "
        "where facility_id = 'STAND1' and study_key = 'wrong' and drl_quantity = 'dlp'"
    )
    assert answer == [(300.0,)]


def test_what_counts_nowhere_is_in_attrition(warehouse: Any) -> None:
    answer = warehouse.rows(
        "select step, reason_code, n from marts.attrition where facility_id = 'STAND1' "
        "and counted = 'report' order by step_number, reason_code"
    )
    assert answer == [
        ("accepted", None, 16),
        ("excluded", "duplicate_content", 1),
        ("excluded", "instance_conflict", 2),
        ("excluded", "retracted", 1),
        ("excluded", "same_examination_again", 1),
        ("excluded", "superseded", 1),
        ("standing", None, 10),
    ]


def test_equal_examinations_of_two_facilities_are_two(warehouse: Any) -> None:
    table = "intermediate.int_reports_with_exclusion"
    query = f"select exclusion_reason from {table} where facility_id = ?"  # noqa: S608
    assert warehouse.rows(query, "STAND3") == [(None,)]


def test_the_ledger_of_a_day_tells_what_was_lost_and_why(warehouse: Any) -> None:
    answer = warehouse.rows(
        "select side, reason_code, amount from core.fct_ledger_entries "
        "where facility_id = 'STAND1' and counted = 'dlp_mgy_cm' and side <> 'used' order by all"
    )
    assert answer == [
        ("arrived", None, 5401.0),
        ("lost", "duplicate_content", 300.0),
        ("lost", "instance_conflict", 300.0),
        ("lost", "no_dose", 0.0),
        ("lost", "retracted", 300.0),
        ("lost", "same_examination_again", 300.0),
        ("lost", "superseded", 900.0),
    ]


def test_a_statement_that_is_taken_back_changes_nothing(warehouse: Any) -> None:
    answer = warehouse.rows(
        "select study_key, exclusion_reason from intermediate.int_reports_with_exclusion "
        "where facility_id = 'TAKEN1' order by all"
    )
    assert answer == [
        ("apart-a", None),
        ("apart-b", "same_examination_again"),
        ("restated", "retracted"),
        ("retracted", None),
        ("superseded", None),
        ("twice", "superseded"),
    ]


def test_a_withdrawal_takes_back_statements_of_its_own_facility_alone(warehouse: Any) -> None:
    query = "select count(*) from intermediate.int_statements_in_force where object_sha256 = ?"
    assert warehouse.rows(query, "0" * 64) == [(1,)]


LEDGER = SqlModels("int_reports_accepted")


@pytest.mark.parametrize(
    ("read", "wrong"),
    [
        (["a", "b"], []),
        (["a"], [("F1.0123456789abcdef", 2, 1)]),
        (["a", "b", "c"], [("F1.0123456789abcdef", 2, 3)]),
        (["a", "c"], [("F1.0123456789abcdef", 2, 2)]),
        ([], [("F1.0123456789abcdef", 2, 0)]),
    ],
)
def test_the_reports_read_are_those_accepted(read: list[str], wrong: list[Any]) -> None:
    sent = staging_tables({"F1": [neck(name) for name in "abc"]})
    objects = dict(zip("abc", sent["dose_report"]["object_sha256"].to_pylist(), strict=True))
    kept = [objects[name] for name in read]
    outcomes = sent["object_outcome"]
    LEDGER.run(
        {
            "dose_report": only(sent["dose_report"], kept),
            "object_outcome": only(outcomes, [objects["a"], objects["b"]]),
        }
    )
    assert LEDGER.test("ledger_accepted_reports") == wrong


def only(rows: pa.Table, objects: list[str]) -> pa.Table:
    """The rows of these objects."""
    return rows.filter(pc.is_in(rows["object_sha256"], pa.array(objects, pa.string())))
