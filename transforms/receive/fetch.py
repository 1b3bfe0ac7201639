"""Fetch what stands at an export location: one folder per facility, behind fsspec."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

import fsspec

from transforms.errors import UsageError
from transforms.lake import Lake, check_facility_id
from transforms.normalise.pseudonyms import Pseudonyms
from transforms.receive.fetch_chunk import Entry, FetchJob, Received
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
    """Every file of a facility in order of its name; the bytes of each are in the lake."""
    entries = _listing(settings, facility_id, pseudonyms)
    fetched = sorted(pool.run(_jobs(settings, lake, facility_id, entries)))
    return [received for job in fetched for received in job.objects]


def _listing(settings: Settings, facility_id: str, pseudonyms: Pseudonyms) -> list[Entry]:
    fs, root = fsspec.core.url_to_fs(settings.exports)
    folder = str(PurePosixPath(root, check_facility_id(facility_id)))
    return [
        Entry(
            pseudonyms.of("name", facility_id, path.removeprefix(f"{folder}/")), path, one["size"]
        )
        for path, one in sorted(fs.find(folder, detail=True).items())
    ]


def _jobs(
    settings: Settings, lake: Lake, facility_id: str, entries: list[Entry]
) -> Iterator[FetchJob]:
    start = 0
    limit = settings.maximum_object_bytes
    for chunk, length in enumerate(chunk_lengths(len(entries))):
        some = tuple(entries[start : start + length])
        yield FetchJob(lake, settings.exports, facility_id, limit, chunk, some)
        start += length
