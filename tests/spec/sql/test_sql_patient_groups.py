"""Patient groups: both sides of every limit of every system."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pytest

from tests.support.sql_models import SqlModels
from transforms.normalise.dates import age_days

pytestmark = pytest.mark.slow

REBUILT = ("int_mammography_events", "int_examinations_joined", "int_patient_limit_combinations")
MODELS = SqlModels("int_patient_limit_combinations")
MODELS.run({})

ADULT, CHILD, NEWBORN = 20_000, 2_000, 10
PROCEDURES = pa.table(
    {
        "procedure_id": ["head", "neck", "trunk", "breast"],
        "modality": ["CT", "CT", "CT", "MG"],
        "body_region": ["head", "neck", "trunk", None],
        "areas": pa.nulls(4, pa.string()),
        "drl_phantom": pa.nulls(4, pa.string()),
        "drl_reference_point": pa.nulls(4, pa.string()),
        "is_heart": pa.array([False] * 4),
        "is_hybrid_ct": pa.array([False] * 4),
    }
)
STATED = {
    "int_examination_reports": ("patient_age_days", "patient_weight_kg"),
    "int_examination_doses": ("water_equivalent_diameter_mm",),
    "int_xray_event_copies": ("compression_thickness_mm", "copy_number"),
    "int_counted_reports_xray_irradiation_events": (),
    "int_counted_reports_dose_reports": (),
    "int_examination_procedures": ("procedure_id",),
}
"""Columns that patient groups depend on, by the model that has them."""

SCHEMAS = {name: MODELS.table(name).schema for name in STATED}


def groups(system: str, procedure: str, **patient: float | None) -> list[str]:
    """The groups of a system that a patient is in; values not given are unknown."""
    modality = "MG" if procedure == "breast" else "CT"
    keys = {"facility_id": "F1", "study_key": "S1", "modality": modality, "event_index": 1}
    keys |= {"submission_id": "A", "object_sha256": "0"}
    said = {**patient, "procedure_id": procedure, "copy_number": 1}
    given = {
        model: _one_row(model, {**keys, **{name: said.get(name) for name in names}})
        for model, names in STATED.items()
    }
    MODELS.rebuild({**given, "procedures": PROCEDURES}, *REBUILT)
    answer = MODELS.rows(
        "select distinct group_id from group_systems inner join int_patient_limit_combinations "
        "on list_contains(string_split(patient_group_ids, ';'), group_id) "
        "where system_id = ? order by 1",
        system,
    )
    return [group for (group,) in answer]


def _one_row(model: str, row: Mapping[str, object]) -> pa.Table:
    """A row of a model; values not given are NULL."""
    return pa.Table.from_pylist([row], schema=SCHEMAS[model])


def child(weight_kg: float) -> dict[str, float]:
    """A child with this weight, of an age at which it can have it."""
    age = NEWBORN if weight_kg < 8 else CHILD
    return {"patient_age_days": age, "patient_weight_kg": weight_kg}


def of(*names: str) -> list[str]:
    return sorted(names)


@pytest.mark.parametrize(
    ("age_days", "group"),
    [
        (0, "head_0_3m"),
        (90, "head_0_3m"),
        (91, "head_3m_1y"),
        (364, "head_3m_1y"),
        (365, "head_1y_6y"),
        (2190, "head_1y_6y"),
        (2191, "head_6y_18y"),
        (6573, "head_6y_18y"),
        (6574, "adult"),
    ],
)
def test_heads_go_by_age(age_days: int, group: str) -> None:
    """Under 3 months, under 1 year, under 6 years, under 18 years, adults; RP 185."""
    assert groups("adults_and_rp_185", "head", patient_age_days=age_days) == [group]


@pytest.mark.parametrize("procedure", ["neck", "trunk"])
@pytest.mark.parametrize(
    ("weight_kg", "group"),
    [
        (0.5, "body_lt5kg"),
        (4.9, "body_lt5kg"),
        (5, "body_5_15kg"),
        (14.9, "body_5_15kg"),
        (15, "body_15_30kg"),
        (29.9, "body_15_30kg"),
        (30, "body_30_50kg"),
        (49.9, "body_30_50kg"),
        (50, "body_50_80kg"),
        (79.9, "body_50_80kg"),
        (80, None),
    ],
)
def test_childrens_bodies_go_by_weight(procedure: str, weight_kg: float, group: str | None) -> None:
    """Bands of RP 185; from 80 kg there is no group."""
    found = groups("adults_and_rp_185", procedure, **child(weight_kg))
    assert found == ([group] if group else [])


@pytest.mark.parametrize(
    ("weight_kg", "group"),
    [
        (2.9, "de_lt3kg"),
        (3, "de_3_5kg"),
        (4.9, "de_3_5kg"),
        (5, "de_5_10kg"),
        (9.9, "de_5_10kg"),
        (10, "de_10_19kg"),
        (18.9, "de_10_19kg"),
        (19, "de_19_32kg"),
        (31.9, "de_19_32kg"),
        (32, "de_32_56kg"),
        (55.9, "de_32_56kg"),
        (56, None),
    ],
)
def test_german_children_go_by_weight_heads_too(weight_kg: float, group: str | None) -> None:
    found = groups("adults_and_german_weights", "head", **child(weight_kg))
    assert found == ([group] if group else [])


@pytest.mark.parametrize(
    ("system", "age_days", "group"),
    [
        ("acr_ages", 364, "acr_lt1y"),
        ("acr_ages", 365, "acr_1_5y"),
        ("acr_ages", 1825, "acr_1_5y"),
        ("acr_ages", 1826, "acr_5_10y"),
        ("acr_ages", 3651, "acr_5_10y"),
        ("acr_ages", 3652, "acr_10_15y"),
        ("acr_ages", 5477, "acr_10_15y"),
        ("acr_ages", 5478, "acr_15_18y"),
        ("acr_ages", 6573, "acr_15_18y"),
        ("acr_ages", 6574, "acr_adult"),
        ("australian_ages", 1825, "au_baby"),
        ("australian_ages", 1826, "au_child"),
        ("australian_ages", 5477, "au_child"),
        ("australian_ages", 5478, "au_adult"),
    ],
)
def test_ages_are_limits_whatever_was_examined(system: str, age_days: int, group: str) -> None:
    """1, 5, 10, 15 and 18 years of 365.25 days, rounded down."""
    for procedure in ("head", "trunk", "breast"):
        assert groups(system, procedure, patient_age_days=age_days) == [group]


@pytest.mark.parametrize(
    ("age_days", "weight_kg", "is_in"),
    [
        (ADULT, 49.9, False),
        (ADULT, 50, True),
        (ADULT, 89.9, True),
        (ADULT, 90, False),
        (6573, 70, False),
        (6574, 70, True),
    ],
)
def test_austrian_adults_weigh_50_to_90_kg(age_days: int, weight_kg: float, is_in: bool) -> None:
    found = groups(
        "austrian_groups", "trunk", patient_age_days=age_days, patient_weight_kg=weight_kg
    )
    assert found == (["adult_50_90kg"] if is_in else [])


@pytest.mark.parametrize(
    ("thickness_mm", "expected"),
    [
        (19.9, []),
        (20, ["mg_20_30mm"]),
        (54.9, ["mg_50_60mm"]),
        (55, of("mg_50_60mm", "mg_60mm")),
        (59.9, of("mg_50_60mm", "mg_60mm")),
        (60, of("mg_60_70mm", "mg_60mm")),
        (64.9, of("mg_60_70mm", "mg_60mm")),
        (65, ["mg_60_70mm"]),
        (109.9, ["mg_100_110mm"]),
        (110, []),
    ],
)
def test_breasts_go_by_compressed_thickness(thickness_mm: float, expected: list[str]) -> None:
    """60 mm is 55 to under 65; the bands of 10 mm exist beside it."""
    patient = {"patient_age_days": ADULT, "compression_thickness_mm": thickness_mm}
    assert groups("mammography_thickness", "breast", **patient) == expected
    assert groups("mammography_thickness", "trunk", **patient) == []


@pytest.mark.parametrize(
    ("diameter_mm", "group"),
    [
        (39.9, None),  # 39.9 cm, written as millimetres
        (40, "dw_lt200mm"),
        (199.9, "dw_lt200mm"),
        (200, "dw_200_240mm"),
        (239.9, "dw_200_240mm"),
        (240, "dw_240_280mm"),
        (280, "dw_280_320mm"),
        (320, "dw_320_360mm"),
        (360, "dw_360_400mm"),
        (399.9, "dw_360_400mm"),
        (400, "dw_ge400mm"),
        (699.9, "dw_ge400mm"),
        (700, None),
    ],
)
def test_adult_necks_and_trunks_go_by_water_equivalent_diameter(
    diameter_mm: float, group: str | None
) -> None:
    """Heads go by lateral thickness, which dose reports do not state (imagewisely.org)."""
    patient = {"patient_age_days": ADULT, "water_equivalent_diameter_mm": diameter_mm}
    expected = [group] if group else []
    assert groups("ct_water_equivalent_diameter", "trunk", **patient) == expected
    assert groups("ct_water_equivalent_diameter", "neck", **patient) == expected
    assert groups("ct_water_equivalent_diameter", "head", **patient) == []


@pytest.mark.parametrize(
    ("age", "group"),
    [
        ("000D", "at_0y"),
        ("029D", "at_0y"),
        ("001M", "at_1y"),
        ("012M", "at_1y"),
        ("001Y", "at_1y"),
        ("013M", "at_5y"),
        ("005Y", "at_5y"),
        ("060M", "at_5y"),
        ("061M", "at_10y"),
        ("006Y", "at_10y"),
        ("010Y", "at_10y"),
        ("121M", "at_15y"),
        ("015Y", "at_15y"),
        ("180M", "at_15y"),
        ("181M", None),
        ("016Y", None),
        ("017Y", None),
    ],
)
def test_austrian_children_go_by_the_next_higher_listed_age(age: str, group: str | None) -> None:
    """MedStrSchV Anlage 1 lists 0, 1, 5, 10 and 15 years; above 15 there is no higher age."""
    found = groups("austrian_groups", "head", patient_age_days=age_days(age))
    assert found == ([group] if group else [])


def test_nothing_is_converted_and_nothing_unknown_is_guessed() -> None:
    """A weight gives no age, an age no weight, and neither gives a size."""
    assert groups("adults_and_rp_185", "trunk", patient_age_days=CHILD) == []
    assert groups("adults_and_rp_185", "trunk", patient_weight_kg=20) == []
    assert groups("adults_and_rp_185", "head", patient_weight_kg=20) == []
    assert groups("adults_and_german_weights", "trunk", patient_age_days=CHILD) == []
    assert groups("acr_ages", "trunk", patient_weight_kg=20) == []
    assert groups("austrian_groups", "trunk", patient_age_days=ADULT) == []
    assert groups("ct_water_equivalent_diameter", "trunk", patient_age_days=ADULT) == []
    assert groups("mammography_thickness", "breast", patient_age_days=ADULT) == []


def test_an_adult_of_known_weight_is_in_groups_of_several_systems() -> None:
    patient = {"patient_age_days": ADULT, "patient_weight_kg": 70}
    found = {
        system: groups(system, "trunk", **patient)
        for system in ("adults", "austrian_groups", "acr_ages", "australian_ages", "rp_185")
    }
    assert found == {
        "adults": ["adult"],
        "austrian_groups": ["adult_50_90kg"],
        "acr_ages": ["acr_adult"],
        "australian_ages": ["au_adult"],
        "rp_185": [],
    }
