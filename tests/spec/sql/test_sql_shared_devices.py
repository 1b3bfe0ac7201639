"""What became of an examination that two facilities have sent: mart, attrition, explain."""

from __future__ import annotations

from typing import Any

from tests.support.lakes.lake_rows import LakeRows, Report, event, report
from transforms.lake.lake import Lake
from transforms.ledger.explain import explain

DEVICE = "5" * 32


def of_the_device(study: str, second: int) -> Report:
    """A report of one device; equal calls make equal reports."""
    start = {"irradiation_started_at": f"2025-03-01T07:00:{second:02}"}
    named = {"study_description": "CT Neck", "national_device_key": DEVICE, **start}
    return report(study, [event(f"{study}-E1")], manufacturer="Maker", model_name="X", **named)


def put_rows(lake_rows: LakeRows) -> None:
    """SHARE1 has three examinations of the device; SHARE2 sends one of them again."""
    lake_rows.submission("SHARE1", [of_the_device(f"shared-{n}", n) for n in range(3)])
    lake_rows.submission("SHARE2", [of_the_device("shared-1", 1)])


def test_the_authority_sees_both_facilities_with_their_numbers(warehouse: Any) -> None:
    answer = warehouse.rows(
        "select shared_device_key, period, facility_id, other_facilities, model_name, "
        "n_reports_of_device, n_shared_reports, n_counted_reports, decided_by, counted_at "
        "from marts.shared_devices order by facility_id"
    )
    decided = ("more_reports", "SHARE1")
    assert answer == [
        (DEVICE, 2025, "SHARE1", "SHARE2", "X", 3, 1, 1, *decided),
        (DEVICE, 2025, "SHARE2", "SHARE1", "X", 1, 1, 0, *decided),
    ]


def test_the_examination_is_counted_once_and_lost_with_its_reason(warehouse: Any) -> None:
    used = warehouse.rows(
        "select facility_id, study_key from core.fct_examination_doses "
        "where facility_id like 'SHARE%' and drl_quantity = 'dlp' order by all"
    )
    assert used == [("SHARE1", f"shared-{n}") for n in range(3)]
    lost = warehouse.rows(
        "select counted, reason_code, n from marts.attrition "
        "where facility_id = 'SHARE2' and step = 'excluded' order by all"
    )
    assert lost == [(counted, "counted_at_another_facility", 1) for counted in ("event", "report")]


def test_explain_says_what_happened_and_what_to_do(warehouse: Any) -> None:
    (sha,) = warehouse.rows(
        "select object_sha256 from marts.report_outcomes where facility_id = 'SHARE2'"
    )
    said = explain(Lake(str(warehouse.lake)), sha[0])
    assert "counted_at_another_facility" in said
    assert "drlake device counts-at DEVICE FACILITY" in said
