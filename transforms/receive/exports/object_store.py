"""An export in object storage, or on any other file system supported by fsspec."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO, TypeVar

import fsspec
from fsspec.asyn import AsyncFileSystem, sync
from fsspec.exceptions import FSTimeoutError

from transforms.receive.exports.location import (
    FILE,
    OTHER,
    UNSAFE,
    Deadline,
    Entry,
    Place,
    VisitFailed,
    is_unsafe,
    limit_entries,
)

ATOMIC = ("s3", "s3a", "gs", "gcs", "abfs", "az")
"""Protocols of object storage, where an object appears complete or not at all."""

UNREACHABLE = ("EndpointConnectionError", "ConnectTimeoutError", "ConnectionClosedError")
REFUSED = ("NoCredentialsError", "PartialCredentialsError", "ProfileNotFound", "NoAuthTokenError")
CREDENTIALS_REFUSED = (
    *("InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken"),
    *("RequestTimeTooSkewed", "AccountProblem", "AllAccessDisabled"),
)
"""S3 error codes for refused credentials; `AccessDenied` is about a single object."""

S3_CONFIGURATION = {"connect_timeout": 20, "read_timeout": 60, "retries": {"max_attempts": 2}}

Answer = TypeVar("Answer")


class FsspecRemote:
    """A prefix of a bucket. Each request is aborted at the deadline."""

    local, own_clock = False, False

    def __init__(self, place: Place, deadline: Deadline) -> None:
        self._deadline = deadline
        self.atomic = place.url.partition("://")[0] in ATOMIC
        options: dict[str, Any] = {**place.options}
        if place.url.startswith(("s3://", "s3a://")):
            configured = fsspec.config.conf.get("s3", {}).get("config_kwargs", {})
            given = options.get("config_kwargs", {})
            options["config_kwargs"] = {**S3_CONFIGURATION, **configured, **given}
            options["skip_instance_cache"] = True
            options["use_listings_cache"] = False
        self._fs, root = self._ask(lambda: fsspec.core.url_to_fs(place.url, **options))
        self._root = str(root).rstrip("/")

    def entries(self, maximum: int) -> Iterator[Entry]:
        """All objects below the prefix."""
        try:
            found = self._ask(lambda: self._call("find", self._root, detail=True))
        except PermissionError as error:
            raise VisitFailed("authentication_failed", error) from None
        except FileNotFoundError as error:
            raise VisitFailed("facility_failed", error) from None
        files = ((path, one) for path, one in found.items() if not _marks_folder(path, one))
        return limit_entries((self._entry(path, one) for path, one in files), maximum)

    def stat_files(self, names: Iterable[str]) -> dict[str, Entry]:
        """Current metadata of files."""
        found = {}
        for name in names:
            try:
                one = self._ask(partial(self._call, "info", self._path(name)))
            except (FileNotFoundError, PermissionError):
                continue
            found[name] = self._entry(self._path(name), one)
        return found

    def read(self, entry: Entry, limit: int) -> bytes:
        """The bytes of a file, at most `limit` + 1."""
        if not entry.size:
            return b""  # an empty range is an error
        path = self._path(entry.name)
        data: bytes = self._ask(lambda: self._call("cat_file", path, start=0, end=limit + 1))
        return data[: limit + 1]

    @contextmanager
    def open(self, entry: Entry) -> Iterator[BinaryIO]:
        """The file, opened for random access."""
        opened: Any = self._ask(lambda: self._fs.open(self._path(entry.name), "rb"))
        with opened as file:
            yield _RemoteFile(file, self._ask, self._deadline)  # type: ignore[misc]

    def close(self) -> None:
        """Nothing to close: fsspec caches its connections."""

    def _call(self, name: str, *arguments: Any, **named: Any) -> Any:
        """Call a method of the file system, with a time limit if it supports one."""
        if isinstance(self._fs, AsyncFileSystem):
            call = getattr(self._fs, f"_{name}")
            seconds = self._deadline.remaining()
            return sync(self._fs.loop, call, *arguments, timeout=seconds, **named)
        self._deadline.remaining()
        return getattr(self._fs, name)(*arguments, **named)

    def _entry(self, path: str, found: dict[str, Any]) -> Entry:
        name = path.removeprefix(f"{self._root}/")
        kind = FILE if found.get("type", "file") == "file" else OTHER
        if any(map(is_unsafe, name.split("/"))):
            kind = UNSAFE
        return Entry(name, int(found.get("size") or 0), _modified_ns(found), kind)

    def _path(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _ask(self, ask: Callable[[], Answer]) -> Answer:
        try:
            return ask()
        except (VisitFailed, FileNotFoundError):
            raise
        except Exception as error:
            if isinstance(error, PermissionError) and not _refuses_credentials(error):
                raise
            raise VisitFailed(self._reason(error), error) from None

    def _reason(self, error: Exception) -> str:
        if isinstance(error, FSTimeoutError) or self._deadline.is_over():
            return "facility_too_slow"
        names = {type(one).__name__ for one in (error, error.__cause__, error.__context__)}
        if names & set(REFUSED) or _refuses_credentials(error):
            return "authentication_failed"
        return "facility_unreachable" if names & set(UNREACHABLE) else "facility_failed"


def _refuses_credentials(error: Exception) -> bool:
    """Whether S3 refused the credentials, so that all further requests would fail too."""
    response = getattr(error.__cause__, "response", None) or {}
    return response.get("Error", {}).get("Code") in CREDENTIALS_REFUSED


def _marks_folder(path: str, found: dict[str, Any]) -> bool:
    """Whether this is the empty object that consoles of object storage create for a folder."""
    return path.endswith("/") and not found.get("size")


class _RemoteFile:
    """A remote file for zipfile; reading is aborted at the deadline."""

    def __init__(
        self, file: Any, ask: Callable[[Callable[[], Any]], Any], deadline: Deadline
    ) -> None:
        self._file, self._ask, self._deadline = file, ask, deadline

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._file.seek(offset, whence))

    def tell(self) -> int:
        return int(self._file.tell())

    def read(self, size: int = -1) -> bytes:
        self._deadline.remaining()
        data: bytes = self._ask(lambda: self._file.read(size))
        return data


def _modified_ns(found: dict[str, Any]) -> int:
    """Modification time in nanoseconds; 0 if the file system states none."""
    for name in ("LastModified", "last_modified", "mtime", "modified", "created"):
        stated = found.get(name)
        if isinstance(stated, datetime):
            return int(stated.timestamp() * 10**9)
        if isinstance(stated, (int, float)):
            return int(stated * 10**9)
    return 0
