"""Read-only queries against the last built warehouse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb

from transforms.errors import DrlakeError
from transforms.lake.lake import Lake

WAREHOUSE = ("warehouse", "drl.duckdb")
"""Path below the lake."""


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
    path = local_warehouse(lake)
    if path is None:
        yield None
        return
    with duckdb.connect(str(path), read_only=True) as connection:
        yield Warehouse(connection)


def local_warehouse(lake: Lake) -> Path | None:
    """The lake's warehouse, or a copy on this machine of that of a remote lake; None before it."""
    return lake.local_copy(*WAREHOUSE)
