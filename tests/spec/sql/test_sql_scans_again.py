"""Reports of one study that describe the same scans under other UIDs are counted once."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from tests.support.lakes.lake_rows import Report, Row, event, projection, report
from tests.support.lakes.staged_files import case, staged_files
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels
from transforms.lake.lake import arrow_table
from transforms.tables import STATEMENT

pytestmark = pytest.mark.slow

FACILITY = "F001"
AGAIN = "same_examination_again"
LEDGER = ("attrition_used_examinations", "ledger_attrition", "ledger_days")
FROM_5_TO_6: Row = {
    "irradiation_started_at": "2025-03-01T17:00:00",
    "irradiation_ended_at": "2025-03-01T17:06:00",
}
LOCALIZER: Row = {"kind": "constant_angle", "ctdivol": 0.1, "dlp": 5.0}


@pytest.fixture(scope="module")
def models() -> SqlModels:
    return SqlModels("fct_examination_doses", "attrition", "fct_ledger_entries")


def chest(key: str, *events: Row, study: str = "S1", **columns: Any) -> Report:
    said = {"study_description": "CT Chest", **FROM_5_TO_6, **columns}
    return report(study, events, key=key, **said)


def run(models: SqlModels, *reports: Report, statements: tuple[Row, ...] = ()) -> None:
    staged = staging_tables({FACILITY: reports})
    models.run({**staged, "statement": stated(*statements)})
    assert [row for name in LEDGER for row in models.test(name)] == []


def stated(*statements: Row) -> pa.Table:
    said = {"facility_id": FACILITY, "statement_id": "1", "statement": "confirmed_other"}
    return arrow_table(STATEMENT, [{**said, **one} for one in statements])


def dlp(models: SqlModels, study: str = "S1") -> float | None:
    question = (
        "select value from fct_examination_doses where drl_quantity = 'dlp' and study_key = ?"
    )
    ((value,),) = models.rows(question, study)
    return None if value is None else float(value)


def excluded(models: SqlModels) -> list[str]:
    rows = models.rows(
        "select report_key from int_reports_excluded where exclusion_reason = ? order by all", AGAIN
    )
    return [key for (key,) in rows]


def test_a_scan_that_a_second_program_reports_too_counts_once(models: SqlModels) -> None:
    names = ("ct_same_scan_twice_other_event_uid_a", "ct_same_scan_twice_other_event_uid_b")
    models.run(staged_files({FACILITY: [case(name) for name in names]}))
    values = dict(models.rows("select drl_quantity, value from fct_examination_doses"))
    assert (values["dlp"], values["ctdivol"], len(excluded(models))) == (300.0, 8.5, 1)
    assert [row for name in LEDGER for row in models.test(name)] == []


@pytest.mark.parametrize("order", [1, -1])
def test_a_tool_beside_a_scanner_with_cumulative_reports_adds_nothing(
    models: SqlModels, order: int
) -> None:
    first, second = event("E1", dlp=100.0), event("E2", dlp=200.0)
    early = {"irradiation_ended_at": "2025-03-01T17:02:00"}
    reports = [
        chest("R1", first, **early),
        chest("R2", first, second),
        chest("T1", {**first, "event_key": "X1"}, device_key="TOOL", **early),
        chest("T2", *({**e, "event_key": f"X{e['event_key']}"} for e in (first, second))),
    ]
    run(models, *reports[::order])
    assert dlp(models) == 300.0


def test_doses_that_the_tool_rounds_are_equal(models: SqlModels) -> None:
    run(models, chest("R", event("E", ctdivol=8.504, dlp=300.4)), chest("T", event(ctdivol=8.5)))
    assert (dlp(models), excluded(models)) == (300.4, ["T"])


def test_a_tool_that_knows_fewer_scans_adds_nothing(models: SqlModels) -> None:
    scans = [event("E1", **LOCALIZER), event("E2"), event("E3")]
    run(models, chest("R", *scans), chest("T", event("X1"), event("X2")))
    assert (dlp(models), excluded(models)) == (605.0, ["T"])


@pytest.mark.parametrize(
    "other",
    [
        {"irradiation_started_at": "2025-03-01T17:10:00"},
        {"irradiation_ended_at": "2025-03-01T17:12:00"},  # continued, with the start of the study
        {"irradiation_started_at": None},
        {"study": "S2", "patient_age_days": 19_000},
    ],
)
def test_equal_doses_at_other_times_are_two_scans(models: SqlModels, other: Row) -> None:
    run(models, chest("R", event("E1")), chest("T", event("E2"), **other))
    assert excluded(models) == []


def test_times_that_were_removed_make_no_scans_equal(models: SqlModels) -> None:
    midnight: Row = {"irradiation_started_at": "2025-03-01T00:00:00", "irradiation_ended_at": None}
    run(models, chest("R", event("E1"), **midnight), chest("T", event("E2"), **midnight))
    assert dlp(models) == 600.0


def test_two_equal_scans_of_one_report_are_two(models: SqlModels) -> None:
    run(models, chest("R", event("E1"), event("E2")))
    assert dlp(models) == 600.0
    run(models, chest("R", event("E1"), event("E2")), chest("T", event("X1"), event("X2")))
    assert dlp(models) == 600.0


def test_a_facility_can_state_that_the_scans_are_others(models: SqlModels) -> None:
    reports = chest("R", event("E1")), chest("T", event("E2"))
    run(models, *reports, statements=({"object_sha256": f"{1:064x}"},))
    assert (dlp(models), excluded(models)) == (600.0, [])


def shot(key: str, kap: float, minute: int) -> Row:
    return {
        "event_key": key,
        "dose_area_product_gy_m2": kap,
        "started_at": f"2025-03-01T09:{minute:02}:00",
    }


def test_shots_are_known_by_their_own_start(models: SqlModels) -> None:
    """The reports start at different times; one shot of S2 is another, with the same dose."""
    run(
        models,
        projection("S1", [shot("A", 2e-5, 1), shot("B", 3e-5, 2)], key="R1", modality="DX"),
        projection("S1", [shot("X", 3e-5, 2)], key="T1", modality="DX"),
        projection("S2", [shot("C", 2e-5, 1)], key="R2", modality="DX"),
        projection("S2", [shot("D", 2e-5, 5)], key="R3", modality="DX"),
    )
    kap = dict(models.rows("select study_key, round(value, 9) from fct_examination_doses"))
    assert (kap, excluded(models)) == ({"S1": 0.5, "S2": 0.4}, ["T1"])


def test_a_study_sent_again_equals_one_without_the_report_of_the_tool(models: SqlModels) -> None:
    run(
        models,
        chest("R1", event("E1")),
        chest("T1", event("X1")),
        chest("R2", event("Y1"), study="S2"),
    )
    assert len(excluded(models)) == 2
    examinations = models.rows("select count(*) from int_examinations_classified")
    assert examinations == [(1,)]
