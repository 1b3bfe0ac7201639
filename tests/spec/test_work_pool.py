"""Decoding on all cores: the same bytes whoever decodes, and a poisoned object costs itself."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests import poison
from tests.real_reports import real_exports, require_real_reports
from transforms.decode_chunk import DecodeJob, Done, Task
from transforms.lake import Lake, arrow_table
from transforms.ledger import check_balance, entries
from transforms.normalise.pseudonyms import Pseudonyms
from transforms.parts import part_path, read_part
from transforms.pipeline import decode_submission, ingest_facility
from transforms.receive.submission import receive_facility
from transforms.settings import Settings
from transforms.tables import OBJECT_OUTCOME, REPORT_TABLES
from transforms.work_pool import OBJECTS_PER_CHUNK, WorkPool, chunk_lengths

SECONDS = 2.0
KEYS = Pseudonyms(b"a key of the tests")


def export(folder: Path, objects: list[bytes]) -> Settings:
    facility = folder / "exports" / "H1"
    facility.mkdir(parents=True)
    for index, data in enumerate(objects):
        (facility / f"{index:05d}.dcm").write_bytes(data)
    return Settings(lake=str(folder / "lake"), exports=str(folder / "exports"))


def receive(settings: Settings) -> tuple[Lake, str]:
    lake = Lake(settings.lake)
    lake.prepare()
    with WorkPool() as pool:
        submission_id = receive_facility(settings, lake, "H1", KEYS, pool)
    assert submission_id is not None
    return lake, submission_id


def reports() -> list[bytes]:
    require_real_reports()
    return [path.read_bytes() for path in real_exports() if "CT-" in path.name]


def decode_with(lake: Lake, submission_id: str, folder: Path, workers: int) -> list[Done]:
    """Run the pool with the decoder that dies, on one chunk of all objects."""
    rows = lake.read_outcomes("receive", submission_id).to_pylist()
    task = Task(lake, folder, KEYS, SECONDS, poison.decode_or_die)
    with WorkPool(workers, address_space_bytes=2 * 1024**3) as pool:
        done = pool.run([DecodeJob(task, 0, 0, tuple(rows))])
    return sorted(done, key=lambda one: one.part)


def outcomes(folder: Path, done: list[Done]) -> list[tuple[str, str | None]]:
    found = []
    for one in done:
        table = read_part(part_path(folder, OBJECT_OUTCOME, one.part))
        found += [(row["outcome"], row["reason_code"]) for row in table.to_pylist()]
    return found


@pytest.mark.parametrize(
    ("death", "reason"),
    [
        (poison.EXIT, "object_crashed_decoder"),
        (poison.SEGFAULT, "object_crashed_decoder"),
        (poison.SLEEP, "decoder_timed_out"),
        (poison.LOOP, "decoder_timed_out"),
        (poison.MEMORY, "decoder_out_of_memory"),
    ],
)
def test_a_poisoned_object_costs_itself_only(tmp_path: Path, death: bytes, reason: str) -> None:
    good = reports()
    lake, submission_id = receive(export(tmp_path, [*good[:3], death, *good[3:]]))
    with lake.temporary_folder(submission_id) as folder:
        done = decode_with(lake, submission_id, folder, 2)
        said = outcomes(folder, done)
    decoded = ("decoded", None)
    assert said == [*[decoded] * 3, ("quarantined", reason), *[decoded] * len(good[3:])]


def test_a_submission_of_poison_only_ends_with_an_outcome_for_each(tmp_path: Path) -> None:
    lake, submission_id = receive(export(tmp_path, [poison.EXIT, poison.EXIT + b"2"]))
    with lake.temporary_folder(submission_id) as folder:
        done = decode_with(lake, submission_id, folder, 1)
    assert sum(one.quarantined for one in done) == 2
    assert not sum(one.decoded for one in done)


def test_the_number_of_workers_changes_no_byte(tmp_path: Path) -> None:
    made = [data + b"" for data in reports()]
    others = [b"no dicom %d" % index for index in range(2 * OBJECTS_PER_CHUNK)]
    lake, submission_id = receive(export(tmp_path, [*made, *others]))
    seen = []
    for workers in (1, 3):
        with WorkPool(workers) as pool:
            counts = decode_submission(lake, submission_id, KEYS, pool)
        assert counts["decoded"] == len(made)
        files = [lake.table_path("decoded", table, submission_id) for table in REPORT_TABLES]
        files.append(lake.outcomes_path("decode", submission_id))
        seen.append([Path(file).read_bytes() for file in files])
    assert seen[0] == seen[1]
    order = lake.read_outcomes("decode", submission_id).column("object_index").to_pylist()
    assert order == list(range(1, len(made) + len(others) + 1))


def test_no_part_is_left_behind(tmp_path: Path) -> None:
    settings = export(tmp_path, reports())
    ingest_facility(settings, "H1")
    assert list((tmp_path / "lake" / "temporary").iterdir()) == []
    check_balance(entries(Lake(settings.lake)))


def test_an_object_lost_from_the_lake_stops_the_line_and_is_no_outcome(tmp_path: Path) -> None:
    lake, submission_id = receive(export(tmp_path, reports()))
    shutil.rmtree(lake.path("received", "H1"))
    with WorkPool() as pool, pytest.raises(FileNotFoundError):
        decode_submission(lake, submission_id, KEYS, pool)
    assert lake.submissions("decode") == []


@pytest.mark.parametrize("objects", [0, 1, 249, 250, 499, 500, 501, 999, 10_000, 100_001])
def test_chunks_are_even_and_cover_every_object(objects: int) -> None:
    lengths = chunk_lengths(objects)
    assert sum(lengths) == objects
    assert all(0 < length < 2 * OBJECTS_PER_CHUNK for length in lengths)
    if objects:
        assert max(lengths) - min(lengths) <= 1


def test_columns_are_null_where_a_row_lacks_them() -> None:
    table = arrow_table(OBJECT_OUTCOME, [{"facility_id": "H1", "object_index": 2}])
    (row,) = table.to_pylist()
    assert (row.pop("facility_id"), row.pop("object_index")) == ("H1", 2)
    assert set(row.values()) == {None}
