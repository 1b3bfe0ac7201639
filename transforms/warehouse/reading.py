"""Read-only queries against the last built warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import duckdb

from transforms.errors import DrlakeError
from transforms.lake.lake import Lake


class Warehouse:
    """The warehouse of the last build, open for reading."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def rows(self, query: str, *parameters: Any) -> list[dict[str, Any]]:
        """The rows of a query as dicts; DrlakeError if another version built the warehouse."""
        try:
            cursor = self._connection.execute(query, parameters)
        except duckdb.CatalogException:
            raise DrlakeError(
                "The warehouse was built by another version of drlake. Run `drlake build`."
            ) from None
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


@contextmanager
def open_warehouse(lake: Lake) -> Iterator[Warehouse | None]:
    """Open the lake's warehouse; None before the first build."""
    path = lake.path("warehouse", "drl.duckdb")
    if not lake.exists(path):
        yield None
        return
    with duckdb.connect(path, read_only=True) as connection:
        yield Warehouse(connection)
