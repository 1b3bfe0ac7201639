"""An S3 server on loopback (moto); forbidden requests get the errors that S3 returns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

import s3fs
from moto.server import ThreadedMotoServer

Answer = Callable[[str, list[tuple[str, str]]], Any]


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
    try:
        fs = s3fs.S3FileSystem(**options, skip_instance_cache=True)
        fs.mkdir(bucket)
        for name, data in objects.items():
            fs.pipe_file(f"{bucket}/{name}", data)
        if forbidden is not None:
            _forbid(server, forbidden)
        yield options
    finally:
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
