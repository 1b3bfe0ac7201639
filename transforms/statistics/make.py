"""Makes the statistics that are missing, and says which are current.

`statistics/current.json` names one digest per facility. It is written last, so that a reader finds
all statistics that it names.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from transforms.errors import UsageError
from transforms.lake.lake import Lake
from transforms.statistics.compute import (
    FOLDER,
    Work,
    compute_statistics,
    manifest_path,
    statistics_path,
)
from transforms.statistics.inputs import LakeInputs, lake_inputs
from transforms.statistics.models import FacilityModels

CURRENT = "current.json"
BYTES_TOGETHER = 32 * 1024**2
"""Parquet files of facilities that are computed together; some 2 million events."""

MEMORY_GIB = 6
"""Memory of all DuckDB connections together, on a machine with 8 GiB."""


@dataclass(frozen=True, slots=True)
class Statistics:
    """The current statistics: a digest per facility, and how many were computed now."""

    digests: Mapping[str, str]
    n_computed: int

    def paths(self, lake: Lake, table: str) -> list[str]:
        """The files of a table, one per facility."""
        return [
            statistics_path(lake, digest, table, facility_id)
            for facility_id, digest in sorted(self.digests.items())
        ]


def make_statistics(
    lake: Lake,
    models: FacilityModels,
    threads: int = 2,
    facility_ids: Sequence[str] = (),
) -> Statistics:
    """Compute the statistics that the lake lacks; of all facilities, or of some.

    UsageError if one of `facility_ids` has sent nothing.
    """
    inputs = lake_inputs(lake, models.tables, threads, facility_ids)
    _check_known(inputs, facility_ids)
    wanted = digests(models, inputs)
    if facility_ids:
        wanted = {name: wanted[name] for name in facility_ids}
    manifests = [manifest_path(lake, digest, name) for name, digest in wanted.items()]
    found = (data for _, data in lake.read_found(manifests))
    missing = {
        name: digest
        for (name, digest), data in zip(wanted.items(), found, strict=True)
        if data is None
    }
    memory = max(1, MEMORY_GIB // threads)
    with ThreadPoolExecutor(threads) as pool:
        running = [
            pool.submit(compute_statistics, lake, inputs, models, work, memory)
            for work in _together(missing, inputs, threads)
        ]
    for done in running:
        done.result()
    return Statistics(wanted, len(missing))


def digests(models: FacilityModels, inputs: LakeInputs) -> dict[str, str]:
    """The digest of each facility: of its own files, the SQL and the reference data."""
    found = {}
    for name, one in inputs.facilities.items():
        text = f"{models.digest} {one.digest} {models.own_reference(name)}"
        found[name] = hashlib.sha256(text.encode()).hexdigest()[:32]
    return found


def write_current(lake: Lake, statistics: Statistics) -> None:
    """Write `statistics/current.json`."""
    text = json.dumps({"format": 1, "facilities": statistics.digests}, indent=1, sort_keys=True)
    lake.write_bytes(lake.path(FOLDER, CURRENT), text.encode())


def _check_known(inputs: LakeInputs, facility_ids: Sequence[str]) -> None:
    unknown = sorted(set(facility_ids) - set(inputs.facilities))
    if unknown:
        raise UsageError(
            f"The lake has nothing of {', '.join(unknown)}. Check the ids, or run `drlake ingest`."
        )


def _together(missing: Mapping[str, str], inputs: LakeInputs, threads: int) -> Iterator[Work]:
    """Parts of about equal size: one per thread, or more where the facilities are large."""
    total = sum(inputs.facilities[name].n_bytes for name in missing)
    limit = min(BYTES_TOGETHER, max(1, total // threads))
    part: dict[str, str] = {}
    n_bytes = 0
    for name in sorted(missing):
        part[name] = missing[name]
        n_bytes += inputs.facilities[name].n_bytes
        if n_bytes >= limit:
            yield Work(part)
            part, n_bytes = {}, 0
    if part:
        yield Work(part)
