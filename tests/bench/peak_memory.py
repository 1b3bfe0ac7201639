"""Measures peak memory of one large submission: command, workers and their server together."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from transforms.sample import write_nation

OBJECTS = 100_000
SECONDS_BETWEEN_LOOKS = 0.2


def peak_of_large_submission(objects: int = OBJECTS) -> str:
    """Ingest one facility with this many files; returns a sentence with time and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        exports = Path(folder) / "exports"
        number = write_objects(exports, objects)
        started = time.monotonic()
        peak = peak_of_command(exports, Path(folder) / "lake")
        seconds = time.monotonic() - started
    return (
        f"\none submission of {number:,} files: {seconds:.0f} s, {number / seconds:,.0f} files/s, "
        f"peak {peak / 1024**2:,.0f} MiB in all processes together"
    )


def write_objects(exports: Path, objects: int) -> int:
    """Write one facility with the files of a nation of several, each made distinct by a number."""
    source = exports.parent / "source"
    write_nation(source, facilities=4, seed=5, examinations=100)
    found = [path.read_bytes() for path in sorted(source.glob("*/*.dcm"))]
    shutil.rmtree(source)
    write_copies(found, objects, exports / "F001")
    return objects


def write_copies(found: Sequence[bytes], objects: int, folder: Path) -> None:
    """Write copies of the reports found, each a distinct object."""
    folder.mkdir(parents=True)
    for index in range(objects):
        data = found[index % len(found)]
        # DICOM ignores the preamble; it makes every file a distinct object.
        (folder / f"{index:06d}.dcm").write_bytes(index.to_bytes(128, "big") + data[128:])


def peak_of_command(exports: Path, lake: Path) -> int:
    """Highest sum of proportional memory (PSS) of the command and its children, in bytes."""
    command = [sys.executable, "-m", "transforms.cli", "ingest", "--json"]
    where = ["--exports", str(exports), "--lake", str(lake)]
    peak = 0
    with subprocess.Popen([*command, *where], stdout=subprocess.DEVNULL) as running:
        process = psutil.Process(running.pid)
        while running.poll() is None:
            peak = max(peak, sum(map(memory_of, [process, *children(process)])))
            time.sleep(SECONDS_BETWEEN_LOOKS)
    if running.returncode:
        raise RuntimeError(f"drlake ingest ended with {running.returncode}")
    return peak


def children(process: psutil.Process) -> list[psutil.Process]:
    with suppress(psutil.NoSuchProcess):
        return process.children(recursive=True)
    return []


def memory_of(process: psutil.Process) -> int:
    """Proportional memory of one process (PSS): shared pages are divided among its users."""
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        return int(process.memory_full_info().pss)
    return 0
