"""Runs models of sql/ in DuckDB without dbt: milliseconds instead of seconds, for many cases.

The caller gives the staging tables; seeds are read from data/reference. The SQL is the project's
own, rendered by Jinja with the project's own macros.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from transforms.reference.files import REFERENCE
from transforms.tables import TABLES
from transforms.tables.generated_files import location
from transforms.tables.schema import Table
from transforms.warehouse.sql_project import SQL, SqlProject, model_path, seed_query, seed_types

STAGING = {path.stem for path in (SQL / "models" / "staging").rglob("*.sql")}
STAGED: dict[str, Table] = {
    name: table
    for table in TABLES
    if (
        name := f"stg_lake__{table.name.removesuffix('y')}"
        f"{'ies' if table.name.endswith('y') else 's'}"
    )
    in STAGING
}

SOURCE = re.compile(r"\{\{ source\('lake', '(\w+)'\) \}\}")


Environment = tuple[tuple[str, str], ...]


@cache
def _project(environment: Environment) -> SqlProject:
    """The project of one environment, read once by each process."""
    return SqlProject(environment=dict(environment))


@cache
def _rendered(environment: Environment, model: str) -> str:
    """The SQL of a model."""
    return _project(environment).render_model(model)


@cache
def _seed_queries() -> tuple[str, ...]:
    """Queries that create the tables of all seeds."""
    types = seed_types()
    return tuple(seed_query(name, REFERENCE / f"{name}.csv", types[name]) for name in types)


class SqlModels:
    """Models with all their dependencies, as tables of one database in memory."""

    def __init__(
        self,
        *wanted: str,
        given: Iterable[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """`given` are models that the caller lays down, instead of what they are made of.

        Nothing is read or made before it is needed, so that a module may hold models of its own.
        """
        self._wanted, self._given = wanted, tuple(given)
        self._environment = tuple(sorted((environment or {}).items()))

    @cached_property
    def project(self) -> SqlProject:
        """The models as text."""
        return _project(self._environment)

    @cached_property
    def _models(self) -> dict[str, str]:
        """SQL by model, each after what it is made of."""
        order = self.project.build_order(self._wanted, self._given)
        return {name: _rendered(self._environment, name) for name in order}

    @cached_property
    def _connection(self) -> Any:
        connection = duckdb.connect(config={"threads": 1})
        for query in _seed_queries():
            connection.execute(query)
        return connection

    def run(self, staged: Mapping[str, pa.Table]) -> None:
        """Build every model from these tables of the lake, by the table's name."""
        for name, table in STAGED.items():
            rows = staged.get(table.name, table.arrow_schema().empty_table())
            self.lay(name, rows)
        self.build()

    @classmethod
    def of_lake(cls, lake: Path, *wanted: str) -> SqlModels:
        """These models on the Parquet files of a lake, through the project's own staging."""
        models = cls(*wanted, environment={"DRLAKE_LAKE": str(lake)})
        for name in STAGED:
            text = model_path(name).read_text(encoding="utf-8")
            located = SOURCE.sub(lambda source: location(source[1]), text)
            query = models.project.render_text(located)
            models.connection.execute(f"create or replace table {name} as {query}")
        models.build()
        return models

    def build(self) -> None:
        """Build every model from the tables supplied."""
        for name, text in self._models.items():
            self._connection.execute(f"create or replace table {name} as {text}")

    @property
    def connection(self) -> Any:
        """The database, for direct queries."""
        return self._connection

    def rebuild(self, given: Mapping[str, pa.Table], *models: str) -> None:
        """Replace models or seeds by these tables, and build some models again."""
        for name, table in given.items():
            self.lay(name, table)
        for name in models:
            self._connection.execute(f"create or replace table {name} as {self._models[name]}")

    def lay(self, name: str, rows: pa.Table) -> None:
        """Supply the rows of a given model or seed."""
        self._connection.register("given", rows)
        self._connection.execute(f"create or replace table {name} as from given")
        self._connection.unregister("given")

    def lay_seed_row(self, name: str, row: Mapping[str, Any]) -> None:
        """Replace a seed by this one row, in the seed's types."""
        places = ", ".join("?" for _ in row)
        self._connection.execute(f"delete from {name}")  # noqa: S608 - names of seeds
        insert = f"insert into {name} values ({places})"  # noqa: S608
        self._connection.execute(insert, list(row.values()))

    def table(self, name: str) -> pa.Table:
        """All rows of a model."""
        return self._connection.table(name).to_arrow_table()

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        found: list[tuple[Any, ...]] = self._connection.execute(query, parameters).fetchall()
        return found

    def rows_of_template(self, text: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of a query that uses the project's macros."""
        return self.rows(self.project.render_text(text), *parameters)

    def test(self, name: str) -> list[tuple[Any, ...]]:
        """Rows that a test of sql/tests returns."""
        text = (SQL / "tests" / f"{name}.sql").read_text(encoding="utf-8")
        return self.rows(self.project.render_text(text))
