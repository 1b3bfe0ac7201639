"""Interface of export locations, which are untrusted: they list files and return their bytes.

File names from a facility are hashed and used only in requests to the facility, never in local
paths. Every fault becomes a `VisitFailed` with a reason of stage `pull`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, BinaryIO, NamedTuple, Protocol

MAXIMUM_DEPTH = 32
"""Maximum depth of folders; an export has two or three."""

READ_BYTES = 256 * 1024
"""A large file is read in pieces of this size."""

FILE, LINK, OTHER, UNSAFE = "file", "link", "other", "unsafe"
"""Kinds of entries in a folder. Only files are opened."""


class Entry(NamedTuple):
    """One entry of an export: its name below the root, size, time and kind.

    `expected_sha256` is the checksum that a manifest states for it.
    """

    name: str
    size: int
    modified_ns: int
    kind: str = FILE
    expected_sha256: str | None = None


class VisitFailed(Exception):
    """A visit cannot continue, with the reason code and the kind of the error."""

    def __init__(self, reason_code: str, error: BaseException | None = None) -> None:
        super().__init__(reason_code)
        self.reason_code = reason_code
        self.detail = type(error).__name__ if error is not None else ""


@dataclass(frozen=True, slots=True)
class Clock:
    """Clock functions, which tests can replace."""

    now: Callable[[], float] = time.time
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep


@dataclass(frozen=True, slots=True)
class Deadline:
    """Time at which a visit must end, on the monotonic clock."""

    at: float
    clock: Clock = field(default_factory=Clock)

    @classmethod
    def after(cls, seconds: float, clock: Clock) -> Deadline:
        """The deadline this many seconds from now."""
        return cls(clock.monotonic() + seconds, clock)

    def remaining(self) -> float:
        """Seconds left; VisitFailed if there are none."""
        left = self.at - self.clock.monotonic()
        if left <= 0:
            raise VisitFailed("facility_too_slow")
        return left

    def is_over(self) -> bool:
        """Whether the deadline has passed."""
        return self.clock.monotonic() >= self.at


class Place(NamedTuple):
    """Location of a facility's files with its connection options; picklable."""

    facility_id: str
    url: str
    options: Mapping[str, Any]


class Remote(Protocol):
    """An open export location."""

    local: bool
    """On a local disk, so workers can read it without a connection."""
    atomic: bool
    """Files appear complete, as in object storage."""
    own_clock: bool
    """Modification times are from this machine's clock."""

    def entries(self, maximum: int) -> Iterator[Entry]:
        """All entries below the root; VisitFailed if there are more than `maximum`."""

    def stat_files(self, names: Iterable[str]) -> dict[str, Entry]:
        """Current metadata of files; files that have disappeared are omitted."""

    def read(self, entry: Entry, limit: int) -> bytes:
        """The bytes of a file, at most `limit` + 1, whatever size was listed."""

    def open(self, entry: Entry) -> AbstractContextManager[BinaryIO]:
        """A file to seek in."""

    def close(self) -> None:
        """Close the connection."""


def read_pieces(file: Any, limit: int, check: Callable[[], object]) -> bytes:
    """Read at most `limit` + 1 bytes of an open file in pieces, with a check before each."""
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
    """Yield the entries; VisitFailed if there are more than `maximum`."""
    for number, entry in enumerate(entries, start=1):
        if number > maximum:
            raise VisitFailed("listing_too_large")
        yield entry


def protocol_of(place: Place) -> str:
    """The protocol: `file`, `sftp`, `s3` or another one of fsspec."""
    return place.url.partition("://")[0] if "://" in place.url else "file"


def is_local(place: Place) -> bool:
    """Whether the files are on a local disk."""
    return is_local_url(place.url)


def is_local_url(url: str) -> bool:
    """Whether a path or URL is on a local disk."""
    return "://" not in url or url.partition("://")[0] in ("file", "local")
