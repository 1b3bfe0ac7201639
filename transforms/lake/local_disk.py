"""Atomic writes, locks and flushes on a local disk.

Locks and temporary files are held with flock by the process that made them: the kernel releases
them when the process ends in any way, on every machine that shares the disk. Files that no process
holds are abandoned, and the next run removes them. Process ids cannot be used, since another
machine or container has its own.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from transforms.lake import commit_points
from transforms.lake.commit_points import CommitPoint

TEMPORARY_SUFFIX, LOCK_SUFFIX = ".tmp", ".lock"
PRIVATE, READABLE = 0o600, 0o644


@contextmanager
def lock(path: str) -> Iterator[None]:
    """Acquire the lock of this name, waiting until it is free; release it on exit."""
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
    with _open_locked(path):
        try:
            yield
        finally:
            with suppress(OSError):  # an unheld lock file that remains does no harm
                os.unlink(path)  # noqa: PTH108 - while it is held: see `_open_locked`


@contextmanager
def _open_locked(path: str, *, wait: bool = True) -> Iterator[int]:
    """Open the lock file of this name, create it if needed, and lock it; returns the descriptor.

    The previous holder may have removed the file meanwhile; then it is opened again. Without
    `wait`, BlockingIOError if another process holds it.
    """
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, PRIVATE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            if _is_same_file(path, descriptor):
                yield descriptor
                return
        finally:
            os.close(descriptor)


def _is_same_file(path: str, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))  # noqa: PTH116
    except FileNotFoundError:
        return False


def link(path: str, to: str) -> None:
    """Give a file a second name, unless that is in use; it is on the disk after a flush."""
    with suppress(FileExistsError):
        os.link(path, to)


def write_whole(
    path: str, data: bytes, temporary: str, *, mode: int, once: bool = False, flush: bool = True
) -> None:
    """Write a file under a temporary name in the folder `temporary`, then rename it.

    With `once` an existing file is kept; if several processes write at once, exactly one succeeds.
    """
    os.makedirs(temporary, mode=0o700, exist_ok=True)  # noqa: PTH103
    unfinished = f"{temporary}/{secrets.token_hex(8)}{TEMPORARY_SUFFIX}"
    with _open_locked(unfinished) as descriptor:
        try:
            _write(descriptor, data)
            os.fchmod(descriptor, mode)
            if flush:
                os.fsync(descriptor)
            commit_points.announce(CommitPoint.TEMPORARY_WRITTEN)
            _name(unfinished, path, once=once)
        except BaseException:
            with suppress(OSError):
                os.unlink(unfinished)  # noqa: PTH108
            raise
    commit_points.announce(CommitPoint.TEMPORARY_RENAMED)


def _name(unfinished: str, path: str, *, once: bool) -> None:
    if not once:
        os.replace(unfinished, path)  # noqa: PTH105
        return
    link(unfinished, path)
    os.unlink(unfinished)  # noqa: PTH108


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


@contextmanager
def temporary_folder(temporary: str, name: str) -> Iterator[Path]:
    """A folder below `temporary` that is removed on exit, or else by the next run."""
    os.makedirs(temporary, mode=0o700, exist_ok=True)  # noqa: PTH103
    folder = Path(temporary) / f"{name}.{secrets.token_hex(4)}"
    with lock(f"{folder}{LOCK_SUFFIX}"):
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def remove_abandoned(temporary: str) -> None:
    """Remove the files, folders and locks below `temporary` that no living process holds."""
    with suppress(FileNotFoundError):
        for name in os.listdir(temporary):  # noqa: PTH208
            with suppress(BlockingIOError):
                _remove_if_unlocked(f"{temporary}/{name.removesuffix(LOCK_SUFFIX)}")


def _remove_if_unlocked(path: str) -> None:
    """Remove a temporary file, or a folder with its lock, if no process holds it."""
    is_file = path.endswith(TEMPORARY_SUFFIX)
    with _open_locked(path if is_file else f"{path}{LOCK_SUFFIX}", wait=False):
        if not is_file:
            shutil.rmtree(path, ignore_errors=True)
        os.unlink(path if is_file else f"{path}{LOCK_SUFFIX}")  # noqa: PTH108


@contextmanager
def flush_at_end(folder: str) -> Iterator[None]:
    """On exit, flush everything that any process has written to the folder's disk.

    OSError if a write failed. syncfs(2) reports errors of all files since its descriptor was opened
    (Linux 5.8 and later), so the descriptor is opened before the first write. sync(2) reports no
    errors, an fsync for each file takes ten times as long as writing it, and an error already
    reported to another process is not reported to a descriptor that is opened later.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield
        if _LIBC.syncfs(descriptor):
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
    finally:
        os.close(descriptor)


_LIBC = ctypes.CDLL(None, use_errno=True)
