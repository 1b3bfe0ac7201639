"""Requests to an object store that holds a lake: which PUT wins, and many requests at once.

An object appears complete or not at all, so no temporary name is needed. There are no locks: where
several writers may begin at once, a conditional PUT (`If-None-Match: *`) decides which one wins.
"""

from __future__ import annotations

from typing import Any

import fsspec

from transforms.errors import DrlakeError, UsageError

S3_PROTOCOLS = ("s3", "s3a")
REQUESTS_AT_ONCE = 32
"""Connections to an S3 server; botocore itself allows 10."""

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
    fs, root = fsspec.core.url_to_fs(url, **options)
    return fs, str(root)


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
