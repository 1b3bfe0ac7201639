"""Requests to an object store that holds a lake: which PUT wins, and many requests at once.

An object appears complete or not at all, so no temporary name is needed. There are no locks: where
several writers may begin at once, a conditional PUT (`If-None-Match: *`) decides which one wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from itertools import islice
from typing import Any

import fsspec

from transforms.errors import DrlakeError, UsageError

S3_PROTOCOLS = ("s3", "s3a")
WILDCARD = re.compile(r"[*?\[]")
REQUESTS_AT_ONCE = 32
"""Connections to an S3 server; botocore itself allows 10."""

BYTES_AT_ONCE = 32 * 1024**2
"""Bytes of objects that wait for their PUT."""

FILES_AT_ONCE = 128
"""Objects that are fetched together; their bytes are in memory at the same time."""

ATTEMPTS = 5
EXISTS = "PreconditionFailed"
BUSY = "ConditionalRequestConflict"
NO_CONDITIONS = ("NotImplemented", "501")
"""Error codes of S3 for a conditional PUT (Amazon S3 API Reference, PutObject)."""


def open_store(url: str) -> tuple[Any, str]:
    """File system and root path of a URL. Listings are never cached: other machines write too."""
    protocol = url.partition("://")[0]
    options: dict[str, Any] = {"use_listings_cache": False}
    if protocol in S3_PROTOCOLS:
        configured = fsspec.config.conf.get("s3", {}).get("config_kwargs", {})
        options["config_kwargs"] = {"max_pool_connections": REQUESTS_AT_ONCE, **configured}
        options["max_concurrency"] = 1  # of one object; with more, s3fs looks before each GET
    fs, root = fsspec.core.url_to_fs(url, **options)
    return fs, str(root)


Write = Callable[[str, bytes], None]


@contextmanager
def many_puts(fs: Any) -> Iterator[Write]:
    """Yields a function that PUTs an object: one request each, without a look, many at once.

    On exit all objects are stored, or the first error is raised.
    """
    waiting: dict[str, bytes] = {}
    n_bytes = 0

    def put(path: str, data: bytes) -> None:
        nonlocal n_bytes
        waiting[path] = data
        n_bytes += len(data)
        if n_bytes >= BYTES_AT_ONCE:
            send()

    def send() -> None:
        nonlocal n_bytes
        fs.pipe(waiting)
        waiting.clear()
        n_bytes = 0

    yield put
    send()


def many_gets(fs: Any, paths: Iterable[str]) -> Iterator[bytes | None]:
    """The bytes of objects in this order, fetched many at once; None where there is no object."""
    remaining = iter(paths)
    while group := list(islice(remaining, FILES_AT_ONCE)):
        found: dict[str, Any] = fs.cat(group, on_error="return")
        for path in group:
            one = found[path]
            if isinstance(one, Exception) and not isinstance(one, FileNotFoundError):
                raise one
            yield None if isinstance(one, Exception) else one


def listed(fs: Any, pattern: str) -> list[str]:
    """Sorted paths of the objects that match a pattern; on S3 one listing of their prefix."""
    folder, _, name = pattern.rpartition("/")
    if fs.protocol != S3_PROTOCOLS or WILDCARD.search(folder):
        return sorted(map(str, fs.glob(pattern)))
    parent, _, own = folder.rpartition("/")
    stem = WILDCARD.split(name)[0]
    found = fs.find(parent, maxdepth=1, prefix=f"{own}/{stem}")
    return sorted(path for path in found if fnmatchcase(path.rpartition("/")[2], name))


def put_once(fs: Any, path: str, data: bytes) -> bool:
    """PUT an object unless it exists; returns whether this PUT has created it.

    UsageError if the store refuses conditions, DrlakeError if other writers keep it busy.
    """
    for _ in range(ATTEMPTS):
        try:
            fs.pipe_file(path, data, mode="create")
        except FileExistsError:
            return False
        except OSError as error:
            code = error_code(error)
            if code == EXISTS:
                return False
            if code in NO_CONDITIONS:
                raise no_conditions() from None
            if code != BUSY:
                raise
        else:
            return True
    raise DrlakeError("Other writers keep an object of the lake busy. Run again: nothing is lost.")


def check_conditions(fs: Any, probe: str) -> None:
    """UsageError if the store ignores `If-None-Match: *`, found with an object of no content.

    The second of two PUTs must be refused, and the first one too where the object exists already.
    """
    if put_once(fs, probe, b"") and put_once(fs, probe, b""):
        raise no_conditions()


def no_conditions() -> UsageError:
    """The error for a store without conditional PUT."""
    return UsageError(
        "The object store of the lake has no conditional PUT (If-None-Match: *): of two commands "
        "that begin at once, the later one would replace what the earlier one has written. Keep "
        "the lake in a store that has it, such as Amazon S3, or on a local disk."
    )


def error_code(error: OSError) -> str:
    """The error code of S3 behind an error of s3fs; empty if there is none."""
    response = getattr(error.__cause__, "response", None) or {}
    return str(response.get("Error", {}).get("Code", ""))
