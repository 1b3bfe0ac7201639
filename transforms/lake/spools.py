"""Bytes of objects that have arrived, on this machine, until their submissions are written.

Each job of a visit appends its objects to a file of its own. A spool file is not flushed: it is
removed when the visit ends, and an interrupted visit receives the objects again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple

Span = tuple[int, int]
"""Where an object begins in its spool file, and its length in bytes."""


class SpoolFile(NamedTuple):
    """A finished spool file, and where each object is, by its checksum."""

    path: str
    spans: dict[str, Span]


class Spool:
    """Writes one spool file; without objects there is no file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: BinaryIO | None = None
        self._spans: dict[str, Span] = {}
        self._end = 0

    def add(self, sha256: str, data: bytes) -> None:
        """Append an object, unless the file has it."""
        if sha256 in self._spans:
            return
        if self._file is None:
            self._path.unlink(missing_ok=True)  # a worker that ended early may have begun it
            self._file = self._path.open("xb", buffering=0)
        rest = memoryview(data)
        while rest:
            rest = rest[self._file.write(rest) :]
        self._spans[sha256] = (self._end, len(data))
        self._end += len(data)

    def close(self) -> SpoolFile:
        """End the file."""
        if self._file is not None:
            self._file.close()
        return SpoolFile(str(self._path), self._spans)


@dataclass
class Spools:
    """The spool files of one visit, in a folder that exists as long as the visit."""

    folder: Path
    _places: dict[str, tuple[str, Span]] = field(default_factory=dict)
    _n_named: int = 0

    def new_path(self) -> Path:
        """Path of a file that the visit has not used before."""
        self._n_named += 1
        return self.folder / f"{self._n_named:06}.spool"

    def add(self, file: SpoolFile) -> None:
        """Add the objects of a finished file."""
        self._places.update((sha256, (file.path, span)) for sha256, span in file.spans.items())

    def read(self, sha256s: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Checksums and bytes of these objects; one file at a time is open."""
        for path, alike in groupby(sha256s, key=lambda sha256: self._places[sha256][0]):
            with Path(path).open("rb") as file:
                for sha256 in alike:
                    start, length = self._places[sha256][1]
                    file.seek(start)
                    yield sha256, file.read(length)


def spool_path(folder: Path, part: tuple[int, int]) -> Path:
    """Path of the spool file of a job, named by its chunk and the position within the chunk."""
    chunk, position = part
    return folder / f"{chunk:06}.{position:04}.spool"
