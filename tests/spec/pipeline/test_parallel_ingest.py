"""Eight runs at once into one lake give the bytes of one run, and none of them fails."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from tests.support.faults.forked_command import Birth, Nursery, points
from tests.support.lakes.kept_objects import kept
from tests.support.lakes.small_exports import content, write_small_exports
from transforms.lake import local_disk
from transforms.lake.lake import Lake

pytestmark = pytest.mark.slow

AT_ONCE, VALIDATIONS_AT_ONCE = 8, 3
COMPARED = ("decoded", "accepted", "validated", "outcomes", "received")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("parallel")
    write_small_exports(made)
    return made


@pytest.fixture(scope="module")
def nurseries(folder: Path) -> Iterator[list[Nursery]]:
    environment = {"DRLAKE_UID_KEY_FILE": str(folder / "uid.key")}
    with several(AT_ONCE, environment, folder / "ingesting") as made:
        yield made


@pytest.fixture(scope="module")
def validating_nurseries(folder: Path) -> Iterator[list[Nursery]]:
    environment = {"NURSERY_VALIDATES": "1"}
    with several(VALIDATIONS_AT_ONCE, environment, folder / "validating") as made:
        yield made


@contextmanager
def several(number: int, environment: dict[str, str], folder: Path) -> Iterator[list[Nursery]]:
    """Nurseries that can work at the same time; one has loaded the imports for all."""
    folder.mkdir()
    with Nursery(environment) as first, ExitStack() as stack:
        twins = [stack.enter_context(first.twin(folder / str(n))) for n in range(1, number)]
        yield [first, *twins]


def run_all(nurseries: list[Nursery], folder: Path, arguments: list[str]) -> list[str]:
    """Run the command once in each nursery at the same time; returns what each reached."""
    logs = [folder / f"log{index}" for index in range(len(nurseries))]
    for log in logs:
        log.unlink(missing_ok=True)
    with ThreadPoolExecutor(len(nurseries)) as threads:
        births = [Birth(arguments, str(log)) for log in logs]
        codes = list(
            threads.map(lambda pair: pair[0].run(pair[1]), zip(nurseries, births, strict=True))
        )
    said = [Path(f"{log}.err").read_text(encoding="utf-8") for log in logs]
    assert (codes, said) == ([0] * len(nurseries), [""] * len(nurseries))
    return [point for log in logs if log.exists() for point in points(log)]


def test_parallel_runs_give_the_bytes_of_one(
    folder: Path, nurseries: list[Nursery], validating_nurseries: list[Nursery]
) -> None:
    """For ingest, then for validation; each submission is processed by one run only."""
    one, many = folder / "one", folder / "many"
    ingest = ["drlake", "ingest", "--exports", str(folder / "exports"), "--lake"]
    for command, commit_point, running in (
        (ingest, "DECODED", nurseries),
        (["expectations", "--lake"], "VALIDATED", validating_nurseries),
    ):
        alone = run_all(running[:1], folder, [*command, str(one)])
        together = run_all(running, folder, [*command, str(many)])
        assert content(many, *COMPARED) == content(one, *COMPARED)
        assert together.count(commit_point) == alone.count(commit_point)
        assert content(many, "temporary", "locks") == {}


def test_an_export_that_grows_meanwhile_is_received_once(
    folder: Path, nurseries: list[Nursery]
) -> None:
    """The second run sees one more file than the first and takes only that one."""
    exports, lake = folder / "growing", folder / "grown"
    shutil.copytree(folder / "exports" / "F001", exports / "F001")
    late = exports / "F001" / "late.dcm"
    log = folder / "growing.log"
    command = ["drlake", "ingest", "--exports", str(exports), "--lake", str(lake)]
    nurseries[0].bear(Birth(command, str(log)))
    while not log.exists() or "FILES_FETCHED" not in points(log):
        time.sleep(0.001)
    shutil.copy(next((folder / "exports" / "F002").glob("0*.dcm")), late)
    second = Birth(command, str(folder / "second.log"))
    assert (nurseries[1].run(second), nurseries[0].wait()) == (0, 0)
    named = [
        row["object_sha256"]
        for submission_id in Lake(str(lake)).submissions("receive")
        for row in Lake(str(lake)).read_outcomes("receive", submission_id).to_pylist()
        if row["outcome"] == "received"
    ]
    assert sorted(named) == sorted(kept(lake))


def test_a_lock_has_one_holder_whoever_removes_its_file(tmp_path: Path) -> None:
    path, holders, seen = str(tmp_path / "locks" / "F001.lock"), [], []

    def hold() -> None:
        for _ in range(50):
            with local_disk.lock(path):
                holders.append(1)
                seen.append(len(holders))
                holders.pop()
            local_disk.remove_abandoned(str(tmp_path / "locks"))

    threads = [threading.Thread(target=hold) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [1] * 200
    assert list((tmp_path / "locks").iterdir()) == []


def test_what_a_living_process_holds_is_not_removed(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    lake.prepare()
    with lake.temporary_folder("F001.0") as folder:
        (folder / "part").write_bytes(b"1")
        lake.remove_abandoned()
        assert (folder / "part").exists()
        abandoned = folder.parent / "F001.0.abandoned"
        shutil.copytree(folder, abandoned)
        lake.remove_abandoned()
        assert (folder.exists(), abandoned.exists()) == (True, False)
