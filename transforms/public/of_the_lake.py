"""`report/public.duckdb`: the tables of schema public, as a release would have them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from transforms.dbt_build.marts import sorted_table
from transforms.errors import DrlakeError
from transforms.lake.lake import Lake
from transforms.public.database import DATABASE, differing_tables, write_database
from transforms.public.declaration import SCHEMA, PublicTable, public_tables
from transforms.warehouse.reading import local_warehouse

FOLDER = "report"


def warehouse_path(lake: Lake) -> Path:
    """The last built warehouse on this machine; DrlakeError before the first build."""
    path = local_warehouse(lake)
    if path is None:
        raise DrlakeError("No warehouse has been built. Run `drlake build` first.")
    return path


def write_public_database(lake: Lake) -> Path:
    """Write `report/public.duckdb`, all of it or nothing; returns its path on this machine.

    DuckDB writes different bytes for equal tables, so a file with equal content is left as it is.
    """
    tables, rows = public_rows(lake)
    before = lake.local_copy(FOLDER, DATABASE)
    with lake.temporary_folder("public") as scratch:
        written = scratch / DATABASE
        write_database(written, tables, rows)
        if before is not None and _is_same_database(before, written):
            return before
        lake.put_file(written, lake.path(FOLDER, DATABASE))
    path = lake.local_copy(FOLDER, DATABASE)
    if path is None:
        raise DrlakeError("Another command has removed report/public.duckdb. Run this again.")
    return path


def public_rows(lake: Lake) -> tuple[tuple[PublicTable, ...], dict[str, pa.Table]]:
    """Return the public tables of the build, and their rows in the order of the keys."""
    warehouse = warehouse_path(lake)
    tables = public_tables()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        try:
            return tables, {
                table.name: sorted_table(connection, SCHEMA, table.model, table.key)
                for table in tables
            }
        except duckdb.CatalogException:
            raise DrlakeError(
                "The warehouse was built by another version of drlake. Run `drlake build`."
            ) from None


def _is_same_database(one: Path, other: Path) -> bool:
    try:
        return not differing_tables(one, other)
    except duckdb.Error:  # truncated, or written by another DuckDB
        return False
