"""Files on a local disk: written whole or not at all, locked by name, and known to be on it.

A lock and a temporary file belong to a process as long as it lives, by flock: the kernel takes
them away at its death, however it dies, and on every machine that shares the disk. What nobody
holds is abandoned, and the next run removes it. Process ids would not do: another machine or
container has its own.
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
    """Hold the lock of this name, after whoever else holds it."""
    os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
    with _open_locked(path):
        try:
            yield
        finally:
            with suppress(OSError):  # a lock that stays hinders nobody
                os.unlink(path)  # noqa: PTH108 - while it is held: see `_open_locked`


@contextmanager
def _open_locked(path: str, *, wait: bool = True) -> Iterator[int]:
    """A file of this name that nobody else holds, made where there is none; its descriptor.

    Who held it before may have removed it under its name: then the name is opened again.
    Without `wait`, BlockingIOError where somebody holds it.
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


def write_new(path: str, data: bytes) -> None:
    """Write a private file that must not be there yet; it is on the disk after a flush only."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE)
    try:
        _write(descriptor, data)
    finally:
        os.close(descriptor)


def write_whole(
    path: str, data: bytes, temporary: str, *, mode: int, once: bool = False, flush: bool = True
) -> None:
    """Write a file under a temporary name in the folder `temporary`, then give it its name.

    With `once` a file that is there stays: of several writers at once, exactly one wins.
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
    with suppress(FileExistsError):
        os.link(unfinished, path)
    os.unlink(unfinished)  # noqa: PTH108


def _write(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


@contextmanager
def temporary_folder(temporary: str, name: str) -> Iterator[Path]:
    """A folder below `temporary` that is removed afterwards, or by the next run."""
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
    """Remove a file that holds itself, or a folder with its lock."""
    is_file = path.endswith(TEMPORARY_SUFFIX)
    with _open_locked(path if is_file else f"{path}{LOCK_SUFFIX}", wait=False):
        if not is_file:
            shutil.rmtree(path, ignore_errors=True)
        os.unlink(path if is_file else f"{path}{LOCK_SUFFIX}")  # noqa: PTH108


@contextmanager
def flush_at_end(folder: str) -> Iterator[None]:
    """What any process writes meanwhile on the folder's disk is on it at the end.

    OSError where the disk failed to take something. syncfs(2) reports that for every file since
    its descriptor was opened (Linux 5.8 and later), so this one is opened before the first is
    written: sync(2) keeps silent, an fsync for each file takes ten times as long as writing it,
    and an error that another process was told of is not told to one that opens later.
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
