"""Part files: worker processes write a submission's tables in parts, which are then joined.

Every part is an Arrow stream of one table. The joined file has its row groups at fixed numbers of
chunks and is read and written one row group at a time, so that memory does not grow with the
submission and the bytes depend only on the objects, not on which worker decoded them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import WorkerError
from transforms.lake import commit_points
from transforms.lake.commit_points import CommitPoint
from transforms.lake.lake import PARQUET_OPTIONS, arrow_table
from transforms.tables.schema import Table

CHUNKS_PER_ROW_GROUP = 16
"""About 4,000 to 8,000 reports: a few MB of memory, and row groups of a size that suits DuckDB."""


def write_part(
    folder: Path, table: Table, part: tuple[int, int], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Write the rows of one table from one part of a chunk; without rows no file is written."""
    path = part_path(folder, table, part)
    path.unlink(missing_ok=True)  # a worker that ended early may have begun it
    if rows:
        batch = arrow_table(table, rows)
        stream = pa.BufferOutputStream()  # a file object would be written piece by piece
        with pa.ipc.new_stream(stream, batch.schema) as writer:
            writer.write(batch)
        path.write_bytes(stream.getvalue())
        commit_points.announce(CommitPoint.PART_WRITTEN)


def part_path(folder: Path, table: Table, part: tuple[int, int]) -> Path:
    """Path of a part, named by its chunk and the position within the chunk."""
    chunk, position = part
    return folder / f"{table.name}.{chunk:06d}.{position:04d}.arrow"


def read_part(path: Path) -> pa.Table:
    """Rows of one part."""
    return pa.ipc.open_stream(pa.BufferReader(path.read_bytes())).read_all()


def joined_path(folder: Path, table: Table) -> Path:
    """Path of the joined file of a table before it is moved into the lake."""
    return folder / f"{table.name}.joined"


@dataclass(frozen=True, slots=True)
class JoinJob:
    """Join the parts of one table, chunk by chunk, into one Parquet file in the parts' folder."""

    folder: Path
    chunks: tuple[tuple[tuple[int, int], ...], ...]
    table: Table
    again: bool = False

    def work(self, reader: object) -> None:
        """Write the file; it is on the disk only after a flush. OSError if writing fails."""
        schema = self.table.arrow_schema()
        remaining = iter(self.chunks)
        path = joined_path(self.folder, self.table)
        with pq.ParquetWriter(path, schema, **PARQUET_OPTIONS) as writer:
            while group := list(islice(remaining, CHUNKS_PER_ROW_GROUP)):
                paths = [part_path(self.folder, self.table, part) for one in group for part in one]
                pieces = [read_part(path) for path in paths if path.exists()]
                rows = pa.concat_tables([schema.empty_table(), *pieces]).combine_chunks()
                if rows.num_rows:
                    writer.write(rows, row_group_size=rows.num_rows)
        commit_points.announce(CommitPoint.TABLE_JOINED)

    def split(self) -> Sequence[JoinJob]:
        """The same job again: it reads no received object, so none can be the cause."""
        return () if self.again else (replace(self, again=True),)

    def outcome_of_crash(self, exit_code: int) -> None:
        """Raises WorkerError: no object is the cause; the next run decodes all again."""
        raise WorkerError(
            f"A worker process ended with exit code {exit_code} while it wrote {self.table.name}. "
            "Check that this machine has enough memory, then run again. No data is lost: the "
            "submission is decoded again."
        )
