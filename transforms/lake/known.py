"""What was read of files before, so that only new or changed files are read again.

`known/<purpose>/<facility>.parquet` has rows of files with the version of each file. The files
themselves stay the truth: what is known of a file counts only while the lake has that version. A
list that is lost, old or unreadable costs time only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from transforms.lake.lake import Lake, table_bytes
from transforms.lake.listings import Found
from transforms.lake.stored_tables import table_of_bytes

FOLDER = "known"
FILE, VERSION = "file", "version"

Read = Callable[[Sequence[Found]], Iterator[pa.Table]]
"""Reads files: for each of them a table of one row or more, in their order."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is kept of the files of one facility for one purpose.

    `columns` are those of the rows; `read` reads files that are not known. Every file must have a
    row, or it is read each time.
    """

    lake: Lake
    purpose: str
    facility_id: str
    columns: Mapping[str, pa.DataType]
    read: Read

    def rows(self, found: Sequence[Found]) -> pa.Table:
        """The rows of these files, with column `file`: the path below the lake.

        Files that are not known are read, and the list is written again without what is no more.
        """
        kept = self._kept()
        versions = {self._name(one): _version(one) for one in found}
        known = dict(_versions(kept))
        fresh = [one for one in found if known.get(self._name(one)) != _version(one)]
        gone = [name for name in known if known[name] != versions.get(name)]
        if not fresh and not gone:
            return kept
        left = kept.filter(pc.invert(pc.is_in(kept.column(FILE), pa.array(gone, pa.string()))))
        read = [
            self._with_file(one, rows) for one, rows in zip(fresh, self.read(fresh), strict=True)
        ]
        rows = pa.concat_tables([left, *read])
        self.lake.write_bytes(self._path, table_bytes(rows))
        return rows

    @property
    def _path(self) -> str:
        return self.lake.path(FOLDER, self.purpose, f"{self.facility_id}.parquet")

    @property
    def _schema(self) -> pa.Schema:
        return pa.schema({FILE: pa.string(), VERSION: pa.string(), **self.columns})

    def _kept(self) -> pa.Table:
        """The list as it was written, or an empty one."""
        ((_, data),) = self.lake.read_found([self._path])
        try:
            rows = None if data is None else table_of_bytes(data)
        except (pa.ArrowException, OSError):
            rows = None
        return self._schema.empty_table() if rows is None or rows.schema != self._schema else rows

    def _with_file(self, one: Found, rows: pa.Table) -> pa.Table:
        names = {FILE: self._name(one), VERSION: _version(one)}
        columns = [pa.repeat(pa.scalar(text, pa.string()), len(rows)) for text in names.values()]
        columns += [rows.column(name) for name in self.columns]
        return pa.table(columns, schema=self._schema)

    def _name(self, one: Found) -> str:
        return one.path.removeprefix(self.lake.path(""))


def _version(one: Found) -> str:
    return f"{one.size}.{one.version}"


def _versions(kept: pa.Table) -> Iterable[tuple[str, str]]:
    """Each file with its version, once."""
    files = kept.select([FILE, VERSION]).group_by([FILE, VERSION]).aggregate([])
    columns: list[list[Any]] = [files.column(name).to_pylist() for name in (FILE, VERSION)]
    return zip(*columns, strict=True)
