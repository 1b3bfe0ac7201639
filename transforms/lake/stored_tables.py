"""Rows of submissions as they are stored: in a file of their own, or in that of a closed year.

A *place* is a folder of such files below the lake, `decoded/dose_report` or `outcomes/receive`.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import DrlakeError
from transforms.lake import listings
from transforms.lake.compacted import FOLDER, NOTHING, Compacted, CompactedYear, is_compacted, parse
from transforms.lake.files import LakeFiles
from transforms.lake.listings import PARQUET, Found
from transforms.lake.object_store import WILDCARD

PARTITION = "facility="
"""Beginning of the name of a facility's folder in each table."""

Key = tuple[str, str]
"""A place and a submission."""


class StoredTables(LakeFiles):
    """The Parquet files of the tables of a lake, one of each submission or of each closed year."""

    __slots__ = ()

    def parquet_path(self, *folder: str, name: str) -> str:
        """Path of a Parquet file: in the facility's folder if its name begins with a facility.

        Names with a dot begin with a facility id. Other files have one for the whole nation or for
        each facility, and are in the folder of the table itself.
        """
        partition = (f"{PARTITION}{facility_of(name)}",) if "." in name else ()
        return self.path(*folder, *partition, f"{name}{PARQUET}")

    def names(self, *folder: str, folders: bool = False) -> list[str]:
        """Sorted names of the files of a folder, or of its folders."""
        path = self.path(*folder)
        if self.is_local:
            return listings.local_names(path, folders=folders)
        return listings.remote_names(self._fs(), path, folders=folders)

    def listed(self, *folder: str, deep: bool = False) -> list[Found]:
        """The files of a folder, with `deep` also of its folders, in the order of their paths."""
        path = self.path(*folder)
        if self.is_local:
            return sorted(listings.local_files(path, deep=deep))
        return sorted(listings.remote_files(self._fs(), path, deep=deep))

    def facilities(self, *folder: str) -> list[str]:
        """Facilities that have files in this folder."""
        names = self.names(*folder, folders=True)
        found = [name.removeprefix(PARTITION) for name in names if name.startswith(PARTITION)]
        if not self.is_local:
            return found
        paths = {one: Path(self.path(*folder, f"{PARTITION}{one}")) for one in found}
        return [one for one, path in paths.items() if any(path.iterdir())]

    def stems(self, *folder: str, facility_id: str) -> list[str]:
        """Sorted names, without suffix, of a facility's Parquet files."""
        names = self.names(*folder, f"{PARTITION}{facility_id}")
        return [name.removesuffix(PARQUET) for name in names if name.endswith(PARQUET)]

    def parquet_files(self, *folder: str, facility_id: str | None = None) -> list[str]:
        """Sorted paths of the Parquet files of one facility, or of all, without the empty file."""
        if facility_id is not None:
            names = self.stems(*folder, facility_id=facility_id)
            return [self.path(*folder, f"{PARTITION}{facility_id}", f"{x}{PARQUET}") for x in names]
        found = self.listed(*folder, deep=True)
        start = self.path(*folder, PARTITION)
        return [one.path for one in found if one.path.startswith(start)]

    def compacted(self, facility_id: str) -> Compacted:
        """What is compacted of a facility."""
        return self.compacted_of([facility_id])[facility_id]

    def all_compacted(self) -> dict[str, Compacted]:
        """What is compacted, by facility."""
        names = [one.removesuffix(".json") for one in self.names(FOLDER) if one.endswith(".json")]
        return self.compacted_of(names)

    def compacted_of(self, facility_ids: Iterable[str]) -> dict[str, Compacted]:
        """What is compacted of these facilities."""
        listed = sorted(set(facility_ids))
        found = self.read_found([self.compacted_path(one) for one in listed])
        return {
            name: NOTHING if data is None else parse(data)
            for name, (_, data) in zip(listed, found, strict=True)
        }

    def write_compacted(self, facility_id: str, compacted: Compacted) -> None:
        """Say what is compacted of a facility; from now on readers follow it."""
        self.write_bytes(self.compacted_path(facility_id), compacted.to_json())

    def compacted_path(self, facility_id: str) -> str:
        """Path of the list of what is compacted of a facility."""
        return self.path(FOLDER, f"{facility_id}.json")

    def contents_path(self, name: str) -> str:
        """Path of the list of the files that compacted files of this name replace."""
        return self.path(FOLDER, "contents", f"{name}{PARQUET}")

    def in_force(self, place: str, found: Sequence[Found]) -> list[Found]:
        """The files to be read, of all files that any facilities have at a place."""
        listed: dict[str, list[Found]] = {}
        for one in found:
            listed.setdefault(facility_of(one.stem), []).append(one)
        compacted = self.compacted_by_stems(one.stem for one in found)
        return [
            one
            for facility_id, files in listed.items()
            for one in compacted.get(facility_id, NOTHING).files_in_force(place, files)
        ]

    def compacted_by_stems(self, stems: Iterable[str]) -> dict[str, Compacted]:
        """What is compacted of the facilities that have a compacted file among these.

        DrlakeError if the list of a facility is missing: a compacted file is written after it.
        """
        wanted = {facility_of(stem) for stem in stems if is_compacted(stem)}
        paths = {one: self.compacted_path(one) for one in sorted(wanted)}
        found = {}
        for name, (_, data) in zip(paths, self.read_found(paths.values()), strict=True):
            if data is None:
                raise DrlakeError(
                    f"The lake lacks {FOLDER}/{name}.json, which says what is compacted of {name}. "
                    "Restore it from a copy of the lake."
                )
            found[name] = parse(data)
        return found

    def table_files(self, place: str) -> list[str]:
        """Paths of all Parquet files of a table, in its own folder and in those of facilities."""
        return [
            one.path
            for folder in self._matching(place)
            for one in self.in_force(folder, self.listed(*folder.split("/"), deep=True))
            if one.name.endswith(PARQUET)
        ]

    def _matching(self, place: str) -> list[str]:
        """The place, or the places that match it where its last part is a pattern."""
        above, _, last = place.rpartition("/")
        if not WILDCARD.search(last):
            return [place]
        names = self.names(*above.split("/"), folders=True)
        return [f"{above}/{name}" for name in names if fnmatchcase(name, last)]

    def stored(self, place: str, facility_id: str | None = None) -> list[str]:
        """Submissions with an outcome at the place of a stage, of one facility or all, in order."""
        if facility_id is not None:
            stems = self.stems(*place.split("/"), facility_id=facility_id)
        else:
            paths = self.parquet_files(*place.split("/"))
            stems = [path.rpartition("/")[2].removesuffix(PARQUET) for path in paths]
        found = {stem for stem in stems if not is_compacted(stem)}
        for one in self.compacted_by_stems(stems).values():
            found.update(one.year_of)  # a closed submission has passed every stage
        return sorted(found)

    def find_rows(self, keys: Iterable[Key]) -> Iterator[pa.Table | None]:
        """The rows of each submission at a place, or None; many files are read at once."""
        listed = list(keys)
        compacted = self.compacted_of(facility_of(name) for _, name in listed)
        own = [
            self.parquet_path(*place.split("/"), name=name)
            for place, name in listed
            if name not in compacted[facility_of(name)].year_of
        ]
        files = (data for _, data in self.read_found(own))
        for place, name in listed:
            year = compacted[facility_of(name)].year_of.get(name)
            if year is not None:
                yield self.stored_rows_of_year(year, place, name)
            else:
                data = next(files)
                yield self._compacted_rows(place, name) if data is None else table_of_bytes(data)

    def stored_rows(self, place: str, name: str) -> pa.Table:
        """The rows of a submission at a place; FileNotFoundError if it has none there."""
        path = self.parquet_path(*place.split("/"), name=name)
        try:
            return table_of_bytes(self.read_bytes(path))
        except FileNotFoundError:
            rows = self._compacted_rows(place, name)
        if rows is None:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), path)
        return rows

    def _compacted_rows(self, place: str, name: str) -> pa.Table | None:
        """The rows of a submission without a file, which may have just been compacted."""
        year = self.compacted(facility_of(name)).year_of.get(name)
        return None if year is None else self.stored_rows_of_year(year, place, name)

    def has_rows(self, place: str, name: str) -> bool:
        """Whether a submission has passed a stage, or has a table, perhaps without rows."""
        if self.exists(self.parquet_path(*place.split("/"), name=name)):
            return True
        year = self.compacted(facility_of(name)).year_of.get(name)
        return year is not None and name in self.spans(year).get(place, {})

    def stored_at(self, place: str, name: str) -> datetime:
        """When the rows of a submission were written (UTC). It is in no data."""
        year = self.compacted(facility_of(name)).year_of.get(name)
        if year is None:
            return self.modified_at(self.parquet_path(*place.split("/"), name=name))
        rows: list[dict[str, Any]] = self.contents(year.name).to_pylist()
        return next(
            cast("datetime", row["modified_at"])
            for row in rows
            if (row["place"], row["submission_id"]) == (place, name)
        )

    def contents(self, name: str) -> pa.Table:
        """The files that compacted files of this name replace."""
        return table_of_bytes(self.read_bytes(self.contents_path(name)))

    def spans(self, year: CompactedYear) -> Mapping[str, Mapping[str, tuple[int, int]]]:
        """Place, submission: where its rows begin in the compacted file, and their number."""
        return _spans(self, year.name)

    def stored_rows_of_year(self, year: CompactedYear, place: str, name: str) -> pa.Table | None:
        """The rows of a submission in a compacted file; None if it had no file at this place."""
        span = self.spans(year).get(place, {}).get(name)
        return None if span is None else _year_rows(self, place, year.name).slice(*span)


@lru_cache(maxsize=48)
def _spans(lake: StoredTables, name: str) -> Mapping[str, Mapping[str, tuple[int, int]]]:
    """Where the rows of each submission begin in the file of each place, and their number."""
    spans: dict[str, dict[str, tuple[int, int]]] = {}
    ends: dict[str, int] = {}
    rows = lake.contents(name)
    columns = (rows.column(one).to_pylist() for one in ("place", "submission_id", "n_rows"))
    for place, submission_id, n_rows in zip(*columns, strict=True):
        start = ends.get(place, 0)
        spans.setdefault(place, {})[submission_id] = (start, n_rows)
        ends[place] = start + n_rows
    return spans


@lru_cache(maxsize=48)  # outcomes of all stages of ten years and more
def _year_rows(lake: StoredTables, place: str, name: str) -> pa.Table:
    """All rows of a compacted file, which is kept: files of one name have the same content."""
    return table_of_bytes(lake.read_bytes(lake.parquet_path(*place.split("/"), name=name)))


def table_of_bytes(data: bytes) -> pa.Table:
    """The rows of a Parquet file."""
    # Not pq.read_table on a Python file: its I/O threads can abort the interpreter at exit.
    return pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False)


def facility_of(submission_id: str) -> str:
    """The facility id in a submission id: `F001` of `F001.<digest>` or `F001.<digest>.r1`."""
    return submission_id.partition(".")[0]


def arrival_of(submission_id: str) -> str:
    """The submission that brought the objects: `F001.<digest>` for `F001.<digest>.r2`."""
    return ".".join(submission_id.split(".")[:2])
