"""Rows of one event UID: parts of one event in one object, copies in different objects."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import Report, Row, event, projection, report
from tests.support.lakes.staged_files import case, staged_files
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

pytestmark = pytest.mark.slow

FACILITY = "F001"
EMPTY = "no_dose"
COPIES = "contradictory_copies"


@pytest.fixture(scope="module")
def models() -> SqlModels:
    return SqlModels("fct_examination_doses", "attrition", "fct_ledger_entries")


def chest(*events: Row, study: str = "S1", key: str | None = None, **columns: Any) -> Report:
    return report(study, events, key=key, study_description="CT Chest", **columns)


def doses(models: SqlModels, *reports: Report) -> dict[tuple[str, str], tuple[Any, Any]]:
    """Value and reason of each study and quantity that any report states."""
    models.run(staging_tables({FACILITY: reports}))
    return stated(models)


def stated(models: SqlModels) -> dict[tuple[str, str], tuple[Any, Any]]:
    for name in ("ledger_attrition", "ledger_days", "attrition_used_examinations"):
        assert models.test(name) == [], name
    rows = models.rows(
        "select study_key, drl_quantity, value, exclusion_reason from fct_examination_doses "
        "where value is not null"
    )
    return {(study, quantity): (value, reason) for study, quantity, value, reason in rows}


@pytest.mark.parametrize(
    ("name", "dlp", "ctdivol"),
    [
        ("ct_one_event_in_two_regions_equal_dose", 240.0, 8.0),
        ("ct_one_event_in_two_regions", 360.0, 9.0),
    ],
)
def test_an_event_in_two_regions_has_the_dose_of_both(
    models: SqlModels, name: str, dlp: float, ctdivol: float
) -> None:
    models.run(staged_files({FACILITY: [case(name)]}))
    found = {quantity: value for (_, quantity), value in stated(models).items()}
    assert found == {"dlp": (dlp, None), "ctdivol": (ctdivol, None)}


def test_a_cumulative_report_repeats_all_parts_of_an_event(models: SqlModels) -> None:
    parts = [event("E1", dlp=120.0), event("E1", dlp=120.0)]
    first = chest(*parts, key="R1")
    second = chest(*reversed(parts), event("E2", dlp=50.0), key="R2")
    found = doses(models, first, second)
    assert found["S1", "dlp"] == (290.0, None)
    lost = models.rows("select n from attrition where reason_code = 'superseded_copy'")
    assert lost == [(2,)]


def test_a_part_that_the_larger_report_lacks_is_a_contradiction(models: SqlModels) -> None:
    """A device that writes one UID for all events and a report for each series."""
    found = doses(
        models,
        chest(event("E", dlp=100.0), key="R1"),
        chest(event("E", dlp=200.0), event("E", dlp=300.0), key="R2"),
    )
    assert found["S1", "dlp"] == (500.0, COPIES)


@pytest.mark.parametrize("again", [100.0, 110.0])
def test_equal_copies_of_parts_do_not_contradict(models: SqlModels, again: float) -> None:
    parts = [event("E", dlp=100.0), event("E", dlp=200.0)]
    copies = [event("E", dlp=200.0), event("E", dlp=again)]
    found = doses(models, chest(*parts, key="R1"), chest(*copies, key="R2"))
    assert found["S1", "dlp"][1] == (None if again == 100.0 else COPIES)


def test_a_device_with_one_uid_for_all_its_events_loses_none(models: SqlModels) -> None:
    found = doses(
        models,
        chest(event("SAME", dlp=100.0), event("SAME", dlp=200.0), study="S1"),
        chest(event("SAME", dlp=50.0), study="S2"),
        chest(*[event("SAME", dlp=10.0)] * 3, study="S3"),
    )
    assert {study: found[study, "dlp"] for study in ("S1", "S2", "S3")} == {
        "S1": (300.0, None),
        "S2": (50.0, None),
        "S3": (30.0, None),
    }


def test_an_event_that_two_studies_share_is_counted_once(models: SqlModels) -> None:
    found = doses(
        models,
        chest(event("E1", dlp=100.0), event("E2", dlp=200.0), study="S1"),
        chest(event("E2", dlp=200.0), event("E3"), event("E4"), study="S2"),
    )
    assert found["S1", "dlp"] == (100.0, "overlapping_reports")
    assert found["S2", "dlp"] == (800.0, None)


def test_views_of_one_uid_in_one_report_are_views_of_their_own() -> None:
    """A device may write one UID for all its views, which are never added."""
    views = [
        {
            "event_key": "V",
            "irradiation_event_type": "stationary",
            "average_glandular_dose_mgy": agd,
        }
        for agd in (1.0, 2.0)
    ]
    models = SqlModels("fct_view_doses")
    models.run(staging_tables({FACILITY: [projection("S", views, modality="MG")]}))
    assert models.rows("select value, event_index from fct_view_doses order by all") == [
        (1.0, 1),
        (2.0, 2),
    ]


def test_parts_of_the_other_modalities_are_added(models: SqlModels) -> None:
    shots = [{"event_key": "X", "dose_area_product_gy_m2": kap} for kap in (0.001, 0.002)]
    given = [
        {"event_key": "N", "radionuclide": "F-18", "administered_activity_mbq": activity}
        for activity in (250.0, 100.0)
    ]
    found = doses(
        models,
        projection("S1", shots),
        projection("S3", administrations=given, modality="NM"),
    )
    assert {key: value for key, (value, _) in found.items()} == {
        ("S1", "kap"): pytest.approx(30.0),
        ("S3", "administered_activity"): 350.0,
    }
