"""Published reference levels: as they were read, with NULL for what is not stated."""

from __future__ import annotations

import csv
from decimal import Decimal
from typing import Any

import jinja2
import pytest

from tests.support.sql_models import SQL, SqlModels
from transforms.normalise.quantities import drl_quantities
from transforms.reference.files import REFERENCE

SEED = REFERENCE / "published_drls.csv"
TESTS = (
    "published_drls_canonical_values",
    "published_drls_are_plausible",
    "published_drls_secondary_rows_stay_inside",
)


@pytest.fixture(scope="module")
def levels() -> list[dict[str, str]]:
    with SEED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def models() -> SqlModels:
    models = SqlModels("int_published_drls_primary")
    models.run({})
    return models


def test_values_convert_by_the_table_of_units_to_the_last_digit(
    levels: list[dict[str, str]],
) -> None:
    for level in levels:
        quantity = drl_quantities()[level["drl_quantity"]]
        factor = quantity.factor_from(level["unit_original"])
        assert factor is not None, level["drl_id"]
        assert level["unit_canonical"] == quantity.unit
        value = Decimal(level["value_original"]) * factor
        assert Decimal(level["value_canonical"]) == value, level["drl_id"]


def test_every_level_says_where_it_was_read(levels: list[dict[str, str]]) -> None:
    assert levels
    for level in levels:
        assert level["evidence"] in ("primary", "secondary")
        assert level["source"], level["drl_id"]
        if level["evidence"] == "primary":
            assert "secondary" not in level["source"], level["drl_id"]


def test_what_is_not_stated_is_open_and_the_note_says_so(levels: list[dict[str, str]]) -> None:
    for level in levels:
        is_ct = level["drl_quantity"] in ("ctdivol", "dlp")
        if not level["scope"]:
            assert "cope" in level["note"], level["drl_id"]
        if is_ct and not level["phantom"]:
            assert "hantom" in level["note"], level["drl_id"]
        if not level["patient_group_id"]:
            assert "patient group" in level["note"] or "ge of adults" in level["note"]


@pytest.mark.parametrize(
    ("drl_id", "value", "achievable"),
    [
        ("gb_2022_head_acute_stroke_ctdivol", 47, None),
        ("gb_2022_chest_lung_cancer_dlp", 290, None),
        ("au_2018_abdomen_pelvis_dlp", 600, None),
        ("de_2022_chest_pa_kap", 0.12, None),  #       12 cGy.cm2
        ("fr_2019_chest_pa_kap", 0.2, 0.15),  #       200 and 150 mGy.cm2
        ("ch_2006_cerebral_embolisation_kap", 440, None),
        ("tr_local_2024_head_ctdivol", 41.2, None),
        ("ie_2012_ctpa_dlp", 430, None),
    ],
)
def test_levels_are_those_of_their_source(
    models: SqlModels, drl_id: str, value: float, achievable: float | None
) -> None:
    query = "select value_canonical, achievable_value from int_published_drls_primary"
    assert models.rows(f"{query} where drl_id = ?", drl_id) == [(value, achievable)]


def test_levels_of_secondary_evidence_stay_behind(models: SqlModels) -> None:
    query = "select distinct jurisdiction from published_drls where evidence = 'secondary'"
    assert sorted(models.rows(query)) == [("DE",), ("JP",)]
    query = "select count(*) from int_published_drls_primary where evidence <> 'primary'"
    assert models.rows(query) == [(0,)]


@pytest.mark.parametrize("name", TESTS)
def test_the_tests_of_the_seed_hold(models: SqlModels, name: str) -> None:
    assert models.test(name) == []


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("published_drls_canonical_values", "value_canonical = 1.001 * value_canonical"),
        ("published_drls_canonical_values", "unit_canonical = 'Gy'"),
        ("published_drls_canonical_values", "unit_original = 'mSv'"),
        ("published_drls_are_plausible", "value_original = 0"),
        ("published_drls_are_plausible", "percentile = 75"),
        ("published_drls_are_plausible", "valid_to = date '1999-12-31'"),
        ("published_drls_are_plausible", "achievable_value = 2 * value_canonical"),
        ("published_drls_are_plausible", "checked_by = 'nobody'"),
    ],
)
def test_a_wrong_row_fails_them(models: SqlModels, name: str, change: str) -> None:
    models.rows("update published_drls set " + change + " where drl_id = 'fr_2019_hip_kap'")  # noqa: S608
    assert [row[0] for row in models.test(name)] == ["fr_2019_hip_kap"]


# --- nothing that leaves the building reads the seed itself -----------------------------------

GUARD = "int_published_drls_primary"


def models_bypassing_guard(exposed: tuple[str, ...] = (), **models: tuple[str, str]) -> str:
    """Message of the macro for a project of these models, each with its schema and references."""
    nodes = {
        f"model.drlake.{name}": {
            "unique_id": f"model.drlake.{name}",
            "resource_type": "model",
            "name": name,
            "schema": schema,
            "depends_on": {"nodes": [node_of(parent)]},
        }
        for name, (schema, parent) in models.items()
    }
    exposure = {"depends_on": {"nodes": [node_of(name) for name in exposed]}}
    graph = {"nodes": nodes, "exposures": {"report": exposure}}
    macro = (SQL / "macros" / "models_bypassing_guard.sql").read_text(encoding="utf-8")
    asked = f"{{{{ models_bypassing_guard('published_drls', '{GUARD}') }}}}"
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - SQL, no page
    return environment.from_string(macro + asked).render(graph=graph, execute=True).strip()


def node_of(name: str) -> str:
    return f"{'seed' if name == 'published_drls' else 'model'}.drlake.{name}"


SEED_ITSELF: Any = ("marts", "published_drls")


def test_a_public_model_that_reads_the_seed_is_named() -> None:
    assert models_bypassing_guard(levels=("public", "published_drls")) == "levels"


def test_so_is_one_that_reads_it_through_other_models() -> None:
    found = models_bypassing_guard(c=("public", "b"), b=("intermediate", "a"), a=SEED_ITSELF)
    assert found == "c"


def test_so_is_a_mart_that_an_exposure_is_made_of() -> None:
    assert models_bypassing_guard(("comparison",), comparison=SEED_ITSELF) == "comparison"


def test_a_mart_that_stays_inside_may_read_it() -> None:
    assert models_bypassing_guard(comparison=SEED_ITSELF) == ""


def test_through_the_guard_everybody_may() -> None:
    guard = {GUARD: ("intermediate", "published_drls")}
    assert models_bypassing_guard(("levels",), **guard, levels=("public", GUARD)) == ""
