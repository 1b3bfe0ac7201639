"""What a facility has sent before is read from a list; the outcomes themselves stay the truth."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.lakes.export_folder import Hospital
from transforms.lake.lake import Lake

NEW = ("received", None)
COPY = ("duplicate", "duplicate_of_earlier_submission")
LISTS = ("signatures", "objects")


def put(hospital: Hospital, *numbers: int) -> None:
    for number in numbers:
        (hospital.folder / f"{number}.dcm").write_bytes(f"object {number}".encode())


def age(hospital: Hospital, seconds: int) -> None:
    """Give every exported file another time, as a hospital does that exports all again."""
    for path in hospital.folder.iterdir():
        os.utime(path, (1e9 + seconds, 1e9 + seconds))


def lists(hospital: Hospital) -> list[Path]:
    return [Path(hospital.lake.path("known", name, "H1.parquet")) for name in LISTS]


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Paths of outcome files that are read from now on."""
    found: list[str] = []
    read = Lake.read_bytes

    def noting(lake: Lake, path: str) -> bytes:
        if "/outcomes/receive/" in path:
            found.append(path)
        return read(lake, path)

    monkeypatch.setattr(Lake, "read_bytes", noting)
    return found


def test_an_idle_visit_reads_no_outcomes(hospital: Hospital, reads: list[str]) -> None:
    put(hospital, 1, 2)
    hospital.receive()
    hospital.receive()
    reads.clear()
    assert hospital.receive() == [NEW, NEW]
    assert len(reads) == 1, "only by the test itself"


@pytest.mark.parametrize("damage", ["lost", "empty", "text", "old"])
def test_a_list_that_is_no_use_costs_time_only(hospital: Hospital, damage: str) -> None:
    put(hospital, 1)
    hospital.receive()
    put(hospital, 2)
    hospital.receive()
    old = {path: path.read_bytes() for path in lists(hospital)}
    put(hospital, 3)
    hospital.receive()
    for path, data in old.items():
        path.write_bytes({"empty": b"", "text": b"no Parquet"}.get(damage, data))
        if damage == "lost":
            path.unlink()
    put(hospital, 4)
    assert sorted(hospital.receive()) == [NEW] * 4
    age(hospital, 60)
    assert sorted(hospital.receive()) == [COPY] * 4 + [NEW] * 4


def test_outcomes_that_are_gone_are_received_again(hospital: Hospital) -> None:
    put(hospital, 1)
    hospital.receive()
    (first,) = hospital.lake.submissions("receive", "H1")
    put(hospital, 2)
    hospital.receive()
    hospital.lake.remove(hospital.lake.outcomes_path("receive", first))
    assert sorted(hospital.receive()) == [NEW, NEW]


def test_files_that_are_exported_again_are_duplicates_in_a_submission_of_their_own(
    hospital: Hospital,
) -> None:
    put(hospital, 1, 2)
    assert hospital.receive() == [NEW, NEW]
    for seconds in (60, 120):
        age(hospital, seconds)
        hospital.receive()
    assert hospital.outcomes() == [NEW, NEW, COPY, COPY, COPY, COPY]
    assert len(hospital.lake.submissions("receive", "H1")) == 3
    assert hospital.receive() == hospital.outcomes()
