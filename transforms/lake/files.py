"""Reads and writes files of the lake, on a local disk or behind a URL. Writes are atomic.

`lake.py` defines the paths and the contents.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from fsspec.implementations.local import LocalFileSystem

from transforms.errors import UsageError
from transforms.lake import commit_points, local_disk, object_store
from transforms.lake.commit_points import CommitPoint
from transforms.lake.object_store import Write


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

    def write_bytes_once(self, path: str, data: bytes, *, private: bool = False) -> bool:
        """Write the file unless it exists; of several simultaneous writers one succeeds.

        Returns whether the file has these bytes now, from this or an earlier writer. UsageError if
        a remote lake is in a store without conditional PUT.
        """
        if self.is_local:
            self._write(path, data, private=private, once=True)
        else:
            object_store.check_conditions(self._fs(), self.path("conditional_put"))
            object_store.put_once(self._fs(), path, data)
        return self.read_bytes(path) == data

    def _write(
        self, path: str, data: bytes, *, private: bool, once: bool = False, flush: bool = True
    ) -> None:
        if not self.is_local:
            self._fs().pipe_file(path, data)
            return
        self._make_parent(path)
        mode = local_disk.PRIVATE if private else local_disk.READABLE
        temporary = self.temporary_path()
        local_disk.write_whole(path, data, temporary, mode=mode, once=once, flush=flush)

    def _make_parent(self, path: str) -> None:
        """Create the folder of a local file; an object store has none."""
        parent = path.rpartition("/")[0]
        if self.is_local and not os.path.isdir(parent):  # noqa: PTH112 - for every object
            self._fs().makedirs(parent, exist_ok=True)

    @contextmanager
    def writing_many(self) -> Iterator[Write]:
        """Yields a function that writes a file; on exit all files are in the lake and flushed."""
        if self.is_local:
            with self.flush_at_end():
                yield partial(self.write_bytes, flush=False)
        else:
            with object_store.many_puts(self._fs()) as put:
                yield put

    def make_private_folder(self, path: str) -> None:
        """Create a folder of a local lake that is accessible to its owner only, unless it exists.

        An object store has no folders: the rights of its bucket apply.
        """
        if self.is_local:
            Path(path).mkdir(mode=0o700, parents=True, exist_ok=True)

    def put_file(self, source: Path, path: str, *, private: bool = False) -> None:
        """Move a finished file into the lake; atomic if the lake is local."""
        self._make_parent(path)
        if self.is_local:
            source.chmod(local_disk.PRIVATE if private else local_disk.READABLE)
            source.replace(path)
        else:
            self._fs().put_file(str(source), path)

    def share_file(self, source: Path, path: str) -> None:
        """Put a finished file into the lake, readable by its owner only, and keep the source.

        On a disk both are names of one file, so its bytes are not written again.
        """
        self._make_parent(path)
        if self.is_local:
            source.chmod(local_disk.PRIVATE)
            local_disk.link(str(source), path)
        else:
            self._fs().put_file(str(source), path)

    def take_file(self, path: str, to: Path) -> None:
        """Get a file of the lake at `to`, which remains when the lake's is removed."""
        if self.is_local:
            local_disk.link(path, str(to))
        else:
            self._fs().get_file(path, str(to))

    def fetched_file(self, path: str, to: Path) -> Path:
        """A file of a local lake, or a copy of one of a remote lake at `to`."""
        if self.is_local:
            return Path(path)
        self._fs().get_file(path, str(to))
        return to

    @contextmanager
    def flush_at_end(self) -> Iterator[None]:
        """On exit, flush all writes into the lake to disk; OSError if that fails."""
        with local_disk.flush_at_end(self._root()) if self.is_local else nullcontext():
            yield

    @contextmanager
    def lock(self, name: str) -> Iterator[None]:
        """Hold an exclusive lock for a facility or submission, after waiting for it.

        A remote lake has no locks: its scheduler must run only one task per facility or submission.
        """
        if not self.is_local:
            yield
            return
        with local_disk.lock(self.path("locks", f"{name}.lock")):
            commit_points.announce(CommitPoint.LOCKED)
            yield

    @contextmanager
    def temporary_folder(self, name: str) -> Iterator[Path]:
        """A temporary folder on a local disk, in the lake if that is local; removed on exit."""
        if self.is_local:
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
        if self.is_local:
            local_disk.remove_abandoned(self.temporary_path())
            local_disk.remove_abandoned(self.path("locks"))

    def read_bytes(self, path: str) -> bytes:
        """The bytes of a file. Local files are read directly, three times as fast as by fsspec."""
        if not self.is_local:
            data: bytes = self._fs().cat_file(path)
            return data
        with open(path, "rb") as file:  # noqa: PTH123 - for every object
            return file.read()

    def read_many(self, paths: Iterable[str]) -> Iterator[bytes]:
        """The bytes of files in this order; FileNotFoundError where one is missing."""
        for path, data in self.read_found(paths):
            if data is None:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
            yield data

    def read_found(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | None]]:
        """Each path with the bytes of its file, or None; many requests at once if remote."""
        listed = list(paths)
        if self.is_local:
            yield from ((path, self._bytes_or_none(path)) for path in listed)
        else:
            yield from zip(listed, object_store.many_gets(self._fs(), listed), strict=True)

    def _bytes_or_none(self, path: str) -> bytes | None:
        try:
            return self.read_bytes(path)
        except FileNotFoundError:
            return None

    def files(self, *parts: str) -> list[str]:
        """Sorted paths of the files that match this pattern."""
        return object_store.listed(self._fs(), self.path(*parts))

    def below(self, *parts: str) -> list[str]:
        """Sorted paths of all files below a folder, at any depth."""
        return sorted(str(path) for path in self._fs().find(self.path(*parts)))

    def exists(self, path: str) -> bool:
        """Whether the lake has this file."""
        return Path(path).exists() if self.is_local else bool(self._fs().exists(path))

    def size(self, path: str) -> int:
        """Size of a file in bytes."""
        return int(self._fs().size(path))

    def sizes(self, *parts: str) -> dict[str, int]:
        """Size in bytes of each file of a folder, by its name; FileNotFoundError without one."""
        found = self._fs().ls(self.path(*parts), detail=True)
        return {one["name"].rpartition("/")[2]: int(one["size"] or 0) for one in found}

    def modified_at(self, path: str) -> datetime:
        """When a file of the lake was written (UTC). It is not stored in any data."""
        when: datetime = self._fs().modified(path)
        return when

    def move(self, path: str, to: str) -> None:
        """Move a file within the lake; atomic if the lake is local."""
        self._make_parent(to)
        if self.is_local:
            Path(path).replace(to)
        else:
            self._fs().mv(path, to)

    def remove(self, path: str) -> None:
        """Remove a file if it exists."""
        if not self.is_local or self.exists(path):
            with suppress(FileNotFoundError):
                self._fs().rm_file(path)

    def remove_many(self, paths: Sequence[str]) -> None:
        """Remove files; of an object store up to 1,000 with one request."""
        if not self.is_local and paths:
            self._fs().rm(list(paths))
        elif self.is_local:
            for path in paths:
                self.remove(path)
                commit_points.announce(CommitPoint.FILE_REMOVED)

    def remove_empty_folder(self, path: str) -> None:
        """Remove a folder of a local lake unless it has files; an object store has no folders."""
        if self.is_local:
            with suppress(OSError):
                Path(path).rmdir()

    def local_copy(self, *parts: str) -> Path | None:
        """A file on this machine: of the lake, or fetched from a remote lake; None without one.

        It is fetched once per process, and again only if the lake has another one.
        """
        path = self.path(*parts)
        if self.is_local:
            return Path(path) if self.exists(path) else None
        try:
            about = self._fs().info(path)
        except FileNotFoundError:
            return None
        version = str(about.get("ETag") or self._fs().modified(path))
        return _fetched(self.url, path, version).file

    def local_root(self) -> str:
        """The lake's folder; UsageError if the lake is not on a local disk."""
        if not self.is_local:
            raise UsageError(
                f"This needs a lake on a local disk, and {self.url} is not. Copy the whole lake to "
                "a local folder and give it with --lake."
            )
        return self._root()

    def _fs(self) -> Any:
        return _file_system(self.url)[0]

    def _root(self) -> str:
        return _file_system(self.url)[1]

    @property
    def is_local(self) -> bool:
        """Whether the lake is a folder of a disk, else objects behind a URL."""
        return isinstance(self._fs(), LocalFileSystem)


class _Fetched:
    """A copy of a remote file in a folder that only its owner may read, until the process ends."""

    def __init__(self, fs: Any, path: str) -> None:
        folder = tempfile.mkdtemp(prefix="drlake.")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self.file = Path(folder) / path.rpartition("/")[2]
        fs.get_file(path, str(self.file))


@lru_cache(maxsize=4)
def _fetched(url: str, path: str, version: str) -> _Fetched:
    """The copy of this version of a file."""
    return _Fetched(_file_system(url)[0], path)


@lru_cache(maxsize=32)
def _file_system(url: str) -> tuple[Any, str]:
    """File system and root path of a lake; cached, so that the URL is parsed once."""
    return object_store.open_store(url)
