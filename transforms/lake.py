"""The lake: where every file stands, and the only code that writes Parquet into it.

A path is a function of the submission, so running again overwrites the same file with the
same bytes. Names are made here; no text of a hospital ever becomes part of a path.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem

from transforms import commit_points, local_disk
from transforms.commit_points import CommitPoint
from transforms.errors import UsageError
from transforms.schema import Table
from transforms.tables import (
    FACILITY,
    FACILITY_PULL,
    FINDING,
    OBJECT_OUTCOME,
    REPORT_TABLES,
    STATEMENT,
    SUBMISSION,
)
from transforms.tables.facility_pull import PULL_STAGE
from transforms.tables.object_outcome import STAGES

FACILITY_ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")

ZONES: Mapping[str, tuple[Table, ...]] = {
    "decoded": (*REPORT_TABLES, SUBMISSION),
    "accepted": (*REPORT_TABLES, SUBMISSION),
    "validated": (FINDING,),
    "registry": (FACILITY,),
}
EMPTY = "_empty"
"""Stem of the file without rows that lets DuckDB read a zone before its first submission."""


PARQUET_OPTIONS: Mapping[str, Any] = {"compression": "zstd", "compression_level": 1}
"""How every Parquet file of a lake is compressed."""


@dataclass(frozen=True, slots=True)
class Lake:
    """One lake at a folder or fsspec URL."""

    url: str

    def path(self, *parts: str) -> str:
        """Path of something in the lake, as its file system wants it."""
        return "/".join((self._root(), *parts))

    def table_path(self, zone: str, table: Table, submission_id: str) -> str:
        """`<lake>/<zone>/<table>/<submission_id>.parquet`."""
        return self.path(zone, table.name, f"{submission_id}.parquet")

    def outcomes_path(self, stage: str, submission_id: str) -> str:
        """`<lake>/outcomes/<stage>/<submission_id>.parquet`."""
        return self.path("outcomes", stage, f"{submission_id}.parquet")

    def statements_path(self, name: str) -> str:
        """`<lake>/statements/<facility_id>.<digest>.parquet`."""
        return self.path("statements", f"{name}.parquet")

    def object_path(self, facility_id: str, object_sha256: str) -> str:
        """`<lake>/received/<facility_id>/<sha256>.dcm`."""
        return self.path("received", facility_id, f"{object_sha256}.dcm")

    def prepare(self) -> None:
        """Make every folder, with an empty Parquet file per table; remove what is abandoned."""
        self.remove_abandoned()
        for zone, tables in ZONES.items():
            for table in tables:
                self._write_once(self.table_path(zone, table, EMPTY), table)
        for stage in STAGES:
            self._write_once(self.outcomes_path(stage, EMPTY), OBJECT_OUTCOME)
        self._write_once(self.outcomes_path(PULL_STAGE, EMPTY), FACILITY_PULL)
        self._write_once(self.statements_path(EMPTY), STATEMENT)
        received = self.path("received")
        self._fs().makedirs(received, exist_ok=True)
        if self._is_local():
            Path(received).chmod(0o700)

    def write_table(
        self,
        zone: str,
        table: Table,
        submission_id: str,
        rows: Iterable[Mapping[str, Any]],
        flush: bool = True,
    ) -> None:
        """Write a submission's rows of one table, all at once or not at all."""
        data = parquet_bytes(table, rows)
        self.write_bytes(self.table_path(zone, table, submission_id), data, flush=flush)

    def write_outcomes(
        self, stage: str, submission_id: str, rows: Iterable[Mapping[str, Any]]
    ) -> None:
        """Write a submission's object outcomes of one stage."""
        data = parquet_bytes(OBJECT_OUTCOME, rows)
        self.write_bytes(self.outcomes_path(stage, submission_id), data)

    def withdraw_outcomes(self, stage: str, submission_id: str) -> None:
        """Remove the outcomes of a stage, on the disk as well, before its tables are replaced."""
        path = self.outcomes_path(stage, submission_id)
        if self.exists(path):
            with self.flushed():
                self.remove(path)
            commit_points.reached(CommitPoint.OUTCOMES_WITHDRAWN)

    def read_table(self, zone: str, table: Table, submission_id: str) -> pa.Table:
        """A submission's rows of one table."""
        return self._read(self.table_path(zone, table, submission_id))

    def read_outcomes(self, stage: str, submission_id: str) -> pa.Table:
        """A submission's object outcomes of one stage."""
        return self._read(self.outcomes_path(stage, submission_id))

    def statement_files(self, facility_id: str | None = None) -> list[str]:
        """Paths of the statements of one facility, or of all, in order."""
        paths = self._fs().glob(self.path("statements", f"{facility_id or '*'}.*.parquet"))
        return sorted(str(path) for path in paths)

    def read_rows(self, path: str) -> list[dict[str, Any]]:
        """The rows of one Parquet file of the lake."""
        rows: list[dict[str, Any]] = self._read(path).to_pylist()
        return rows

    def submissions(self, stage: str, facility_id: str | None = None) -> list[str]:
        """Submissions that have passed through a stage, in order of their names."""
        paths = self._fs().glob(self.path("outcomes", stage, "*.parquet"))
        names = sorted(PurePosixPath(path).stem for path in paths)
        return [
            name
            for name in names
            if name != EMPTY and (facility_id is None or facility_of(name) == facility_id)
        ]

    def write_bytes(
        self, path: str, data: bytes, *, private: bool = False, flush: bool = True
    ) -> None:
        """Write under a temporary name, have it on the disk, rename into place.

        Without `flush` it is on the disk at the end of `flushed`.
        """
        self._write(path, data, private=private, flush=flush)

    def write_bytes_once(self, path: str, data: bytes, *, private: bool = False) -> None:
        """Write unless the file is there: of several writers at once, exactly one wins."""
        if self._is_local() or not self.exists(path):
            self._write(path, data, private=private, once=True)

    def _write(
        self, path: str, data: bytes, *, private: bool, once: bool = False, flush: bool = True
    ) -> None:
        self._make_parent(path)
        if not self._is_local():
            self._fs().pipe_file(path, data)
            return
        mode = local_disk.PRIVATE if private else local_disk.READABLE
        temporary = self.temporary_path()
        local_disk.write_whole(path, data, temporary, mode=mode, once=once, flush=flush)

    def _make_parent(self, path: str) -> None:
        parent = path.rpartition("/")[0]
        if not (self._is_local() and os.path.isdir(parent)):  # noqa: PTH112 - for every object
            self._fs().makedirs(parent, exist_ok=True)

    def keep_object(self, facility_id: str, object_sha256: str, data: bytes) -> None:
        """Keep the bytes of a received object, readable by the owner only.

        Nothing may refer to it before the end of `flushed`: flushing each object by itself takes
        ten times as long as writing it. What stands there already is written again: a run that
        was cut off may have left a part of it, and after an error of the disk the system shows
        bytes that are not on it.
        """
        path = self.object_path(facility_id, object_sha256)
        if not self._is_local():
            if not self.exists(path):
                self._fs().pipe_file(path, data)
            return
        self._make_parent(path)
        try:
            local_disk.write_new(path, data)
        except FileExistsError:
            self.write_bytes(path, data, private=True, flush=False)

    def put_file(self, source: Path, path: str) -> None:
        """Give a finished file its place, at once where the lake is local."""
        self._make_parent(path)
        if self._is_local():
            source.chmod(local_disk.READABLE)
            source.replace(path)
        else:
            self._fs().put_file(str(source), path)

    @contextmanager
    def flushed(self) -> Iterator[None]:
        """What is written into the lake meanwhile is on its disk at the end, or OSError."""
        with local_disk.flushed(self._root()) if self._is_local() else nullcontext():
            yield

    @contextmanager
    def locked(self, name: str) -> Iterator[None]:
        """Wait until no other process works on this facility or submission, and keep it so.

        A remote lake has no locks: there one scheduler has to give each of them to one task.
        """
        if not self._is_local():
            yield
            return
        with local_disk.locked(self.path("locks", f"{name}.lock")):
            commit_points.reached(CommitPoint.LOCKED)
            yield

    @contextmanager
    def temporary_folder(self, name: str) -> Iterator[Path]:
        """A folder on a local disk, removed afterwards: in the lake, or where that is remote."""
        if self._is_local():
            with local_disk.temporary_folder(self.temporary_path(), name) as folder:
                yield folder
        else:
            with tempfile.TemporaryDirectory(prefix=f"{name}.") as made:
                yield Path(made)

    def temporary_path(self) -> str:
        """`<lake>/temporary`: what has not its name yet."""
        return self.path("temporary")

    def remove_abandoned(self) -> None:
        """Remove what runs have left that were cut off."""
        if self._is_local():
            local_disk.remove_abandoned(self.temporary_path())
            local_disk.remove_abandoned(self.path("locks"))

    def read_bytes(self, path: str) -> bytes:
        """The bytes of one file of the lake."""
        return read_file(self._fs(), path)

    def read_object(self, facility_id: str, object_sha256: str) -> bytes:
        """The bytes of one received object."""
        return self.read_bytes(self.object_path(facility_id, object_sha256))

    def exists(self, path: str) -> bool:
        """Whether the lake has this file."""
        return Path(path).exists() if self._is_local() else bool(self._fs().exists(path))

    def journal_files(self, facility_id: str) -> list[str]:
        """What `receive/remote_journal.py` has written of a facility."""
        return sorted(self._fs().glob(self.path("journal", facility_id, "*.json")))

    def size(self, path: str) -> int:
        """Bytes of one file of the lake."""
        return int(self._fs().size(path))

    def modified(self, path: str) -> datetime:
        """When a file of the lake was written; it stands in no data."""
        when: datetime = self._fs().modified(path)
        return when

    def remove(self, path: str) -> None:
        """Remove one file if it is there."""
        if self.exists(path):
            self._fs().rm_file(path)

    def local_root(self) -> str:
        """The lake's folder; UsageError where the lake is not on a local disk."""
        if not self._is_local():
            raise UsageError(
                f"The warehouse needs a lake on a local disk, and {self.url} is not. "
                "Copy accepted/ and outcomes/ to a folder and name that with --lake."
            )
        return self._root()

    def _read(self, path: str) -> pa.Table:
        # Not pq.read_table on a Python file: its I/O threads can abort the interpreter at exit.
        buffer = pa.BufferReader(self.read_bytes(path))
        return pq.ParquetFile(buffer).read(use_threads=False)

    def _write_once(self, path: str, table: Table) -> None:
        if not self.exists(path):
            self.write_bytes(path, parquet_bytes(table, []))

    def _fs(self) -> Any:
        return _file_system(self.url)[0]

    def _root(self) -> str:
        return _file_system(self.url)[1]

    def _is_local(self) -> bool:
        return _is_local(self._fs())


@lru_cache(maxsize=32)
def _file_system(url: str) -> tuple[Any, str]:
    """File system and root of a lake; fsspec keeps the connection, this spares the parsing."""
    fs, root = fsspec.core.url_to_fs(url)
    return fs, str(root)


def _is_local(fs: Any) -> bool:
    return isinstance(fs, LocalFileSystem)


def read_file(fs: Any, path: str) -> bytes:
    """The bytes of a file; fsspec takes three times as long for a local one."""
    if not _is_local(fs):
        data: bytes = fs.cat_file(path)
        return data
    with open(path, "rb") as file:  # noqa: PTH123 - for every object
        return file.read()


def parquet_bytes(table: Table, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as a Parquet file of the table's schema: same rows, same bytes."""
    buffer = io.BytesIO()
    pq.write_table(arrow_table(table, list(rows)), buffer, **PARQUET_OPTIONS)
    return buffer.getvalue()


def arrow_table(table: Table, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table, made column by column; a column that a row lacks is NULL."""
    schema = table.arrow_schema()
    arrays = [pa.array([row.get(field.name) for row in rows], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def facility_of(submission_id: str) -> str:
    """The facility that a submission id begins with: `F001` of `F001.<digest>.r1` too."""
    return submission_id.partition(".")[0]


def check_facility_id(facility_id: str) -> str:
    """Return the id if it is safe as a folder name, else raise UsageError."""
    if not FACILITY_ID_PATTERN.fullmatch(facility_id):
        raise UsageError(
            f"{facility_id!r} cannot be a facility id. Rename the export folder: 1 to 32 letters, "
            "digits, '-' or '_', beginning with a letter or digit."
        )
    return facility_id
