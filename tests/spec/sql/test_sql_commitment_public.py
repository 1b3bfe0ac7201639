"""Public tables of the commitment report: shown with enough contributors, or withheld whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pytest

from tests.support.lakes.lake_rows import Row
from tests.support.sql_models import SqlModels

PROFILES: Row = {
    "n_facilities": 10,
    "n_manufacturers": 3,
    "largest_manufacturer_share": 0.85,
    "largest_facility_share": 0.5,
}
"""Counts that are just enough under the profile strict."""
INDICATOR: Row = {
    "period": 2025,
    "indicator_id": "modulation_use",
    "commitment_number": 2,
    "dimension": "all",
    "stratum": "all",
    "numerator": 612,
    "denominator": 1003,
    "n_unknown": 48,
    "share_unknown": 48 / 1051,
    "n_facilities_unknown": 10,
    "n_devices": 23,
    **PROFILES,
}
AGE_BAND: Row = {
    "period": 2025,
    "country": "all",
    "modality": "CT",
    "age_band_id": "up_to_5",
    "n_devices": 61,
    "n_age_unknown": 0,
    "n_facilities_unknown": 0,
    **PROFILES,
}
DOSE: Row = {
    "period": 2025,
    "procedure_id": "ct_chest",
    "patient_group_id": "adult",
    "drl_quantity": "dlp",
    "age_band_id": "up_to_5",
    "unit": "mGy.cm",
    "n_devices": 21,
    "p25": 231.0,
    "p50": 287.0,
    "p50_lower": 262.0,
    "p50_upper": 311.0,
    "p75": 352.0,
    "n_compared": 21,
    "n_above": 6,
    **PROFILES,
}
GENERATION: Row = {
    "period": 2025,
    "modality": "CT",
    "generation": "all",
    "drl_quantity": "dlp",
    "unit": "mGy.cm",
    "standardised_value": 342.0,
    "standardised_lower": 318.0,
    "standardised_upper": 366.0,
    "n_cells": 7,
    "n_cells_left_out": 2,
    "share_of_mix": 0.93,
    "n_devices": 48,
    **PROFILES,
}
FEATURE: Row = {
    "period": 2025,
    "feature_id": "dose_check",
    "age_band_id": "all",
    "n_devices_used": 31,
    "n_devices_known": 44,
    "n_devices_unknown": 3,
    "n_facilities_unknown": 3,
    **PROFILES,
}
PUBLIC: dict[str, Row] = {
    "commitment_indicators": INDICATOR,
    "age_profile": AGE_BAND,
    "age_band_doses": DOSE,
    "generation_doses": GENERATION,
    "feature_diffusion": FEATURE,
}
STRATUM = {
    "commitment_indicators": "stratum",
    "age_profile": "age_band_id",
    "age_band_doses": "age_band_id",
    "generation_doses": "generation",
    "feature_diffusion": "age_band_id",
}
TOO_FEW: list[Row] = [
    {"n_facilities": 9},
    {"n_manufacturers": 2},
    {"largest_manufacturer_share": 0.86},
]
DOMINATED: Row = {"largest_facility_share": 0.51}
"""More than half is from one facility; devices of an age profile are only counted."""

TYPES = {str: pa.string(), int: pa.int64(), float: pa.float64()}


@pytest.fixture(scope="module")
def models() -> SqlModels:
    made = SqlModels(*(f"public_{name}" for name in PUBLIC), given=PUBLIC)
    for name, row in PUBLIC.items():
        made.lay(name, table(row, []))
    made.rebuild({}, "int_disclosure_profile")
    return made


def table(default: Row, rows: Sequence[Row]) -> pa.Table:
    schema = pa.schema([(name, TYPES[type(value)]) for name, value in default.items()])
    return pa.Table.from_pylist([{**default, **row} for row in rows], schema)


def public_rows(models: SqlModels, name: str, *rows: Row) -> list[Row]:
    """Public rows of these restricted rows, each of which gives only what differs."""
    models.rebuild({name: table(PUBLIC[name], rows)}, f"public_{name}")
    return models.table(f"public_{name}").sort_by(STRATUM[name]).to_pylist()


def numbers(row: Row) -> Row:
    """Values of a row without its key, the labels and rules of the seeds, and the profile."""
    said = ("disclosure", "disclosure_profile", "rule", "rule_share", "commitment_number")
    keys = ("period", "country", "modality", "dimension", "stratum", "generation", "drl_quantity")
    told = {k: v for k, v in row.items() if v is not None and k not in (*said, *keys)}
    ends = ("_id", "_label", "_group", "_definition")
    return {k: v for k, v in told.items() if not k.endswith(ends)}


def test_what_is_just_enough_is_shown_in_rounded_numbers(models: SqlModels) -> None:
    (row,) = public_rows(models, "commitment_indicators", {})
    assert row["disclosure"] == "shown"
    assert numbers(row) == {
        "numerator": 610,
        "denominator": 1005,
        "n_unknown": 50,
        "share_unknown": 0.05,
        "value": 0.607,  # of the rounded counts
        "value_lower": 0.57,  # outwards: Wilson gives 0.576 and 0.637
        "value_upper": 0.64,
        "n_facilities": 10,
        "n_devices": 25,
    }


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        *((name, rule) for name in PUBLIC for rule in TOO_FEW),
        *((name, DOMINATED) for name in PUBLIC if name != "age_profile"),
    ],
    ids=str,
)
def test_what_is_not_enough_keeps_its_key_and_says_nothing(
    models: SqlModels, name: str, rule: Row
) -> None:
    (shown,) = public_rows(models, name, {})
    (row,) = public_rows(models, name, rule)
    assert (shown["disclosure"], row["disclosure"]) == ("shown", "suppressed")
    assert numbers(shown)
    assert numbers(row) == {}
    assert row[STRATUM[name]] == shown[STRATUM[name]]
    assert row["disclosure_profile"] == "strict"


@pytest.mark.parametrize("rule", TOO_FEW, ids=str)
@pytest.mark.parametrize(
    ("name", "partition"),
    [
        ("commitment_indicators", {"dimension": "age_band"}),
        ("age_profile", {"country": "SE"}),
        ("age_band_doses", {}),
        ("generation_doses", {}),
        ("feature_diffusion", {}),
    ],
)
def test_one_small_part_withholds_all_parts_so_that_the_total_undoes_nothing(
    models: SqlModels, name: str, partition: Row, rule: Row
) -> None:
    total = [{}] if name not in ("age_band_doses",) else []
    first, second = (
        {**partition, STRATUM[name]: stratum} for stratum in ("from_6_to_10", "over_10")
    )
    rows = public_rows(models, name, *total, first, {**second, **rule})
    parts = [row for row in rows if row[STRATUM[name]] in ("from_6_to_10", "over_10")]
    assert [row["disclosure"] for row in parts] == ["suppressed", "suppressed"]
    assert [numbers(row) for row in parts] == [{}, {}]
    assert [row["disclosure"] for row in rows if row not in parts] == ["shown"] * len(total)
    enough = public_rows(models, name, *total, first, second)
    assert {row["disclosure"] for row in enough} == {"shown"}


def test_a_small_country_withholds_the_others_beside_the_total(models: SqlModels) -> None:
    """All minus Sweden would be Norway."""
    rows = public_rows(
        models, "age_profile", {}, {"country": "SE"}, {"country": "NO", **TOO_FEW[0]}
    )
    said = {row["country"]: row["disclosure"] for row in rows}
    assert said == {"all": "shown", "SE": "suppressed", "NO": "suppressed"}


def test_a_part_without_anybody_withholds_nothing(models: SqlModels) -> None:
    nobody = dict.fromkeys(("n_devices", "n_facilities", "n_manufacturers"), 0)
    empty = {"age_band_id": "over_10", **nobody, "largest_manufacturer_share": None}
    rows = public_rows(models, "age_profile", {}, {"age_band_id": "from_6_to_10"}, empty)
    assert {row["disclosure"] for row in rows} == {"shown"}
    assert [(row["age_band_id"], row["share"], row["is_met"]) for row in rows] == [
        ("from_6_to_10", 0.5, False),
        ("over_10", 0.0, True),
        ("up_to_5", 0.5, False),
    ]


@pytest.mark.parametrize(("facilities", "expected"), [(0, 50), (9, None), (10, 50)])
def test_what_few_facilities_leave_unknown_is_not_counted_in_public(
    models: SqlModels, facilities: int, expected: int | None
) -> None:
    (row,) = public_rows(models, "commitment_indicators", {"n_facilities_unknown": facilities})
    assert row["n_unknown"] == expected
    assert row["share_unknown"] == 0.05


def test_what_is_unknown_is_withheld_in_all_parts_where_it_is_in_one(models: SqlModels) -> None:
    """The unknown of all ages minus that of the others would be that of nine facilities."""
    young, old = ({"dimension": "age_band", "stratum": band} for band in ("up_to_5", "over_10"))
    rows = public_rows(
        models, "commitment_indicators", {}, young, {**old, "n_facilities_unknown": 9}
    )
    assert [(row["stratum"], row["n_unknown"], row["numerator"]) for row in rows] == [
        *(("all", 50, 610), ("over_10", None, 610), ("up_to_5", None, 610)),
    ]


@pytest.mark.parametrize("dimension", ["manufacturer", "model", "software", "item_model"])
def test_no_maker_has_a_public_row(models: SqlModels, dimension: str) -> None:
    assert public_rows(models, "commitment_indicators", {"dimension": dimension}) == []


def test_doses_go_in_steps_and_limits_outwards(models: SqlModels) -> None:
    (row,) = public_rows(models, "age_band_doses", {})
    doses = ("p25", "p50", "p50_lower", "p50_upper", "p75")
    assert [row[name] for name in doses] == [240, 280, 260, 320, 360]
    assert (row["n_devices"], row["n_above"], row["share_above"]) == (20, 5, 0.25)


def test_standardised_doses_go_in_steps_and_their_ratio_is_of_these(models: SqlModels) -> None:
    rows = public_rows(
        models,
        "generation_doses",
        {},
        {"generation": "third"}
        | {"standardised_value": 250.0, "standardised_lower": None, "standardised_upper": None},
    )
    shown = [
        (row["standardised_value"], row["standardised_lower"], row["standardised_upper"])
        for row in rows
    ]
    assert shown == [(340, 300, 380), (260, None, None)]
    assert [row["ratio_to_all"] for row in rows] == [1.0, round(260 / 340, 2)]


# --- declarations about models and courses ------------------------------------------------

DECLARED = {
    "public_model_declarations": "int_declared_models",
    "public_training_records": "training_records",
}


@pytest.fixture(scope="module")
def declared() -> SqlModels:
    return SqlModels(*DECLARED, given=DECLARED.values())


def rebuilt(declared: SqlModels, name: str, rows: Sequence[Row]) -> SqlModels:
    names = {key for row in rows for key in row}
    columns = {key: [row.get(key) for row in rows] for key in sorted(names)}
    between = {
        "public_model_declarations": "int_declared_model_counts",
        "public_training_records": "int_declared_training_counts",
    }[name]
    declared.rebuild({DECLARED[name]: pa.table(columns)}, "int_disclosure_profile", between, name)
    return declared


def model(manufacturer: str, answer: str) -> Row:
    asked = ("xr_25", "xr_26", "xr_28", "xr_29", "can_add_modulation", "can_add_iterative")
    return {"modality": "CT", "manufacturer_id": manufacturer, **dict.fromkeys(asked, answer)}


@pytest.mark.parametrize(
    ("makers", "expected"),
    [
        (["siemens", "ge", "philips"], ("shown", 3, 2, 1)),
        (["siemens", "ge", "ge"], ("suppressed", None, None, None)),
        (["siemens", "ge", "unknown"], ("suppressed", None, None, None)),
    ],
)
def test_models_are_counted_where_three_makers_declare(
    declared: SqlModels, makers: list[str], expected: tuple[Any, ...]
) -> None:
    answers = ("yes", "yes", "unknown")
    rows = [model(maker, answer) for maker, answer in zip(makers, answers, strict=True)]
    rebuilt(declared, "public_model_declarations", rows)
    query = (
        "select disclosure, n_models, n_models_yes, n_models_unknown "
        "from public_model_declarations where statement = 'xr_29'"
    )
    assert declared.rows(query) == [expected]


def course(manufacturer: str | None, country: str = "SE") -> Row:
    return {
        "year": 2025,
        "audience": "physicist",
        "country": country,
        "manufacturer_id": manufacturer,
        "curriculum_id": None if manufacturer else "eutempe_rx_01",
        "n_sessions": 2,
        "n_participants": 21,
    }


@pytest.mark.parametrize(
    ("makers", "expected"),
    [
        ([None], ("shown", 1, 1, 20)),
        ([None, "siemens"], ("suppressed", None, None, None)),
        (["siemens", "ge", "canon"], ("shown", 3, 0, 65)),
        (["siemens"] * 7 + ["ge", "canon"], ("shown", 9, 0, 190)),
        (["siemens"] * 13 + ["ge", "canon"], ("suppressed", None, None, None)),  # 87 %
    ],
)
def test_courses_of_few_makers_are_withheld(
    declared: SqlModels, makers: list[str | None], expected: tuple[Any, ...]
) -> None:
    rebuilt(declared, "public_training_records", [course(maker) for maker in makers])
    query = (
        "select distinct disclosure, n_courses, n_courses_of_curricula, n_participants "
        "from public_training_records"
    )
    assert declared.rows(query) == [expected]
