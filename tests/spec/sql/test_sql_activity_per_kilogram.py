"""Activity per kilogram: of examinations whose reports state the weight of the patient."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import Report, projection
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

BONE: dict[str, Any] = {"modality": "NM", "study_description": "Bone scan"}


def administered(study: str, *activities: float, **columns: Any) -> Report:
    """A report of these activities in MBq, of one radionuclide."""
    rows = [
        {"administered_activity_mbq": one, "radionuclide": "Tc-99m", "event_key": f"{study}-{n}"}
        for n, one in enumerate(activities)
    ]
    return projection(study, administrations=rows, **BONE, **columns)


@pytest.fixture(scope="module")
def models() -> SqlModels:
    reports = [
        administered("weighed", 560.0, patient_weight_kg=70.0),
        administered("twice", 250.0, 750.0, patient_weight_kg=80.0),
        administered("not-weighed", 560.0),
        administered("nothing", 0.0, patient_weight_kg=70.0),
    ]
    models = SqlModels("fct_examination_doses")
    models.run(staging_tables({"F1": reports}))
    return models


@pytest.mark.parametrize(
    ("study", "expected"),
    [
        ("weighed", (8.0, None)),
        ("twice", (12.5, None)),
        ("not-weighed", (None, "weight_unknown")),
    ],
)
def test_the_activity_is_divided_by_the_weight(
    models: SqlModels, study: str, expected: tuple[float | None, str | None]
) -> None:
    query = (
        "select value, exclusion_reason from fct_examination_doses "
        "where study_key = ? and drl_quantity = 'administered_activity_per_kg'"
    )
    assert models.rows(query, study) == [expected]


def test_without_a_weight_the_activity_itself_is_used(models: SqlModels) -> None:
    query = (
        "select value, exclusion_reason from fct_examination_doses "
        "where study_key = 'not-weighed' and drl_quantity = 'administered_activity'"
    )
    assert models.rows(query) == [(560.0, None)]


def test_no_activity_is_no_question_of_the_weight(models: SqlModels) -> None:
    query = "select distinct exclusion_reason from fct_examination_doses where study_key = ?"
    assert ("weight_unknown",) not in models.rows(query, "nothing")
