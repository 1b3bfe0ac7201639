"""What a facility has sent before: the signatures of its files, and the objects in them.

Both are lists of what its outcomes of stage `receive` say (`lake/known.py`). A visit needs the
signatures; the objects are read only if it brings something.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from transforms.lake.compacted import is_compacted
from transforms.lake.known import Known
from transforms.lake.lake import Lake
from transforms.lake.listings import Found
from transforms.lake.stored_tables import PARTITION, table_of_bytes

SIGNATURES: Mapping[str, pa.DataType] = {"signature_key": pa.string()}
OBJECTS: Mapping[str, pa.DataType] = {
    name: pa.string() for name in ("signature_key", "name_key", "object_sha256", "outcome")
}


@dataclass
class Earlier:
    """What one facility has sent before."""

    lake: Lake
    facility_id: str

    @cached_property
    def _files(self) -> list[Found]:
        listed = self.lake.listed("outcomes", "receive", f"{PARTITION}{self.facility_id}")
        return self.lake.in_force("outcomes/receive", listed)

    def has(self, submission_id: str) -> bool:
        """Whether the facility has sent this submission."""
        if any(one.stem == submission_id for one in self._files):
            return True
        if not any(is_compacted(one.stem) for one in self._files):
            return False
        return submission_id in self.lake.compacted(self.facility_id).year_of

    @cached_property
    def signatures(self) -> frozenset[str]:
        """Signatures of the files that were received; they are not read again."""
        rows = self._known("signatures", SIGNATURES)
        return frozenset(rows.column("signature_key").to_pylist()) - {None}

    @cached_property
    def _objects(self) -> list[tuple[str | None, str, str | None, str]]:
        rows = self._known("objects", OBJECTS)
        columns = (rows.column(name).to_pylist() for name in OBJECTS)
        return list(zip(*columns, strict=True))

    @property
    def told(self) -> set[tuple[str, str | None]]:
        """Name and checksum of files without a signature: they are reported only once."""
        return {(name, sha256) for signature, name, sha256, _ in self._objects if not signature}

    @property
    def received(self) -> set[str | None]:
        """Checksums of the objects that the lake has."""
        return {sha256 for _, _, sha256, outcome in self._objects if outcome == "received"}

    def _known(self, purpose: str, columns: Mapping[str, pa.DataType]) -> pa.Table:
        def read(fresh: Sequence[Found]) -> Iterator[pa.Table]:
            for data in self.lake.read_many(one.path for one in fresh):
                yield table_of_bytes(data).select(list(columns))

        return Known(self.lake, purpose, self.facility_id, columns, read).rows(self._files)
