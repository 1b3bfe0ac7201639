"""A chunk of exported files into the lake: what one worker does with one job of receiving."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import fsspec

from transforms import commit_points
from transforms.commit_points import CommitPoint
from transforms.lake import Lake, read_file
from transforms.normalise.pseudonyms import Pseudonyms


class Source(NamedTuple):
    """Where a facility's files stand, and how large one may be."""

    exports: str
    facility_id: str
    folder: str
    maximum_bytes: int


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
    """Files of one facility to receive together, in the order of the listing.

    `entries` are their paths and sizes.
    """

    source: Source
    lake: Lake
    pseudonyms: Pseudonyms
    chunk: int
    entries: tuple[tuple[str, int], ...]
    position: int = 0
    alone: bool = False

    def work(self, reader: object) -> Fetched:
        """Read each file and keep its bytes."""
        fs = fsspec.core.url_to_fs(self.source.exports)[0]
        objects = [self._receive(fs, path, size) for path, size in self.entries]
        commit_points.reached(CommitPoint.FILES_FETCHED)
        return Fetched((self.chunk, self.position), objects)

    def _receive(self, fs: Any, path: str, size: int) -> Received:
        if size > self.source.maximum_bytes:
            detail = f"limit {self.source.maximum_bytes} bytes"
            return Received(self._name_key(path), None, "object_too_large", detail)
        try:
            data = read_file(fs, path)
        except PermissionError:
            return Received(self._name_key(path), None, "object_unreadable")
        sha256 = hashlib.sha256(data).hexdigest()
        if not data:
            return Received(self._name_key(path), sha256, "object_empty")
        self.lake.keep_object(self.source.facility_id, sha256, data)
        return Received(self._name_key(path), sha256)

    def _name_key(self, path: str) -> str:
        """Key of a file's name below the facility's folder: names may be patients' names."""
        name = path.removeprefix(f"{self.source.folder}/")
        return self.pseudonyms.of("name", self.source.facility_id, name)

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
        keys = [self._name_key(path) for path, _ in self.entries]
        objects = [Received(key, None, "object_unreadable", detail) for key in keys]
        return Fetched((self.chunk, self.position), objects)
