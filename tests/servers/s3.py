"""An S3 server on loopback (moto, a mock); forbidden requests get the errors that S3 returns."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote
from uuid import uuid4

import fsspec
import pytest
import s3fs
from moto.server import ThreadedMotoServer

Answer = Callable[[str, list[tuple[str, str]]], Any]
_SERVERS: dict[str, Any] = {}
"""The running servers, by their URL."""


@contextmanager
def running_s3(
    bucket: str, objects: Mapping[str, bytes], forbidden: Mapping[str, str] | None = None
) -> Iterator[dict[str, Any]]:
    """Serve a bucket with these objects; returns the options of fsspec to reach it.

    `forbidden` are names of objects, or of buckets for their listing, that are answered with 403
    and this error code of S3; it may be changed while the server runs.
    """
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    options = {"endpoint_url": f"http://{host}:{port}", "key": "tests", "secret": "tests"}
    _SERVERS[options["endpoint_url"]] = server._server
    try:
        fs = s3fs.S3FileSystem(**options, skip_instance_cache=True)
        fs.mkdir(bucket)
        for name, data in objects.items():
            fs.pipe_file(f"{bucket}/{name}", data)
        if forbidden is not None:
            _forbid(server, forbidden)
        yield options
    finally:
        del _SERVERS[options["endpoint_url"]]
        server.stop()


def _forbid(server: ThreadedMotoServer, codes: Mapping[str, str]) -> None:
    """Wrap the server's application."""
    inner: Any = server._server
    served = inner.app

    def app(environ: Mapping[str, Any], start: Answer) -> Iterable[bytes]:
        code = codes.get(unquote(environ["PATH_INFO"]).strip("/"))
        if code is None:
            answer: Iterable[bytes] = served(environ, start)
            return answer
        body = f"<Error><Code>{code}</Code><Message>of the tests</Message></Error>".encode()
        start("403 Forbidden", [("Content-Type", "application/xml")])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    inner.app = app


IGNORED, REFUSED = "ignored", "refused"
"""How a store without conditional PUT treats `If-None-Match`."""


@dataclass
class LakeStore:
    """A bucket for a lake. `seen` are the requests so far, each a method and a path."""

    url: str
    options: dict[str, Any]
    seen: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def requests(self, part: str) -> Counter[str]:
        """Number of requests by method to paths with this part."""
        return Counter(one.split()[0] for one in self.seen if part in one)

    def objects(self, *folders: str) -> dict[str, bytes]:
        """The objects below these folders of the lake, or all, by their path below it."""
        fs = s3fs.S3FileSystem(**self.options, skip_instance_cache=True, max_concurrency=1)
        root = self.url.removeprefix("s3://")
        places = [f"{root}/{folder}" for folder in folders or ("",)]
        paths = [path for place in places for path in fs.find(place)]
        found = fs.cat(paths) if paths else {}
        return {path.removeprefix(f"{root}/"): data for path, data in found.items()}


@contextmanager
def running_lake_store(patched: pytest.MonkeyPatch, conditions: str = "") -> Iterator[LakeStore]:
    """Serve an empty bucket, and let fsspec use it here and in other processes.

    `conditions` is what the store does with `If-None-Match`, by default what S3 does.
    """
    bucket = f"lake-{uuid4().hex}"  # moto keeps buckets as long as it runs
    with running_s3(bucket, {}) as options:
        patched.setitem(fsspec.config.conf, "s3", options)
        for name, value in options.items():
            patched.setenv(f"FSSPEC_S3_{name.upper()}", value)
        store = LakeStore(f"s3://{bucket}/lake", options)
        server = _SERVERS[options["endpoint_url"]]
        server.app = _watched(server.app, store, conditions)
        yield store


def _watched(served: Any, store: LakeStore, conditions: str) -> Any:
    """Wrap a server's application. One PUT at a time, since moto looks before it stores."""
    one_put, counting = threading.Lock(), threading.Lock()

    def app(environ: dict[str, Any], start: Answer) -> Iterable[bytes]:
        with counting:
            store.seen.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
            store.at_once += 1
            store.most_at_once = max(store.most_at_once, store.at_once)
        try:
            return answer(environ, start)
        finally:
            with counting:
                store.at_once -= 1

    def answer(environ: dict[str, Any], start: Answer) -> Iterable[bytes]:
        if conditions and environ.pop("HTTP_IF_NONE_MATCH", "") and conditions == REFUSED:
            start("501 Not Implemented", [("Content-Type", "application/xml")])
            return [b"<Error><Code>NotImplemented</Code><Message>no</Message></Error>"]
        with one_put if environ["REQUEST_METHOD"] == "PUT" else nullcontext():
            return list(served(environ, start))

    return app
