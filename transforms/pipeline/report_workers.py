"""The workers that receive and decode dose reports."""

from __future__ import annotations

from transforms.dicom.reader import ReportReader
from transforms.lake.light_pyarrow import make_first_array
from transforms.workers.pool import WorkPool
from transforms.workers.worker import ADDRESS_SPACE_BYTES

PRELOADED = ("transforms.pipeline.decode_job", "transforms.receive.fetch_job")
"""Modules imported once for all workers. The forkserver ignores a name that it cannot import, so a
test imports each."""


def new_reader() -> ReportReader:
    """The state of a worker: a reader with its caches. A worker needs no pandas."""
    make_first_array()
    return ReportReader()


def report_workers(
    workers: int | None = None, address_space_bytes: int = ADDRESS_SPACE_BYTES
) -> WorkPool:
    """A worker pool in which each worker keeps one reader with its caches."""
    return WorkPool(new_reader, PRELOADED, workers, address_space_bytes)
