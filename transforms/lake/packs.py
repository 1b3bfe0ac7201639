"""A pack: the received objects of one submission as rows of one Parquet file.

The rows are in the order in which the submission lists its objects, each object once, so the
submission decides the bytes of its pack, and a worker that decodes a part of the submission reads
only the row groups of that part. An object is found by its checksum in the column of checksums.
Statistics are written for that column only: those of the content would show parts of it.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import DrlakeError

SHA256, CONTENT = "object_sha256", "content"
SCHEMA = pa.schema([pa.field(SHA256, pa.string(), False), pa.field(CONTENT, pa.binary(), False)])

OBJECTS_PER_GROUP = 64
"""Objects that are compressed and read together. Reports of one device resemble each other: 64 need
two thirds of the bytes of 16, and 128 nearly as many as 64."""

BYTES_PER_GROUP = 16 * 1024**2
"""A row group with this many bytes is complete with fewer objects. Packs are written and read one
row group at a time, so this and the size of the largest object limit the memory."""

OPTIONS: Mapping[str, Any] = {
    "compression": "zstd",
    "compression_level": 1,
    "use_dictionary": False,
    "write_page_checksum": True,
    "write_statistics": [SHA256],
}


def write_pack(path: Path, objects: Iterable[tuple[str, bytes]]) -> None:
    """Write checksums and contents; the file is on the disk only after a flush."""
    with pq.ParquetWriter(path, SCHEMA, **OPTIONS) as writer:
        for group in _groups(objects):
            columns = zip(*group, strict=True)
            arrays = [
                pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=SCHEMA), len(group))


def _groups(objects: Iterable[tuple[str, bytes]]) -> Iterator[list[tuple[str, bytes]]]:
    """Successive objects of one row group each."""
    group: list[tuple[str, bytes]] = []
    n_bytes = 0
    for one in objects:
        group.append(one)
        n_bytes += len(one[1])
        if len(group) == OBJECTS_PER_GROUP or n_bytes >= BYTES_PER_GROUP:
            yield group
            group, n_bytes = [], 0
    if group:
        yield group


class Pack:
    """A pack on this machine. The row group that was read last stays in memory.

    It is opened by the first reading. DrlakeError with the cure if the file is lost or damaged, or
    lacks an object.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._opened: pq.ParquetFile | None = None
        self._rows: dict[str, int] = {}
        self._starts: list[int] = []
        self._number = -1
        self._contents: pa.ChunkedArray | None = None

    def _file(self) -> pq.ParquetFile:
        """The open file. (A cached_property has a lock, which a disk that hangs would hold.)"""
        if self._opened is None:
            self._opened = self._open()
            groups = range(self._opened.num_row_groups)
            sizes = [self._opened.metadata.row_group(number).num_rows for number in groups]
            self._starts = [0, *accumulate(sizes)]
            checksums = self._column(groups, SHA256).to_pylist()
            self._rows = {sha256: row for row, sha256 in enumerate(checksums)}
        return self._opened

    def _open(self) -> pq.ParquetFile:
        try:
            source = pa.OSFile(str(self._path))
        except FileNotFoundError:
            raise unusable(self._path.name, "is lost") from None
        try:
            return pq.ParquetFile(source, page_checksum_verification=True)
        except (OSError, pa.ArrowException) as fault:
            raise self._damage(fault) from None

    def checksums(self) -> list[str]:
        """The checksums of all objects, in the order of the pack."""
        self._file()
        return list(self._rows)

    def read(self, sha256: str) -> bytes:
        """The bytes of one object."""
        self._file()
        if sha256 not in self._rows:
            raise unusable(self._path.name, "lacks an object")
        row = self._rows[sha256]
        number = bisect(self._starts, row) - 1
        if self._contents is None or number != self._number:
            self._contents = self._column([number], CONTENT)
            self._number = number
        content: bytes = self._contents[row - self._starts[number]].as_py()
        return content

    def _column(self, groups: Sequence[int], name: str) -> pa.ChunkedArray:
        try:
            return self._file().read_row_groups(groups, [name], use_threads=False).column(0)
        except (OSError, pa.ArrowException) as fault:
            raise self._damage(fault) from None

    def _damage(self, fault: Exception) -> Exception:
        """The error to raise: Arrow's own errors are faults of the file, others of the disk."""
        if isinstance(fault, OSError) and fault.errno is not None:
            return fault
        return unusable(self._path.name, "is damaged")


def unusable(name: str, problem: str) -> DrlakeError:
    """The error for a pack that is lost or damaged, with the cure."""
    return DrlakeError(
        f"The pack of received objects {name} {problem}. Restore it from a copy of the lake."
    )
