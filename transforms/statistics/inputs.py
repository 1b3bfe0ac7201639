"""The files of the lake from which the statistics of each facility are computed.

Names of these files begin with the facility's id. A digest of their contents tells whether the
statistics must be computed again.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from transforms.lake.lake import EMPTY, Lake
from transforms.tables.generated_files import LOCATIONS

VALIDATED = "validated file"
"""Key of the outcome files of validation, which tell the submissions to use."""

VALIDATED_FILES = "outcomes/validate"

Files = Mapping[str, Sequence[str]]
"""Paths of Parquet files by table of the lake."""


@dataclass(frozen=True, slots=True)
class FacilityInputs:
    """Files of one facility by table, their size, and the digest of their contents."""

    facility_id: str
    files: Files
    n_bytes: int
    digest: str


@dataclass(frozen=True, slots=True)
class LakeInputs:
    """What every facility has in the lake, and the empty file of each table.

    A lake without any facility has one without files, named `_empty`.
    """

    facilities: Mapping[str, FacilityInputs]
    empty: Files

    def files_of(self, facility_ids: Sequence[str], table: str) -> list[str]:
        """Files of some facilities with the empty file, so that there is always one."""
        own = [self.facilities[one].files.get(table, ()) for one in facility_ids]
        return [*self.empty[table], *(path for paths in own for path in paths)]


def lake_inputs(lake: Lake, tables: Sequence[str], threads: int = 2) -> LakeInputs:
    """List the files of these tables once, and read each to compute its SHA-256."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    empty: dict[str, list[str]] = {}
    places = {table: LOCATIONS[table] for table in tables} | {VALIDATED: VALIDATED_FILES}
    for table, place in places.items():
        empty[table] = []
        for path in lake.table_files(place):
            name = path.rpartition("/")[2]
            if name == f"{EMPTY}.parquet":
                empty[table].append(path)
            else:
                found[name.partition(".")[0]][table].append(path)
    if not found:
        found[EMPTY] = defaultdict(list)  # so that every table has its columns
    with ThreadPoolExecutor(threads) as pool:
        made = pool.map(lambda one: _facility_inputs(lake, *one), sorted(found.items()))
        return LakeInputs({one.facility_id: one for one in made}, empty)


def _facility_inputs(lake: Lake, facility_id: str, files: Files) -> FacilityInputs:
    """The digest covers the name below the lake and the content of each file."""
    digest, n_bytes = hashlib.sha256(), 0
    root = lake.path("")
    listed = sorted({path for paths in files.values() for path in paths})
    for path, content in zip(listed, lake.read_many(listed), strict=True):
        n_bytes += len(content)
        line = f"{path.removeprefix(root)} {hashlib.sha256(content).hexdigest()}\n"
        digest.update(line.encode())
    return FacilityInputs(facility_id, files, n_bytes, digest.hexdigest())
