"""Fetch what stands at an export location: one folder per facility, behind fsspec."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

import fsspec

from transforms import commit_points
from transforms.commit_points import CommitPoint
from transforms.errors import UsageError
from transforms.lake import Lake, check_facility_id, list_files
from transforms.normalise.pseudonyms import Pseudonyms
from transforms.receive.fetch_chunk import FetchJob, Received, Source
from transforms.settings import Settings
from transforms.work_pool import WorkPool, chunk_lengths


def facilities(settings: Settings) -> list[str]:
    """Facility ids of an export location: the names of its folders, in order."""
    fs, root = fsspec.core.url_to_fs(settings.exports)
    if not settings.exports or not fs.isdir(root):
        raise UsageError(
            f"There is no export folder at {settings.exports or '(nothing given)'}. Name with "
            "--exports a folder that holds one folder per facility."
        )
    entries = fs.ls(root, detail=True)
    names = [PurePosixPath(one["name"]).name for one in entries if one["type"] == "directory"]
    return sorted(check_facility_id(name) for name in names if not name.startswith("."))


def fetch(
    settings: Settings, lake: Lake, facility_id: str, pseudonyms: Pseudonyms, pool: WorkPool
) -> list[Received]:
    """Every file of a facility in order of its name; the bytes of each are in the lake, on disk."""
    fs, root = fsspec.core.url_to_fs(settings.exports)
    folder = f"{root}/{check_facility_id(facility_id)}"
    source = Source(settings.exports, facility_id, folder, settings.maximum_object_bytes)
    entries = sorted(list_files(fs, folder))
    with lake.flushed():
        fetched = sorted(pool.run(_jobs(source, lake, pseudonyms, entries)))
    commit_points.reached(CommitPoint.OBJECTS_FLUSHED)
    return [received for job in fetched for received in job.objects]


def _jobs(
    source: Source, lake: Lake, pseudonyms: Pseudonyms, entries: list[tuple[str, int]]
) -> Iterator[FetchJob]:
    start = 0
    for chunk, length in enumerate(chunk_lengths(len(entries))):
        yield FetchJob(source, lake, pseudonyms, chunk, tuple(entries[start : start + length]))
        start += length
