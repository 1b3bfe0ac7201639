"""The received objects of a submission are the rows of one Parquet file, its pack."""

from __future__ import annotations

import hashlib
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from transforms.errors import DrlakeError
from transforms.lake.lake import Lake
from transforms.lake.packs import BYTES_PER_GROUP, OBJECTS_PER_GROUP, Pack, write_pack
from transforms.lake.received import keep_objects, pack_path, read_object, remove_unnamed_packs
from transforms.lake.spools import Spool, Spools

OBJECTS = {hashlib.sha256(b"%d" % number).hexdigest(): b"%d" % number for number in range(150)}


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    write_pack(tmp_path / "pack", OBJECTS.items())
    return tmp_path / "pack"


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(str(tmp_path / "lake"))
    made.prepare()
    return made


def outcome(lake: Lake, submission_id: str, sha256: str, said: str = "received") -> None:
    row = {"facility_id": "F001", "submission_id": submission_id, "object_sha256": sha256}
    lake.write_outcomes(
        "receive",
        submission_id,
        [{**row, "object_index": 1, "name_key": "n", "stage": "receive", "outcome": said}],
    )


def group_sizes(path: Path) -> list[int]:
    about = pq.ParquetFile(path).metadata
    return [about.row_group(number).num_rows for number in range(about.num_row_groups)]


def test_a_pack_has_the_objects_in_the_order_of_the_submission(pack: Path) -> None:
    rows = pq.read_table(pack).to_pylist()
    assert [(row["object_sha256"], row["content"]) for row in rows] == list(OBJECTS.items())
    assert Pack(pack).checksums() == list(OBJECTS)


def test_each_object_is_found_by_its_checksum_in_any_order(pack: Path) -> None:
    opened = Pack(pack)
    for sha256 in sorted(OBJECTS):
        assert opened.read(sha256) == OBJECTS[sha256]


def test_equal_objects_give_equal_bytes(pack: Path, tmp_path: Path) -> None:
    write_pack(tmp_path / "other", iter(list(OBJECTS.items())))
    assert (tmp_path / "other").read_bytes() == pack.read_bytes()


def test_a_row_group_ends_with_64_objects_or_16_mib(tmp_path: Path, pack: Path) -> None:
    assert group_sizes(pack) == [OBJECTS_PER_GROUP, OBJECTS_PER_GROUP, 150 - 2 * OBJECTS_PER_GROUP]
    large = [(str(number), bytes(BYTES_PER_GROUP // 2)) for number in range(3)]
    write_pack(tmp_path / "large", [("small", b"x"), *large])
    assert group_sizes(tmp_path / "large") == [3, 1]


def test_writing_and_reading_hold_one_row_group_in_memory(tmp_path: Path) -> None:
    n_bytes = 1024**2

    def objects() -> Iterator[tuple[str, bytes]]:
        for number in range(200):
            yield str(number), number.to_bytes(2, "big") * (n_bytes // 2)

    tracemalloc.start()
    write_pack(tmp_path / "pack", objects())
    opened = Pack(tmp_path / "pack")
    assert sum(len(opened.read(str(number))) for number in range(200)) == 200 * n_bytes
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 3 * BYTES_PER_GROUP


@pytest.mark.parametrize("place", ["checksums", "contents", "end"])
def test_a_damaged_pack_is_named_with_its_cure(pack: Path, place: str) -> None:
    data = bytearray(pack.read_bytes())
    columns = [pq.ParquetFile(pack).metadata.row_group(1).column(number) for number in (0, 1)]
    ends = [one.data_page_offset + one.total_compressed_size for one in columns]
    at = {"checksums": ends[0], "contents": ends[1], "end": len(data)}[place]
    data[at - 5] ^= 0xFF
    pack.write_bytes(data)
    with pytest.raises(DrlakeError, match=r"is damaged\. Restore it from a copy"):
        for sha256 in OBJECTS:
            Pack(pack).read(sha256)


def test_a_pack_that_is_lost_or_lacks_an_object_is_named_with_its_cure(pack: Path) -> None:
    with pytest.raises(DrlakeError, match=r"lacks an object\. Restore it"):
        Pack(pack).read("0" * 64)
    pack.unlink()
    with pytest.raises(DrlakeError, match=r"is lost\. Restore it"):
        Pack(pack).read(next(iter(OBJECTS)))


def test_an_object_of_the_lake_is_read_by_its_checksum(lake: Lake, tmp_path: Path) -> None:
    first, second, refused = list(OBJECTS)[:3]
    for submission_id, sha256 in (("F001.a", first), ("F001.b", second)):
        keep_objects(lake, submission_id, tmp_path, [(sha256, OBJECTS[sha256])])
        outcome(lake, submission_id, sha256)
    outcome(lake, "F001.c", second, "duplicate")
    outcome(lake, "F001.d", refused, "quarantined")
    assert read_object(lake, second) == OBJECTS[second]
    with pytest.raises(DrlakeError, match="The lake has no object"):
        read_object(lake, refused)


def test_an_object_that_was_decoded_again_is_in_the_pack_of_its_submission(
    lake: Lake, tmp_path: Path
) -> None:
    assert pack_path(lake, "F001.a.r2") == pack_path(lake, "F001.a")
    sha256 = next(iter(OBJECTS))
    keep_objects(lake, "F001.a", tmp_path, [(sha256, OBJECTS[sha256])])
    outcome(lake, "F001.a", sha256)
    outcome(lake, "F001.a.r2", sha256)
    assert read_object(lake, sha256) == OBJECTS[sha256]


def test_a_pack_without_a_submission_is_removed(lake: Lake, tmp_path: Path) -> None:
    for submission_id in ("F001.a", "F001.b", "F002.c"):
        keep_objects(lake, submission_id, tmp_path, OBJECTS.items())
    outcome(lake, "F001.a", "x")
    remove_unnamed_packs(lake, "F001")
    found = [one for one in ("F001.a", "F001.b", "F002.c") if lake.exists(pack_path(lake, one))]
    assert found == ["F001.a", "F002.c"]


def test_spooled_objects_are_read_in_any_order_and_once_each(tmp_path: Path) -> None:
    spools = Spools(tmp_path)
    names = list(OBJECTS)
    for part in (names[:80], names[80:]):
        spool = Spool(spools.new_path())
        for sha256 in [*part, *part]:
            spool.add(sha256, OBJECTS[sha256])
        spools.add(spool.close())
    assert dict(spools.read(reversed(names))) == OBJECTS
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) == sum(
        map(len, OBJECTS.values())
    )


def test_a_spool_without_objects_has_no_file(tmp_path: Path) -> None:
    assert Spool(tmp_path / "spool").close().spans == {}
    assert list(tmp_path.iterdir()) == []
