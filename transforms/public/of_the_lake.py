"""`report/public.duckdb`: the tables of schema public, as a release would have them."""

from __future__ import annotations

import tempfile
from pathlib import Path

import duckdb
import pyarrow as pa

from transforms.dbt_build.marts import sorted_table
from transforms.dbt_build.warehouse import WAREHOUSE
from transforms.errors import DrlakeError
from transforms.lake.lake import Lake
from transforms.public.database import DATABASE, differing_tables, write_database
from transforms.public.declaration import SCHEMA, PublicTable, public_tables

FOLDER = "report"


def warehouse_path(lake: Lake) -> Path:
    """Path of the last built warehouse; DrlakeError before the first build."""
    path = Path(lake.local_root()) / "warehouse" / WAREHOUSE
    if not path.is_file():
        raise DrlakeError("No warehouse has been built. Run `drlake build` first.")
    return path


def write_public_database(lake: Lake) -> Path:
    """Write `report/public.duckdb`, all of it or nothing; returns its path.

    DuckDB writes different bytes for equal tables, so a file with equal content is left as it is.
    """
    tables, rows = public_rows(lake)
    path = Path(lake.local_root()) / FOLDER / DATABASE
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as scratch:
        written = Path(scratch) / DATABASE
        write_database(written, tables, rows)
        if not (path.is_file() and _is_same_database(path, written)):
            written.replace(path)
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
