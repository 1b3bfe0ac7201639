"""What a facility has sent includes its forms: a hospital without dose reports is not missing."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from tests.support.lakes.lake_rows import report, summary
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels
from transforms.lake.lake import arrow_table
from transforms.tables import FACILITY, FACILITY_SUMMARY, SUBMISSION

MODELS = SqlModels("facility_attendance")


def attendance(day: datetime.date, *forms: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    """State of the registered facilities; R has sent a report of this study day."""
    registered = [{"facility_id": name, "cadence": "monthly"} for name in ("R", "S", "T")]
    MODELS.run(
        {
            **staging_tables({"R": [report("S1", [], study_date=day)]}),
            "facility": arrow_table(FACILITY, registered),
            "facility_summary": arrow_table(FACILITY_SUMMARY, forms),
            "submission": submission(day),
        }
    )
    rows = MODELS.rows(
        "select facility_id, attendance, n_summaries, n_days_behind from facility_attendance"
    )
    return {name: tuple(told) for name, *told in rows}


def submission(day: datetime.date) -> Any:
    ids = {"facility_id": "R", "submission_id": "R.0123456789abcdef"}
    return arrow_table(SUBMISSION, [{**ids, "first_study_date": day, "last_study_date": day}])


@pytest.mark.parametrize(
    ("day", "state"),
    [
        (datetime.date(2025, 12, 1), ("present", 2, 0)),
        (datetime.date(2026, 6, 30), ("present", 2, 181)),
        (datetime.date(2028, 6, 30), ("late", 2, 912)),
    ],
)
def test_a_facility_with_forms_only_is_present(day: datetime.date, state: tuple[Any, ...]) -> None:
    forms = (summary("S"), summary("S", period=2024), summary("S", p50=1.0, sequence_number=0))
    found = attendance(day, *forms)
    assert found["R"][0] == "present"
    assert found["S"] == state
    assert found["T"] == ("missing", 0, None)


def test_a_form_of_a_facility_in_no_registry_is_listed() -> None:
    assert attendance(datetime.date(2025, 12, 1), summary("U"))["U"] == ("present", 1, 0)
