"""Public models use a `disclosed` macro and identify no facility."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = ROOT / "sql" / "models" / "public"
MODELS = sorted(PUBLIC.glob("*.sql"))
REF = re.compile(r"ref\(\s*'(\w+)'\s*\)")
SOURCE = re.compile(r"\bsource\(|read_parquet|read_csv")
CALL = re.compile(r"\{\{\s*disclosed(?:_rows|_whole)?\(.*?\)\s*\}\}", re.DOTALL)
DECIDED = {"disclosure_decisions"}
"""Models that may be read outside the macro too, for labels and keys of cells."""
DECIDED_COLUMNS = {"procedure_label", "patient_group_label", "unit", "profile_id"}
REFERENCE = {
    *("methods", "procedures", "patient_groups", "thickness_bands"),
    *("indicators", "features", "age_bands", "commitments", "int_published_drls_primary"),
}
"""Seeds without data of any facility."""
NAMING = re.compile(
    r"facility_(?!s\b)|device(?!s)|(?<!body_)region(?!s$)|study|report_key|submission|sha256"
    r"|manufacturer(?!s$)|model_name|station|institution|(?<!insert_)name$|description$|requested|protocol|comment|software|date$"
)


@cache
def declared_columns() -> dict[str, list[str]]:
    files = sorted(PUBLIC.glob("*.yml"))
    models = [m for file in files for m in yaml.safe_load(file.read_text("utf-8"))["models"]]
    return {model["name"]: [column["name"] for column in model["columns"]] for model in models}


def test_there_are_public_models_and_all_are_declared() -> None:
    assert {path.stem for path in MODELS} == set(declared_columns())
    assert all(name.startswith("public_") for name in declared_columns())


@pytest.mark.parametrize("path", MODELS, ids=lambda path: path.stem)
def test_a_public_model_reads_the_restricted_through_the_macro_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    outside = CALL.sub("", text)
    read = set(REF.findall(outside))
    public = {name for name in read if name.startswith("public_")}
    assert read - public - REFERENCE <= DECIDED
    assert not SOURCE.search(text)
    used = set(re.findall(r"\bdecisions\.(\w+)", outside))
    keys = {"method_id", "period", "procedure_id", "patient_group_id", "drl_quantity"}
    assert used - keys <= DECIDED_COLUMNS


@pytest.mark.parametrize("model", sorted(declared_columns()))
def test_no_public_column_is_a_key_or_text_of_a_hospital(model: str) -> None:
    columns = declared_columns()[model]
    assert len(columns) > 5
    assert [name for name in columns if NAMING.search(name)] == []


def test_a_public_model_shows_no_stratum_of_a_maker() -> None:
    """The model chooses the dimensions of the indicators before anything is shown."""
    text = (PUBLIC / "public_commitment_indicators.sql").read_text(encoding="utf-8")
    (chosen,) = re.findall(r"dimension in \((.*?)\)", text)
    assert not set(re.findall(r"'(\w+)'", chosen)) & {"manufacturer", "model", "software"}


def test_the_macro_is_the_only_place_that_rounds_for_the_public() -> None:
    for path in (ROOT / "sql").rglob("*.sql"):
        text = path.read_text(encoding="utf-8")
        if path.name != "disclosed.sql":
            assert "value_significant_digits" not in text or path.parent.name == "tests", path
