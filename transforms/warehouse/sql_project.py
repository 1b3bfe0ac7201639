"""Renders the models and macros of sql/ as SQL text for DuckDB, without dbt.

Used for queries that need some models rebuilt (transforms/mapping/effect.py) and for tests of
single rules. The warehouse itself is always built by dbt.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path

import jinja2
import yaml

from transforms.settings import REPOSITORY

SQL = REPOSITORY / "sql"
WRITTEN_BY_DBT = ("target", "logs", "dbt_packages")
"""Folders in sql/ that are no part of the project; dbt writes them if `drlake` does not run it."""

FOLDERS = ("facility", "nation", "disclosure", "public")
REF = re.compile(r"ref\('(\w+)'\)")
MACRO = re.compile(r"\{%-? macro (\w+)\((.*?)endmacro", re.DOTALL)
CALL = re.compile(r"(\w+)\(")


def model_path(name: str, folder: Path = SQL) -> Path:
    """The file of a model in any folder of sql/models."""
    (path,) = (folder / "models").rglob(f"{name}.sql")
    return path


class SqlProject:
    """All models downstream of staging, with their dependencies."""

    def __init__(self, folder: Path = SQL, environment: Mapping[str, str] | None = None) -> None:
        """`environment` has the values for env_var in models; without it defaults apply."""
        self._folder = folder
        self._environment = environment or {}
        paths = [p for name in FOLDERS for p in sorted((folder / "models" / name).rglob("*.sql"))]
        self._texts = {path.stem: path.read_text(encoding="utf-8") for path in paths}
        macros = _refs_of_macros(folder)
        self.refs = {
            name: frozenset(REF.findall(text)).union(
                *(macros.get(called, frozenset()) for called in CALL.findall(text))
            )
            for name, text in self._texts.items()
        }

    def render_model(self, model: str) -> str:
        """The SQL of a model; other models and seeds are tables of schema main."""
        return self.render_text(self._texts[model])

    def render_text(self, text: str) -> str:
        """Render any text that uses the project's macros."""
        return self._templates.from_string(text).render()

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
        environment.globals |= {"ref": lambda name: f"main.{name}", "config": lambda **given: ""}
        told = self._environment
        environment.globals |= {"env_var": lambda name, default="": told.get(name, default)}
        paths = sorted((self._folder / "macros").glob("*.sql"))
        macros = "\n".join(path.read_text(encoding="utf-8") for path in paths)
        module = vars(environment.from_string(macros).module)
        environment.globals |= {k: v for k, v in module.items() if not k.startswith("_")}
        return environment


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


def seed_types(folder: Path = SQL) -> Mapping[str, Mapping[str, str]]:
    """The column types of every seed, as declared in sql/seeds."""
    listed: dict[str, Mapping[str, str]] = {}
    for path in sorted((folder / "seeds").glob("*.yml")):
        for seed in yaml.safe_load(path.read_text(encoding="utf-8"))["seeds"]:
            listed[seed["name"]] = seed["config"]["column_types"]
    return listed


def seed_query(name: str, path: Path, types: Mapping[str, str]) -> str:
    """The statement that creates the table of a seed from a CSV file."""
    listed = ", ".join(f"'{column}': '{kind}'" for column, kind in types.items())
    quoted = str(path).replace("'", "''")
    return (
        f"create or replace table {name} as from read_csv('{quoted}', header = true, delim = ',', "
        f"quote = '\"', escape = '\"', types = {{{listed}}})"
    )
