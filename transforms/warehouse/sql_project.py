"""Renders the models and macros of sql/ as SQL text for DuckDB, in milliseconds.

A build runs this text (transforms/statistics, transforms/dbt_build/nation.py): dbt needs 15 seconds
to read the project and a tenth of a second per model. dbt builds the same project in the tests and
in `drlake build --whole`, and the tests compare both, table by table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import jinja2
import yaml

from transforms.lake.duckdb_reader import quoted
from transforms.settings import REPOSITORY
from transforms.tables.generated_files import location

SQL = REPOSITORY / "sql"
WRITTEN_BY_DBT = ("target", "logs", "dbt_packages")
"""Folders in sql/ that are no part of the project; dbt writes them if `drlake` does not run it."""

STAGING = ("staging/facility", "staging/nation")
FOLDERS = ("facility", "nation", "disclosure", "public")
SCHEMAS = {"staging": "staging", "public": "public"}
"""Schema of a folder's models where it is not `intermediate` and the model names no other."""

CONFIG = re.compile(r"\{\{ config\((.*?)\) \}\}")
REF = re.compile(r"ref\('(\w+)'\)")
GENERIC = re.compile(r"\{% test (\w+)\((.*?)\) %\}(.*?)\{% endtest %\}", re.DOTALL)
MACRO = re.compile(r"\{%-? macro (\w+)\((.*?)endmacro", re.DOTALL)
CALL = re.compile(r"(\w+)\(")


def model_path(name: str, folder: Path = SQL) -> Path:
    """The file of a model in any folder of sql/models."""
    (path,) = (folder / "models").rglob(f"{name}.sql")
    return path


@dataclass(frozen=True, slots=True)
class Model:
    """A model: its name, its folder below sql/models, its schema, and how it is stored."""

    name: str
    folder: str
    schema: str
    is_view: bool
    has_contract: bool

    @property
    def is_of_facility(self) -> bool:
        """Whether its rows of a facility need the rows of that facility only."""
        return "facility" in self.folder.split("/")[:2]


def lake_location(table: str, environment: Mapping[str, str]) -> str:
    """The expression that reads a table of the lake in the folder DRLAKE_LAKE."""
    return location(table).replace("{{ env_var('DRLAKE_LAKE') }}", environment["DRLAKE_LAKE"])


class SqlProject:
    """All models downstream of staging, with their dependencies; on request also staging."""

    def __init__(
        self,
        folder: Path = SQL,
        environment: Mapping[str, str] | None = None,
        *,
        staging: bool = False,
        relation: Callable[[str], str] = "main.{}".format,
        source: Callable[[str], str] | None = None,
    ) -> None:
        """`environment` has the values for env_var in models; without it defaults apply.

        `relation` gives the relation of a model or seed, and `source` that of a table of the lake,
        by default its Parquet files below DRLAKE_LAKE.
        """
        self.folder = folder
        self._environment = environment or {}
        self.relation = relation
        self._source = source or (lambda table: lake_location(table, self._environment))
        top = folder / "models"
        paths = [
            path
            for name in (*(STAGING if staging else ()), *FOLDERS)
            for path in sorted((top / name).rglob("*.sql"))
        ]
        self._texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
        self.models = {
            path.stem: _model(path.relative_to(top), self._texts[path.stem]) for path in paths
        }
        self._rendered: dict[str, str] = {}
        self._macros = _refs_of_macros(folder)
        self.refs = {name: self.refs_of(text) for name, text in self._texts.items()}

    def refs_of(self, text: str) -> frozenset[str]:
        """Models and seeds that a text reads, itself or through the macros that it calls."""
        called = [self._macros.get(name, frozenset()) for name in CALL.findall(text)]
        return frozenset(REF.findall(text)).union(*called)

    def text(self, model: str) -> str:
        """The model as written."""
        return str(self._texts[model])

    def render_model(self, model: str) -> str:
        """The SQL of a model."""
        if model not in self._rendered:
            self._rendered[model] = self.render_text(self._texts[model])
        return self._rendered[model]

    def render_text(self, text: str) -> str:
        """Render any text that uses the project's macros."""
        return self._templates.from_string(text).render()

    def render_test(self, test: str, table: str, arguments: Mapping[str, Any]) -> str:
        """The SQL of a test of sql/tests/generic for a table."""
        return str(self._generic[test].render(model=table, **arguments))

    @cached_property
    def _generic(self) -> dict[str, jinja2.Template]:
        paths = sorted((self.folder / "tests" / "generic").glob("*.sql"))
        texts = [path.read_text(encoding="utf-8") for path in paths]
        found = [test for text in texts for test in GENERIC.findall(text)]
        return {name: self._templates.from_string(body) for name, _, body in found}

    def build_order(self, wanted: Iterable[str], given: Iterable[str] = ()) -> list[str]:
        """The wanted models and all their dependencies, each after those it needs.

        `given` models exist already, so their dependencies are not included.
        """
        needed = set(self._texts) - set(given)
        needs = {name: refs & needed for name, refs in self.refs.items()}
        found: set[str] = set()
        open_ends = set(wanted)
        while open_ends:
            found |= open_ends
            open_ends = {one for name in open_ends for one in needs[name]} - found
        return list(TopologicalSorter({name: needs[name] for name in found}).static_order())

    def affected_models(self, source: str, wanted: Iterable[str]) -> list[str]:
        """The wanted models and their dependencies that depend on `source`."""
        touched: set[str] = {source}
        order = self.build_order(wanted)
        for model in order:
            if self.refs[model] & touched:
                touched.add(model)
        return [model for model in order if model in touched]

    @cached_property
    def _templates(self) -> jinja2.Environment:
        environment = jinja2.Environment(autoescape=False)  # noqa: S701 - SQL, no page
        environment.globals |= {"ref": self.relation, "config": lambda **given: ""}
        environment.globals |= {"source": lambda _, table: self._source(table)}
        told = self._environment
        environment.globals |= {"env_var": lambda name, default="": told.get(name, default)}
        paths = sorted((self.folder / "macros").glob("*.sql"))
        macros = "\n".join(path.read_text(encoding="utf-8") for path in paths)
        module = vars(environment.from_string(macros).module)
        environment.globals |= {k: v for k, v in module.items() if not k.startswith("_")}
        return environment


def _model(path: Path, text: str) -> Model:
    """What a model's place and its first line say of it."""
    config = CONFIG.search(text)
    said = config[1] if config else ""
    schema = re.search(r"schema='(\w+)'", said)
    folder = path.parent.as_posix()
    return Model(
        name=path.stem,
        folder=folder,
        schema=schema[1] if schema else SCHEMAS.get(path.parts[0], "intermediate"),
        is_view=path.parts[0] == "staging" or "materialized='view'" in said,
        has_contract=path.parts[0] == "public" or "'enforced': true" in said,
    )


def _refs_of_macros(folder: Path) -> dict[str, frozenset[str]]:
    """The models and seeds that each macro reads, itself or through the macros that it calls."""
    texts = [path.read_text(encoding="utf-8") for path in (folder / "macros").glob("*.sql")]
    bodies = {name: body for text in texts for name, body in MACRO.findall(text)}
    found: dict[str, frozenset[str]] = {}

    def refs(name: str) -> frozenset[str]:
        if name not in found:
            found[name] = frozenset()  # a macro that calls itself ends here
            called = [refs(one) for one in CALL.findall(bodies[name]) if one in bodies]
            found[name] = frozenset(REF.findall(bodies[name])).union(*called)
        return found[name]

    return {name: refs(name) for name in bodies}


@cache
def seed_types(folder: Path = SQL) -> Mapping[str, Mapping[str, str]]:
    """The column types of every seed, as declared in sql/seeds."""
    listed: dict[str, Mapping[str, str]] = {}
    for path in sorted((folder / "seeds").glob("*.yml")):
        for seed in yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["seeds"]:
            listed[seed["name"]] = seed["config"]["column_types"]
    return listed


def seed_query(name: str, path: Path, types: Mapping[str, str]) -> str:
    """The statement that creates the table of a seed from a CSV file."""
    listed = ", ".join(f"'{column}': '{kind}'" for column, kind in types.items())
    return (
        f"create or replace table {name} as from read_csv({quoted(str(path))}, "
        f"header = true, delim = ',', quote = '\"', escape = '\"', types = {{{listed}}})"
    )
