"""What an export location is to drlake: something hostile that lists files and gives their bytes.

A name that a facility gives is hashed and handed back to the facility, never more: it is not
part of any local path. Every fault becomes a `VisitFailed` with a reason of stage `pull`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple, Protocol

MAXIMUM_DEPTH = 32
"""Folders within folders; an export has two or three."""

READ_BYTES = 256 * 1024
"""A large file is read in pieces of so many bytes."""

FILE, LINK, OTHER, UNSAFE = "file", "link", "other", "unsafe"
"""Kinds of what stands in a folder. Only files are opened."""


class Entry(NamedTuple):
    """One thing that stands at an export: its name below the root, and how it looks from outside.

    `expected_sha256` is the checksum that a manifest states for it.
    """

    name: str
    size: int
    modified_ns: int
    kind: str = FILE
    expected_sha256: str | None = None


class VisitFailed(Exception):
    """A visit cannot go on: why, and the kind of the error."""

    def __init__(self, reason_code: str, error: BaseException | None = None) -> None:
        super().__init__(reason_code)
        self.reason_code = reason_code
        self.detail = type(error).__name__ if error is not None else ""


@dataclass(frozen=True, slots=True)
class Clock:
    """Time, so that tests can make their own."""

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a visit must be over, on the monotonic clock."""

    at: float
    clock: Clock = field(default_factory=Clock)

    @classmethod
    def after(cls, seconds: float, clock: Clock) -> Deadline:
        """So many seconds from now."""
        return cls(clock.monotonic() + seconds, clock)

    def remaining(self) -> float:
        """Seconds left; VisitFailed where there are none."""
        left = self.at - self.clock.monotonic()
        if left <= 0:
            raise VisitFailed("facility_too_slow")
        return left

    def is_over(self) -> bool:
        """Whether there are none."""
        return self.clock.monotonic() >= self.at


class Place(NamedTuple):
    """Where a facility's files stand, and what its connection needs; picklable."""

    facility_id: str
    url: str
    options: Mapping[str, Any]


class Remote(Protocol):
    """An open export location."""

    local: bool
    """On a local disk: read by the workers, which need no connection."""
    atomic: bool
    """A file appears at once and whole, as in object storage."""
    own_clock: bool
    """Modification times are by this machine's clock."""

    def entries(self, maximum: int) -> Iterator[Entry]:
        """Everything below the root; VisitFailed where it is more than `maximum`."""

    def stat_files(self, names: Iterable[str]) -> dict[str, Entry]:
        """How files look now; those that are gone are left out."""

    def read(self, entry: Entry, limit: int) -> bytes:
        """The bytes of a file, at most `limit` + 1 of them, whatever the listing said."""

    def open(self, entry: Entry) -> AbstractContextManager[BinaryIO]:
        """A file to seek in."""

    def close(self) -> None:
        """Let go of the connection."""


def read_pieces(file: Any, limit: int, check: Callable[[], object]) -> bytes:
    """At most `limit` + 1 bytes of an open file, piece by piece, with a check before each."""
    pieces, total = [], 0
    while total <= limit:
        check()
        piece = file.read(min(READ_BYTES, limit + 1 - total))
        if not piece:
            break
        pieces.append(piece)
        total += len(piece)
    return b"".join(pieces)[: limit + 1]


def is_unsafe(part: str) -> bool:
    """Whether one part of a name could lead to another folder."""
    return not part or part in (".", "..") or "/" in part or "\0" in part


def limit_entries(entries: Iterable[Entry], maximum: int) -> Iterator[Entry]:
    """The entries; VisitFailed once there are more than `maximum`."""
    for number, entry in enumerate(entries, start=1):
        if number > maximum:
            raise VisitFailed("listing_too_large")
        yield entry


def protocol_of(place: Place) -> str:
    """`file`, `sftp`, `s3` or another that fsspec knows."""
    return place.url.partition("://")[0] if "://" in place.url else "file"


def is_local(place: Place) -> bool:
    """Whether the files stand on a local disk."""
    return protocol_of(place) in ("file", "local")
