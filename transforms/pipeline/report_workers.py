"""The workers that receive and decode dose reports."""

from __future__ import annotations

from transforms.dicom.reader import ReportReader
from transforms.workers.pool import WorkPool
from transforms.workers.worker import ADDRESS_SPACE_BYTES

PRELOADED = ("transforms.pipeline.decode_job", "transforms.receive.fetch_job", "pandas")
"""Imported once for all workers; pyarrow would import pandas in each at its first array, for 1 s.
The forkserver ignores a name that it cannot import, so a test imports each."""


def report_workers(
    workers: int | None = None, address_space_bytes: int = ADDRESS_SPACE_BYTES
) -> WorkPool:
    """A pool whose workers each keep one reader, which remembers the reports it has seen."""
    return WorkPool(ReportReader, PRELOADED, workers, address_space_bytes)
