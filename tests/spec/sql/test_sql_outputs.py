"""Outputs of the warehouse: reproducible Parquet, and a DuckDB file with comments."""

from __future__ import annotations

from typing import Any

import pyarrow.parquet as pq
import test_sql_commitment_build  # pytest's name: by another it would be another module

from tests.support.lakes.lake_rows import LakeRows, Report, event, projection, report, summary
from transforms.dbt_build.marts import MART_KEYS

NOT_EXPORTED = {"object_outcomes", "report_outcomes"}
"""Marts with a row per object or report, which commands read in the warehouse."""

WITH_ROWS_OF = (test_sql_commitment_build,)
"""Marts of declared data have rows only where data were declared."""


def put_rows(lake_rows: LakeRows) -> None:
    chest = report("output-1", [event()], study_description="CT Chest")
    unmapped = report("output-2", [event()], study_description="Protocol nobody knows")
    lake_rows.submission("OUTPUT1", [chest, unmapped])
    lake_rows.summaries(summary("OUTPUT2", period=2024))
    lake_rows.submission("OUTPUT3", mammographies())


def mammographies() -> list[Report]:
    """As many as a unit needs to contribute to the breast doses."""
    view = {"average_glandular_dose_mgy": 1.0, "compression_thickness_mm": 60.0}
    named = {"modality": "MG", "study_description": "Mammography"}
    return [projection(f"output-breast-{n}", [view], **named) for n in range(10)]


MAY_BE_EMPTY = {"devices_left_out", "doubtful_names", "shared_devices"}
"""Marts that list exceptions, of which the rows of these tests need not have one."""


def test_every_mart_is_exported_and_counted(warehouse: Any) -> None:
    exported = {
        mart: pq.read_table(warehouse.lake / "marts" / f"{mart}.parquet").num_rows
        for mart in MART_KEYS
    }
    tables = warehouse.rows(
        "select table_name from information_schema.tables where table_schema = 'marts'"
    )
    assert {*MART_KEYS, *NOT_EXPORTED} == {name for (name,) in tables}
    assert not set(MART_KEYS) & NOT_EXPORTED
    assert {path.stem for path in (warehouse.lake / "marts").iterdir()} == set(MART_KEYS)
    assert exported == warehouse.counts
    assert {mart for mart, n in exported.items() if not n} == {"devices_left_out", "doubtful_names"}


def test_exported_marts_are_sorted_by_their_key(warehouse: Any) -> None:
    for mart, key in MART_KEYS.items():
        rows = pq.read_table(warehouse.lake / "marts" / f"{mart}.parquet").to_pylist()
        keys = [tuple(row[column] or "" for column in key) for row in rows]
        assert keys == sorted(set(keys)), mart


def test_exported_marts_carry_the_meaning_of_their_columns(warehouse: Any) -> None:
    schema = pq.read_schema(warehouse.lake / "marts" / "national_drls.parquet")
    assert b"75th percentile" in schema.field("national_drl").metadata[b"description"]


def test_nothing_half_built_is_left(warehouse: Any) -> None:
    folder = warehouse.lake / "warehouse"
    files = {path.relative_to(folder) for path in folder.rglob("*") if path.is_file()}
    assert {str(path) for path in files if path.parts[0] != "dbt"} == {"drl.duckdb", ".lock"}


def test_every_column_of_the_warehouse_is_described(warehouse: Any) -> None:
    bare = warehouse.rows(
        "select schema_name, table_name, column_name from duckdb_columns() "
        "where not internal and coalesce(comment, '') = ''"
    )
    assert bare == []


def test_every_table_and_view_of_the_warehouse_is_described(warehouse: Any) -> None:
    bare = warehouse.rows(
        "select schema_name, table_name from duckdb_tables() where coalesce(comment, '') = '' "
        "union all select schema_name, view_name from duckdb_views() "
        "where not internal and coalesce(comment, '') = ''"
    )
    assert bare == []


def test_columns_with_a_unit_say_it(warehouse: Any) -> None:
    silent = warehouse.rows(
        "select table_name, column_name from duckdb_columns() "
        "where not internal and regexp_matches(column_name, '_(mgy|mgy_cm|mm|kv|ma|s|kg)$') "
        "and comment not like '%Unit: %'"
    )
    assert silent == []


def test_views_hold_no_other_database_name(warehouse: Any) -> None:
    """A view that named its database would fail where the file is attached under another name."""
    views = warehouse.rows("select sql from duckdb_views() where not internal")
    assert views
    assert not [sql for (sql,) in views if "drl." in sql]
