"""One lake and one warehouse for all `test_sql_*` modules: dbt runs once.

A module adds its rows to the lake with a function `put_rows(lake_rows)`; its facility ids are its
own, so modules do not disturb each other. A module that also queries the rows of another names that
module in `WITH_ROWS_OF`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.lakes.export_folder import hospital  # noqa: F401 - a fixture of test_receive_*
from tests.support.lakes.lake_rows import LakeRows
from transforms.dbt_build.warehouse import build
from transforms.lake.lake import Lake
from transforms.settings import Settings


@dataclass(frozen=True)
class Warehouse:
    """A built lake, and queries on its DuckDB file."""

    lake: Path
    counts: dict[str, int]
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
    asked = {item.module for item in request.session.items}
    asked |= {other for module in asked for other in getattr(module, "WITH_ROWS_OF", ())}
    for module in sorted(asked, key=lambda module: str(module.__name__)):
        if hasattr(module, "put_rows"):
            module.put_rows(lake_rows)
    counts = build(Settings(lake=str(folder)), echo=lambda line: None, unit_tests=True)
    file = folder / "warehouse" / "drl.duckdb"
    with duckdb.connect(str(file), read_only=True) as connection:
        yield Warehouse(folder, counts, connection)
