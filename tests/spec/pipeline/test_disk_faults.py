"""Each open, read, write, flush and rename fails once: no false outcome, and a retry succeeds.

The disk fails in the C library, so that Arrow's own writing is hit as well as Python's. In `make
test` some calls of each kind fail, and all that decide what is claimed; in `make soak` every call.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import pytest

from tests.support.faults.faulty_disk import NEVER, Call, FaultyDisk, faulty_disk
from tests.support.faults.forked_command import Birth, Nursery
from tests.support.lakes.small_exports import content, write_small_exports
from transforms.lake.lake import Lake

pytestmark = pytest.mark.kills

COMPARED = ("decoded", "accepted", "validated", "outcomes", "received")
ENDINGS = (".arrow", ".joined", ".lock", ".pack", ".parquet", ".spool", ".tmp")
FULL, BROKEN = errno.ENOSPC, errno.EIO
CURES = ("free space on the disk", "have the disk or its network checked")


@dataclass
class Line:
    """One command on a disk that may fail, from a prepared lake to the finished one."""

    disk: FaultyDisk
    nursery: Nursery
    command: list[str]
    start: Path
    folder: Path

    def __post_init__(self) -> None:
        self.calls: list[Call] = []
        with self.disk.record_calls(self.calls):
            code, said = self.run(self.fresh(self.finished.name))
        assert (code, "Traceback" in said) == (0, False), said
        self.good = content(self.finished, *COMPARED)

    @property
    def finished(self) -> Path:
        """The lake after the command."""
        return self.disk.root / self.command[0]

    def fresh(self, name: str) -> Path:
        """The lake before the command."""
        lake = self.disk.root / name
        shutil.copytree(self.start, lake)
        return lake

    def run(self, lake: Path) -> tuple[int, str]:
        """Run the command; returns its exit code and its standard error."""
        log = self.folder / "log"
        birth = Birth([*self.command, "--lake", str(lake)], str(log), workers=1)
        return self.nursery.run(birth), Path(f"{log}.err").read_text(encoding="utf-8")

    def faults(self, call: Call, number: int) -> Iterator[str]:
        """What is wrong when this call fails (and every later one, when the disk is full)."""
        lake = self.fresh(f"lake{call.number}.{number}")
        last = NEVER if number == FULL else call.number
        with self.disk.fail_calls(call.number, last, number):
            code, said = self.run(lake)
        found = content(lake, *COMPARED)
        yield from _faults_of_exit(code, said, found == self.good)
        yield from _false_outcomes(lake, found, self.good)
        code, said = self.run(lake)
        if code or content(lake, *COMPARED) != self.good:
            yield f"retry: exit {code}, {said}"
        if left := content(lake, "temporary", "locks"):
            yield f"left behind: {sorted(left)}"
        shutil.rmtree(lake)


def _faults_of_exit(code: int, said: str, is_good: bool) -> Iterator[str]:
    if "Traceback" in said or code not in (0, 1):
        yield f"exit {code}: {said}"
    if code == 0 and not is_good:
        yield "exit 0, but the lake is not as it should be"
    if code == 1 and not ("Then run again" in said and any(cure in said for cure in CURES)):
        yield f"no cure: {said}"


def _false_outcomes(lake: Path, found: dict[str, bytes], good: dict[str, bytes]) -> Iterator[str]:
    """Outcomes that exist although the files they refer to do not."""
    zones = {"receive": "received", "decode": "decoded", "validate": "accepted"}
    for stage, zone in zones.items():
        for submission_id in Lake(str(lake)).submissions(stage):
            path = Path(Lake(str(lake)).outcomes_path(stage, submission_id))
            name = str(path.relative_to(lake))
            claimed = [one for one in good if one == name or one.startswith(f"{zone}/")]
            wrong = [one for one in claimed if found.get(one) != good[one]]
            if wrong:
                yield f"{name} exists, but not {wrong}"


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> FaultyDisk:
    return faulty_disk(tmp_path_factory.mktemp("faulty"))


@pytest.fixture(scope="module")
def ingest(disk: FaultyDisk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """An ingest of one report and one text into a lake that was prepared."""
    folder = tmp_path_factory.mktemp("ingest")
    exports = write_small_exports(folder, (1, 0))
    shutil.rmtree(exports / "F002")
    (exports / "F001" / "copy.dcm").unlink()
    start = folder / "start"
    Lake(str(start)).prepare()
    environment = {**disk.environment, "DRLAKE_UID_KEY_FILE": str(folder / "uid.key")}
    with Nursery(environment) as nursery:
        yield Line(disk, nursery, ["drlake", "ingest", "--exports", str(exports)], start, folder)


def first_of_each(calls: list[Call]) -> list[Call]:
    """The first of successive calls that do the same to the same file."""
    return [next(group) for _, group in groupby(calls, key=lambda call: call[1:])]


def kind(call: Call) -> tuple[str, str, str]:
    """The function, the folder of the lake, and the kind of file."""
    _, *folders = Path(call.path).parts
    return call.name, "/".join(folders[: 2 if folders[:1] == ["outcomes"] else 1]), suffix(call)


def suffix(call: Call) -> str:
    """Ending of the file's name; "" where that is a random number."""
    found = Path(call.path).suffix
    return (
        found
        if found in (".arrow", ".joined", ".lock", ".pack", ".parquet", ".spool", ".tmp")
        else ""
    )


def some_of_each_kind(calls: list[Call]) -> list[Call]:
    """One in eight calls of each kind, at least one; the starting point differs between kinds."""
    kinds: dict[tuple[str, str, str], list[Call]] = {}
    for call in first_of_each(calls):
        kinds.setdefault(kind(call), []).append(call)
    return [
        call
        for turn, alike in enumerate(kinds.values())
        for call in alike[min(turn % 8, len(alike) - 1) :: 8]
    ]


def deciding(calls: list[Call]) -> list[Call]:
    """Flushes, and writing and renaming of outcomes, the only files flushed one by one."""
    outcomes = {call.path for call in calls if call.name == "fsync"}
    return [
        call
        for call in first_of_each(calls)
        if call.name == "syncfs"
        or (call.path in outcomes and call.name in ("write", "fsync", "rename"))
    ]


def faults_of(line: Line, calls: list[Call], numbers: tuple[int, ...]) -> list[str]:
    """Every call with one of the errors in turn."""
    return [
        f"{errno.errorcode[number]} at {call.name} {Path(call.path).name}: {fault}"
        for index, call in enumerate(calls)
        for number in (numbers[index % len(numbers)],)
        for fault in line.faults(call, number)
    ]


def test_the_disk_sees_python_and_arrow(ingest: Line) -> None:
    seen = {(call.name, Path(call.path).suffix) for call in ingest.calls}
    assert seen >= {
        ("write", ".spool"),
        ("write", ".pack"),
        ("write", ".joined"),
        ("rename", ".joined"),
    }
    assert seen >= {("fsync", ".tmp"), ("rename", ".tmp"), ("rename", ".pack")}
    assert "syncfs" in {call.name for call in ingest.calls}


def test_an_ingest_on_a_failing_disk_makes_no_false_outcome(ingest: Line) -> None:
    calls = sorted({*some_of_each_kind(ingest.calls), *deciding(ingest.calls)})
    assert faults_of(ingest, calls, (FULL, BROKEN)) == []


@pytest.mark.soak
@pytest.mark.parametrize("number", [FULL, BROKEN])
def test_an_ingest_survives_the_failure_of_every_call(ingest: Line, number: int) -> None:
    assert faults_of(ingest, ingest.calls, (number,)) == []


@pytest.fixture(scope="module")
def validation(
    disk: FaultyDisk, ingest: Line, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Line]:
    """The validation of the lake that this ingest left."""
    environment = {**disk.environment, "NURSERY_VALIDATES": "1"}
    folder = tmp_path_factory.mktemp("validation")
    with Nursery(environment) as nursery:
        yield Line(disk, nursery, ["expectations"], ingest.finished, folder)


def test_a_validation_on_a_failing_disk_accepts_nothing_falsely(validation: Line) -> None:
    """Only deciding calls, one read and one table write: a validation takes 1 s."""
    first = {call.name: call for call in reversed(validation.calls)}
    calls = sorted({*deciding(validation.calls), first["read"], first["write"]})
    assert {call.name for call in calls} == {"read", "write", "fsync", "rename", "syncfs"}
    assert faults_of(validation, calls, (FULL, BROKEN)) == []


@pytest.mark.soak
@pytest.mark.parametrize("number", [FULL, BROKEN])
def test_a_validation_survives_the_failure_of_every_call(validation: Line, number: int) -> None:
    assert faults_of(validation, validation.calls, (number,)) == []
