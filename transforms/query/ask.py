"""Runs one read-only query on a DuckDB file.

The file is opened read-only, without access to other files and the network, without extensions, and
with settings that cannot be changed. That alone is not enough: DuckDB lets `copy` write to the name
of the file's own journal (`public.duckdb.wal`), so only statements that return rows are run.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from transforms.errors import DrlakeError, UsageError
from transforms.sheets.visible_text import visible

SECONDS = 60.0
MEMORY = "1GiB"
BATCH = 1000
SAFE: Mapping[str, Any] = {
    "enable_external_access": False,
    "autoload_known_extensions": False,
    "autoinstall_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,  # else a Python variable is read as a table
    "temp_directory": "",
    "memory_limit": MEMORY,
    "threads": 2,
    "lock_configuration": True,
}
TABLES = """
select case schema_name when 'main' then table_name else schema_name || '.' || table_name end
from (
    select schema_name, table_name from duckdb_tables()
    union all
    select schema_name, view_name from duckdb_views() where not internal
)
where schema_name in ('main', 'marts', 'public')
order by all
"""
NO_TABLE = re.compile(r"Table with name (.*?) does not exist")


@dataclass(frozen=True, slots=True)
class QueryResult:
    """Names of the columns, made unique, and an iterator over the rows."""

    names: Sequence[str]
    rows: Iterator[tuple[Any, ...]]


@contextmanager
def run_query(database: Path, question: str, seconds: float = SECONDS) -> Iterator[QueryResult]:
    """Run one query; UsageError where it is not a single query, or fails.

    The rows can be read only inside the `with`; reading fails after `seconds`.
    """
    with _open_read_only(database) as connection:
        clock = threading.Timer(seconds, connection.interrupt)
        clock.daemon = True
        clock.start()
        try:
            _check_single_query(connection, question)
            cursor = connection.execute(question)
            names = _unique_names([str(column[0]) for column in cursor.description])
            yield QueryResult(names, _rows(cursor))
        except duckdb.Error as error:
            raise UsageError(_what_to_do(error, database, seconds)) from None
        finally:
            clock.cancel()


def _open_read_only(database: Path) -> Any:
    """Open a connection that can only read this file."""
    if not database.is_file():
        raise UsageError(
            f"There is no {database.name} at that place. Write it with `drlake build` and "
            "`drlake report`, or name one with --database."
        )
    try:
        return duckdb.connect(str(database), read_only=True, config=dict(SAFE))
    except duckdb.Error as error:
        raise DrlakeError(
            f"{database.name} cannot be opened: {_first_line(error)}. It may not be a DuckDB "
            "file, be of a newer DuckDB, or be open for writing elsewhere: close it there, or name "
            "another file."
        ) from None


def _check_single_query(connection: Any, question: str) -> None:
    """Raise UsageError unless this is exactly one statement that returns rows."""
    statements = connection.extract_statements(question)
    if len(statements) != 1:
        raise UsageError(f"This is {len(statements)} statements. Give exactly one.")
    (statement,) = statements
    if statement.type is not duckdb.StatementType.SELECT:
        raise UsageError(
            f"Only queries are run here (select, from, with, describe, show, summarize); "
            f"this is {_kind(statement.type)}. To save a result: --format csv > result.csv. "
            "For anything else open a copy of the file with DuckDB itself."
        )
    if statement.named_parameters:
        raise UsageError("The query has parameters ($...). Write the values in their places.")


def _kind(statement: Any) -> str:
    """Name of a statement's type; a hint for `pivot`, of which DuckDB makes several statements."""
    name = str(statement.name)
    return (
        "several in one (say `pivot ... on column in (...)`)"
        if name == "MULTI"
        else f"a statement {name}"
    )


def _rows(cursor: Any) -> Iterator[tuple[Any, ...]]:
    while batch := cursor.fetchmany(BATCH):
        yield from batch


def _unique_names(names: Sequence[str]) -> list[str]:
    """Return the names, with a number behind each that repeats an earlier one."""
    found: list[str] = []
    for name in names:
        number, one = 1, name
        while one in found:
            number += 1
            one = f"{name}_{number}"
        found.append(one)
    return found


def _what_to_do(error: duckdb.Error, database: Path, seconds: float) -> str:
    """Return the problem and its cure in one line, without control characters."""
    said = _first_line(error)
    missing = NO_TABLE.search(said)
    if missing:
        return f"There is no table {missing[1]}. {database.name} has: {_table_names(database)}."
    if isinstance(error, duckdb.InterruptException):
        return f"No result after {seconds:g} s. Ask for less, or raise --seconds."
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"The result needs more than {MEMORY} of memory. Ask for less at a time."
    if isinstance(error, duckdb.PermissionException):
        return (
            f"The query reads something outside {database.name}. Only its own tables can be "
            f"read here: {_table_names(database)}."
        )
    cure = 'See `drlake sql "describe TABLE"` for the columns of a table.'
    return f"{said.removesuffix('.')}. {cure}"


def _first_line(error: duckdb.Error) -> str:
    """DuckDB's message, without the quoted query below it."""
    return visible(" ".join(str(error).partition("\n\nLINE ")[0].split()))


def _table_names(database: Path) -> str:
    with _open_read_only(database) as connection:
        return visible(", ".join(name for (name,) in connection.execute(TABLES).fetchall()))
