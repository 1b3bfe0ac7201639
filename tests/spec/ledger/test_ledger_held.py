"""Held objects have a column of their own, and are listed with facility, reason and next step."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from expectations.findings import finding_rows
from expectations.later_days import findings_of_later
from tests.support.in_process import drlake
from tests.support.lakes.lake_rows import LakeRows, event, report
from transforms.lake.lake import Lake
from transforms.ledger.entries import check_balance, entries, quarantined_share
from transforms.ledger.held import NEXT_STEPS, HeldObjects, held_objects
from transforms.pipeline.retry_quarantined import quarantine_counts
from transforms.reasons.objects import REASONS
from transforms.tables.finding import FINDING

CHEST = report("chest", [event()], study_description="CT Chest")


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    lake = Lake(str(tmp_path / "lake"))
    rows = LakeRows(lake)
    rows.submission("F001", [CHEST] * 3, refused=["not_dicom"])
    rows.submission("F002", [CHEST] * 12, refused=["not_dicom"], held="Totals are too small.")
    later = rows.submission("F003", [CHEST] * 2)
    outcomes = lake.read_outcomes("validate", later).to_pylist()
    outcomes[0] |= {"outcome": "held", "reason_code": "study_date_in_future"}
    lake.write_outcomes("validate", later, outcomes)
    findings = findings_of_later([outcomes[0]["object_sha256"]])
    lake.write_table("validated", FINDING, later, finding_rows(findings, "F003", later))
    return lake


def test_held_objects_are_not_counted_as_quarantined(lake: Lake) -> None:
    found = entries(lake)
    check_balance(found)
    assert [(one.accepted, one.held, one.quarantined) for one in found] == [
        (3, 0, 1),
        (0, 12, 1),
        (1, 1, 0),
    ]
    assert quarantined_share(found) == 2 / 19
    assert sum(one.objects for one in quarantine_counts(lake)) == 2


def test_they_are_listed_with_facility_reason_and_next_step(lake: Lake) -> None:
    assert held_objects(lake, entries(lake)) == [
        HeldObjects("F002", "submission_held", None, 12, NEXT_STEPS["submission_held"]),
        HeldObjects("F003", "study_date_in_future", None, 1, NEXT_STEPS["study_date_in_future"]),
    ]
    assert set(NEXT_STEPS) == {one.code for one in REASONS if one.outcome == "held"}


def test_the_ledger_shows_them_in_a_column_and_a_table_of_their_own(lake: Lake) -> None:
    shown = drlake("ledger", "balance", "--lake", lake.url)
    lines = [line.split() for line in shown.stdout.replace("│", " ").splitlines()]
    assert ["F002", "13", "0", "12", "1", "0", "0", "0"] in lines
    (row,) = [line for line in lines if line[:2] == ["F003", "study_date_in_future"]]
    assert " ".join(row[3:]) == f"1 {NEXT_STEPS['study_date_in_future']}"
    document = json.loads(drlake("ledger", "balance", "--lake", lake.url, "--json").stdout)
    assert [one["facility_id"] for one in document["held"]] == ["F002", "F003"]
    assert document["files"][1]["held"] == 12


def test_ingest_shows_what_is_held_in_the_lake(lake: Lake, tmp_path: Path) -> None:
    (tmp_path / "exports" / "F009").mkdir(parents=True)
    given = ("ingest", "--lake", lake.url, "--exports", tmp_path / "exports")
    assert "F002     │ submission_held" in drlake(*given).stdout
    document = json.loads(drlake(*given, "--json").stdout)
    assert [one["objects"] for one in document["held"]] == [12, 1]


def test_explain_and_receipts_say_why_an_object_is_held_and_what_to_do(lake: Lake) -> None:
    (name,) = lake.submissions("validate", "F003")
    held, accepted = (
        row["object_sha256"] for row in lake.read_outcomes("validate", name).to_pylist()
    )
    shown = drlake("explain", held, "--lake", lake.url).stdout
    assert "Held when it was validated: study_date_in_future. The study date is later" in shown
    assert "accepts it from that day on" in shown
    other = drlake("explain", accepted, "--lake", lake.url).stdout
    assert "Validated: accepted." in other
    assert "study date is later" not in other  # the finding is of one report, not of all
    assert drlake("receipts", "F003", "--lake", lake.url).returncode == 0
    receipt = json.loads(Path(lake.path("receipts", "F003.json")).read_text())
    first: dict[str, Any] = receipt["objects"][0]
    assert (first["outcome"], first["reason_code"]) == ("held", "study_date_in_future")
    assert "Each later validation looks at the report again" in first["what_to_mend"]
