"""An export on an SFTP server, with file names as bytes.

fsspec's own SFTP file system accepts any unknown host key and fails on names that are not UTF-8, so
paramiko is used directly.
"""

from __future__ import annotations

import io
import logging
import os
import stat
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, BinaryIO, TypeVar
from urllib.parse import unquote, urlsplit

import paramiko

from transforms.receive.exports.location import (
    FILE,
    LINK,
    MAXIMUM_DEPTH,
    OTHER,
    UNSAFE,
    Deadline,
    Entry,
    Place,
    VisitFailed,
    is_unsafe,
    limit_entries,
    read_pieces,
)
from transforms.receive.exports.sftp_listing import Named, folder_entries
from transforms.receive.exports.sftp_login import log_in

FEW_FILES = 50
"""For more files than this, their folders are listed again: one answer covers a hundred files."""

Answer = TypeVar("Answer")


class SftpRemote:
    """A folder of an SFTP server. The connection is closed at the deadline."""

    local, atomic, own_clock = False, False, False

    def __init__(self, place: Place, deadline: Deadline) -> None:
        self._deadline = deadline
        self._maximum = 0
        self._client = paramiko.SSHClient()
        self._client.set_log_channel(_silent_log())
        self._root = os.fsencode(unquote(urlsplit(place.url).path).rstrip("/") or "/")
        self._timer = threading.Timer(deadline.remaining(), self._client.close)
        self._timer.daemon = True
        self._timer.start()
        try:
            self._sftp = log_in(self._client, place, deadline)
        except BaseException:
            self.close()
            raise

    def entries(self, maximum: int) -> Iterator[Entry]:
        """All entries below the folder."""
        self._maximum = maximum
        return limit_entries(self._folder(b"", 0, [maximum]), maximum)

    def _folder(self, below: bytes, depth: int, left: list[int]) -> Iterator[Entry]:
        """Entries of a folder and its subfolders; `left` counts down over all of them."""
        if depth > MAXIMUM_DEPTH:
            raise VisitFailed("listing_too_large")
        folders = []
        path = b"/".join(filter(None, (self._root.rstrip(b"/"), below.rstrip(b"/")))) or b"/"
        try:
            found = self._ask(lambda: self._list_folder(path, left))
        except PermissionError:
            if depth == 0:
                raise VisitFailed("authentication_failed") from None
            yield Entry(os.fsdecode(below.rstrip(b"/")), 0, 0, OTHER)
            return
        for name, attributes in found:
            entry = _entry(os.fsdecode(below), name, attributes)
            if entry.kind != UNSAFE and stat.S_ISDIR(attributes.st_mode or 0):
                folders.append(below + name + b"/")
            else:
                yield entry
        for folder in folders:
            yield from self._folder(folder, depth + 1, left)

    def _list_folder(self, path: bytes, left: list[int]) -> list[Named]:
        """Names and attributes in a folder; VisitFailed if there are more than `left`."""

        def check(number: int) -> None:
            self._deadline.remaining()
            left[0] -= number
            if left[0] < 0:
                raise VisitFailed("listing_too_large")

        return list(folder_entries(self._sftp, path, check))

    def stat_files(self, names: Iterable[str]) -> dict[str, Entry]:
        """Current metadata of files: few by single requests, many by listing again."""
        wanted, found = frozenset(names), {}
        if len(wanted) > FEW_FILES:
            listing = self.entries(self._maximum)
            return {entry.name: entry for entry in listing if entry.name in wanted}
        for name in wanted:
            try:
                attributes = self._ask(partial(self._sftp.lstat, self._path(name)))
            except (FileNotFoundError, PermissionError):
                continue
            folder, _, last = os.fsencode(name).rpartition(b"/")
            below = os.fsdecode(folder + b"/") if folder else ""
            found[name] = _entry(below, last, attributes)
        return found

    def read(self, entry: Entry, limit: int) -> bytes:
        """The bytes of a file, at most `limit` + 1; aborted at the deadline."""

        def read() -> bytes:
            with self._sftp.open(self._path(entry.name), "rb") as file:
                if entry.size > READ_AHEAD_BYTES:
                    file.prefetch(min(entry.size, limit + 1))
                return read_pieces(file, limit, self._deadline.remaining)

        return self._ask(read)

    @contextmanager
    def open(self, entry: Entry) -> Iterator[BinaryIO]:
        """The file, opened for random access; its errors end the visit."""
        with self._ask(lambda: self._sftp.open(self._path(entry.name), "rb", 1 << 16)) as file:
            yield _RemoteFile(file, self._ask)  # type: ignore[misc]

    def close(self) -> None:
        """Close the connection."""
        self._timer.cancel()
        self._client.close()

    def _path(self, name: str) -> Any:
        return self._root.rstrip(b"/") + b"/" + os.fsencode(name)

    def _ask(self, ask: Callable[[], Answer]) -> Answer:
        """The server's answer; errors become VisitFailed, except those of a single file."""
        try:
            return ask()
        except (VisitFailed, FileNotFoundError, PermissionError):
            raise
        except Exception as error:
            reason = "facility_too_slow" if self._deadline.is_over() else "facility_failed"
            raise VisitFailed(reason, error) from None


READ_AHEAD_BYTES = 128 * 1024
"""Files above this size are read with many requests at once; smaller ones need one or few."""


class _RemoteFile(io.RawIOBase):
    """A remote file for zipfile; connection errors end the visit."""

    def __init__(self, file: Any, ask: Callable[[Callable[[], Any]], Any]) -> None:
        self._file, self._ask = file, ask

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._ask(lambda: self._file.seek(offset, whence))
        return self.tell()

    def tell(self) -> int:
        return int(self._file.tell())

    def read(self, size: int = -1) -> bytes:
        data: bytes = self._ask(lambda: self._file.read(size if size >= 0 else None))
        return data


def _silent_log() -> str:
    """A silent logger, since paramiko would log file names and server messages."""
    log = logging.getLogger(f"{__name__}.paramiko")
    log.setLevel(logging.CRITICAL + 1)
    return log.name


def _entry(below: str, name: bytes, attributes: paramiko.SFTPAttributes) -> Entry:
    text = os.fsdecode(name)
    size, modified = attributes.st_size or 0, attributes.st_mtime or 0
    mode = attributes.st_mode
    kind = FILE if mode is None or stat.S_ISREG(mode) else OTHER
    if mode is not None and stat.S_ISLNK(mode):
        kind = LINK
    if is_unsafe(text):
        kind = UNSAFE
    return Entry(f"{below}{text}", size, modified * 10**9, kind)
