"""Public columns are declared in full, and none identifies a facility or a person."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from transforms.public.declaration import COUNTED, NO_UNIT, OF_THE_ROW
from transforms.public.guard import KEY_OF_SOMEBODY
from transforms.release.metadata import FRICTIONLESS
from transforms.warehouse.sql_project import SQL

FOLDER = SQL / "models" / "public"
YEAR = "calendar year"
UNITS = {NO_UNIT, COUNTED, OF_THE_ROW, YEAR, "mGy", "d"}
NUMBERED = {"method_version", "commitment_number"}
"""Numbers that are identifiers, not counts."""


def declared_columns() -> list[tuple[str, dict[str, Any]]]:
    files = sorted(FOLDER.glob("*.yml"))
    models = [m for file in files for m in yaml.safe_load(file.read_text("utf-8"))["models"]]
    return [(model["name"], column) for model in models for column in model["columns"]]


COLUMNS = declared_columns()


def test_every_public_model_is_declared() -> None:
    assert {model for model, _ in COLUMNS} == {path.stem for path in FOLDER.glob("*.sql")}


@pytest.mark.parametrize(("model", "column"), COLUMNS, ids=lambda one: str(one)[:60])
def test_a_public_column_has_description_unit_and_source(
    model: str, column: dict[str, Any]
) -> None:
    meta = column["config"]["meta"]
    assert column["description"], f"{model}.{column['name']}"
    assert meta["unit"] in UNITS
    assert meta["source"]
    assert column["data_type"] in FRICTIONLESS


@pytest.mark.parametrize(("model", "column"), COLUMNS, ids=lambda one: str(one)[:60])
def test_a_number_has_a_unit_and_a_word_has_none(model: str, column: dict[str, Any]) -> None:
    is_number = column["data_type"] in ("integer", "bigint", "double")
    is_name = column["name"] in NUMBERED
    assert (column["config"]["meta"]["unit"] != NO_UNIT) == (is_number and not is_name), model


def test_no_public_column_is_a_key_of_a_facility_or_below() -> None:
    assert [name for name in COLUMNS if KEY_OF_SOMEBODY.fullmatch(name[1]["name"])] == []
