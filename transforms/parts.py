"""Part files: what several processes write of one submission's tables, and their joining.

Every part is an Arrow stream of one table. The joined file has its row groups at fixed numbers of
chunks and is read and written one row group at a time, so that memory does not grow with the
submission and the bytes depend on the objects only, not on who decoded which of them.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import DrlakeError, UsageError
from transforms.lake import PARQUET_OPTIONS, Lake, arrow_table
from transforms.schema import Table

CHUNKS_PER_ROW_GROUP = 16
"""Some 4,000 to 8,000 reports: few MB of memory, and row groups that DuckDB reads well."""


@contextmanager
def part_folder(lake: Lake, submission_id: str) -> Iterator[Path]:
    """A folder of this run for the parts of one submission, removed afterwards.

    It stands in the lake, or in the system's temporary folder where the lake is remote.
    """
    parent = _part_parent(lake)
    if parent is not None:
        _remove_abandoned(parent, submission_id)
        parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix=f"{submission_id}.{os.getpid()}.", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def write_part(
    folder: Path, table: Table, part: tuple[int, int], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write the rows of one table that came out of one part of a chunk; no file without rows."""
    path = part_path(folder, table, part)
    path.unlink(missing_ok=True)  # a worker that died may have begun it
    if rows:
        batch = arrow_table(table, rows)
        with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, batch.schema) as writer:
            writer.write(batch)


def part_path(folder: Path, table: Table, part: tuple[int, int]) -> Path:
    """Where the part stands: chunk and position within the chunk."""
    chunk, position = part
    return folder / f"{table.name}.{chunk:06d}.{position:04d}.arrow"


def read_part(path: Path) -> pa.Table:
    """The rows of one part."""
    return pa.ipc.open_stream(pa.BufferReader(path.read_bytes())).read_all()


@dataclass(frozen=True, slots=True)
class JoinJob:
    """Join the parts of one table, chunk by chunk, into one Parquet file of the lake."""

    lake: Lake
    folder: Path
    chunks: tuple[tuple[tuple[int, int], ...], ...]
    table: Table
    path: str
    flush: bool = False

    def work(self, reader: object) -> None:
        """Write under a temporary name and put the file in its place. OSError where that fails.

        With `flush` it is on the disk before it has its name, else `Lake.flush` comes later.
        """
        schema = self.table.arrow_schema()
        joined = self.folder / f"{self.table.name}.joined"
        remaining = iter(self.chunks)
        with pq.ParquetWriter(joined, schema, **PARQUET_OPTIONS) as writer:
            while group := list(islice(remaining, CHUNKS_PER_ROW_GROUP)):
                paths = [part_path(self.folder, self.table, part) for one in group for part in one]
                pieces = [read_part(path) for path in paths if path.exists()]
                rows = pa.concat_tables([schema.empty_table(), *pieces]).combine_chunks()
                if rows.num_rows:
                    writer.write(rows, row_group_size=rows.num_rows)
        if self.flush:
            with joined.open("rb") as file:
                os.fsync(file.fileno())
        _publish(self.lake, joined, self.path)

    def split(self) -> Sequence[JoinJob]:
        """Nothing: what is joined are rows of drlake's own."""
        return ()

    def condemned(self, exit_code: int) -> None:
        """No object is to blame; the submission is joined again at the next run."""
        raise DrlakeError(
            f"A worker ended with {exit_code} while it wrote {self.table.name}. Check the memory "
            "of this machine and run again: nothing is lost, the submission is decoded once more."
        )


def _publish(lake: Lake, source: Path, path: str) -> None:
    """Put a finished file in its place, at once where the lake is local."""
    fs = fsspec.core.url_to_fs(lake.url)[0]
    fs.makedirs(path.rpartition("/")[0], exist_ok=True)
    if _part_parent(lake) is None:
        fs.put_file(str(source), path)
        return
    source.chmod(0o644)
    source.replace(path)


def _part_parent(lake: Lake) -> Path | None:
    """`<lake>/parts`; None where the lake is not on a local disk."""
    try:
        return Path(lake.local_root()) / "parts"
    except UsageError:
        return None


def _remove_abandoned(parent: Path, submission_id: str) -> None:
    """Remove what a process that no longer lives has left of this submission."""
    for folder in parent.glob(f"{submission_id}.*"):
        owner = folder.name.removeprefix(f"{submission_id}.").split(".")[0]
        if owner.isdigit() and not _lives(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


def _lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
