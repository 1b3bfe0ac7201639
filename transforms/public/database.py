"""`public.duckdb`: writes the public tables and views with their comments, and compares two.

The tables come from the declaration, the views from the files of `sql/views`. DuckDB writes
different bytes for the same tables, so these files are compared by content.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from transforms.lake.duckdb_reader import quoted
from transforms.public.declaration import PublicTable
from transforms.public.views import View, read_views
from transforms.warehouse.sql_project import SQL

DATABASE = "public.duckdb"
STORAGE = "v1.0.0"
"""Storage version: clients of DuckDB 1 (R, DBeaver and others) and of DuckDB 2 can read the file.
"""

COLUMNS = """
select table_name, column_name, data_type, comment
from duckdb_columns()
where not internal
order by table_name, column_index
"""
TABLES = """
select table_name, comment, '' as query from duckdb_tables() union all
select view_name, comment, sql from duckdb_views() where not internal
order by all
"""


def write_database(
    path: Path,
    tables: Sequence[PublicTable],
    rows: Mapping[str, pa.Table],
    project: Path = SQL,
) -> None:
    """Write every table, with the comments of the declaration, and the views of the project."""
    config = {"threads": 1, "storage_compatibility_version": STORAGE}
    with duckdb.connect(str(path), config=config) as connection:
        for table in tables:
            connection.register("given", rows[table.name])
            connection.execute(f'create table "{table.name}" as from given')
            connection.unregister("given")
            _comment(connection, f'table "{table.name}"', table.comment)
            for column in table.columns:
                _comment(connection, f'column "{table.name}"."{column.name}"', column.comment)
        for view in read_views(project):
            _write_view(connection, view, tables)
        connection.execute("checkpoint")


def _write_view(connection: Any, view: View, tables: Sequence[PublicTable]) -> None:
    """Write a view, if all the tables that it reads are there.

    A column's comment is the one that the view states, else that of the column of the same name in
    the first table read.
    """
    read = view.reads(connection)
    if not read <= {table.name for table in tables}:
        return
    connection.execute(f'create view "{view.name}" as {view.query}')
    _comment(connection, f'view "{view.name}"', view.comment)
    comments = {
        column.name: column.comment
        for table in sorted(tables, key=view.place, reverse=True)
        if table.name in read
        for column in table.columns
    } | dict(view.columns)
    for name, *_ in connection.execute(f'describe "{view.name}"').fetchall():
        _comment(connection, f'column "{view.name}"."{name}"', comments[name])


def _comment(connection: Any, what: str, text: str) -> None:
    connection.execute(f"comment on {what} is {quoted(text)}")


def differing_tables(one: Path, other: Path) -> list[str]:
    """Name what differs between two databases, by table or view: columns, comments or rows.

    Rows of views are not compared: they differ only where those of a table do.
    """
    with (
        duckdb.connect(str(one), read_only=True) as was,
        duckdb.connect(str(other), read_only=True) as now,
    ):
        if _query_rows(was, TABLES) != _query_rows(now, TABLES):
            return ["different tables or views, or different comments on them"]
        if _query_rows(was, COLUMNS) != _query_rows(now, COLUMNS):
            return ["different columns, or different comments on columns"]
        names = [name for name, _, query in _query_rows(was, TABLES) if not query]  # else a view
        return [f"table {name}" for name in names if _rows(was, name) != _rows(now, name)]


def _query_rows(connection: Any, query: str) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    return rows


def _rows(connection: Any, name: str) -> list[tuple[Any, ...]]:
    return _query_rows(connection, f'select * from "{name}" order by all')  # noqa: S608 - our own name
