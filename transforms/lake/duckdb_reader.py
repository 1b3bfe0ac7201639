"""Lets DuckDB read the Parquet files of a lake: from a disk itself, else through fsspec.

DuckDB opens a file several times per query, and asks for its size and time each time. So a file of
a remote lake is fetched whole and once, together with the next ones of its list, and is kept in
memory for a while. No extension of DuckDB is needed.
"""

from __future__ import annotations

import io
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import Any

import duckdb
from fsspec import AbstractFileSystem

from transforms.lake.lake import Lake
from transforms.tables.generated_files import LOCATIONS

PROTOCOL = "drlake"
FILES_TOGETHER = 64
BYTES_KEPT = 256 * 1024**2
"""Memory for fetched files of one connection; the files of one list may need more."""

ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""DuckDB asks when a file was changed; one that it reads is not changed meanwhile."""


def quoted(text: str) -> str:
    """The text as a literal of SQL."""
    return "'" + text.replace("'", "''") + "'"


class LakeReader:
    """Reads tables of one lake in one or more connections of DuckDB."""

    def __init__(self, lake: Lake) -> None:
        self.lake = lake
        self._remote = None if lake.is_local else _RemoteFiles(lake)

    @contextmanager
    def connect(self, database: str = ":memory:", **config: Any) -> Iterator[Any]:
        """A connection that can read what `rows` names."""
        with duckdb.connect(database, config=config) as connection:
            if self._remote is not None:
                connection.register_filesystem(self._remote)
            yield connection

    def rows(self, paths: Sequence[str]) -> str:
        """The expression that reads these files of the lake, and no other."""
        names = paths if self._remote is None else self._remote.listed(paths)
        listed = ", ".join(quoted(name) for name in names)
        return f"read_parquet([{listed}], hive_partitioning = false)"

    def table(self, name: str) -> str:
        """The expression that reads a table of the lake, from the files that it has now."""
        return self.rows(self.lake.table_files(LOCATIONS[name]))

    def folder(self, name: str) -> str:
        """A folder of the lake in the form in which a query may read files below it."""
        path = self.lake.path(name)
        return path if self._remote is None else f"{PROTOCOL}://{path}"


class _RemoteFiles(AbstractFileSystem):  # type: ignore[misc]
    """The files of a remote lake as a file system that DuckDB can register."""

    protocol = PROTOCOL
    cachable = False

    def __init__(self, lake: Lake) -> None:
        super().__init__()
        self._lake, self._lock = lake, Lock()
        self._together: dict[str, tuple[str, ...]] = {}
        self._kept: OrderedDict[str, bytes] = OrderedDict()

    def listed(self, paths: Sequence[str]) -> list[str]:
        """Names of these files for DuckDB; those that follow each other are fetched together."""
        for start in range(0, len(paths), FILES_TOGETHER):
            group = tuple(paths[start : start + FILES_TOGETHER])
            self._together |= dict.fromkeys(group, group)
        return [f"{PROTOCOL}://{path}" for path in paths]

    def glob(self, path: str, **_: Any) -> list[str]:
        """The file itself, without a request, or the files that match a pattern."""
        name = _path(path)
        if name in self._together:
            return [path]
        return self.listed(self._lake.files(self._below(name)))

    def open(self, path: str, mode: str = "rb", **_: Any) -> io.BytesIO:
        """The whole file, for reading."""
        return io.BytesIO(self._bytes(_path(path)))

    def size(self, path: str) -> int:
        """Size in bytes."""
        return len(self._bytes(_path(path)))

    def modified(self, path: str) -> datetime:
        """A time that is the same for every file."""
        return ANY_TIME

    def _below(self, path: str) -> str:
        return path.removeprefix(self._lake.path(""))

    def _bytes(self, path: str) -> bytes:
        """The bytes of a file; DuckDB asks from several threads."""
        with self._lock:
            if path not in self._kept:
                group = self._together.get(path, (path,))
                self._drop_oldest()
                self._kept.update(zip(group, self._lake.read_many(group), strict=True))
            self._kept.move_to_end(path)
            return self._kept[path]

    def _drop_oldest(self) -> None:
        kept = sum(map(len, self._kept.values()))
        while kept > BYTES_KEPT:
            kept -= len(self._kept.popitem(last=False)[1])


def _path(name: str) -> str:
    return name.removeprefix(f"{PROTOCOL}://")
