"""No object disappears: attrition, submission quality, and a build that stops when one does."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.lakes.lake_rows import LakeRows, event, report
from transforms.dbt_build.warehouse import build
from transforms.errors import LedgerError
from transforms.lake.lake import Lake
from transforms.settings import Settings

HOLD_REASON = "DLP totals are ten times smaller than the sum of their events."


def put_rows(lake_rows: LakeRows) -> None:
    chest = [report(f"ledger-{n}", [event()], study_description="CT Chest") for n in range(3)]
    nameless = report("ledger-nameless", [event(), event("X")], study_description="Research 7")
    refused = ["not_dicom", "identity_present", "identity_present"]
    lake_rows.submission("LEDGER1", [*chest, nameless], duplicates=2, refused=refused)
    held = [report(f"held-{n}", [event()], study_description="CT Chest") for n in range(12)]
    lake_rows.submission("LEDGER2", held, refused=["structure_truncated"], held=HOLD_REASON)


@pytest.mark.parametrize(
    ("facility_id", "steps"),
    [
        (
            "LEDGER1",
            [
                (1, "received", None, 9),
                (2, "duplicate", "duplicate_in_submission", 2),
                (3, "quarantined", "identity_present", 2),
                (3, "quarantined", "not_dicom", 1),
                (4, "accepted", None, 4),
            ],
        ),
        (
            "LEDGER2",
            [
                (1, "received", None, 13),
                (3, "quarantined", "structure_truncated", 1),
                (3, "held", "submission_held", 12),
                (4, "accepted", None, 0),
            ],
        ),
    ],
)
def test_attrition_follows_every_object(
    warehouse: Any, facility_id: str, steps: list[tuple[Any, ...]]
) -> None:
    answer = warehouse.rows(
        "select step_number, step, reason_code, n from marts.attrition "
        "where facility_id = ? and counted = 'object' order by step_number, reason_code",
        facility_id,
    )
    assert answer == steps


def test_a_held_facility_has_its_through_lines_with_nothing_on_them(warehouse: Any) -> None:
    answer = warehouse.rows(
        "select counted, step, n from marts.attrition where facility_id = 'LEDGER2' "
        "and counted <> 'object' order by counted, step_number"
    )
    assert answer == [
        ("event", "accepted", 0),
        ("event", "counted_once", 0),
        ("examination", "found", 0),
        ("examination", "used", 0),
        ("report", "accepted", 0),
        ("report", "standing", 0),
    ]


def test_submission_quality_tells_what_became_of_a_submission(warehouse: Any) -> None:
    answer = warehouse.rows(
        "select facility_id, n_received, n_accepted, n_held, n_quarantined, n_duplicate, status, "
        "hold_reason, n_findings, n_events, n_examinations, n_unmapped_examinations "
        "from marts.submission_quality where facility_id like 'LEDGER%' order by facility_id"
    )
    assert answer == [
        ("LEDGER1", 9, 4, 0, 3, 2, "accepted", None, 0, 5, 4, 1),
        ("LEDGER2", 13, 0, 12, 1, 0, "held", HOLD_REASON, 1, 0, 0, 0),
    ]


def test_a_held_submission_counts_in_no_statistic(warehouse: Any) -> None:
    query = "select count(*) from marts.facility_typical_values where facility_id = 'LEDGER2'"
    assert warehouse.rows(query) == [(0,)]


def test_a_lost_object_stops_the_build_and_leaves_the_warehouse(
    warehouse: Any, tmp_path: Path
) -> None:
    lake = Lake(str(tmp_path / "lake"))
    shutil.copytree(warehouse.lake, lake.url, ignore=shutil.ignore_patterns("dbt"))
    submission_id = lake.submissions("validate", "LEDGER1")[0]
    kept = lake.read_outcomes("validate", submission_id).to_pylist()[1:]
    lake.write_outcomes("validate", submission_id, kept)
    built = tmp_path / "lake" / "warehouse" / "drl.duckdb"
    before = built.read_bytes()
    with pytest.raises(LedgerError) as error:
        build(Settings(lake=lake.url), echo=lambda line: None)
    assert f"submission_id {submission_id}, n_received 9, n_accepted 3" in str(error.value)
    assert built.read_bytes() == before


DAYS = "ledger_days.sql"


@pytest.mark.parametrize(
    ("fault", "noticed"),
    [
        ("update intermediate.int_examinations_classified set n_events = n_events", set()),
        (
            "update intermediate.int_examinations_classified set dlp_mgy_cm = dlp_mgy_cm + 1",
            {"dlp_mgy_cm"},
        ),
        ("update intermediate.int_examinations_classified set n_events = 0", {"event"}),
        ("delete from intermediate.int_examinations_classified", {"event", "dlp_mgy_cm"}),
        (
            "insert into intermediate.int_reports_decoded_again "
            "select submission_id, object_sha256 from staging.stg_lake__dose_reports",
            {"object", "report", "event", "dlp_mgy_cm"},
        ),
        ("delete from marts.object_outcomes", {"object"}),
    ],
)
def test_what_is_lost_or_invented_on_a_day_is_noticed(
    warehouse: Any, tmp_path: Path, fault: str, noticed: set[str]
) -> None:
    compiled = warehouse.lake / "warehouse" / "dbt" / "target" / "compiled"
    (entries,) = compiled.rglob("fct_ledger_entries.sql")
    (ledger,) = compiled.rglob(DAYS)
    copy = tmp_path / "drl.duckdb.building"
    shutil.copy(warehouse.lake / "warehouse" / "drl.duckdb", copy)
    with duckdb.connect(str(copy)) as connection:
        connection.execute(f"{fault} where facility_id = 'LEDGER1'")
        query = entries.read_text(encoding="utf-8")
        connection.execute(f"create or replace table core.fct_ledger_entries as {query}")
        rows = connection.execute(ledger.read_text(encoding="utf-8")).fetchall()
    assert {counted for _, _, counted, *_ in rows} == noticed
