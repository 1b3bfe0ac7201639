"""A weight that cannot be true joins no patient group by weight, and it is said why."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import Report, event, report
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels
from transforms.reference.methods import FIRST_LINE

pytestmark = pytest.mark.slow

MODELS = SqlModels("facility_typical_values", "national_drls", "attrition")
YEAR = 365.25
EIGHT = int(8 * YEAR)


def child(study: str = "S1", ctdivol: float = 2.0, **patient: Any) -> Report:
    """A child of 8 years with a CT of the chest, which goes by weight."""
    scan = event(study, ctdivol=ctdivol, dlp=30 * ctdivol)
    stated = {"study_description": "CT Chest", "patient_age_days": EIGHT}
    return report(study, [scan], **{**stated, **patient})


def groups() -> list[tuple[Any, ...]]:
    return MODELS.rows(
        "select study_key, patient_group_id, exclusion_reason, patient_weight_kg "
        "from fct_examination_doses where drl_quantity = 'ctdivol' order by all"
    )


@pytest.mark.parametrize(
    ("age_days", "weight", "height", "group"),
    [
        (EIGHT, 25.0, None, "body_15_30kg"),
        (EIGHT, 25.0, 128.0, "body_15_30kg"),
        (EIGHT, 25.0, 175.0, "body_15_30kg"),  # as in the case of the exports: unusual, possible
        (EIGHT, 4.9, None, None),  # no child of 8 years
        (EIGHT, 1.28, 2500.0, None),  # swapped with the height
        (EIGHT, 25.0, 12_800.0, None),  # centimetres sent as metres
        (EIGHT, 25.0, 1.28, None),  # metres divided by 100
        (EIGHT, 79.0, 70.0, None),  # 161 kg/m2
        (EIGHT, 176.0, None, None),  # 80 kg in pounds
        (0, 9.0, None, "body_5_15kg"),  # 000Y is any age under a year
        (0, 20.0, None, None),
        (20, 7.1, None, None),
        (30, 7.1, None, "body_5_15kg"),
        (int(10 * YEAR), 79.0, None, "body_50_80kg"),
        (int(10 * YEAR), 14.9, None, None),
        (5, 0.5, 30.0, "body_lt5kg"),  # 5.6 kg/m2: born after 24 weeks
    ],
)
def test_a_weight_that_no_person_of_the_age_has_joins_no_group_by_weight(
    age_days: int, weight: float, height: float | None, group: str | None
) -> None:
    patient = {"patient_age_days": age_days, "patient_weight_kg": weight}
    MODELS.run(staging_tables({"F1": [child(**patient, patient_height_cm=height)]}))
    reason = None if group else "weight_impossible"
    assert groups() == [("S1", group, reason, weight if group else None)]


def test_a_weight_not_stated_is_another_reason() -> None:
    MODELS.run(staging_tables({"F1": [child(patient_weight_kg=None, patient_height_cm=9999.0)]}))
    assert groups() == [("S1", None, "no_patient_group", None)]


def test_an_impossible_weight_is_no_weight_of_an_adult() -> None:
    """Adults go by age in the first line, by 50 to 90 kg in Austria; 70 kg and 70 cm is no one."""
    adult = {"patient_age_days": 20_000, "patient_weight_kg": 70.0, "patient_height_cm": 70.0}
    MODELS.run(staging_tables({"F1": [child(**adult)]}))
    assert groups() == [("S1", "adult", None, None)]
    columns = "select patient_group_id, n_examinations, share_of_known_weights"
    query = (
        f"{columns} from facility_typical_values where drl_quantity = 'ctdivol' and method_id = ?"
    )
    assert MODELS.rows(query, FIRST_LINE) == [("adult", 1, 0.0)]
    assert MODELS.rows(query, "austria") == []


@pytest.mark.parametrize(
    ("age_days", "weight", "group"),
    [
        (int(50 * 30.4375), 85.0, None),  # 50 years written as 050M
        (int(50 * 30.4375), 79.0, "head_1y_6y"),  # possible at 4 years, if barely
        (int(50 * 30.4375), 400.0, "head_1y_6y"),  # no person has this weight: it is wrong
        (int(50 * 30.4375), None, "head_1y_6y"),
        (EIGHT, 4.9, None),  # eight months written as 008Y
        (5, 60.0, None),  # five years or fifty written in days
        (20_000, 20.0, "adult"),  # more often the default of a worklist than a child
    ],
)
def test_a_weight_of_another_age_decides_no_group_by_age(
    age_days: int, weight: float | None, group: str | None
) -> None:
    head: dict[str, Any] = {"study_description": "CT Schädel nativ", "patient_age_days": age_days}
    scan = event("S1", ctdivol=40.0, dlp=700.0, phantom="head_16cm")
    MODELS.run(staging_tables({"F1": [report("S1", [scan], **head, patient_weight_kg=weight)]}))
    reason = None if group else "weight_impossible"
    assert [row[1:3] for row in groups()] == [(group, reason)]
    by_age = "select count(*) from facility_typical_values where method_id = 'australia'"
    assert MODELS.rows(by_age) == ([(0,)] if group is None else [(2,)])


@pytest.mark.parametrize(
    ("ages", "reason"),
    [
        ((int(67 * YEAR), int(30 * YEAR)), "age_contradicted"),
        ((20_000, 50), "age_contradicted"),
        ((int(67 * YEAR), int(68 * YEAR)), None),  # the birthday is between them
        ((1826, 2161), None),  # 005Y and 071M
        ((10, 300), "age_contradicted"),
        ((0, 300), None),  # 000Y is any age under a year
        ((60, 91), None),
        ((20_000, None), None),
    ],
)
def test_reports_of_one_examination_that_state_different_ages_give_none(
    ages: tuple[int | None, ...], reason: str | None
) -> None:
    reports = [
        report(
            "S1",
            [event(f"E{n}", ctdivol=40.0, dlp=700.0, phantom="head_16cm")],
            key=f"R{n}",
            **{"study_description": "CT Schädel nativ", "patient_age_days": age},
        )
        for n, age in enumerate(ages)
    ]
    MODELS.run(staging_tables({"F1": reports}))
    assert {row[2] for row in groups()} == {reason}
    assert (groups()[0][1] is None) == (reason is not None)
    acquisitions = "select distinct exclusion_reason from fct_acquisition_doses"
    assert MODELS.rows(f"{acquisitions} where drl_quantity = 'ctdivol'") == [(reason,)]


def test_other_methods_still_count_and_the_attrition_names_the_reason() -> None:
    MODELS.run(staging_tables({"F1": [child(patient_weight_kg=400.0)]}))
    query = "select patient_group_id from facility_typical_values where method_id = ?"
    assert MODELS.rows(f"{query} and drl_quantity = 'dlp'", "australia") == [("au_child",)]
    assert MODELS.rows(
        "select step, reason_code, n from attrition where counted = 'examination' order by all"
    ) == [("excluded", "weight_impossible", 1), ("found", None, 1), ("used", None, 0)]


def nation(weight_of_tall: float | None) -> dict[str, list[Report]]:
    """Twelve hospitals with ten newborns of 1 mGy each; six also have 14 children of 6 mGy."""
    newborn = {"patient_age_days": 10, "patient_weight_kg": 3.5}
    tall = {"patient_weight_kg": weight_of_tall}
    return {
        f"F{hospital:02}": [child(f"N{hospital}.{n}", 1.0, **newborn) for n in range(10)]
        + [child(f"T{hospital}.{n}", 6.0, **tall) for n in range(14) if hospital < 6]
        for hospital in range(12)
    }


@pytest.mark.parametrize("weight", [None, 0.4, 4.0])
def test_children_of_impossible_weight_do_not_raise_the_level_of_newborns(
    weight: float | None,
) -> None:
    MODELS.run(staging_tables(nation(weight)))
    assert MODELS.rows(
        "select n_facilities, national_drl from national_drls where method_id = ? "
        "and patient_group_id = 'body_lt5kg' and drl_quantity = 'ctdivol'",
        FIRST_LINE,
    ) == [(12, 1.0)]
