"""A build in parts gives what dbt gives in one go, and its SQL and checks are those of dbt."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import duckdb
import pytest
import test_sql_commitment_build  # pytest's name: by another it would be another module

from transforms.dbt_build.marts import MART_KEYS
from transforms.dbt_build.nation import NationModels
from transforms.dbt_build.warehouse import build
from transforms.settings import Settings
from transforms.warehouse.checks import checks_of

WITH_ROWS_OF = (test_sql_commitment_build,)


@pytest.fixture(scope="module")
def parts(warehouse: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the warehouse's lake, built in parts with the same rules."""
    folder = tmp_path_factory.mktemp("parts") / "lake"
    shutil.copytree(warehouse.lake, folder, ignore=shutil.ignore_patterns("warehouse", "marts"))
    rules = warehouse.lake.parent / "rules.csv"
    build(Settings(lake=str(folder), rules=str(rules) if rules.exists() else ""), lambda _: None)
    return folder


def tables(connection: Any, catalog: str) -> dict[str, str]:
    """Kind of each table and view by its name with schema."""
    found = connection.execute(
        "select table_schema || '.' || table_name, table_type from information_schema.tables "
        "where table_catalog = ?",
        [catalog],
    )
    return dict(found.fetchall())


def test_every_table_has_the_rows_columns_and_types_of_a_whole_build(
    warehouse: Any, parts: Path
) -> None:
    whole = warehouse.lake / "warehouse" / "drl.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{whole}' as whole (read_only)")
        connection.execute(f"attach '{parts}/warehouse/drl.duckdb' as parts (read_only)")
        found, expected = tables(connection, "parts"), tables(connection, "whole")
        assert found.keys() <= expected.keys()
        assert len(found) > 140
        different = [name for name in found if not is_equal(connection, name)]
    assert different == []


def is_equal(connection: Any, name: str) -> bool:
    """Whether both builds have the same columns, types and rows of a table, in any order."""
    columns = [
        connection.execute(f"describe {catalog}.{name}").fetchall()
        for catalog in ("whole", "parts")
    ]
    if [row[:2] for row in columns[0]] != [row[:2] for row in columns[1]]:
        return False
    sides = [f"(from {catalog}.{name})" for catalog in ("whole", "parts")]
    (n,) = connection.execute(
        f"select count(*) from ({sides[0]} except all {sides[1]} union all "  # noqa: S608
        f"({sides[1]} except all {sides[0]}))"
    ).fetchone()
    return bool(n == 0)


def test_every_mart_has_the_bytes_of_a_whole_build(warehouse: Any, parts: Path) -> None:
    names = [f"marts/{mart}.parquet" for mart in MART_KEYS]
    whole = warehouse.lake
    assert [one for one in names if (parts / one).read_bytes() != (whole / one).read_bytes()] == []


def described(database: Path) -> dict[tuple[str, str, str], str]:
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            "select schema_name, table_name, column_name, comment from duckdb_columns() "
            "where not internal"
        ).fetchall()
    return {(schema, table, column): said for schema, table, column, said in found}


def test_every_column_has_the_description_of_a_whole_build(warehouse: Any, parts: Path) -> None:
    found = described(parts / "warehouse" / "drl.duckdb")
    whole = described(warehouse.lake / "warehouse" / "drl.duckdb")
    assert {key: whole[key] for key in found} == found


@pytest.fixture(scope="module")
def manifest(warehouse: Any) -> dict[str, Any]:
    """dbt's nodes of the whole build."""
    file = warehouse.lake / "warehouse" / "dbt" / "target" / "manifest.json"
    nodes: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))["nodes"]
    return nodes


def words(sql: str) -> str:
    """SQL without the differences of white space and of quoted relations."""
    return re.sub(r"\s+", " ", re.sub(r'"[^"]+"\."(\w+)"\."(\w+)"', r"\1.\2", sql)).strip()


def test_models_are_rendered_as_dbt_compiles_them(warehouse: Any, manifest: dict[str, Any]) -> None:
    environment = {"DRLAKE_LAKE": str(warehouse.lake), "DRLAKE_DISCLOSURE_PROFILE": "strict"}
    project = NationModels(environment).project
    different = [
        node["name"]
        for node in manifest.values()
        if node["resource_type"] == "model"
        and words(node["compiled_code"]) != words(project.render_model(node["name"]))
    ]
    assert different == []


def test_every_test_of_dbt_is_a_check(manifest: dict[str, Any]) -> None:
    listed = [node for node in manifest.values() if node["resource_type"] == "test"]
    checks = checks_of(NationModels({"DRLAKE_LAKE": "lake"}).project)
    expected = [
        (_kind(node), sorted(one.split(".")[2] for one in node["depends_on"]["nodes"]))
        for node in listed
    ]
    kinds = sorted({kind for kind, _ in expected}, key=len, reverse=True)
    found = [
        (next((kind for kind in kinds if check.name.startswith(kind)), ""), sorted(check.reads))
        for check in checks
    ]
    assert sorted(found) == sorted(expected)


def _kind(node: dict[str, Any]) -> str:
    """`unique_key` of a test of a model or column, the name of a file of sql/tests."""
    return str((node.get("test_metadata") or node)["name"])
