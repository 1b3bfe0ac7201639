"""What the YAML files of sql/ declare: descriptions, types and tests of every column."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from transforms.warehouse.sql_project import SQL

DOCS = re.compile(r"\{% docs (\w+) %\}(.*?)\{% enddocs %\}", re.DOTALL)
DOC = re.compile(r"\{\{ *doc\('(\w+)'\) *\}\}")


@dataclass(frozen=True, slots=True)
class DeclaredColumn:
    """A column: description, type under a contract, tests as written, `meta` (unit, source)."""

    name: str
    description: str
    data_type: str | None
    is_never_null: bool
    tests: Sequence[Any]
    meta: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Declared:
    """A model or seed with its description, its columns, and the tests of whole rows."""

    name: str
    description: str
    columns: Sequence[DeclaredColumn]
    tests: Sequence[Any]

    @property
    def key(self) -> Sequence[str]:
        """The columns that identify a row, as its test says; empty where it has no such test."""
        keys = [test["unique_key"] for test in self.tests if "unique_key" in test]
        return keys[0]["arguments"]["columns"] if keys else ()


@cache
def declared(folder: Path = SQL) -> Mapping[str, Declared]:
    """Every model and seed of the project, by name."""
    blocks = _doc_blocks(folder)
    return {
        entry["name"]: Declared(
            entry["name"],
            _described(entry, blocks),
            [_column(column, blocks) for column in entry.get("columns", ())],
            entry.get("data_tests", ()),
        )
        for entry in _entries(folder)
    }


def _entries(folder: Path) -> Iterator[Mapping[str, Any]]:
    for path in sorted([*folder.glob("models/**/*.yml"), *folder.glob("seeds/*.yml")]):
        if not path.stem.endswith("_unit_tests"):
            text = path.read_text(encoding="utf-8").strip()  # as dbt reads it
            read = yaml.load(text, yaml.CSafeLoader)
            yield from (*read.get("models", ()), *read.get("seeds", ()))


def _column(column: Mapping[str, Any], blocks: Mapping[str, str]) -> DeclaredColumn:
    kinds = [constraint["type"] for constraint in column.get("constraints", ())]
    return DeclaredColumn(
        column["name"],
        _described(column, blocks),
        column.get("data_type"),
        "not_null" in kinds,
        column.get("data_tests", ()),
        {**column.get("meta", {}), **column.get("config", {}).get("meta", {})},
    )


def _described(entry: Mapping[str, Any], blocks: Mapping[str, str]) -> str:
    """The description with its doc blocks; Jinja, which fills them in, drops the last newline."""
    text = str(entry.get("description", ""))
    if not DOC.search(text):
        return text
    return DOC.sub(lambda name: blocks[name[1]], text.removesuffix("\n"))


def _doc_blocks(folder: Path) -> dict[str, str]:
    paths = sorted(folder.glob("models/**/*.md"))
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return {name: block.strip() for text in texts for name, block in DOCS.findall(text)}
