"""Levels of mammography are of views: each with its own thickness, technique and reason."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.lakes.lake_rows import Report, Row, projection, summary
from tests.support.lakes.national_rows import Nation
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels
from transforms.lake.lake import arrow_table
from transforms.tables.facility_summary import FACILITY_SUMMARY

MODELS = SqlModels(
    "facility_typical_values", "fct_view_doses", "fct_examination_doses", "attrition"
)
REVELATION = {"manufacturer": "SIEMENS", "model_name": "Mammomat Revelation"}
TWO_D: Row = {
    "irradiation_event_type": "stationary",
    "image_view": "cranio_caudal",
    "laterality": "left",
    "compression_thickness_mm": 52.0,
    "average_glandular_dose_mgy": 1.4,
}
TOMOSYNTHESIS: Row = {
    **TWO_D,
    "irradiation_event_type": "rotational",
    "average_glandular_dose_mgy": 2.0,
}
UNKNOWN: Row = {**TWO_D, "irradiation_event_type": None}
THICK: Row = {**TWO_D, "laterality": "right", "compression_thickness_mm": 68.0}
WITHOUT_DOSE: Row = {**THICK, "average_glandular_dose_mgy": 0.0}


def mammography(study: str, *views: Row, **columns: Any) -> Report:
    """One mammography of an adult with these views."""
    events = [{**view, "event_key": f"{study}-{n}"} for n, view in enumerate(views)]
    named = {"modality": "MG", "study_description": "Mammography", **columns}
    return projection(study, events, **named)


def typical_values(*views: Row, **columns: Any) -> dict[tuple[str, str], tuple[Any, ...]]:
    """Statistics of a facility with ten such examinations, by patient group and quantity."""
    sent = [mammography(f"S{n}", *views, **columns) for n in range(10)]
    MODELS.run(staging_tables({"F1": sent}))
    rows = MODELS.rows(
        "select patient_group_id, drl_quantity, scope, typical_value, n_examinations, n_values "
        "from facility_typical_values where method_id = 'drlake_first_line' order by all"
    )
    return {(group, quantity): tuple(rest) for group, quantity, *rest in rows}


def doses(*reports: Report) -> list[tuple[Any, ...]]:
    """Study, quantity, value and reason of each dose of a view."""
    MODELS.run(staging_tables({"F1": reports}))
    return MODELS.rows(
        "select study_key, drl_quantity, value, exclusion_reason from fct_view_doses order by all"
    )


def used() -> list[tuple[Any, ...]]:
    """Reasons of examinations in the attrition, and how many are used."""
    return MODELS.rows(
        "select step, reason_code, n from attrition "
        "where counted = 'examination' and step <> 'found' and n > 0 order by all"
    )


def test_views_of_52_and_68_mm_are_in_two_groups_of_thickness() -> None:
    """Their mean of 60 mm is a group in which no view was."""
    thick = {**THICK, "average_glandular_dose_mgy": 2.2}
    assert typical_values(TWO_D, thick) == {
        ("adult", "agd"): ("view", pytest.approx(1.8), 10, 20),
        ("mg_50_60mm", "agd"): ("view", 1.4, 10, 10),
        ("mg_60_70mm", "agd"): ("view", 2.2, 10, 10),
    }


def test_2d_and_tomosynthesis_are_apart_and_their_combination_is_the_sum() -> None:
    """2D of 1.4 mGy and tomosynthesis of 2.0 mGy are not 1.7 mGy."""
    one = ("view", pytest.approx(1.4), 10, 10)
    whole = ("view", pytest.approx(2.0), 10, 10)
    both = ("view", pytest.approx(3.4), 10, 10)
    assert typical_values(TWO_D, TOMOSYNTHESIS) == {
        (group, quantity): value
        for group in ("adult", "mg_50_60mm")
        for quantity, value in (
            ("agd", one),
            ("agd_tomosynthesis", whole),
            ("agd_combination", both),
        )
    }


NO_COMBINATION = {
    "other breast": {"laterality": "right"},
    "other view": {"image_view": "medio_lateral_oblique"},
    "no side stated": {"laterality": None},
    "no view stated": {"image_view": None},
}


@pytest.mark.parametrize("other", NO_COMBINATION.values(), ids=NO_COMBINATION)
def test_a_combination_is_of_one_view_of_one_breast(other: Row) -> None:
    one = {**TWO_D, **{name: None for name, value in other.items() if value is None}}
    found = doses(mammography("S1", one, {**TOMOSYNTHESIS, **other}))
    assert found == [("S1", "agd", 1.4, None), ("S1", "agd_tomosynthesis", 2.0, None)]


def test_a_view_that_was_repeated_is_in_no_combination() -> None:
    """It is unknown which of the two belongs to the tomosynthesis."""
    found = doses(mammography("S1", TWO_D, TWO_D, TOMOSYNTHESIS))
    assert [quantity for _, quantity, _, _ in found] == ["agd", "agd", "agd_tomosynthesis"]


def test_a_combination_at_two_thicknesses_is_in_no_group_of_thickness() -> None:
    found = typical_values(TWO_D, {**TOMOSYNTHESIS, "compression_thickness_mm": 68.0})
    groups = [group for group, quantity in found if quantity == "agd_combination"]
    assert groups == ["adult"]


def test_a_view_without_a_thickness_is_in_no_group_of_thickness() -> None:
    found = typical_values({**TWO_D, "compression_thickness_mm": None})
    assert found.keys() == {("adult", "agd")}


def test_a_view_of_unknown_technique_is_in_no_level() -> None:
    assert doses(mammography("S1", UNKNOWN, THICK)) == [
        ("S1", "agd", 1.4, "technique_unknown"),
        ("S1", "agd", 1.4, None),
    ]
    assert used() == [("used", None, 1)]
    assert doses(mammography("S1", UNKNOWN)) == [("S1", "agd", 1.4, "technique_unknown")]
    assert used() == [("excluded", "technique_unknown", 1)]


def test_the_dose_of_one_projection_is_in_no_level_and_in_no_combination() -> None:
    assert doses(mammography("S1", TWO_D, TOMOSYNTHESIS, **REVELATION)) == [
        ("S1", "agd", 1.4, None),
        ("S1", "agd_tomosynthesis", 2.0, "dose_of_one_projection"),
    ]
    doses(mammography("S1", TOMOSYNTHESIS, WITHOUT_DOSE, **REVELATION))
    assert used() == [("excluded", "dose_of_one_projection", 1)]


def test_a_view_without_dose_leaves_the_others_in() -> None:
    assert doses(mammography("S1", TWO_D, WITHOUT_DOSE)) == [
        ("S1", "agd", 0.0, "no_dose"),
        ("S1", "agd", 1.4, None),
    ]
    assert used() == [("used", None, 1)]


def test_the_reason_of_an_examination_is_that_of_its_views() -> None:
    doses(mammography("S1", TWO_D, study_description="Mammography sonderprogramm"))
    (reason,) = MODELS.rows("select exclusion_reason from fct_view_doses")
    assert reason == ("unmapped_procedure",)


def test_used_examinations_are_those_with_a_dose_in_use() -> None:
    doses(
        mammography("S1", TWO_D),
        mammography("S2", UNKNOWN),
        mammography("S3", WITHOUT_DOSE),
        mammography("S4", TWO_D, patient_age_days=None),
    )
    assert used() == [
        ("excluded", "no_dose", 1),
        ("excluded", "no_patient_group", 1),
        ("excluded", "technique_unknown", 1),
        ("used", None, 1),
    ]
    assert MODELS.test("examinations_used_by_views") == []
    assert MODELS.test("attrition_used_examinations") == []


def test_a_summary_of_whole_examinations_is_not_used_for_levels_of_views() -> None:
    models = SqlModels("facility_summaries", "facility_typical_values")
    models.run({"facility_summary": arrow_table(FACILITY_SUMMARY, list(summaries()))})
    assert models.rows(
        "select facility_id, is_used, exclusion_reason from facility_summaries order by all"
    ) == [("OLD", False, "summary_of_other_scope"), ("VIEW", True, None)]
    query = "select facility_id, scope from facility_typical_values where method_id = ?"
    assert models.rows(query, "drlake_first_line") == [("VIEW", "view")]


def summaries() -> Iterator[Row]:
    """AGD of one facility per examination, and of another per view."""
    for facility_id, scope in (("OLD", "examination"), ("VIEW", "view")):
        yield summary(
            facility_id,
            scope=scope,
            procedure_id="mg_mammography",
            drl_quantity="agd",
            unit="mGy",
            stated_unit="mGy",
            **{"minimum": 0.5, "p25": 1.0, "p50": 1.5, "p75": 2.0, "maximum": 4.0, "mean": 1.6},
        )


def test_a_device_whose_doses_of_views_are_shifted_is_left_out_of_the_levels() -> None:
    """Ten times the dose of all others would be its practice; a hundred times is its unit."""
    models = SqlModels("int_devices_left_out", "facility_typical_values")
    shifted = {**TWO_D, "average_glandular_dose_mgy": 0.014, "laterality": "right"}
    sent = {
        f"F{n}": [mammography(f"S{n}-{m}", shifted if n == 0 else TWO_D) for m in range(20)]
        for n in range(6)
    }
    models.connection.execute("update hard_limits set lower = 0.001 where modality = 'MG'")
    models.run(staging_tables(sent))
    columns = "facility_id, drl_quantity, n_examinations"
    found = models.rows(f"select {columns} from int_devices_left_out")  # noqa: S608 - of a test
    assert found == [("F0", "agd", 20)]
    typical = models.rows(
        "select facility_id, is_in_levels from facility_typical_values "
        "where method_id = 'drlake_first_line' and patient_group_id = 'adult' "
        "and facility_id < 'F2' order by all"
    )
    assert typical == [("F0", False), ("F1", True)]


def test_methods_use_a_quantity_for_what_it_can_be_stated() -> None:
    """The shipped methods are sound; one that averages views over examinations is not."""
    assert MODELS.test("methods_are_sound") == []
    models = SqlModels("int_method_groups")
    models.run({})
    models.connection.execute(
        "delete from method_procedures where method_id = 'drlake_first_line' and scope = 'view'"
    )
    assert {method for (method,) in models.test("methods_are_sound")} == {"drlake_first_line"}


@pytest.mark.parametrize(
    ("scope", "reason"),
    [(None, "scope_not_stated"), ("examination", "other_scope"), ("view", None)],
)
def test_a_published_level_is_compared_only_if_it_is_of_views(
    scope: str | None, reason: str | None
) -> None:
    nation = Nation("national_drls", "published_drl_comparisons")
    agd = {"procedure_id": "mg_mammography", "drl_quantity": "agd"}
    nation.method("drlake_first_line")
    nation.typical_values([1.5] * 10, method_id="drlake_first_line", **agd)
    nation.published_level(2.0, scope=scope, phantom=None, **agd)
    nation.build()
    query = "select reason from published_drl_comparisons where drl_quantity = 'agd'"
    assert nation.one(query) == (reason,)
