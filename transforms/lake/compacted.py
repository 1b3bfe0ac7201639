"""What is compacted of a facility: the files that hold all submissions of a closed year.

`compacted/<facility>.json` decides. A submission that it names is read from the compacted files of
its year, and files of its own that are still there are ignored, until they are removed. A compacted
file that it does not name is ignored too. So a compaction that ends at any moment leaves a lake
that is read in one way only.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property, lru_cache

import pyarrow as pa

from transforms.errors import DrlakeError
from transforms.lake.listings import Found

FOLDER = "compacted"
NAME = re.compile(r"[^.]+\.\d{4}-[0-9a-f]{16}")
"""Name of a compacted file, `F001.2025-<digest>`: no submission has such a name."""

CONTENTS = pa.schema(
    [
        pa.field("place", pa.string(), False),
        pa.field("submission_id", pa.string(), False),
        pa.field("n_rows", pa.int32(), False),
        pa.field("sha256", pa.string(), False),
        pa.field("modified_at", pa.timestamp("us", "UTC"), False),
    ]
)
"""A row for each file of a submission that a compacted file replaces, in the order of its rows."""

MODULUS = 1 << 256


@dataclass(frozen=True, slots=True)
class CompactedFile:
    """The compacted file of a table: its SHA-256, and the checksum of the files it replaces."""

    n_rows: int
    sha256: str
    checksum: str


@dataclass(frozen=True, slots=True)
class CompactedYear:
    """The submissions of a year, in the order of their rows, and a file for each table."""

    name: str
    submissions: tuple[str, ...]
    places: Mapping[str, CompactedFile]


@dataclass(frozen=True)
class Compacted:
    """All that is compacted of a facility, by year."""

    years: Mapping[str, CompactedYear]

    @cached_property
    def year_of(self) -> Mapping[str, CompactedYear]:
        """The year of each submission."""
        return {one: year for year in self.years.values() for one in year.submissions}

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of the compacted files."""
        return frozenset(year.name for year in self.years.values())

    def is_in_force(self, stem: str) -> bool:
        """Whether a file with this name is to be read."""
        return stem in self.names if is_compacted(stem) else stem not in self.year_of

    def files_in_force(self, place: str, found: Sequence[Found]) -> list[Found]:
        """Files of one facility at a place that are to be read.

        DrlakeError if a compacted file is not among them.
        """
        stems = {one.stem for one in found}
        for year in self.years.values():
            if place in year.places and year.name not in stems:
                raise DrlakeError(
                    f"{place} lacks {year.name}.parquet, with the submissions of a closed year. If "
                    "`drlake compact` is running, run this again. Else restore it from a copy."
                )
        return [one for one in found if self.is_in_force(one.stem)]

    def with_year(self, period: str, year: CompactedYear | None) -> Compacted:
        """With another content of a year, or without the year."""
        others = {name: one for name, one in self.years.items() if name != period}
        return Compacted(others if year is None else others | {period: year})

    def to_json(self) -> bytes:
        """The bytes of `compacted/<facility>.json`."""
        years = {period: asdict(year) for period, year in sorted(self.years.items())}
        return json.dumps({"format": 1, "years": years}, indent=1).encode()


NOTHING = Compacted({})


@lru_cache(maxsize=64)
def parse(data: bytes) -> Compacted:
    """The content of `compacted/<facility>.json`."""
    years = {
        period: CompactedYear(
            year["name"],
            tuple(year["submissions"]),
            {place: CompactedFile(**one) for place, one in year["places"].items()},
        )
        for period, year in json.loads(data)["years"].items()
    }
    return Compacted(years)


def is_compacted(stem: str) -> bool:
    """Whether this is the name of a compacted file, not of a submission."""
    return NAME.fullmatch(stem) is not None


def name_of(facility_id: str, period: str, contents: pa.Table) -> str:
    """Name of the compacted files with these contents."""
    digest = hashlib.sha256()
    for column in ("place", "submission_id", "sha256"):
        digest.update("\n".join(contents.column(column).to_pylist()).encode())
    return f"{facility_id}.{period}-{digest.hexdigest()[:16]}"


def checksum_of(lines: Iterable[str]) -> int:
    """A checksum of lines in any order: the sum of their SHA-256, modulo 2 to the power of 256.

    The sum of the checksums of two parts is the checksum of the whole, so the digest of a facility
    is the same whether its files are compacted or not.
    """
    hashes = (hashlib.sha256(line.encode()).digest() for line in lines)
    return sum(int.from_bytes(one) for one in hashes) % MODULUS


def file_line(path: str, sha256: str) -> str:
    """The line of a file: its path below the lake, and the checksum of its content."""
    return f"{path} {sha256}"
