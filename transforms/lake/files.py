"""Reads and writes files of the lake, on a local disk or behind a URL. Writes are atomic.

`lake.py` defines the paths and the contents.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import fsspec
from fsspec.implementations.local import LocalFileSystem

from transforms.errors import UsageError
from transforms.lake import commit_points, local_disk
from transforms.lake.commit_points import CommitPoint


@dataclass(frozen=True, slots=True)
class LakeFiles:
    """Files below a folder or an fsspec URL."""

    url: str

    def path(self, *parts: str) -> str:
        """Path of a file of the lake in the form its file system expects."""
        return "/".join((self._root(), *parts))

    def write_bytes(
        self, path: str, data: bytes, *, private: bool = False, flush: bool = True
    ) -> None:
        """Write a file under a temporary name, flush it to disk and rename it.

        Without `flush` it is flushed to disk at the end of `flush_at_end`.
        """
        self._write(path, data, private=private, flush=flush)

    def write_bytes_once(self, path: str, data: bytes, *, private: bool = False) -> None:
        """Write the file unless it exists; of several simultaneous writers one succeeds."""
        if self._is_local() or not self.exists(path):
            self._write(path, data, private=private, once=True)

    def _write(
        self, path: str, data: bytes, *, private: bool, once: bool = False, flush: bool = True
    ) -> None:
        self._make_parent(path)
        if not self._is_local():
            self._fs().pipe_file(path, data)
            return
        mode = local_disk.PRIVATE if private else local_disk.READABLE
        temporary = self.temporary_path()
        local_disk.write_whole(path, data, temporary, mode=mode, once=once, flush=flush)

    def _make_parent(self, path: str) -> None:
        parent = path.rpartition("/")[0]
        if not (self._is_local() and os.path.isdir(parent)):  # noqa: PTH112 - for every object
            self._fs().makedirs(parent, exist_ok=True)

    def keep_bytes(self, path: str, data: bytes) -> None:
        """Store an immutable file, readable by its owner only.

        Nothing may refer to it before the end of `flush_at_end`: flushing each file separately
        takes ten times as long as writing it. An existing file is written again: an interrupted run
        may have left only part of it, and after a disk error the cache may show bytes that are not
        on the disk.
        """
        if not self._is_local():
            if not self.exists(path):
                self._fs().pipe_file(path, data)
            return
        self._make_parent(path)
        try:
            local_disk.write_new(path, data)
        except FileExistsError:
            self.write_bytes(path, data, private=True, flush=False)

    def make_private_folder(self, path: str) -> None:
        """Create a folder; in a local lake it is accessible to its owner only."""
        self._fs().makedirs(path, exist_ok=True)
        if self._is_local():
            Path(path).chmod(0o700)

    def put_file(self, source: Path, path: str) -> None:
        """Move a finished file into the lake; atomic if the lake is local."""
        self._make_parent(path)
        if self._is_local():
            source.chmod(local_disk.READABLE)
            source.replace(path)
        else:
            self._fs().put_file(str(source), path)

    @contextmanager
    def flush_at_end(self) -> Iterator[None]:
        """On exit, flush all writes into the lake to disk; OSError if that fails."""
        with local_disk.flush_at_end(self._root()) if self._is_local() else nullcontext():
            yield

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold an exclusive lock for a facility or submission, after waiting for it.

        A remote lake has no locks: its scheduler must run only one task per facility or submission.
        """
        if not self._is_local():
            yield
            return
        with local_disk.lock(self.path("locks", f"{name}.lock")):
            commit_points.announce(CommitPoint.LOCKED)
            yield

    @contextmanager
    def temporary_folder(self, name: str) -> Iterator[Path]:
        """A temporary folder on a local disk, in the lake if that is local; removed on exit."""
        if self._is_local():
            with local_disk.temporary_folder(self.temporary_path(), name) as folder:
                yield folder
        else:
            with tempfile.TemporaryDirectory(prefix=f"{name}.") as made:
                yield Path(made)

    def temporary_path(self) -> str:
        """`<lake>/temporary`: files that are not finished yet."""
        return self.path("temporary")

    def remove_abandoned(self) -> None:
        """Remove files that interrupted runs have left."""
        if self._is_local():
            local_disk.remove_abandoned(self.temporary_path())
            local_disk.remove_abandoned(self.path("locks"))

    def read_bytes(self, path: str) -> bytes:
        """The bytes of a file. Local files are read directly, three times as fast as by fsspec."""
        if not self._is_local():
            data: bytes = self._fs().cat_file(path)
            return data
        with open(path, "rb") as file:  # noqa: PTH123 - for every object
            return file.read()

    def files(self, *parts: str) -> list[str]:
        """Sorted paths of the files that match this pattern."""
        return sorted(str(path) for path in self._fs().glob(self.path(*parts)))

    def exists(self, path: str) -> bool:
        """Whether the lake has this file."""
        return Path(path).exists() if self._is_local() else bool(self._fs().exists(path))

    def size(self, path: str) -> int:
        """Size of a file in bytes."""
        return int(self._fs().size(path))

    def modified_at(self, path: str) -> datetime:
        """When a file of the lake was written (UTC). It is not stored in any data."""
        when: datetime = self._fs().modified(path)
        return when

    def move(self, path: str, to: str) -> None:
        """Move a file within the lake; atomic if the lake is local."""
        self._make_parent(to)
        if self._is_local():
            Path(path).replace(to)
        else:
            self._fs().mv(path, to)

    def remove(self, path: str) -> None:
        """Remove a file if it exists."""
        if self.exists(path):
            self._fs().rm_file(path)

    def local_root(self) -> str:
        """The lake's folder; UsageError if the lake is not on a local disk."""
        if not self._is_local():
            raise UsageError(
                f"The warehouse needs a lake on a local disk, and {self.url} is not. Copy "
                "accepted/ and outcomes/ to a local folder and give it with --lake."
            )
        return self._root()

    def _fs(self) -> Any:
        return _file_system(self.url)[0]

    def _root(self) -> str:
        return _file_system(self.url)[1]

    def _is_local(self) -> bool:
        return isinstance(self._fs(), LocalFileSystem)


@lru_cache(maxsize=32)
def _file_system(url: str) -> tuple[Any, str]:
    """File system and root path of a lake; cached, so that the URL is parsed once."""
    fs, root = fsspec.core.url_to_fs(url)
    return fs, str(root)
