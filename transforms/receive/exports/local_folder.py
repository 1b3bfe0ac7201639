"""An export on a local disk or mount: links are not followed and only regular files are opened."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from transforms.receive.exports.location import (
    FILE,
    LINK,
    MAXIMUM_DEPTH,
    OTHER,
    Entry,
    VisitFailed,
    limit_entries,
)

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""O_NONBLOCK: opening a named pipe that has replaced a file would block otherwise."""


class LocalRemote:
    """A local export folder."""

    local, atomic, own_clock = True, False, True

    def __init__(self, url: str) -> None:
        self.root = unquote(urlsplit(url).path) if url.startswith("file://") else url
        self.root = self.root.removeprefix("local://").rstrip("/")

    def entries(self, maximum: int) -> Iterator[Entry]:
        """All entries below the folder, at any depth."""
        return limit_entries(self._folder("", 0), maximum)

    def _folder(self, below: str, depth: int) -> Iterator[Entry]:
        if depth > MAXIMUM_DEPTH:
            raise VisitFailed("listing_too_large")
        try:
            found = list(os.scandir(f"{self.root}/{below}"))
        except PermissionError:
            if depth == 0:
                raise
            yield Entry(below.rstrip("/"), 0, 0, OTHER)
            return
        for one in found:
            if one.is_dir(follow_symlinks=False):
                yield from self._folder(f"{below}{one.name}/", depth + 1)
            else:
                yield _entry(f"{below}{one.name}", one.stat(follow_symlinks=False))

    def stat_files(self, names: Iterable[str]) -> dict[str, Entry]:
        """Current metadata of files."""
        found = {}
        for name in names:
            try:
                found[name] = _entry(name, os.lstat(f"{self.root}/{name}"))
            except FileNotFoundError:
                continue
        return found

    def read(self, entry: Entry, limit: int) -> bytes:
        """The bytes of a file, at most `limit` + 1."""
        descriptor = self._open(entry)
        try:
            data = os.read(descriptor, min(entry.size, limit) + 1)
            if len(data) <= min(entry.size, limit) and len(data) == entry.size:
                return data
            pieces, total = [data], len(data)
            while total <= limit and (piece := os.read(descriptor, limit + 1 - total)):
                pieces.append(piece)
                total += len(piece)
            return b"".join(pieces)
        finally:
            os.close(descriptor)

    def open(self, entry: Entry) -> BinaryIO:
        """The file, opened for random access."""
        return os.fdopen(self._open(entry), "rb")

    def _open(self, entry: Entry) -> int:
        try:
            descriptor = os.open(f"{self.root}/{entry.name}", _FLAGS)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENXIO):  # now a link or a pipe
                raise PermissionError(error.errno, "no longer a file") from None
            raise
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise PermissionError("no longer a file")
        return descriptor

    def close(self) -> None:
        """Nothing to close."""


def _entry(name: str, found: os.stat_result) -> Entry:
    kind = LINK if stat.S_ISLNK(found.st_mode) else OTHER
    kind = FILE if stat.S_ISREG(found.st_mode) else kind
    return Entry(name, found.st_size, found.st_mtime_ns, kind)
