"""What two facilities have sent counts once: at the device's facility, or where the rule says."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.support.lakes.lake_rows import LakeRows, Report, event, projection, report
from tests.support.sql_models import SqlModels
from transforms.dbt_build.between_facilities import shared_reports, write_shared_reports
from transforms.lake.lake import Lake, parquet_bytes
from transforms.tables import DECLARED_TABLES, DEVICE_STATEMENT

CHEST = {"study_description": "CT Chest"}
LEDGER = ("attrition", "fct_ledger_entries")
LEDGER_TESTS = ("attrition_used_examinations", "ledger_attrition", "ledger_days")
ELSEWHERE, CLAIMED, PARTED = (
    "counted_at_another_facility",
    "claimed_by_two_facilities",
    "parted_between_facilities",
)


def sent(study: str, *keys: str, device: str | None = "D", second: int = 0, **columns: Any) -> Any:
    """A report of a study with an event for each key; equal calls make equal reports."""
    start = {"irradiation_started_at": f"2025-03-01T12:00:{second:02}"}
    named = {**CHEST, **start, "national_device_key": device, **columns}
    events = [event(key, dlp=100.0 + second) for key in keys or (f"{study}-E1",)]
    return report(study, events, **named)


def own(facility: str, n: int, device: str = "D") -> list[Report]:
    """Reports of a device that only this facility sends."""
    return [sent(f"{facility}-{number}", device=device, second=10 + number) for number in range(n)]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path))


def put(lake: Lake, reports: Mapping[str, Sequence[Report]]) -> LakeRows:
    rows = LakeRows(lake)
    for facility, listed in reports.items():
        if listed:
            rows.submission(facility, listed)
    return rows


def declare(lake: Lake, *devices: tuple[str, str]) -> None:
    """Declare devices by facility and key."""
    (table,) = (one for one in DECLARED_TABLES if one.name == "declared_device")
    same = {"manufacturer": "M", "model_name": "X", "modality": "CT", "country": "AT"}
    same |= {"sequence_number": 1, "file_sha256": "0", "installed_on": datetime.date(2020, 1, 1)}
    rows = [{**same, "facility_id": facility, "device_key": key} for facility, key in devices]
    lake.write_bytes(lake.declared_path(table, 1), parquet_bytes(table, rows))


def state(lake: Lake, facility: str, device: str = "D", **days: Any) -> None:
    row = {"statement_id": facility + device, "statement": "counts_at", "repetition": 0}
    row |= {"facility_id": facility, "device_key": device, **days}
    path = lake.table_path("stated", DEVICE_STATEMENT, row["statement_id"])
    lake.write_bytes(path, parquet_bytes(DEVICE_STATEMENT, [row]))


def excluded(lake: Lake) -> dict[tuple[str, str], str]:
    """The reason of each report that another facility has sent too, by facility and study."""
    files = Path(lake.local_root()).glob("accepted/dose_report/**/*.parquet")
    reports = [row for file in files for row in lake.read_rows(str(file))]
    studies = {row["object_sha256"]: row["study_key"] for row in reports}
    return {
        (row["facility_id"], studies[row["object_sha256"]]): row["shared_exclusion"]
        for row in shared_reports(lake)
        if row["shared_exclusion"]
    }


def test_nine_hospitals_and_a_copy_are_nine(lake: Lake) -> None:
    """Nine hospitals with ten chests each; a tenth sends what the first has sent."""
    nation = {
        f"F{n}": [
            sent(f"F{n}-{number}", device=f"D{n}", second=number, report_key=f"F{n}-{number}")
            for number in range(10)
        ]
        for n in range(1, 10)
    }
    put(lake, {**nation, "F0": nation["F1"]})
    declare(lake, ("F1", "F1-CT1"))
    write_shared_reports(lake)
    models = SqlModels.of_lake(Path(lake.local_root()), "national_drls", "attrition")
    (level,) = models.rows(
        "select n_facilities, n_examinations, status from national_drls "
        "where method_id = 'drlake_first_line' and drl_quantity = 'dlp'"
    )
    assert level == (9, 90, "typical_value")
    lost = models.rows(
        "select facility_id, counted, n from attrition where reason_code = ?", ELSEWHERE
    )
    assert lost == [("F0", "report", 10), ("F0", "event", 10)]


WHO_DECIDES = [
    ("the first has more reports", {"A": 3, "B": 1}, (), {("B", "S"): ELSEWHERE}),
    ("the second has more reports", {"A": 1, "B": 3}, (), {("A", "S"): ELSEWHERE}),
    ("the one that declares has fewer", {"A": 1, "B": 3}, ("A",), {("B", "S"): ELSEWHERE}),
    ("both declare", {"A": 1, "B": 3}, ("A", "B"), {("A", "S"): ELSEWHERE}),
    ("equally many", {"A": 2, "B": 2}, (), {("A", "S"): CLAIMED, ("B", "S"): CLAIMED}),
    (
        "both declare, equally many",
        {"A": 2, "B": 2},
        ("A", "B"),
        {("A", "S"): CLAIMED, ("B", "S"): CLAIMED},
    ),
]


@pytest.mark.parametrize(("more", "declared", "wrong"), [row[1:] for row in WHO_DECIDES])
def test_it_counts_where_the_device_is(
    lake: Lake, more: dict[str, int], declared: tuple[str, ...], wrong: dict[Any, str]
) -> None:
    put(lake, {facility: [sent("S"), *own(facility, n)] for facility, n in more.items()})
    declare(lake, *((facility, f"{facility}-CT1") for facility in declared))
    assert excluded(lake) == wrong


KINDS = {
    "the same report in other bytes": (sent("S"), sent("S", patient_weight_kg=70.0)),
    "the same report without a serial number": (sent("S", device=None), sent("S", device=None)),
    "the same report with the serial number removed once": (sent("S"), sent("S", device=None)),
    "the same event in another report and study": (
        sent("S", "E", report_key="R1"),
        sent("T", "E", report_key="R2", second=0),
    ),
    "the same event with other identifiers in the header": (
        sent("S", "E", report_key="R1"),
        sent("T", "E", report_key="R2", device="pseudonym"),
    ),
    "the same view of a breast": (
        projection(
            "S",
            [{"event_key": "V", "average_glandular_dose_mgy": 1.0}],
            modality="MG",
            national_device_key="D",
        ),
        projection(
            "S",
            [{"event_key": "V", "average_glandular_dose_mgy": 1.0}],
            modality="MG",
            national_device_key="D",
            report_key="R2",
        ),
    ),
    "the same administration": (
        projection(
            "S",
            administrations=[{"event_key": "N", "administered_activity_mbq": 300.0}],
            modality="NM",
            national_device_key="D",
        ),
        projection(
            "T",
            administrations=[{"event_key": "N", "administered_activity_mbq": 300.0}],
            modality="NM",
            national_device_key="D",
            report_key="R2",
        ),
    ),
    "totals only": (
        projection("S", totals=[{"dose_area_product_total_gy_m2": 1e-4}], national_device_key="D"),
        projection("S", totals=[{"dose_area_product_total_gy_m2": 1e-4}], national_device_key="D"),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_copy_is_known(lake: Lake, kind: str) -> None:
    first, second = KINDS[kind]
    put(lake, {"A": [first, *own("A", 2)], "B": [second]})
    assert excluded(lake) == {("B", second.row["study_key"]): ELSEWHERE}


APART = {
    "devices that write one UID for all events": (
        sent("S", "1.2.3", report_key="R1", device="D1", second=1),
        sent("T", "1.2.3", report_key="R2", device="D2", second=2),
    ),
    "one UID at the same moment with another dose": (
        sent("S", "1.2.3", report_key="R1", device="D1"),
        report("T", [event("1.2.3", dlp=7.0)], irradiation_started_at="2025-03-01T12:00:00"),
    ),
    "a device that moved, with its own events": (sent("S"), sent("T")),
    "nothing but the study": (
        sent("S", "E1", device="D1", report_key="R1"),
        sent("S", "E2", device="D2", report_key="R2"),
    ),
}


@pytest.mark.parametrize("kind", APART)
def test_what_is_no_copy_counts_twice(lake: Lake, kind: str) -> None:
    first, second = APART[kind]
    put(lake, {"A": [first, *own("A", 2)], "B": [second]})
    assert excluded(lake) == {}


def test_a_withdrawn_report_takes_nothing_from_another_facility(lake: Lake) -> None:
    rows = put(lake, {"B": [sent("S")]})
    arrived = rows.submission("A", [sent("S"), *own("A", 2)])
    rows.state("A", "retracted", rows.objects(arrived)[0])
    assert excluded(lake) == {}


def test_an_object_that_a_later_decoding_refuses_takes_nothing(lake: Lake) -> None:
    rows = put(lake, {"B": [sent("S")]})
    arrived = rows.submission("A", [sent("S"), *own("A", 2)])
    (first, *_) = lake.read_outcomes("receive", arrived).to_pylist()
    again = {**first, "submission_id": f"{arrived}.r1"}
    refused = {**again, "stage": "decode", "outcome": "quarantined", "reason_code": "code_unknown"}
    lake.write_outcomes("receive", again["submission_id"], [again])
    lake.write_outcomes("decode", again["submission_id"], [refused])
    assert excluded(lake) == {("B", "S"): ELSEWHERE}  # not validated yet
    lake.write_outcomes("validate", again["submission_id"], [])
    assert excluded(lake) == {}


def test_an_examination_of_which_each_has_a_part_counts_nowhere(lake: Lake) -> None:
    """A, which has the device, lacks the second report; B has both."""
    both = [sent("S", "E1", report_key="R1"), sent("S", "E2", report_key="R2")]
    put(lake, {"A": [both[0], *own("A", 3)], "B": both})
    assert excluded(lake) == {("A", "S"): PARTED, ("B", "S"): PARTED}


def test_the_whole_examination_leaves_the_other_facility(lake: Lake) -> None:
    """B lacks the second report: its half of the examination does not count beside the whole."""
    both = [sent("S", "E1", report_key="R1"), sent("S", "E2", report_key="R2")]
    put(lake, {"A": [*both, *own("A", 3)], "B": [both[1]]})
    assert excluded(lake) == {("B", "S"): ELSEWHERE}


def test_a_statement_of_the_authority_decides_for_its_days(lake: Lake) -> None:
    old = {"study_date": datetime.date(2024, 6, 1)}
    both = [sent("S"), sent("T", **old)]
    put(lake, {"A": [*both, *own("A", 3)], "B": both})
    state(lake, "B", first_day=datetime.date(2025, 1, 1), last_day=datetime.date(2025, 12, 31))
    assert excluded(lake) == {("A", "S"): ELSEWHERE, ("B", "T"): ELSEWHERE}


@pytest.mark.parametrize("device", ["D", "A-CT1", "B-CT1"])
def test_a_statement_may_name_the_device_by_any_of_its_keys(lake: Lake, device: str) -> None:
    put(lake, {"A": [sent("S")], "B": [sent("S")]})
    state(lake, "B", device)
    assert excluded(lake) == {("A", "S"): ELSEWHERE}


def test_three_facilities_count_it_once(lake: Lake) -> None:
    put(lake, {"A": [sent("S")], "B": [sent("S"), *own("B", 1)], "C": [sent("S")]})
    assert excluded(lake) == {("A", "S"): ELSEWHERE, ("C", "S"): ELSEWHERE}
    told = shared_reports(lake)
    assert [(row["facility_id"], row["other_facilities"], row["counted_at"]) for row in told] == [
        ("A", "B;C", "B"),
        ("B", "A;C", "B"),
        ("C", "A;B", "B"),
    ]


def test_facilities_without_anything_in_common_have_no_row(lake: Lake) -> None:
    put(lake, {"A": own("A", 2), "B": own("B", 2)})
    assert shared_reports(lake) == []


def test_a_scan_described_again_at_another_facility_has_one_reason(lake: Lake) -> None:
    """Two facilities send the reports of a scanner and of the dose tool beside it."""
    end = {"irradiation_ended_at": "2025-03-01T12:06:00"}
    both = [
        sent("S", "E1", report_key="R1", **end),
        sent("S", "X1", report_key="R2", **end),
    ]
    put(lake, {"A": [*both, *own("A", 3)], "B": both})
    write_shared_reports(lake)
    models = SqlModels.of_lake(Path(lake.local_root()), "fct_examination_doses", *LEDGER)
    reasons = models.rows(
        "select facility_id, report_key, exclusion_reason from int_reports_excluded order by all"
    )
    assert reasons == [
        ("A", "R2", "same_examination_again"),
        ("B", "R1", ELSEWHERE),
        ("B", "R2", ELSEWHERE),
    ]
    doses = models.rows(
        "select facility_id, value from fct_examination_doses "
        "where study_key = 'S' and drl_quantity = 'dlp'"
    )
    assert doses == [("A", 100.0)]
    assert [row for name in LEDGER_TESTS for row in models.test(name)] == []
