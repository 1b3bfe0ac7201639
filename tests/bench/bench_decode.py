"""Measures how fast dose reports are read, beside pydicom on the same files and machine.

`make bench`, or `make bench BENCH=--large` for the memory of a submission of 100,000 files. Every
round measures all steps one after another, so that a slow minute of the machine slows all of them;
the medians over the rounds are shown. Ratios of (c) to (b) compare CPU time of one round.
"""

from __future__ import annotations

import argparse
import gc
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.bench.peak_memory import peak_of_large_submission, write_copies
from tests.support.reports.pydicom_walk import walk
from tests.support.reports.real_reports import real_exports
from transforms.dicom.reader import ReportReader
from transforms.errors import ObjectRefused
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys
from transforms.pipeline.decode_job import decode_object
from transforms.pipeline.facility import facilities, ingest_facility
from transforms.pipeline.report_workers import report_workers
from transforms.sample import write_nation
from transforms.settings import Settings

KEYS, PSEUDONYMS = ObjectKeys("H1", "H1.0", "0"), Pseudonyms(b"a key of the bench")
FACILITIES = 8
OBJECTS_PER_COLLECTION = 250
CORES = os.cpu_count() or 1

Rates = dict[str, float]


def read_files(paths: Sequence[Path]) -> int:
    """(a) Read the bytes of every file, nothing else."""
    return sum(len(path.read_bytes()) for path in paths)


def walk_files(files: Sequence[bytes]) -> None:
    """(b) Plain pydicom code: every value of every content item."""
    for data in files:
        walk(data)


def decode_files(files: Sequence[bytes]) -> None:
    """(c) Guard and decode to rows, as a worker does: one reader, no garbage collection."""
    reader = ReportReader()
    gc.disable()
    for index, data in enumerate(files):
        try:
            decode_object(data, KEYS, PSEUDONYMS, reader)
        except ObjectRefused:
            continue
        finally:
            if index % OBJECTS_PER_COLLECTION == 0:
                gc.collect(0)
    gc.enable()


def seconds_to_ingest(exports: Path) -> float:
    """(d) The whole of `drlake ingest` in an empty lake: receive, decode, write.

    The lake is kept until the end of the run: ext4 creates files slowly for half a minute after
    many were removed.
    """
    lake = tempfile.mkdtemp(dir=exports.parent)
    os.sync()  # pending writes of another step are not part of this one
    started = time.perf_counter()
    settings = Settings(lake=lake, exports=str(exports))
    with report_workers() as pool:
        for facility_id in facilities(settings):
            ingest_facility(settings, facility_id, pool=pool)
    return time.perf_counter() - started


def readable(paths: Sequence[Path], number: int) -> list[bytes]:
    """Files that pydicom reads, spread over all of them; the nation has broken files as well."""
    found: list[bytes] = []
    for path in paths[:: max(1, len(paths) // (2 * number))]:
        data = path.read_bytes()
        try:
            walk(data)
        except Exception:  # noqa: S112 - whatever pydicom says of a broken file
            continue
        found.append(data)
    return found[:number]


def per_second(number: int, work: Callable[[], object], clock: Callable[[], float]) -> float:
    """Files per second of a step."""
    started = clock()
    work()
    return number / (clock() - started)


def one_round(paths: Sequence[Path], walked: Sequence[bytes], exports: Path | None) -> Rates:
    """Every step once, and the ratios of this round."""
    files = [path.read_bytes() for path in paths]
    rates: Rates = {
        "a": per_second(len(paths), lambda: read_files(paths), time.perf_counter),
        "b": per_second(len(walked), lambda: walk_files(walked), time.process_time),
        "c": per_second(len(files), lambda: decode_files(files), time.process_time),
    }
    rates["c/b"] = rates["c"] / rates["b"]
    if exports is not None:
        whole = len(paths) / seconds_to_ingest(exports)
        rates["d"] = whole / CORES
        rates["d/b"] = rates["d"] / rates["b"]
        rates["d/(c x cores)"] = whole / (rates["c"] * CORES)
    return rates


NAMES = {
    "a": "(a) reading bytes, files/s",
    "b": "(b) plain pydicom walk, files/s/core",
    "c": "(c) guard + decode to rows, files/s/core",
    "d": "(d) whole ingest to Parquet, files/s/core",
    "c/b": "c / b (CPU time, same round)",
    "d/b": "d per core / b",
    "d/(c x cores)": "d / (c x cores)",
}


def show(title: str, rounds: Sequence[Rates]) -> None:
    """Print medians with the range over the rounds."""
    out = sys.stdout
    out.write(f"\n{title}; medians of {len(rounds)} rounds [lowest to highest]\n")
    for key, name in NAMES.items():
        values = [one[key] for one in rounds if key in one]
        if values:
            middle, low, high = statistics.median(values), min(values), max(values)
            out.write(f"  {name:<44}{middle:>12,.2f}   [{low:,.2f} to {high:,.2f}]\n")
    out.flush()


def bench_corpus(rounds: int, repeats: int) -> None:
    """Measure the real CT reports, repeated: the reader knows them after the first pass."""
    paths = [path for path in real_exports() if "CT-" in path.name]
    if not paths:
        sys.stdout.write("\n../shared/rdsr is absent: the real CT reports are left out\n")
        return
    files = [path.read_bytes() for path in paths]
    with tempfile.TemporaryDirectory() as folder:
        exports = Path(folder) / "exports"
        write_copies(files, len(files) * repeats, exports / "F001")
        seconds_to_ingest(exports)  # loads what the first run loads
        copies = sorted(exports.glob("*/*.dcm"))
        show(
            f"{len(paths)} real CT reports, each {repeats} times, {CORES} cores",
            [one_round(copies, files, exports) for _ in range(rounds)],
        )
    show(
        f"{len(paths)} real CT reports, each once with a reader that knows nothing",
        [one_round(paths, files, None) for _ in range(rounds)],
    )


def bench_nation(rounds: int, number: int, walked: int) -> None:
    """Measure a synthetic nation of about this many files, in a temporary folder."""
    with tempfile.TemporaryDirectory() as folder:
        exports = Path(folder) / "exports"
        examinations = max(1, number // (FACILITIES * 15))
        write_nation(exports, facilities=FACILITIES, seed=1, examinations=examinations)
        paths = sorted(exports.glob("*/*.dcm"))
        sample = readable(paths, walked)
        seconds_to_ingest(exports)  # loads what the first run loads
        show(
            f"{len(paths):,} synthetic files of {FACILITIES} facilities, {CORES} cores",
            [one_round(paths, sample, exports) for _ in range(rounds)],
        )


def main() -> None:
    """Parse the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=10_000, help="synthetic files, about")
    parser.add_argument("--walked", type=int, default=100, help="files of them for (b)")
    parser.add_argument("--large", action="store_true", help="memory of 100,000 files as well")
    given = parser.parse_args()
    bench_corpus(given.rounds, repeats=300)
    bench_nation(given.rounds, given.files, given.walked)
    if given.large:
        sys.stdout.write(peak_of_large_submission() + "\n")


if __name__ == "__main__":
    main()
