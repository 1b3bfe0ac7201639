"""Radiography per view: the dose of one projection, beside that of the whole examination."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import Report, Row, projection
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

MODELS = SqlModels("facility_typical_values", "fct_view_doses", "attrition")
PA: Row = {"dose_area_product_gy_m2": 1.2e-5, "image_view": "postero-anterior"}
AP: Row = {"dose_area_product_gy_m2": 2e-5, "image_view": "antero-posterior"}
LATERAL: Row = {"dose_area_product_gy_m2": 4e-5, "image_view": "left lateral"}
OBLIQUE: Row = {"dose_area_product_gy_m2": 9e-5, "image_view": "left lateral oblique"}
UNKNOWN: Row = {"dose_area_product_gy_m2": 7e-5, "image_view": None}
WITHOUT_DOSE: Row = {**PA, "dose_area_product_gy_m2": None}


def radiographs(study: str, *views: Row, name: str = "XR Chest") -> Report:
    """One examination with these projections."""
    events = [{**view, "event_key": f"{study}-{n}"} for n, view in enumerate(views)]
    return projection(study, events, modality="DX", study_description=name)


def views_of(*views: Row, name: str = "XR Chest") -> list[tuple[Any, ...]]:
    """Procedure, KAP in Gy.cm2 and reason of each view."""
    MODELS.run(staging_tables({"F1": [radiographs("S1", *views, name=name)]}))
    return MODELS.rows(
        "select procedure_id, round(value, 6), exclusion_reason from fct_view_doses order by all"
    )


@pytest.mark.parametrize(
    ("views", "expected"),
    [
        ([PA, LATERAL], [("dx_chest_lateral", 0.4, None), ("dx_chest_pa", 0.12, None)]),
        ([AP], [("dx_chest_ap", 0.2, None)]),
        ([PA, PA], [("dx_chest_pa", 0.12, None)] * 2),
        ([OBLIQUE], []),
        ([UNKNOWN], []),
        (
            [WITHOUT_DOSE, LATERAL],  # the reason of an examination is that of all its views
            [("dx_chest_lateral", 0.4, "no_dose"), ("dx_chest_pa", None, "no_dose")],
        ),
    ],
)
def test_a_projection_of_the_chest_is_that_of_its_view(
    views: list[Row], expected: list[tuple[Any, ...]]
) -> None:
    assert views_of(*views) == expected


def test_a_frontal_view_is_ap_or_pa() -> None:
    found = views_of(PA, AP, LATERAL, name="XR Abdomen")
    assert found == [("dx_abdomen_ap", 0.12, None), ("dx_abdomen_ap", 0.2, None)]


def test_an_examination_that_is_not_mapped_has_no_views() -> None:
    assert views_of(PA, name="XR Unheard of") == []


def test_typical_values_are_of_views_and_of_examinations() -> None:
    sent = [radiographs(f"S{n}", PA, LATERAL) for n in range(10)]
    MODELS.run(staging_tables({"F1": sent}))
    rows = MODELS.rows(
        "select procedure_id, scope, typical_value, n_examinations, n_values "
        "from facility_typical_values where method_id = 'drlake_first_line' order by all"
    )
    assert rows == [
        ("dx_chest", "examination", pytest.approx(0.52), 10, 10),
        ("dx_chest_lateral", "view", pytest.approx(0.4), 10, 10),
        ("dx_chest_pa", "view", pytest.approx(0.12), 10, 10),
    ]


def test_views_add_nothing_to_the_attrition() -> None:
    views_of(PA, LATERAL)
    rows = MODELS.rows(
        "select step, reason_code, n from attrition "
        "where counted = 'examination' and step <> 'found' and n > 0 order by all"
    )
    assert rows == [("used", None, 1)]
