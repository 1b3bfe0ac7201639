"""Only complete files are taken: the sender says so, or two looks see the same size."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.lakes.export_folder import Hospital
from transforms.ledger.entries import check_balance, entries
from transforms.receive.complete import sort_out
from transforms.receive.exports.location import Clock, Entry

NOW = 1_800_000_000.0


@dataclass
class TestClock:
    """A clock that the test sets; sleeping runs what the test wants to happen meanwhile."""

    __test__ = False
    meanwhile: list[object] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        for action in self.meanwhile:
            action()  # type: ignore[operator]

    def clock(self) -> Clock:
        return Clock(now=lambda: NOW, monotonic=lambda: 0.0, sleep=self.sleep)


def put_file(
    hospital: Hospital, name: str, data: bytes = b"no dicom", age_seconds: float = 0
) -> Path:
    path = hospital.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    os.utime(path, (NOW - age_seconds, NOW - age_seconds))
    return path


def test_files_at_rest_need_no_second_look(hospital: Hospital) -> None:
    put_file(hospital, "a.dcm", age_seconds=61)
    time = TestClock()
    assert hospital.receive(time.clock()) == [("received", None)]
    assert time.slept == []


def test_a_young_file_is_looked_at_twice_and_taken_when_it_stands_still(
    hospital: Hospital,
) -> None:
    put_file(hospital, "a.dcm", age_seconds=59)
    time = TestClock()
    assert hospital.receive(time.clock()) == [("received", None)]
    assert time.slept == [hospital.settings.second_look_seconds]


@pytest.mark.parametrize("what", ["grows", "is touched", "goes"])
def test_a_file_that_changes_between_two_looks_waits(
    hospital: Hospital,
    what: str,
) -> None:
    put_file(hospital, "old.dcm", b"old", age_seconds=100)
    path = put_file(hospital, "new.dcm", b"new")
    change = {
        "grows": lambda: path.write_bytes(b"new and more"),
        "is touched": lambda: os.utime(path, (NOW - 1, NOW - 1)),
        "goes": path.unlink,
    }[what]
    assert hospital.receive(TestClock([change]).clock()) == [("received", None)]
    assert hospital.pull()["files_incomplete"] == 1
    assert hospital.pull()["reason_code"] == "delivery_incomplete"


def test_what_was_left_is_taken_by_the_next_visit(hospital: Hospital) -> None:
    path = put_file(hospital, "a.dcm")
    hospital.receive(TestClock([lambda: path.write_bytes(b"no dicom at all")]).clock())
    assert hospital.outcomes() == []
    os.utime(path, (NOW - 100, NOW - 100))
    assert hospital.receive(TestClock().clock()) == [("received", None)]
    assert hospital.pull()["reason_code"] is None


def test_unfinished_and_hidden_files_are_ignored_and_counted(
    hospital: Hospital,
) -> None:
    ignored = ["a.part", "b.dcm.filepart", "c.TMP", ".hidden", ".folder/d.dcm", "sub/.e.dcm"]
    for name in ("good.dcm", *ignored):
        put_file(hospital, name, name.encode(), age_seconds=100)
    assert hospital.receive() == [("received", None)]
    assert hospital.pull()["files_ignored"] == len(ignored)
    assert hospital.pull()["files_listed"] == hospital.pull()["files_received"] == 1


@pytest.mark.parametrize("mark", ["a.dcm.done", "a.done", ".done"])
def test_a_done_mark_makes_a_file_complete_at_once(
    hospital: Hospital,
    mark: str,
) -> None:
    put_file(hospital, "a.dcm")
    put_file(hospital, mark, b"")
    time = TestClock()
    assert hospital.receive(time.clock()) == [("received", None)]
    assert time.slept == []


def test_where_marks_are_used_a_file_without_one_waits(hospital: Hospital) -> None:
    put_file(hospital, "in/a.dcm", b"a", age_seconds=100)
    put_file(hospital, "in/b.dcm", b"b", age_seconds=100)
    put_file(hospital, "in/a.dcm.done", b"")
    put_file(hospital, "elsewhere/c.dcm", b"c", age_seconds=100)
    assert hospital.receive() == [("received", None)] * 2
    assert hospital.pull()["files_incomplete"] == 1


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def test_a_manifest_lets_only_listed_files_with_the_right_checksum_through(
    hospital: Hospital,
) -> None:
    for name, data in (("right.dcm", b"right"), ("wrong.dcm", b"wrong"), ("extra.dcm", b"extra")):
        put_file(hospital, f"day/{name}", data)
    lines = [
        f"{sha256(b'right')}  right.dcm",
        f"{sha256(b'something else')} *./wrong.dcm",
        f"{sha256(b'late')}  sub/late.dcm",
        "this is no line of a manifest",
    ]
    put_file(hospital, "day/MANIFEST.sha256", "\n".join(lines).encode())
    assert hospital.receive() == [("received", None), ("quarantined", "checksum_mismatch")]
    pull = hospital.pull()
    assert (pull["files_listed"], pull["files_received"], pull["files_incomplete"]) == (4, 2, 2)
    check_balance(entries(hospital.lake))


def test_a_manifest_mended_later_lets_the_same_file_through(
    hospital: Hospital,
) -> None:
    put_file(hospital, "a.dcm", b"right")
    put_file(hospital, "MANIFEST.sha256", f"{sha256(b'typing error')}  a.dcm\n".encode())
    assert hospital.receive() == [("quarantined", "checksum_mismatch")]
    assert len(hospital.receive()) == 1, "told once"
    put_file(hospital, "MANIFEST.sha256", f"{sha256(b'right')}  a.dcm\n".encode())
    assert hospital.receive()[-1] == ("received", None)


def test_names_that_sha256sum_escapes_are_found() -> None:
    from transforms.receive.complete import _manifest_entry

    assert _manifest_entry(f"\\{'0' * 64}  a\\nb\\\\c") == ("a\nb\\c", "0" * 64)


def test_an_unsafe_name_is_neither_ignored_nor_a_mark() -> None:
    listing = sort_out([Entry("../x.done", 1, 1, "unsafe"), Entry("a.dcm", 1, 1)])
    assert [entry.name for entry in listing.files] == ["../x.done", "a.dcm"]
    assert not listing.marks
