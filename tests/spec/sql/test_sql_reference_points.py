"""Air kerma of different reference points is in no common level."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import Report, Row, projection
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

pytestmark = pytest.mark.slow

MODELS = SqlModels("fct_examination_doses", "attrition")
OTHER = "other_reference_point"
ISOCENTER = "15cm from Isocenter toward Source"
RECEPTOR = "30cm in Front of Image Input Surface"


def total(point: str | None, **columns: Any) -> Row:
    said = {"dose_area_product_total_gy_m2": 0.001, "dose_rp_total_gy": 0.25}
    return {
        "acquisition_plane": "single_plane",
        "reference_point_definition": point,
        **said,
        **columns,
    }


def coronary(*totals: Row, events: tuple[Row, ...] = (), study: str = "S1") -> Report:
    return projection(study, events, totals, study_description="Koronarangiographie")


def reasons(*sent: Report) -> dict[str, str | None]:
    MODELS.run(staging_tables({"F1": sent}))
    rows = MODELS.rows("select drl_quantity, exclusion_reason from fct_examination_doses")
    return dict(rows)


@pytest.mark.parametrize(
    ("point", "reason"),
    [
        (ISOCENTER, None),
        ("15cm below BeamIsocenter", None),
        (RECEPTOR, OTHER),
        ("15cm in Front of Image Input Surface", OTHER),
        ("Unknown", OTHER),
        (None, OTHER),
    ],
)
def test_the_level_has_one_reference_point(point: str | None, reason: str | None) -> None:
    found = reasons(coronary(total(point)))
    assert (found["air_kerma_rp"], found["kap"]) == (reason, None)


def test_the_points_of_two_reports_must_be_one() -> None:
    doses = {"dose_area_product_gy_m2": 0.001, "dose_rp_gy": 0.25}
    events = ({"event_key": "A", **doses}, {"event_key": "B", **doses})
    both = [
        projection(
            "S1",
            [one],
            [total(point)],
            key=f"R{point}",
            study_description="Koronarangiographie",
        )
        for one, point in zip(events, (ISOCENTER, RECEPTOR), strict=True)
    ]
    assert reasons(*both)["air_kerma_rp"] == OTHER


def test_events_say_the_point_where_totals_do_not() -> None:
    shots = ({"event_key": "A", "dose_rp_gy": 0.25, "reference_point_definition": ISOCENTER},)
    assert reasons(coronary(events=shots))["air_kerma_rp"] is None
    assert reasons(coronary(total(None), events=shots))["air_kerma_rp"] is None


def test_an_examination_with_nothing_else_is_left_out_with_this_reason() -> None:
    only_kerma = total(RECEPTOR, dose_area_product_total_gy_m2=None)
    assert set(reasons(coronary(only_kerma)).values()) == {OTHER}
    rows = MODELS.rows(
        "select step, reason_code, n from attrition where counted = 'examination' order by all"
    )
    assert rows == [("excluded", OTHER, 1), ("found", None, 1), ("used", None, 0)]
