"""An S3 server on loopback, with moto."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import s3fs
from moto.server import ThreadedMotoServer


@contextmanager
def running_s3(bucket: str, objects: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
    """Serve a bucket with these objects; gives the options of fsspec that reach it."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    options = {"endpoint_url": f"http://{host}:{port}", "key": "tests", "secret": "tests"}
    try:
        fs = s3fs.S3FileSystem(**options, skip_instance_cache=True)
        fs.mkdir(bucket)
        for name, data in objects.items():
            fs.pipe_file(f"{bucket}/{name}", data)
        yield options
    finally:
        server.stop()
