"""The workers that receive and decode dose reports."""

from __future__ import annotations

from transforms.dicom.reader import ReportReader
from transforms.workers.pool import WorkPool
from transforms.workers.worker import ADDRESS_SPACE_BYTES

PRELOADED = ("transforms.pipeline.decode_job", "transforms.receive.fetch_job", "pandas")
"""Modules imported once for all workers; pyarrow would import pandas in each worker at its first
array, which takes 1 s. The forkserver ignores a name that it cannot import, so a test imports
each."""


def report_workers(
    workers: int | None = None, address_space_bytes: int = ADDRESS_SPACE_BYTES
) -> WorkPool:
    """A worker pool in which each worker keeps one reader with its caches."""
    return WorkPool(ReportReader, PRELOADED, workers, address_space_bytes)
