"""A mock of S3 (moto) in a process of its own, which counts its requests by method."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.request import urlopen

import fsspec

BUCKET, COUNTS = "bench", "/bench-counts"


@dataclass(frozen=True, slots=True)
class CountedStore:
    """A bucket for a lake."""

    url: str
    endpoint: str

    def requests(self) -> Counter[str]:
        """Requests so far, by method; listings of objects are LIST."""
        with urlopen(self.endpoint + COUNTS) as answer:  # noqa: S310 - of this process
            return Counter(json.loads(answer.read()))


@contextmanager
def counted_store() -> Iterator[CountedStore]:
    """Start the server, let fsspec use it in this process and in its children, and stop it."""
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.counted_store"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a line for each request
        text=True,
    )
    assert server.stdout is not None
    try:
        endpoint = server.stdout.readline().strip()
        options = {"endpoint_url": endpoint, "key": "bench", "secret": "bench"}
        fsspec.config.conf["s3"] = options
        os.environ |= {f"FSSPEC_S3_{name.upper()}": value for name, value in options.items()}
        fsspec.filesystem("s3").mkdir(BUCKET)
        yield CountedStore(f"s3://{BUCKET}/lake", endpoint)
    finally:
        server.kill()
        server.wait()


def _counting(served: Any, counts: Counter[str]) -> Any:
    """Wrap a server's application."""

    def app(environ: dict[str, Any], start: Any) -> Any:
        if environ["PATH_INFO"] == COUNTS:
            start("200 OK", [("Content-Type", "application/json")])
            return [json.dumps(counts).encode()]
        is_list = "list-type" in environ["QUERY_STRING"]
        counts["LIST" if is_list else environ["REQUEST_METHOD"]] += 1
        return served(environ, start)

    return app


def serve() -> None:
    """Print the address and serve until this process is ended."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    inner: Any = server._server
    inner.app = _counting(inner.app, Counter())
    host, port = server.get_host_and_port()
    print(f"http://{host}:{port}", flush=True)  # noqa: T201
    inner_thread: Any = server._thread
    inner_thread.join()


if __name__ == "__main__":
    serve()
