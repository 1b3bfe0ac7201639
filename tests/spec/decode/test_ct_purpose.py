"""What a stationary CT event is for: bolus tracking, a heart, a perfusion, or unknown."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import Report, Row, event, report
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

pytestmark = pytest.mark.slow

MODELS = SqlModels("fct_examination_doses", "fct_acquisition_doses", "attrition")
HEART, HEAD, CHEST = "CT Koronarangiographie", "CT Schädel nativ", "CT Chest"


def still(ctdivol: float | None, dlp: float | None, name: str | None = None, **columns: Any) -> Row:
    """A stationary event."""
    made = event(ctdivol=ctdivol, dlp=dlp, kind="stationary", protocol=name)
    return {**made, **columns}


def head(ctdivol: float, dlp: float, kind: str = "spiral", name: str | None = None) -> Row:
    return event(ctdivol=ctdivol, dlp=dlp, kind=kind, protocol=name, phantom="head_16cm")


def examination(name: str, *events: Row) -> dict[str, tuple[float | None, str | None]]:
    """CTDIvol and DLP of an examination with their reasons."""
    sent: Report = report("S1", events, study_description=name)
    MODELS.run(staging_tables({"F1": [sent]}))
    rows = MODELS.rows(
        "select drl_quantity, value, exclusion_reason from fct_examination_doses "
        "where drl_quantity in ('ctdivol', 'dlp')"
    )
    return {quantity: (value, reason) for quantity, value, reason in rows}


def kinds() -> list[str]:
    rows = MODELS.rows("select event_kind from int_events_classified order by event_index")
    return [kind for (kind,) in rows]


SCAN = event(ctdivol=8.0, dlp=240.0)


@pytest.mark.parametrize(
    ("name", "ctdivol", "dlp", "length", "kind"),
    [
        (None, 10.0, 10.0, None, "bolus_tracking"),  # 10 mm
        (None, 10.0, None, 10.0, "bolus_tracking"),
        (None, 10.0, 10.1, None, "volume"),
        ("Monitoring", 10.0, 40.0, None, "bolus_tracking"),  # 40 mm, named so
        ("Monitoring", 10.0, 160.0, None, "bolus_tracking"),
        ("Monitoring", 10.0, 170.0, None, "volume"),  # longer than any collimation
        ("Thorax", 10.0, 40.0, None, "volume"),
        (None, 10.0, None, None, "other"),  # of unknown length
    ],
)
def test_a_stationary_event_is_bolus_tracking_where_it_is_short_or_named_so(
    name: str | None, ctdivol: float, dlp: float | None, length: float | None, kind: str
) -> None:
    examination(CHEST, still(ctdivol, dlp, name, scanning_length_mm=length))
    assert kinds() == [kind]


def test_a_helix_is_no_bolus_tracking_by_its_name() -> None:
    found = examination(CHEST, event(ctdivol=8.0, dlp=240.0, protocol="Thorax bolus tracking"))
    assert found == {"ctdivol": (8.0, None), "dlp": (240.0, None)}


def test_a_purpose_that_is_unknown_counts_in_dlp_only() -> None:
    found = examination(CHEST, SCAN, still(10.0, 40.0, "Thorax"))
    assert found == {"ctdivol": (8.0, None), "dlp": (280.0, None)}
    assert MODELS.rows("select count(*) from fct_acquisition_doses") == [(3,)]


@pytest.mark.parametrize("kind", ["stationary", "free"])
def test_a_wide_volume_of_the_heart_is_diagnostic(kind: str) -> None:
    found = examination(HEART, event(ctdivol=20.0, dlp=280.0, kind=kind))
    assert found == {"ctdivol": (20.0, None), "dlp": (280.0, None)}
    values = MODELS.rows("select value from fct_acquisition_doses where drl_quantity = 'ctdivol'")
    assert values == [(20.0,)]


@pytest.mark.parametrize(("name", "ctdivol"), [("CaScore", 20.0), (None, 12.5)])
def test_a_calcium_score_does_not_stand_for_the_coronary_scan(
    name: str | None, ctdivol: float
) -> None:
    """14 cm at 5 mGy and 14 cm at 20 mGy: 20 mGy, and 12.5 where the score has no name."""
    score = event(ctdivol=5.0, dlp=70.0, kind="sequenced", protocol=name)
    found = examination(HEART, score, still(20.0, 280.0), still(12.0, 12.0))
    assert found == {"ctdivol": (ctdivol, None), "dlp": (362.0, None)}


def test_a_wide_volume_of_another_organ_is_not_diagnostic() -> None:
    found = examination(CHEST, still(20.0, 280.0))
    assert {reason for _, reason in found.values()} == {"no_diagnostic_event"}


@pytest.mark.parametrize(
    ("events", "reason"),
    [
        ([head(50, 800), still(150, 1500, phantom="head_16cm")], "perfusion"),
        ([head(50, 800), still(60, 600, "Perfusion", phantom="head_16cm")], "perfusion"),
        ([head(50, 800)] + [still(6, 60, phantom="head_16cm")] * 20, "perfusion"),
        ([still(230, 2300, ctdiw_phantom="head_16cm")], "perfusion"),
        ([head(50, 800), still(50, 500, ctdiw_phantom="head_16cm")], None),
        ([head(50, 800), still(80, 80, ctdiw_phantom="head_16cm")], None),
    ],
)
def test_many_times_the_dose_at_one_place_is_a_perfusion(
    events: list[Row], reason: str | None
) -> None:
    made = [{**one, "ctdiw_phantom": "head_16cm"} for one in events]
    found = examination(HEAD, *({k: v for k, v in one.items() if k != "phantom"} for one in made))
    assert {why for _, why in found.values()} == {reason}
