"""A chunk of exported files into the lake: what one worker does with one job of receiving."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import fsspec

from transforms.lake import Lake, read_file

if TYPE_CHECKING:
    from transforms.decode.reader import ReportReader


class Entry(NamedTuple):
    """One file at an export location: the key of its name there, its path and its size."""

    name_key: str
    path: str
    size: int


class Received(NamedTuple):
    """One file as it arrived: the checksum of its bytes, or why it cannot be kept."""

    name_key: str
    sha256: str | None
    reason_code: str | None = None
    detail: str | None = None


class Fetched(NamedTuple):
    """What became of one job; `part` puts it in the order of the listing."""

    part: tuple[int, int]
    objects: list[Received]


@dataclass(frozen=True, slots=True)
class FetchJob:
    """Files of one facility to receive together, in the order of the listing."""

    lake: Lake
    exports: str
    facility_id: str
    maximum_bytes: int
    chunk: int
    entries: tuple[Entry, ...]
    position: int = 0
    alone: bool = False

    def work(self, reader: ReportReader) -> Fetched:
        """Read each file and keep its bytes; they are on disk before this returns."""
        fs = fsspec.core.url_to_fs(self.exports)[0]
        with self.lake.flushed_together() as write:
            objects = [self._receive(fs, entry, write) for entry in self.entries]
        return Fetched((self.chunk, self.position), objects)

    def _receive(self, fs: Any, entry: Entry, write: Any) -> Received:
        if entry.size > self.maximum_bytes:
            detail = f"limit {self.maximum_bytes} bytes"
            return Received(entry.name_key, None, "object_too_large", detail)
        try:
            data = read_file(fs, entry.path)
        except PermissionError:
            return Received(entry.name_key, None, "object_unreadable")
        sha256 = hashlib.sha256(data).hexdigest()
        if not data:
            return Received(entry.name_key, sha256, "object_empty")
        path = self.lake.object_path(self.facility_id, sha256)
        if not self.lake.exists(path):
            write(path, data)
        return Received(entry.name_key, sha256)

    def split(self) -> Sequence[FetchJob]:
        """A job for each file."""
        if self.alone:
            return ()
        return [
            replace(self, position=position, entries=(entry,), alone=True)
            for position, entry in enumerate(self.entries)
        ]

    def condemned(self, exit_code: int) -> Fetched:
        """A file that ended two workers."""
        detail = f"worker ended with {exit_code}"
        objects = [Received(e.name_key, None, "object_unreadable", detail) for e in self.entries]
        return Fetched((self.chunk, self.position), objects)
