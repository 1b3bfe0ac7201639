"""The models that compute the statistics of a facility, and the results that are kept.

Two kinds of results are kept: those that the nation's models read, and the facility's own rows in
the schemas `core` and `marts`, which receipts, feedback and `drlake explain` read.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import duckdb

from transforms.reference.files import REFERENCE
from transforms.warehouse.checks import Check, checks_of
from transforms.warehouse.declared import declared
from transforms.warehouse.sql_project import SQL, Model, SqlProject, seed_query, seed_types

FORMAT = 2
"""Counts up where the kept files change for another reason than SQL or reference data."""

SOURCE = re.compile(r"source\('lake', '(\w+)'\)")
BY_FACILITY = frozenset({"device_statements"})
"""Reference data of which a facility reads its own rows only."""

OUTCOME_FILES = "lake.validated_files"
KEPT_SCHEMAS = frozenset({"core", "marts"})


class FacilityModels:
    """The facility part of the project, rendered for one database in memory."""

    def __init__(
        self,
        environment: Mapping[str, str],
        folder: Path = SQL,
        reference: Path = REFERENCE,
    ) -> None:
        self._reference = reference
        self.project = SqlProject(
            folder,
            {**environment, "DRLAKE_OUTCOME_FILES": OUTCOME_FILES},
            staging=True,
            source="lake.{}".format,
        )

    @cached_property
    def kept(self) -> tuple[Model, ...]:
        """Models whose rows are kept in the lake, by name."""
        return tuple(kept_models(self.project))

    @cached_property
    def order(self) -> list[str]:
        """All models to run, each after those it reads."""
        return self.project.build_order([model.name for model in self.kept])

    def key_of(self, model: Model) -> Sequence[str]:
        """The columns that identify a row of a model, as declared; empty where none are."""
        return declared(self.project.folder)[model.name].key

    def statement(self, name: str) -> str:
        """The statement that creates a model as a table, or as a view if it is one."""
        kind = "view" if self.project.models[name].is_view else "table"
        return f"create {kind} main.{name} as {self.project.render_model(name)}"

    @cached_property
    def seeds(self) -> list[str]:
        """Reference data that the models and checks read."""
        read = {ref for name in self.order for ref in self.project.refs[name]}
        read |= {ref for check in self.checks for ref in check.reads}
        return sorted(read - set(self.order))

    @cached_property
    def checks(self) -> list[Check]:
        """Checks that read models of the facility part and reference data only."""
        own, known = set(self.order), {*self.order, *self._types}
        found = checks_of(self.project)
        return [check for check in found if check.reads & own and check.reads <= known]

    @cached_property
    def tables(self) -> list[str]:
        """Tables of the lake that the models read."""
        return tables_of(self.project, self.order)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the SQL and the reference data that are the same for every facility."""
        parts = [f"{FORMAT} {duckdb.__version__}"]
        parts += [self.statement(name) for name in sorted(self.order)]
        parts += [f"{model.name} {' '.join(self.key_of(model))}" for model in self.kept]
        parts += [f"{seed} {self._types[seed]}" for seed in self.seeds]
        digest = hashlib.sha256("\n".join(parts).encode())
        for seed in self.seeds:
            if seed not in BY_FACILITY:
                digest.update(self.seed_path(seed).read_bytes())
        return digest.hexdigest()

    def own_reference(self, facility_id: str) -> str:
        """The rows of the reference data that concern this facility only, as one text."""
        rows = [row for row in self._rows_by_facility if row["facility_id"] == facility_id]
        return json.dumps(rows, sort_keys=True)

    @cached_property
    def _rows_by_facility(self) -> list[dict[str, str]]:
        paths = [self.seed_path(seed) for seed in self.seeds if seed in BY_FACILITY]
        texts = [path.read_text(encoding="utf-8") for path in paths]
        return [row for text in texts for row in csv.DictReader(io.StringIO(text))]

    def seed_path(self, seed: str) -> Path:
        """The CSV file of a seed."""
        return self._reference / f"{seed}.csv"

    def seed_queries(self) -> Sequence[str]:
        """Statements that create the tables of the reference data."""
        return [
            seed_query(f"main.{seed}", self.seed_path(seed), self._types[seed])
            for seed in self.seeds
        ]

    @cached_property
    def _types(self) -> Mapping[str, Mapping[str, str]]:
        return seed_types(self.project.folder)


def kept_models(project: SqlProject) -> list[Model]:
    """Facility models that a nation's model reads, or that hold rows of the facility for people.

    Models that read reference data only are not kept: the nation computes them itself.
    """
    of_facility = {one.name for one in project.models.values() if one.is_of_facility}
    read = {
        ref
        for name, refs in project.refs.items()
        if name not in of_facility
        for ref in refs & of_facility
    }
    shown = {name for name in of_facility if project.models[name].schema in KEPT_SCHEMAS}
    return [project.models[name] for name in sorted(read | shown) if reads_lake(project, name)]


def tables_of(project: SqlProject, models: Iterable[str]) -> list[str]:
    """Tables of the lake that some of the models read themselves."""
    texts = (project.text(name) for name in models)
    return sorted({table for text in texts for table in SOURCE.findall(text)})


def reads_lake(project: SqlProject, name: str) -> bool:
    """Whether a model reads a table of the lake, itself or through other models."""
    return any("source('lake'" in project.text(one) for one in project.build_order([name]))
