"""The public columns as sql/models/public declares them, read from dbt's manifest.

The YAML is the only declaration of each column's description, unit and source. DuckDB's comments,
the dictionary, CSV-W and datapackage.json are all written from the tables below.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.dbt_build.dbt import PUBLIC_PREFIX
from transforms.errors import DrlakeError

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


def public_tables(manifest: Path) -> tuple[PublicTable, ...]:
    """Return every table of schema public, by name, from dbt's `manifest.json`."""
    nodes = json.loads(manifest.read_text(encoding="utf-8"))["nodes"]
    models = [
        node
        for node in nodes.values()
        if node["resource_type"] == "model" and node["schema"].endswith(SCHEMA)
    ]
    keys = _keys(nodes)
    return tuple(_table(node, keys.get(node["unique_id"])) for node in sorted(models, key=_by_name))


def _by_name(node: Mapping[str, Any]) -> str:
    return str(node["name"])


def _keys(nodes: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the key of each model, as its test `unique_key` states it."""
    found = {}
    for node in nodes.values():
        stated = node.get("test_metadata") or {}
        if stated.get("name") == "unique_key":
            found[node["attached_node"]] = tuple(stated["kwargs"]["columns"])
    return found


def _table(node: Mapping[str, Any], key: tuple[str, ...] | None) -> PublicTable:
    if not key or not node["name"].startswith(PUBLIC_PREFIX):
        raise DrlakeError(
            f"Model {node['name']} of schema public has no test unique_key, or a name that does "
            f"not begin with {PUBLIC_PREFIX}. Correct it in sql/models/public."
        )
    columns = tuple(_column(node["name"], column) for column in node["columns"].values())
    name = node["name"].removeprefix(PUBLIC_PREFIX)
    return PublicTable(name, _sentence(node["description"]), key, columns)


def _column(model: str, column: Mapping[str, Any]) -> PublicColumn:
    meta = {**column.get("meta", {}), **column.get("config", {}).get("meta", {})}
    missing = [name for name in ("unit", "source") if not meta.get(name)]
    if missing or not column["description"]:
        raise DrlakeError(
            f"{model}.{column['name']} is public but has no "
            f"{', '.join(missing or ['description'])}. Declare it in sql/models/public."
        )
    return PublicColumn(
        column["name"],
        str(column["data_type"]),
        _sentence(column["description"]),
        str(meta["unit"]),
        str(meta["source"]),
    )


def _sentence(text: str) -> str:
    """The text on one line, ending with a full stop."""
    words = " ".join(text.split())
    return words if words.endswith(".") else f"{words}."
