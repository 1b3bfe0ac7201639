"""The data tests of sql/ as queries: those of columns and keys, and the files of sql/tests.

A check passes if its query returns no row. The tests compare this list with the one of dbt.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from transforms.errors import DrlakeError
from transforms.warehouse.declared import Declared, declared
from transforms.warehouse.sql_project import REF, SqlProject


@dataclass(frozen=True, slots=True)
class Check:
    """A query that returns rows if the data are wrong, and the models and seeds it reads."""

    name: str
    query: Callable[[], str]
    reads: frozenset[str]


@dataclass(frozen=True, slots=True)
class FailedCheck:
    """A check that returned rows, with the first of them."""

    name: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]


class ChecksFailed(DrlakeError):
    """Some checks of the data failed."""

    def __init__(self, failed: Sequence[FailedCheck]) -> None:
        super().__init__(", ".join(one.name for one in failed))
        self.failed = failed


def checks_of(project: SqlProject) -> list[Check]:
    """All checks of the project's models, seeds and folder sql/tests."""
    listed = declared(project.folder).values()
    found = [check for one in listed for check in _declared_checks(project, one)]
    for path in sorted((project.folder / "tests").glob("*.sql")):
        text = path.read_text(encoding="utf-8")
        found.append(Check(path.stem, partial(project.render_text, text), project.refs_of(text)))
    return found


def run_checks(connection: Any, checks: Sequence[Check], limit: int = 5) -> None:
    """Run the checks; ChecksFailed names those that return rows."""
    failed = []
    for check in checks:
        cursor = connection.execute(check.query())
        rows = cursor.fetchmany(limit)
        if rows:
            columns = [column[0] for column in cursor.description]
            failed.append(FailedCheck(check.name, columns, rows))
    if failed:
        raise ChecksFailed(failed)


def _declared_checks(project: SqlProject, model: Declared) -> Iterator[Check]:
    table = project.relation(model.name)
    for test in model.tests:
        kind, arguments = _kind(test)
        query = partial(project.render_test, kind, table, arguments)
        yield Check(_name(kind, model.name, arguments["columns"]), query, frozenset({model.name}))
    for column in model.columns:
        for test in column.tests:
            kind, arguments = _kind(test)
            reads = {model.name, *REF.findall(str(arguments.get("to", "")))}
            query = partial(COLUMN_CHECKS[kind], table, column.name, arguments, project.relation)
            yield Check(_name(kind, model.name, [column.name]), query, frozenset(reads))


def _kind(test: Any) -> tuple[str, Mapping[str, Any]]:
    """The name of a test and its arguments, as written in YAML."""
    if isinstance(test, str):
        return test, {}
    ((kind, given),) = test.items()
    return kind, given.get("arguments", given)


def _name(kind: str, model: str, columns: Sequence[str]) -> str:
    return f"{kind}_{model}_{'__'.join(columns)}"


def _not_null(table: str, column: str, _: Mapping[str, Any], __: Any) -> str:
    return f"select {column} from {table} where {column} is null"  # noqa: S608 - names of sql/


def _unique(table: str, column: str, _: Mapping[str, Any], __: Any) -> str:
    return (
        f"select {column}, count(*) as n from {table} "  # noqa: S608 - names of sql/
        f"where {column} is not null group by {column} having count(*) > 1"
    )


def _accepted_values(table: str, column: str, arguments: Mapping[str, Any], _: Any) -> str:
    quoted = arguments.get("quote", True)
    values = ", ".join(f"'{value}'" if quoted else str(value) for value in arguments["values"])
    return (
        f"select distinct {column} from {table} "  # noqa: S608 - names of sql/
        f"where {column} not in ({values})"
    )


def _relationships(
    table: str, column: str, arguments: Mapping[str, Any], relation: Callable[[str], str]
) -> str:
    (parent,) = REF.findall(arguments["to"])
    return (
        f"select {column} from {table} where {column} is not null and {column} not in "  # noqa: S608
        f"(select {arguments['field']} from {relation(parent)} "
        f"where {arguments['field']} is not null)"
    )


COLUMN_CHECKS: Mapping[str, Callable[[str, str, Mapping[str, Any], Any], str]] = {
    "not_null": _not_null,
    "unique": _unique,
    "accepted_values": _accepted_values,
    "relationships": _relationships,
}
