"""Measures where a worker's time goes: guard, tree, finders, rows, write.

    .venv/bin/python -m tests.bench.shares [--rounds 5] [--files 2000]

One process decodes the real CT reports, repeated, and a synthetic nation, and writes their rows.
"""

from __future__ import annotations

import argparse
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from tests.bench.compare import write_real, write_synthetic
from transforms.decode.report import decode
from transforms.dicom.content_pass import ContentPass
from transforms.dicom.reader import ReportReader
from transforms.errors import ObjectRefused
from transforms.lake.parts import JoinJob
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, report_rows
from transforms.pipeline.decode_job import ChunkRows
from transforms.tables import REPORT_TABLES
from transforms.workers.pool import chunk_lengths

KEYS, PSEUDONYMS = ObjectKeys("H1", "H1.0", "0"), Pseudonyms(b"a key of the bench")
OUTCOME = {"facility_id": "H1", "submission_id": "H1.0", "object_index": 1, "stage": "decode"}

PARTS = {
    "guard": "header: structure, identity, character set",
    "tree": "content items: structure, identity, tree",
    "finders": "header columns, modality, the items of each column",
    "rows": "numbers, units, words, pseudonyms, texts; rows",
    "write": "Arrow parts, joined to Parquet",
}

Times = dict[str, float]


@contextmanager
def _timed(times: Times, part: str) -> Iterator[None]:
    started = time.process_time()
    try:
        yield
    finally:
        times[part] = times.get(part, 0) + time.process_time() - started


def one_round(files: Sequence[bytes], folder: Path) -> Times:
    """Decode and write all files with a new reader; CPU seconds of each part."""
    times: Times = {}
    reader, parts, start = ReportReader(), [], 0
    with _content_timed(times):
        for chunk, length in enumerate(chunk_lengths(len(files))):
            found = ChunkRows()
            for data in files[start : start + length]:
                _decode(data, reader, found, times)
            start += length
            with _timed(times, "write"):
                parts.append((found.write(folder, (chunk, 0)).part,))
            gc.collect(1)
    with _timed(times, "write"):
        for table in REPORT_TABLES:
            JoinJob(folder, tuple(parts), table).work(None)
    return {
        "guard": times["read"] - times["tree"],
        "tree": times["tree"],
        "finders": times["decode"] - times["read"],
        "rows": times["rows"],
        "write": times["write"],
    }


def _decode(data: bytes, reader: ReportReader, found: ChunkRows, times: Times) -> None:
    row = {**OUTCOME, "object_sha256": "0", "name_key": "0"}
    with patch.object(reader, "read", _timed_read(reader, times)):
        try:
            with _timed(times, "decode"):
                report = decode(data, reader)
            with _timed(times, "rows"):
                rows = report_rows(report, KEYS, PSEUDONYMS)
            found.keep(row, rows)
        except ObjectRefused as refusal:
            found.refuse(row, refusal.reason.code, refusal.detail)


def _timed_read(reader: ReportReader, times: Times) -> Any:
    read = reader.read

    def timed(data: bytes) -> Any:
        with _timed(times, "read"):
            return read(data)

    return timed


@contextmanager
def _content_timed(times: Times) -> Iterator[None]:
    """Time the content of each report: the call for the outermost sequence."""
    items = ContentPass.items

    def timed(self: ContentPass, position: int, length: int, end: int, depth: int) -> Any:
        if depth > 1:
            return items(self, position, length, end, depth)
        with _timed(times, "tree"):
            return items(self, position, length, end, depth)

    with patch.object(ContentPass, "items", timed):
        yield


def show(title: str, files: Sequence[bytes], rounds: int) -> None:
    """Print the medians per report and the shares."""
    gc.disable()
    found: list[Times] = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            found.append(one_round(files, Path(folder)))
    middle = {part: statistics.median(one[part] for one in found) for part in PARTS}
    total = sum(middle.values())
    sys.stdout.write(f"\n{title}; medians of {rounds} rounds\n")
    for part, meaning in PARTS.items():
        micro = middle[part] / len(files) * 1e6
        sys.stdout.write(f"  {part:<8}{micro:>8.0f} us{middle[part] / total:>8.0%}  {meaning}\n")
    sys.stdout.write(f"  {'sum':<8}{total / len(files) * 1e6:>8.0f} us\n")
    sys.stdout.flush()


def main() -> None:
    """Parse the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--files", type=int, default=2_000, help="synthetic files, about")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        real, nation = Path(folder) / "real", Path(folder) / "nation"
        write_real(real)
        write_synthetic(nation, given.files)
        for title, exports in (("real CT reports", real), ("synthetic files", nation)):
            files = [path.read_bytes() for path in sorted(exports.glob("*/*.dcm"))]
            if files:
                show(f"{len(files):,} {title}", files, given.rounds)


if __name__ == "__main__":
    main()
