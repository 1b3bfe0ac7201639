"""One lake and one warehouse for all modules that read a built warehouse: dbt runs once.

A module puts the rows it asks about into the lake with a function `put_rows(lake_rows)`;
facility ids are its own, so modules do not disturb each other. One that asks for the rows of
another module too names that module in `WITH_ROWS_OF`. One that needs mapping rules besides the
packaged ones gives all of them with a function `mapping_rules(folder)`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest

from tests.support.lakes.export_folder import hospital  # noqa: F401 - a fixture of test_receive_*
from tests.support.lakes.lake_rows import LakeRows
from transforms.dbt_build.warehouse import build
from transforms.lake.lake import Lake
from transforms.mapping.rules import rules_csv
from transforms.settings import Settings


@dataclass(frozen=True)
class Warehouse:
    """A built lake, what the build said, and questions to its DuckDB file."""

    lake: Path
    counts: dict[str, int]
    said: list[str]
    connection: Any

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        """Rows of a query, with its parameters in the order of the question marks."""
        return self.connection.execute(query, parameters).fetchall()


@pytest.fixture(scope="session")
def warehouse(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warehouse]:
    folder = tmp_path_factory.mktemp("warehouse") / "lake"
    lake_rows = LakeRows(Lake(str(folder)))
    modules = asking_modules(request.session.items)
    for module in modules:
        if hasattr(module, "put_rows"):
            module.put_rows(lake_rows)
    settings = Settings(lake=str(folder), rules=rules_file(folder.parent, modules))
    said: list[str] = []
    counts = build(settings, echo=said.append, unit_tests=True)
    file = folder / "warehouse" / "drl.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        yield Warehouse(folder, counts, said, connection)


def asking_modules(items: list[pytest.Item]) -> list[ModuleType]:
    """The modules of these tests and those whose rows they ask for, by name."""
    asked = {item.module for item in items if isinstance(item, pytest.Function)}
    asked |= {other for module in asked for other in getattr(module, "WITH_ROWS_OF", ())}
    return sorted(asked, key=lambda module: str(module.__name__))


def rules_file(folder: Path, modules: list[ModuleType]) -> str | None:
    """The file of the rules that one of the modules asks for; None for the packaged rules."""
    asked = [module.mapping_rules for module in modules if hasattr(module, "mapping_rules")]
    if not asked:
        return None
    (mapping_rules,) = asked
    path = folder / "rules.csv"
    path.write_text(rules_csv(mapping_rules(folder)), encoding="utf-8")
    return str(path)
