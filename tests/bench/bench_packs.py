"""Compares ways to keep the objects of a submission: loose files, zip, tar, a Parquet table.

python -m tests.bench.bench_packs [FOLDER] [--reports 500] [--rounds 5]

Each way keeps the same reports, and is measured in size, in the time to write, to read all, to read
one by its checksum, and to check all bytes. Without FOLDER (real or synthetic reports, at any
depth), synthetic reports are written. Times are CPU seconds of this process with its system time,
the median of the rounds; writing ends with a flush to the disk, whose waiting is in the wall time.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import os
import shutil
import statistics
import tarfile
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.lake import local_disk
from transforms.sample import write_nation

Objects = Mapping[str, bytes]
SCHEMA = pa.schema(
    [pa.field("object_sha256", pa.string(), False), pa.field("data", pa.binary(), False)]
)
ONE_READ = 20
"""Objects that are read one at a time."""


@dataclass(frozen=True)
class Way:
    """A way to keep objects: writes them to a place, reads all of them, or one."""

    name: str
    write: Callable[[Path, Objects], None]
    read_all: Callable[[Path], dict[str, bytes]]
    read_one: Callable[[Path, str], bytes]


def write_loose(place: Path, objects: Objects) -> None:
    """A file for each object, as ingest did until November 2026."""
    place.mkdir()
    for name, data in objects.items():
        (place / f"{name}.dcm").write_bytes(data)


def read_loose(place: Path) -> dict[str, bytes]:
    """All files of the folder."""
    return {path.stem: path.read_bytes() for path in place.iterdir()}


def read_one_loose(place: Path, name: str) -> bytes:
    """One file."""
    return (place / f"{name}.dcm").read_bytes()


def write_zip(place: Path, objects: Objects) -> None:
    """A zip file with deflate; its directory at the end finds one object."""
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in objects.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 1)


def read_zip(place: Path) -> dict[str, bytes]:
    """All members."""
    with zipfile.ZipFile(place) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def read_one_zip(place: Path, name: str) -> bytes:
    """One member by its name."""
    with zipfile.ZipFile(place) as archive:
        return archive.read(name)


def write_tar(place: Path, objects: Objects) -> None:
    """A tar file compressed as a whole, so that equal parts of reports are stored once."""
    with tarfile.open(place, "w:gz", compresslevel=1) as archive:
        for name, data in objects.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))


def read_tar(place: Path) -> dict[str, bytes]:
    """All members."""
    with tarfile.open(place) as archive:
        return {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]


def read_one_tar(place: Path, name: str) -> bytes:
    """One member; all before it are read."""
    with tarfile.open(place) as archive:
        return archive.extractfile(name).read()  # type: ignore[union-attr]


def write_parquet(rows_per_group: int, level: int) -> Callable[[Path, Objects], None]:
    """A Parquet table of checksum and bytes, in the order of the checksums."""

    def write(place: Path, objects: Objects) -> None:
        names = sorted(objects)
        columns = [names, [objects[name] for name in names]]
        rows = pa.table([pa.array(c, f.type) for c, f in zip(columns, SCHEMA, strict=True)], SCHEMA)
        pq.write_table(
            rows,
            place,
            row_group_size=rows_per_group,
            compression="zstd",
            compression_level=level,
            use_dictionary=False,
            write_page_checksum=True,
        )

    return write


def read_parquet(place: Path) -> dict[str, bytes]:
    """All rows; the checksums of pages are compared."""
    data = pa.BufferReader(place.read_bytes())
    rows = pq.ParquetFile(data, page_checksum_verification=True).read(use_threads=False)
    return dict(zip(*(rows.column(one).to_pylist() for one in SCHEMA.names), strict=True))


def read_one_parquet(place: Path, name: str) -> bytes:
    """The row group whose checksums include this one, and of it one row."""
    file = pq.ParquetFile(place, page_checksum_verification=True)
    for number in range(file.num_row_groups):
        range_ = file.metadata.row_group(number).column(0).statistics
        if range_.min <= name <= range_.max:
            rows = file.read_row_group(number, use_threads=False)
            at = rows.column(0).to_pylist().index(name)
            found: bytes = rows.column(1)[at].as_py()
            return found
    raise KeyError(name)


WAYS = (
    Way("loose files", write_loose, read_loose, read_one_loose),
    Way("zip, deflate 1", write_zip, read_zip, read_one_zip),
    Way("tar, gzip 1", write_tar, read_tar, read_one_tar),
    Way("Parquet, zstd 1, groups of 16", write_parquet(16, 1), read_parquet, read_one_parquet),
    Way("Parquet, zstd 1, groups of 64", write_parquet(64, 1), read_parquet, read_one_parquet),
    Way("Parquet, zstd 1, one group", write_parquet(10**6, 1), read_parquet, read_one_parquet),
    Way("Parquet, zstd 3, groups of 64", write_parquet(64, 3), read_parquet, read_one_parquet),
)


@dataclass
class Times:
    """CPU and wall seconds of each step, a value per round."""

    cpu: dict[str, list[float]] = field(default_factory=dict)
    wall: dict[str, list[float]] = field(default_factory=dict)

    def measure(self, step: str, work: Callable[[], object]) -> None:
        """Run a step and note its times."""
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        self.cpu.setdefault(step, []).append(time.process_time() - cpu)
        self.wall.setdefault(step, []).append(time.perf_counter() - wall)

    def median(self, step: str) -> str:
        """CPU and wall milliseconds of a step."""
        cpu, wall = statistics.median(self.cpu[step]), statistics.median(self.wall[step])
        return f"{1000 * cpu:8.1f} ({1000 * wall:7.1f})"


def check(objects: Objects) -> None:
    """Compare the bytes of each object with its checksum."""
    for name, data in objects.items():
        if hashlib.sha256(data).hexdigest() != name:
            raise ValueError(name)


def round_of(way: Way, place: Path, objects: Objects, times: Times) -> int:
    """One round of a way; returns the size on the disk."""

    def write() -> None:
        with local_disk.flush_at_end(str(place.parent)):
            way.write(place, objects)

    times.measure("write", write)
    times.measure("read all", lambda: way.read_all(place))
    some = sorted(objects)[:: max(1, len(objects) // ONE_READ)]
    times.measure("read one", lambda: [way.read_one(place, name) for name in some])
    times.cpu["read one"][-1] /= len(some)
    times.wall["read one"][-1] /= len(some)
    times.measure("read and check", lambda: check(way.read_all(place)))
    files = [place] if place.is_file() else list(place.iterdir())
    size = sum(4096 * -(-path.stat().st_size // 4096) for path in files)
    shutil.rmtree(place) if place.is_dir() else place.unlink()
    return size


def reports(folder: Path | None, number: int) -> Iterator[bytes]:
    """So many reports of a folder, or synthetic ones of several facilities."""
    with tempfile.TemporaryDirectory(prefix="drlake.") as made:
        if folder is None:
            folder = Path(made)
            write_nation(folder, facilities=1, seed=1, examinations=60)
        paths = [path for path in sorted(folder.rglob("*")) if path.suffix in (".dcm", "")]
        yield from (path.read_bytes() for path in paths[:number] if path.is_file())


def main() -> None:
    """Measure every way and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--reports", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    objects = {
        hashlib.sha256(data).hexdigest(): data for data in reports(given.folder, given.reports)
    }
    n_bytes = sum(map(len, objects.values()))
    say(f"{len(objects)} objects, {n_bytes} bytes; milliseconds of CPU (of wall)")
    times = {way.name: Times() for way in WAYS}
    sizes: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="drlake.", dir=os.environ.get("TMPDIR")) as made:
        for _ in range(given.rounds):
            for way in WAYS:
                sizes[way.name] = round_of(way, Path(made) / "pack", objects, times[way.name])
    for way in WAYS:
        steps = ("write", "read all", "read one", "read and check")
        said = "  ".join(f"{step} {times[way.name].median(step)}" for step in steps)
        say(f"{way.name:30} {sizes[way.name]:10} bytes on disk  {said}")


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
