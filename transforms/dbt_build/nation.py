"""Builds the nation's models in a new DuckDB file, from the statistics of all facilities.

The SQL, the descriptions and the checks are those of the dbt project in sql/. dbt itself builds
the same tables in `drlake build --whole`, where each model costs it a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb

from transforms.dbt_build.dbt import Echo
from transforms.errors import DrlakeError
from transforms.lake.duckdb_reader import LakeReader, quoted
from transforms.reference.files import REFERENCE
from transforms.statistics.make import MEMORY_GIB, Statistics
from transforms.statistics.models import kept_models, reads_lake, tables_of
from transforms.warehouse.checks import Check, checks_of, run_checks
from transforms.warehouse.declared import Declared, declared
from transforms.warehouse.sql_project import SQL, Model, SqlProject, seed_query, seed_types

SEEDS, STAGING = "reference", "staging"


class NationModels:
    """The national part of the project, rendered for one DuckDB file."""

    def __init__(
        self,
        environment: Mapping[str, str],
        folder: Path = SQL,
        reference: Path = REFERENCE,
        reader: LakeReader | None = None,
    ) -> None:
        """With the `reader` of a remote lake, staging is stored as tables, not as views.

        Without one, the models read the lake of `environment`.
        """
        self.reference = reference
        self.releases = environment.get("DRLAKE_RELEASES", "")
        self.seeds = seed_types(folder)
        self.is_remote = reader is not None
        source = reader.table if reader else None
        self.project = SqlProject(
            folder, environment, staging=True, relation=self._relation, source=source
        )
        self.loaded = kept_models(self.project)

    def _relation(self, name: str) -> str:
        """The relation of a model or seed, with its schema."""
        model = self.project.models.get(name)
        return f"{model.schema if model else SEEDS}.{name}"

    def kind(self, model: Model) -> str:
        """How a model is stored: as a view or a table."""
        is_stored = self.is_remote and model.schema == STAGING
        return "view" if model.is_view and not is_stored else "table"

    @property
    def tables(self) -> list[str]:
        """Tables of the lake that national models read themselves."""
        return tables_of(self.project, (model.name for model in self.to_run))

    @cached_property
    def to_run(self) -> list[Model]:
        """Models to run, each after those it reads; those of facilities are loaded instead."""
        project = self.project
        wanted = [
            name
            for name, model in project.models.items()
            if not model.is_of_facility or not reads_lake(project, name)
        ]
        order = project.build_order(wanted, [model.name for model in self.loaded])
        return [project.models[name] for name in order]

    def checks(self) -> list[Check]:
        """Checks of the national models, of reference data, and of both with loaded results."""
        run = {model.name for model in self.to_run}
        known = run | {model.name for model in self.loaded} | set(self.seeds)
        return [
            check
            for check in checks_of(self.project)
            if check.reads <= known and (check.reads & run or check.reads <= set(self.seeds))
        ]


def build_nation(
    building: Path,
    reader: LakeReader,
    statistics: Statistics,
    models: NationModels,
    threads: int,
    echo: Echo,
    *,
    data_tests: bool = True,
) -> None:
    """Load the statistics, then run, check and describe the models. ChecksFailed names bad data."""
    config = {"threads": threads, "memory_limit": f"{MEMORY_GIB}GiB"}
    with reader.connect(str(building), **config) as connection:
        _load(connection, reader, statistics, models)
        to_run = models.to_run
        for number, model in enumerate(to_run, start=1):
            _run(connection, models, model)
            echo(f"  {number} of {len(to_run)}  {model.schema}.{model.name}")
        if data_tests:
            run_checks(connection, models.checks())
        _describe(connection, models)


def _load(
    connection: Any, reader: LakeReader, statistics: Statistics, models: NationModels
) -> None:
    """Create the tables of reference data and of the facilities' results."""
    schemas = {model.schema for model in models.project.models.values()} | {SEEDS}
    for schema in sorted(schemas):
        connection.execute(f"create schema {schema}")
    for seed, types in models.seeds.items():
        path = models.reference / f"{seed}.csv"
        connection.execute(seed_query(f"{SEEDS}.{seed}", path, types))
    for model in models.loaded:
        rows = reader.rows(statistics.paths(reader.lake, model.name))
        connection.execute(f"create table {model.schema}.{model.name} as from {rows}")
        _keep_contract(connection, models, model)


def _run(connection: Any, models: NationModels, model: Model) -> None:
    """Create one model; DrlakeError names it where its SQL fails."""
    kind = models.kind(model)
    query = models.project.render_model(model.name)
    try:
        connection.execute(f"create {kind} {model.schema}.{model.name} as {query}")
    except duckdb.Error as error:
        raise DrlakeError(f"{model.name} cannot be built: {type(error).__name__}") from error
    _keep_contract(connection, models, model)


def _keep_contract(connection: Any, models: NationModels, model: Model) -> None:
    """Compare a model with a contract with its declared columns, and forbid NULL where declared."""
    if not model.has_contract:
        return
    wanted = declared(models.project.folder)[model.name]
    found = connection.execute(
        "select column_name, data_type from duckdb_columns() "
        "where schema_name = ? and table_name = ? order by column_index",
        [model.schema, model.name],
    ).fetchall()
    types = [(column.name, _duckdb_type(str(column.data_type))) for column in wanted.columns]
    if sorted(found) != sorted(types):
        raise DrlakeError(f"The columns of {model.name} are not those of its contract.")
    if models.kind(model) == "view":
        return
    for column in wanted.columns:
        if column.is_never_null:
            connection.execute(
                f"alter table {model.schema}.{model.name} alter column {column.name} set not null"
            )


@cache
def _duckdb_type(name: str) -> str:
    """DuckDB's own name of a declared type: `VARCHAR` of `varchar`."""
    return str(duckdb.sqltype(name))


def _describe(connection: Any, models: NationModels) -> None:
    """Write the descriptions of all tables, views and columns into the file."""
    listed = declared(models.project.folder)
    kinds = {model.name: models.kind(model) for model in models.to_run}
    kinds |= {model.name: "table" for model in [*models.loaded]} | dict.fromkeys(
        models.seeds, "table"
    )
    connection.execute("begin")
    for name, kind in kinds.items():
        if name in listed:
            for statement in _comments(models.project.relation(name), kind, listed[name]):
                connection.execute(statement)
    connection.execute("commit")


def _comments(relation: str, kind: str, model: Declared) -> Iterable[str]:
    if model.description:
        yield f"comment on {kind} {relation} is {quoted(model.description)}"
    for column in model.columns:
        yield f"comment on column {relation}.{column.name} is {quoted(column.description)}"
