"""A large delivery becomes several submissions, so that several machines can share it."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.lakes.export_folder import Hospital
from tests.support.lakes.small_exports import write_small_exports
from transforms.pipeline.facility import ingest_facility
from transforms.receive import submission
from transforms.settings import Settings


def by_three(hospital: Hospital) -> Hospital:
    return replace(hospital, settings=replace(hospital.settings, objects_per_submission=3))


def put_files(hospital: Hospital, number: int) -> None:
    for index in range(number):
        (hospital.folder / f"{index}.dcm").write_bytes(f"object {index}".encode())


def sizes(hospital: Hospital) -> list[int]:
    lake = hospital.lake
    found = lake.submissions("receive", "H1")
    return sorted(lake.read_outcomes("receive", one).num_rows for one in found)


@pytest.mark.parametrize(
    ("objects", "ranges"), [(0, []), (2, [2]), (3, [3]), (4, [1, 3]), (8, [2, 3, 3])]
)
def test_a_delivery_is_cut_after_so_many_objects(
    hospital: Hospital, objects: int, ranges: list[int]
) -> None:
    put_files(hospital, objects)
    by_three(hospital).receive()
    assert sizes(hospital) == ranges


def test_objects_are_numbered_within_their_submission(hospital: Hospital) -> None:
    put_files(hospital, 5)
    by_three(hospital).receive()
    assert sorted(row["object_index"] for row in hospital.rows()) == [1, 1, 2, 2, 3]


def test_a_zip_is_never_cut(hospital: Hospital) -> None:
    put_files(hospital, 2)
    with zipfile.ZipFile(hospital.folder / "9.zip", "w") as archive:
        for index in range(7):
            archive.writestr(f"{index}.dcm", f"packed {index}")
    by_three(hospital).receive()
    assert sizes(hospital) == [9]


def test_the_same_bytes_in_two_ranges_are_a_duplicate_of_the_earlier_one(
    hospital: Hospital,
) -> None:
    put_files(hospital, 3)
    (hospital.folder / "3.dcm").write_bytes(b"object 0")
    by_three(hospital).receive()
    assert sizes(hospital) == [1, 3]
    ended = [row["reason_code"] for row in hospital.rows() if row["outcome"] == "duplicate"]
    assert ended == ["duplicate_of_earlier_submission"]


def test_a_visit_cut_between_two_ranges_ends_as_if_it_had_not_been(
    hospital: Hospital, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_files(hospital, 8)
    written: list[str] = []
    write = submission._write_submission

    def cut(*arguments: object) -> str:
        if len(written) == 1:
            raise KeyboardInterrupt
        written.append(write(*arguments))  # type: ignore[arg-type]
        return written[-1]

    monkeypatch.setattr(submission, "_write_submission", cut)
    with pytest.raises(KeyboardInterrupt):
        by_three(hospital).receive()
    monkeypatch.undo()
    by_three(hospital).receive()
    cut_off = hospital.lake.submissions("receive", "H1")
    for path in Path(hospital.lake.url, "outcomes", "receive").rglob("*.parquet"):
        path.unlink()
    by_three(hospital).receive()
    assert hospital.lake.submissions("receive", "H1") == cut_off


def test_a_delivery_in_ranges_gives_the_counts_of_the_whole(tmp_path: Path) -> None:
    exports = write_small_exports(tmp_path)
    whole = Settings(lake=str(tmp_path / "whole"), exports=str(exports))
    shared = replace(whole, lake=str(tmp_path / "shared"), objects_per_submission=3)
    assert ingest_facility(shared, "F001") == ingest_facility(whole, "F001")
