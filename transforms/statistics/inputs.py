"""The files of the lake from which the statistics of each facility are computed.

Names of these files begin with the facility's id. A digest of their contents tells whether the
statistics must be computed again. It is the same whether the files are compacted or not. A file is
read for its checksum once; `lake/known.py` keeps what is known of it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pyarrow as pa

from transforms.lake.compacted import (
    MODULUS,
    NOTHING,
    Compacted,
    checksum_of,
    file_line,
    is_compacted,
)
from transforms.lake.known import FILE, Known
from transforms.lake.lake import EMPTY, Lake
from transforms.lake.listings import PARQUET, Found
from transforms.lake.stored_tables import PARTITION, facility_of
from transforms.tables.generated_files import LOCATIONS
from transforms.tables.object_outcome import STAGES

VALIDATED = "outcomes/validate"
"""Place of the outcomes of validation, which tell the submissions to use."""

SHA256 = "sha256"

Files = Mapping[str, Sequence[str]]
"""Paths of Parquet files by table of the lake."""


@dataclass(frozen=True, slots=True)
class FacilityInputs:
    """Files of one facility by table, their size, the digest of their contents.

    `validated` are the submissions that have passed validation.
    """

    facility_id: str
    files: Files
    n_bytes: int
    digest: str
    validated: Sequence[str] = ()


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

    def validated(self, facility_ids: Sequence[str]) -> list[str]:
        """Submissions of some facilities that have passed validation."""
        return [name for one in facility_ids for name in self.facilities[one].validated]


def lake_inputs(
    lake: Lake, tables: Sequence[str], threads: int = 2, facility_ids: Sequence[str] = ()
) -> LakeInputs:
    """List the files of these tables, of all facilities or of some; read those not known yet."""
    places = {place for table in tables for place in places_of(table)} | {VALIDATED}
    empty: dict[str, list[str]] = {}
    found: dict[str, dict[str, list[Found]]] = defaultdict(lambda: defaultdict(list))
    for place in sorted(places):
        for one in _listed(lake, place, facility_ids):
            if one.stem == EMPTY:
                empty[place] = [one.path]
            elif not facility_ids or facility_of(one.stem) in facility_ids:
                found[facility_of(one.stem)][place].append(one)
    if not found:
        found[EMPTY] = defaultdict(list)  # so that every table has its columns
    stems = (one.stem for own in found.values() for files in own.values() for one in files)
    compacted = lake.compacted_by_stems(stems)

    def inputs_of(name: str) -> FacilityInputs:
        return _facility_inputs(lake, name, found[name], compacted.get(name, NOTHING), tables)

    with ThreadPoolExecutor(threads) as pool:
        made = {one.facility_id: one for one in pool.map(inputs_of, sorted(found))}
    return LakeInputs(made, {table: _of_places(table, empty) for table in tables})


def places_of(table: str) -> tuple[str, ...]:
    """The folders of a table below the lake."""
    location = LOCATIONS[table]
    return tuple(f"outcomes/{stage}" for stage in STAGES) if "*" in location else (location,)


def _listed(lake: Lake, place: str, facility_ids: Sequence[str]) -> Iterator[Found]:
    """The Parquet files at a place: of all facilities, or only of some with those of the nation."""
    folder = place.split("/")
    if facility_ids:
        listed = lake.listed(*folder)
        for name in facility_ids:
            listed += lake.listed(*folder, f"{PARTITION}{name}")
    else:
        listed = lake.listed(*folder, deep=True)
    return (one for one in listed if one.name.endswith(PARQUET))


def _of_places(table: str, by_place: Mapping[str, Sequence[str]]) -> list[str]:
    return [path for place in places_of(table) for path in by_place.get(place, ())]


def _facility_inputs(
    lake: Lake,
    facility_id: str,
    listed: Mapping[str, Sequence[Found]],
    compacted: Compacted,
    tables: Sequence[str],
) -> FacilityInputs:
    own = {place: compacted.files_in_force(place, files) for place, files in listed.items()}
    every = [one for place in sorted(own) for one in own[place]]
    paths = {place: [one.path for one in files] for place, files in own.items()}
    stems = [one.stem for one in own.get(VALIDATED, ()) if not is_compacted(one.stem)]
    return FacilityInputs(
        facility_id,
        {table: _of_places(table, paths) for table in tables},
        sum(one.size for one in every),
        f"{_checksum(lake, facility_id, every, compacted):064x}",
        [*compacted.year_of, *stems],
    )


def _checksum(lake: Lake, facility_id: str, files: Sequence[Found], compacted: Compacted) -> int:
    """The checksum of names below the lake and contents of the files that submissions had."""
    replaced = {
        lake.parquet_path(*place.split("/"), name=year.name).removeprefix(lake.path("")): one
        for year in compacted.years.values()
        for place, one in year.places.items()
    }
    lines: list[str] = []
    total = 0
    for name, sha256 in _sha256_of(lake, facility_id, files):
        known = replaced.get(name)
        if known is not None and known.sha256 == sha256:
            total += int(known.checksum, 16)
        else:
            lines.append(file_line(name, sha256))
    return (total + checksum_of(lines)) % MODULUS


def _sha256_of(lake: Lake, facility_id: str, files: Sequence[Found]) -> Iterable[tuple[str, str]]:
    """Each file below the lake with the SHA-256 of its content."""

    def read(fresh: Sequence[Found]) -> Iterator[pa.Table]:
        for content in lake.read_many(one.path for one in fresh):
            yield pa.table({SHA256: [hashlib.sha256(content).hexdigest()]})

    rows = Known(lake, "checksums", facility_id, {SHA256: pa.string()}, read).rows(files)
    return zip(*(rows.column(name).to_pylist() for name in (FILE, SHA256)), strict=True)
