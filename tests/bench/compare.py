"""Compares how fast two checkouts read dose reports: this one, and another one given by its path.

    .venv/bin/python -m tests.bench.compare /path/of/another/checkout [--rounds 5] [--files 10000]

Each round runs every step in both checkouts, one after the other and in turn first, on the same
files. The other checkout needs its own `.venv` if its dependencies differ. A step is a new process
with the checkout's own code: (c) decode the bytes of all files to rows (`decode_files` of its
`tests/bench/bench_decode.py`); (d) the command `drlake ingest` into an empty lake.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from tests.bench.measured_command import Seconds, measured
from tests.bench.peak_memory import write_copies
from tests.support.reports.real_reports import real_exports
from transforms.sample import write_nation

HERE = Path(__file__).resolve().parents[2]
FACILITIES = 8
OBJECTS_PER_EXAMINATION = 15
COPIES_OF_REAL_REPORTS = 100
SECONDS_AT_REST = 3600
"""Age given to the files, so that no ingest waits to see whether they still grow."""

_DECODE = """
import sys, time
from pathlib import Path
from tests.bench.bench_decode import decode_files
files = [path.read_bytes() for path in sorted(Path(sys.argv[1]).glob("*/*.dcm"))]
before, started = time.process_time(), time.perf_counter()
decode_files(files)
print(time.process_time() - before, time.perf_counter() - started)
"""

Step = Callable[[Path, Path], Seconds]
"""Runs one step of a checkout on a folder of exports."""


def decode(checkout: Path, exports: Path) -> Seconds:
    """(c) Time of decoding alone, without reading the files and without imports."""
    _, output = measured([python_of(checkout), "-c", _DECODE, str(exports)], checkout)
    cpu, wall = map(float, output.split())
    return Seconds(cpu, 0, wall)


def ingest(checkout: Path, exports: Path) -> Seconds:
    """(d) Time of the whole command, with its start and all its processes.

    The lakes are kept until the end of the run: ext4 creates files slowly for half a minute after
    many were removed.
    """
    lake = tempfile.mkdtemp(dir=exports.parent)
    os.sync()  # pending writes of another step are not part of this one
    command = [python_of(checkout), "-m", "transforms.cli", "ingest", "--json"]
    where = ["--exports", str(exports), "--lake", lake]
    return measured([*command, *where], checkout)[0]


def python_of(checkout: Path) -> str:
    """The Python of a checkout's own environment, or else the one that runs this program."""
    own = checkout / ".venv" / "bin" / "python"
    return str(own) if own.exists() else sys.executable


def compare(title: str, step: Step, exports: Path, other: Path, rounds: int) -> None:
    """Run a step in both checkouts and print the medians and the ratios of the rounds."""
    found: list[tuple[Seconds, Seconds]] = []
    for index in range(rounds):
        first, second = (HERE, other) if index % 2 else (other, HERE)
        both = {first: step(first, exports)}
        both[second] = step(second, exports)
        found.append((both[other], both[HERE]))
    sys.stdout.write(f"\n{title}; medians of {rounds} rounds\n")
    sys.stdout.writelines(_lines(found))
    sys.stdout.flush()


def _lines(found: Sequence[tuple[Seconds, Seconds]]) -> Iterator[str]:
    yield f"  {'seconds':<10}{'other':>10}{'this':>10}{'ratio':>10}   [lowest to highest]\n"
    for at, name in enumerate(Seconds._fields):
        pairs = [(other[at], this[at]) for other, this in found]
        if all(this for _, this in pairs):
            before, after = (statistics.median(one) for one in zip(*pairs, strict=True))
            ratios = sorted(other / this for other, this in pairs)
            middle, low, high = statistics.median(ratios), ratios[0], ratios[-1]
            yield f"  {name:<10}{before:>10.2f}{after:>10.2f}{middle:>10.2f}   "
            yield f"[{low:.2f} to {high:.2f}]\n"


def write_real(folder: Path) -> int:
    """Write the real CT reports, each many times as distinct objects; returns the number."""
    found = [path.read_bytes() for path in real_exports() if "CT-" in path.name]
    if found:
        write_copies(found, len(found) * COPIES_OF_REAL_REPORTS, folder / "F001")
    return _set_at_rest(folder)


def write_synthetic(folder: Path, number: int) -> int:
    """Write a synthetic nation of about this many files; returns the number."""
    examinations = max(1, number // (FACILITIES * OBJECTS_PER_EXAMINATION))
    write_nation(folder, facilities=FACILITIES, seed=1, examinations=examinations)
    return _set_at_rest(folder)


def _set_at_rest(folder: Path) -> int:
    then = time.time() - SECONDS_AT_REST
    paths = list(folder.glob("*/*.dcm"))
    for path in paths:
        os.utime(path, (then, then))
    return len(paths)


def main() -> None:
    """Parse the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("other", type=Path, help="folder of the other checkout")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=10_000, help="synthetic files, about")
    given = parser.parse_args()
    other = given.other.resolve()
    with tempfile.TemporaryDirectory() as folder:
        real, nation = Path(folder) / "real" / "exports", Path(folder) / "nation" / "exports"
        if number := write_real(real):
            title = f"(c) decode of {number:,} real CT reports"
            compare(title, decode, real, other, given.rounds)
        number = write_synthetic(nation, given.files)
        title = f"(c) decode of {number:,} synthetic files"
        compare(title, decode, nation, other, given.rounds)
        title = f"(d) whole ingest of {number:,} synthetic files of {FACILITIES} facilities"
        compare(title, ingest, nation, other, given.rounds)


if __name__ == "__main__":
    main()
