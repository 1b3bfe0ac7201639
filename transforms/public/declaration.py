"""The public columns as sql/models/public declares them.

The YAML is the only declaration of each column's description, unit and source. DuckDB's comments,
the dictionary, CSV-W and datapackage.json are all written from the tables below.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from transforms.dbt_build.failures import PUBLIC_PREFIX
from transforms.errors import DrlakeError
from transforms.warehouse.declared import Declared, DeclaredColumn, declared
from transforms.warehouse.sql_project import SQL

SCHEMA = "public"
NO_UNIT, COUNTED, OF_THE_ROW = "none", "1", "column unit"
"""Units of text, of counts and ratios, and of doses whose unit is in the row's column `unit`."""


@dataclass(frozen=True, slots=True)
class PublicColumn:
    """One column: `unit` is one of the above or a unit's name, `source` its origin."""

    name: str
    data_type: str
    description: str
    unit: str
    source: str

    @property
    def comment(self) -> str:
        """Description, unit and source as one text: the comment in DuckDB."""
        return f"{self.description} Unit: {self.unit}. Source: {self.source}"


@dataclass(frozen=True, slots=True)
class PublicTable:
    """One table of schema public; `name` is the name of its files, without the prefix."""

    name: str
    description: str
    key: tuple[str, ...]
    columns: tuple[PublicColumn, ...]

    @property
    def model(self) -> str:
        """Name of the model, and of the table in the warehouse."""
        return f"{PUBLIC_PREFIX}{self.name}"

    @property
    def comment(self) -> str:
        """Comment of the table in DuckDB."""
        return self.description


def public_tables(project: Path = SQL) -> tuple[PublicTable, ...]:
    """Return every table of schema public, by name, as the models of a project declare it."""
    listed = declared(project)
    names = sorted(path.stem for path in (project / "models" / SCHEMA).glob("*.sql"))
    return tuple(_table(listed[name]) for name in names)


def _table(model: Declared) -> PublicTable:
    keys = [
        test["unique_key"]["arguments"]["columns"] for test in model.tests if "unique_key" in test
    ]
    if not keys or not model.name.startswith(PUBLIC_PREFIX):
        raise DrlakeError(
            f"Model {model.name} of schema public has no test unique_key, or a name that does "
            f"not begin with {PUBLIC_PREFIX}. Correct it in sql/models/public."
        )
    columns = tuple(_column(model.name, column) for column in model.columns)
    name = model.name.removeprefix(PUBLIC_PREFIX)
    return PublicTable(name, _sentence(model.description), tuple(keys[0]), columns)


def _column(model: str, column: DeclaredColumn) -> PublicColumn:
    missing = [name for name in ("unit", "source") if not column.meta.get(name)]
    if missing or not column.description:
        raise DrlakeError(
            f"{model}.{column.name} is public but has no "
            f"{', '.join(missing or ['description'])}. Declare it in sql/models/public."
        )
    return PublicColumn(
        column.name,
        str(column.data_type),
        _sentence(column.description),
        str(column.meta["unit"]),
        str(column.meta["source"]),
    )


def _sentence(text: str) -> str:
    """The text on one line, ending with a full stop."""
    words = " ".join(text.split())
    return words if words.endswith(".") else f"{words}."
