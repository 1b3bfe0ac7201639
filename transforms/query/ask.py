"""One question to a DuckDB file, and nothing that it could do besides answering.

The file is opened read-only, without access to other files and the network, without extensions, and
with settings that cannot be changed. That alone is not enough: DuckDB lets `copy` write to the name
of the file's own journal (`public.duckdb.wal`), so that only statements that answer are run.
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
    "python_enable_replacements": False,  # else the name of a variable of ours is a table
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
    """The names of the columns, each once, and the rows as they come."""

    names: Sequence[str]
    rows: Iterator[tuple[Any, ...]]


@contextmanager
def run_query(database: Path, question: str, seconds: float = SECONDS) -> Iterator[QueryResult]:
    """The answer to one statement; UsageError where it is none that only answers, or fails.

    The rows can be read inside the `with` alone; they end with an error after `seconds`.
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
    """A connection that can do nothing but read this file."""
    if not database.is_file():
        raise UsageError(
            f"There is no {database.name} at that place. Write it with `drlake build` and "
            "`drlake report`, or name one with --database."
        )
    try:
        return duckdb.connect(str(database), read_only=True, config=dict(SAFE))
    except duckdb.Error as error:
        raise DrlakeError(
            f"{database.name} cannot be opened: {_first_line(error)}. It may be none of DuckDB's, "
            "of a newer DuckDB, or open for writing elsewhere: close it there, or name another."
        ) from None


def _check_single_query(connection: Any, question: str) -> None:
    """UsageError where this is not exactly one statement that only answers."""
    statements = connection.extract_statements(question)
    if len(statements) != 1:
        raise UsageError(f"This is {len(statements)} statements. Ask one, without others after it.")
    (statement,) = statements
    if statement.type is not duckdb.StatementType.SELECT:
        raise UsageError(
            f"Only questions are answered here (select, from, with, describe, show, summarize); "
            f"this is {_kind(statement.type)}. To keep an answer: --format csv > answer.csv. "
            "For anything else open a copy of the file with DuckDB itself."
        )
    if statement.named_parameters:
        raise UsageError("The question has parameters ($...). Write their values in their places.")


def _kind(statement: Any) -> str:
    """`COPY`, and what `pivot` is by name, since DuckDB makes several statements of it."""
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
    """The names, with a number behind one that was there already."""
    found: list[str] = []
    for name in names:
        number, one = 1, name
        while one in found:
            number += 1
            one = f"{name}_{number}"
        found.append(one)
    return found


def _what_to_do(error: duckdb.Error, database: Path, seconds: float) -> str:
    """The problem and its cure, in one line without anything that a terminal obeys."""
    said = _first_line(error)
    missing = NO_TABLE.search(said)
    if missing:
        return f"There is no table {missing[1]}. {database.name} has: {_table_names(database)}."
    if isinstance(error, duckdb.InterruptException):
        return f"No answer after {seconds:g} s. Ask for less, or give it more --seconds."
    if isinstance(error, duckdb.OutOfMemoryException):
        return f"The answer needs more than {MEMORY} of memory. Ask for less at a time."
    if isinstance(error, duckdb.PermissionException):
        return (
            f"The question asks for something outside {database.name}. Only its own tables can be "
            f"read here: {_table_names(database)}."
        )
    cure = 'See `drlake sql "describe TABLE"` for the columns of a table.'
    return f"{said.removesuffix('.')}. {cure}"


def _first_line(error: duckdb.Error) -> str:
    """What DuckDB says, without the repetition of the question under it."""
    return visible(" ".join(str(error).partition("\n\nLINE ")[0].split()))


def _table_names(database: Path) -> str:
    with _open_read_only(database) as connection:
        return visible(", ".join(name for (name,) in connection.execute(TABLES).fetchall()))
