"""A list of what is known of files: only new or changed files are read again."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from transforms.lake.known import FILE, Known
from transforms.lake.lake import Lake
from transforms.lake.listings import Found

FOLDER = ("notes", "facility=F001")


class Reader:
    """Reads the number in each file, and notes which files it has read."""

    def __init__(self, lake: Lake) -> None:
        self.lake, self.seen = lake, []

    def __call__(self, fresh: Sequence[Found]) -> Iterator[pa.Table]:
        for one in fresh:
            self.seen.append(one.stem)
            yield pa.table({"number": [int(self.lake.read_bytes(one.path))]})

    def numbers(self) -> dict[str, int]:
        found = self.lake.listed(*FOLDER)
        known = Known(self.lake, "numbers", "F001", {"number": pa.int64()}, self)
        self.seen: list[str] = []
        rows = known.rows(found).to_pylist()
        return {row[FILE].rpartition("/")[2]: row["number"] for row in rows}


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    lake = Lake(str(tmp_path))
    for name, text in (("a", "1"), ("b", "2")):
        lake.write_bytes(lake.path(*FOLDER, f"{name}.parquet"), text.encode())
    made = Reader(lake)
    assert made.numbers() == {"a.parquet": 1, "b.parquet": 2}
    return made


def path_of(reader: Reader, name: str) -> Path:
    return Path(reader.lake.path(*FOLDER, f"{name}.parquet"))


def test_what_is_known_is_not_read_again(reader: Reader) -> None:
    assert reader.numbers() == {"a.parquet": 1, "b.parquet": 2}
    assert reader.seen == []


def test_a_new_file_is_read(reader: Reader) -> None:
    path_of(reader, "c").write_bytes(b"3")
    assert reader.numbers() == {"a.parquet": 1, "b.parquet": 2, "c.parquet": 3}
    assert reader.seen == ["c"]


def test_a_removed_file_is_forgotten(reader: Reader) -> None:
    path_of(reader, "a").unlink()
    assert reader.numbers() == {"b.parquet": 2}
    assert reader.seen == []


def test_a_replaced_file_of_equal_size_and_time_is_read_again(reader: Reader) -> None:
    path = path_of(reader, "a")
    before = path.stat()
    reader.lake.write_bytes(str(path), b"7")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert reader.numbers() == {"a.parquet": 7, "b.parquet": 2}
    assert reader.seen == ["a"]


def test_a_file_that_is_changed_in_place_is_read_again(reader: Reader) -> None:
    path = path_of(reader, "b")
    before = path.stat()
    time.sleep(0.05)  # longer than a tick of the clock that times of files are read from
    with path.open("r+b") as file:
        file.write(b"8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert reader.numbers() == {"a.parquet": 1, "b.parquet": 8}


@pytest.mark.parametrize("data", [b"", b"no Parquet"])
def test_an_unreadable_list_is_made_again(reader: Reader, data: bytes) -> None:
    Path(reader.lake.path("known", "numbers", "F001.parquet")).write_bytes(data)
    assert reader.numbers() == {"a.parquet": 1, "b.parquet": 2}
    assert reader.seen == ["a", "b"]
