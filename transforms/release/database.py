"""`public.duckdb`: the public tables with their comments, and two of them compared.

DuckDB writes different bytes for the same tables, so that these files are compared by content.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from transforms.release.declaration import PublicTable

DATABASE = "public.duckdb"

COLUMNS = """
select table_name, column_name, data_type, comment
from duckdb_columns()
where not internal
order by table_name, column_index
"""
TABLES = """
select table_name, comment from duckdb_tables() union all
select view_name, comment from duckdb_views() where not internal
order by all
"""


def write_database(path: Path, tables: Sequence[PublicTable], rows: Mapping[str, pa.Table]) -> None:
    """Write every table with the comments of the declaration."""
    with duckdb.connect(str(path), config={"threads": 1}) as connection:
        for table in tables:
            connection.register("given", rows[table.name])
            connection.execute(f'create table "{table.name}" as from given')
            connection.unregister("given")
            _comment(connection, f'table "{table.name}"', table.comment)
            for column in table.columns:
                _comment(connection, f'column "{table.name}"."{column.name}"', column.comment)
        connection.execute("checkpoint")


def _comment(connection: Any, what: str, text: str) -> None:
    quoted = text.replace("'", "''")
    connection.execute(f"comment on {what} is '{quoted}'")


def differing_tables(one: Path, other: Path) -> list[str]:
    """What differs between two databases, by table: columns, comments or rows."""
    with (
        duckdb.connect(str(one), read_only=True) as was,
        duckdb.connect(str(other), read_only=True) as now,
    ):
        if _said(was, TABLES) != _said(now, TABLES):
            return ["other tables, or other comments on tables"]
        if _said(was, COLUMNS) != _said(now, COLUMNS):
            return ["other columns, or other comments on columns"]
        names = [name for name, _ in _said(was, TABLES)]
        return [f"table {name}" for name in names if _rows(was, name) != _rows(now, name)]


def _said(connection: Any, query: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    return rows


def _rows(connection: Any, name: str) -> list[tuple[Any, ...]]:
    return _said(connection, f'select * from "{name}" order by all')  # noqa: S608 - our own name
