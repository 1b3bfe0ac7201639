"""`drlake explain` on reports that repeat others or whose totals decide: what became of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import LakeRows, Report, event, projection, report
from transforms.lake.lake import Lake
from transforms.ledger.explain import explain
from transforms.tables import CT_ACCUMULATED_DOSE

FACILITY = "EXPLAIN1"
AT_FIVE = {
    "irradiation_started_at": "2025-03-01T17:00:00",
    "irradiation_ended_at": "2025-03-01T17:05:00",
}


def chest(key: str, *, dlp: float | None, total: float | None = None) -> Report:
    made = report(
        key[:2], [event(f"E-{key}", dlp=dlp)], key=key, study_description="CT Chest", **AT_FIVE
    )
    totals = {CT_ACCUMULATED_DOSE.name: [{"dlp_total_mgy_cm": total}]}
    return Report(made.row, {**made.tables, **totals})


def shots(key: str, total: float) -> Report:
    made = {"event_key": f"E-{key}", "dose_area_product_gy_m2": 0.002}
    return projection("X3", [made], [{"dose_area_product_total_gy_m2": total}], key=key)


def put_rows(lake_rows: LakeRows) -> None:
    lake_rows.submission(
        FACILITY,
        [
            *(chest("X1-scanner", dlp=300.0), chest("X1-tool", dlp=300.0)),
            chest("X2-total", dlp=None, total=321.0),
            *(shots("X3-first", 0.005), shots("X3-second", 0.009)),
        ],
    )


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("X1-tool", "same_examination_again. Confirm whether it is the same examination"),
        ("X1-scanner", "1 of its events are used"),
        ("X2-total", "dlp 321 mGy.cm, the total that the report states since no scan has one,"),
        ("X3-second", "overlapping_totals. Several reports of the study state totals that may"),
    ],
)
def test_explain_says_what_became_of_it_and_what_to_do(warehouse: Any, key: str, said: str) -> None:
    ((sha256,),) = warehouse.rows(
        "select object_sha256 from intermediate.int_reports_with_exclusion where report_key = ?",
        key,
    )
    assert said in explain(Lake(str(warehouse.lake)), sha256)
