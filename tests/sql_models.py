"""The models of sql/ run in DuckDB without dbt: milliseconds instead of seconds, for many cases.

Staging is what the caller gives; seeds are read from data/reference. The SQL is the project's
own, rendered by Jinja with the project's own macros.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from graphlib import TopologicalSorter
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pyarrow as pa
import yaml

from transforms.schema import Table
from transforms.settings import REPOSITORY
from transforms.tables import TABLES

SQL = REPOSITORY / "sql"
REF = re.compile(r"ref\('(\w+)'\)")
STAGED: dict[str, Table] = {f"stg_lake__{table.name}s": table for table in TABLES}


class SqlModels:
    """Models with all that they are made of, as tables of one database in memory."""

    def __init__(self, *wanted: str, given: Iterable[str] = ()) -> None:
        """`given` are models that the caller lays down, instead of what they are made of."""
        self._connection = duckdb.connect(config={"threads": 1})
        self._templates = _environment()
        _load_seeds(self._connection)
        folders = ("intermediate", "core", "marts", "public")
        paths = {p.stem: p for f in folders for p in (SQL / "models" / f).glob("*.sql")}
        texts = {name: path.read_text(encoding="utf-8") for name, path in paths.items()}
        built = set(texts) - set(given)
        needs = {name: set(REF.findall(text)) & built for name, text in texts.items()}
        order = TopologicalSorter({name: needs[name] for name in _closure(wanted, needs)})
        self._models = {name: self._rendered(texts[name]) for name in order.static_order()}

    def run(self, staged: Mapping[str, pa.Table]) -> None:
        """Build every model from these tables of the lake, by the table's name."""
        for name, table in STAGED.items():
            rows = staged.get(table.name, table.arrow_schema().empty_table())
            self.lay(name, rows)
        for name, text in self._models.items():
            self._connection.execute(f"create or replace table {name} as {text}")

    def lay(self, name: str, rows: pa.Table) -> None:
        """Lay down the rows of a model or seed that is given."""
        self._connection.register("given", rows)
        self._connection.execute(f"create or replace table {name} as from given")
        self._connection.unregister("given")

    def lay_seed_row(self, name: str, row: Mapping[str, Any]) -> None:
        """Replace a seed by this one row, in the seed's types."""
        places = ", ".join("?" for _ in row)
        self._connection.execute(f"delete from {name}")
        self._connection.execute(f"insert into {name} values ({places})", list(row.values()))

    def table(self, name: str) -> pa.Table:
        """All rows of a model."""
        return self._connection.table(name).to_arrow_table()

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What a query answers."""
        return self._connection.execute(query, parameters).fetchall()

    def rendered_rows(self, text: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """What a query answers that uses the project's macros."""
        return self.rows(self._rendered(text), *parameters)

    def test(self, name: str) -> list[tuple[Any, ...]]:
        """The rows that a test of sql/tests complains of."""
        text = (SQL / "tests" / f"{name}.sql").read_text(encoding="utf-8")
        return self.rows(self._rendered(text))

    def _rendered(self, text: str) -> str:
        return self._templates.from_string(text).render()


def _closure(wanted: Iterable[str], needs: Mapping[str, set[str]]) -> set[str]:
    """The models wanted and, of each, those that it is made of."""
    found: set[str] = set()
    open_ends = set(wanted)
    while open_ends:
        found |= open_ends
        open_ends = {one for name in open_ends for one in needs[name]} - found
    return found


def _macro_texts() -> list[str]:
    return [path.read_text(encoding="utf-8") for path in sorted((SQL / "macros").glob("*.sql"))]


def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(autoescape=False)  # noqa: S701 - SQL, no page
    environment.globals |= {"ref": lambda name: name, "config": lambda **given: ""}
    environment.globals |= {"env_var": lambda name, default="": default}
    macros = environment.from_string("\n".join(_macro_texts())).module
    environment.globals |= {k: v for k, v in vars(macros).items() if not k.startswith("_")}
    return environment


def _load_seeds(connection: Any) -> None:
    files = sorted((SQL / "seeds").glob("*.yml"))
    listed = [yaml.safe_load(file.read_text(encoding="utf-8"))["seeds"] for file in files]
    for seed in chain.from_iterable(listed):
        types = ", ".join(f"'{k}': '{v}'" for k, v in seed["config"]["column_types"].items())
        path: Path = REPOSITORY / "data" / "reference" / f"{seed['name']}.csv"
        connection.execute(
            f"create table {seed['name']} as "
            f"from read_csv('{path}', header = true, types = {{{types}}})"
        )
