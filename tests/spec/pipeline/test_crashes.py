"""kill -9 at any moment, then a rerun: the lake is byte for byte that of an undisturbed run.

The command, the forkserver and the workers are killed at once, as by a power cut or the kernel.
"""

from __future__ import annotations

import random
import shutil
import signal
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.faults.forked_command import Birth, Nursery, points
from tests.support.lakes.small_exports import content, write_small_exports
from transforms.lake.commit_points import CommitPoint

pytestmark = pytest.mark.kills

OF_VALIDATION = [
    CommitPoint.FINDINGS_WRITTEN,
    CommitPoint.TABLE_ACCEPTED,
    CommitPoint.ACCEPTED_FLUSHED,
    CommitPoint.VALIDATED,
]
OF_AGAIN = [CommitPoint.OUTCOMES_WITHDRAWN]
OF_COMPACTION = [
    CommitPoint.COMPACTED_WRITTEN,
    CommitPoint.YEAR_COMPACTED,
    CommitPoint.FILE_REMOVED,
    CommitPoint.YEAR_REOPENED,
]
"""Those of tests/spec/lake/test_compaction.py."""

OF_OTHERS = (*OF_VALIDATION, *OF_AGAIN, *OF_COMPACTION)
OF_INGEST = [point for point in CommitPoint if point not in OF_OTHERS]
COMPARED = ("decoded", "accepted", "validated", "outcomes", "received")
RANDOM_MOMENTS, MOMENTS_OF_THE_SOAK = 8, 200


@dataclass
class UndisturbedRun:
    """A finished run to compare with: its lake, its duration, the commit points it passed."""

    folder: Path
    nursery: Nursery
    seconds: float
    arrivals: Counter[str]
    lake: dict[str, bytes]


def at_random(seed: int | str) -> random.Random:
    return random.Random(seed)  # noqa: S311 - the same moments every time


def ingest(folder: Path, lake: Path, *more: str) -> list[str]:
    return ["drlake", "ingest", "--exports", str(folder / "exports"), "--lake", str(lake), *more]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UndisturbedRun]:
    folder = tmp_path_factory.mktemp("crashes")
    write_small_exports(folder)
    lake, log = folder / "undisturbed", folder / "undisturbed.log"
    with Nursery({"DRLAKE_UID_KEY_FILE": str(folder / "uid.key")}) as nursery:
        started = time.perf_counter()
        assert nursery.run(Birth(ingest(folder, lake), str(log))) == 0
        seconds = time.perf_counter() - started
        yield UndisturbedRun(
            folder, nursery, seconds, Counter(points(log)), content(lake, *COMPARED)
        )


def rerun_and_compare(undisturbed: UndisturbedRun, lake: Path, log: Path) -> None:
    rerun = Birth(ingest(undisturbed.folder, lake), str(log))
    code = undisturbed.nursery.run(rerun)
    assert code == 0, Path(f"{log}.err").read_text(encoding="utf-8")
    assert content(lake, *COMPARED) == undisturbed.lake
    assert content(lake, "temporary", "locks") == {}
    assert list((lake / "temporary").iterdir()) == []


def test_an_ingest_reaches_every_commit_point(undisturbed: UndisturbedRun) -> None:
    assert set(undisturbed.arrivals) == {point.name for point in OF_INGEST}
    assert len(undisturbed.lake) > 40


@pytest.mark.parametrize("point", OF_INGEST, ids=lambda point: point.name)
def test_a_run_killed_at_a_commit_point_is_made_up_for(
    undisturbed: UndisturbedRun, tmp_path: Path, point: CommitPoint
) -> None:
    """Killed at the first arrival, and at a later one where there are several."""
    arrivals = undisturbed.arrivals[point.name]
    for nth in sorted({1, at_random(point.name).randint(1, arrivals)}):
        lake = tmp_path / f"lake{nth}"
        log = str(tmp_path / f"killed{nth}.log")
        killed = Birth(ingest(undisturbed.folder, lake), log, point.name, nth)
        assert undisturbed.nursery.run(killed) == -signal.SIGKILL
        rerun_and_compare(undisturbed, lake, tmp_path / f"rerun{nth}.log")


def kill_at_a_random_moment(undisturbed: UndisturbedRun, tmp_path: Path, seed: int) -> None:
    lake = tmp_path / f"lake{seed}"
    killed = Birth(ingest(undisturbed.folder, lake), str(tmp_path / f"killed{seed}.log"))
    undisturbed.nursery.run_and_kill(killed, at_random(seed).uniform(0, undisturbed.seconds))
    rerun_and_compare(undisturbed, lake, tmp_path / f"rerun{seed}.log")


@pytest.mark.parametrize("seed", range(RANDOM_MOMENTS))
def test_a_run_killed_at_a_random_moment_is_made_up_for(
    undisturbed: UndisturbedRun, tmp_path: Path, seed: int
) -> None:
    kill_at_a_random_moment(undisturbed, tmp_path, seed)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(RANDOM_MOMENTS, MOMENTS_OF_THE_SOAK))
def test_runs_killed_at_many_random_moments_are_made_up_for(
    undisturbed: UndisturbedRun, tmp_path: Path, seed: int
) -> None:
    kill_at_a_random_moment(undisturbed, tmp_path, seed)


@pytest.mark.parametrize(
    ("point", "nth"),
    [
        (CommitPoint.OUTCOMES_WITHDRAWN, 1),
        (CommitPoint.TABLE_PUBLISHED, 1),
        (CommitPoint.TABLE_PUBLISHED, 7),
        (CommitPoint.TABLES_FLUSHED, 1),
    ],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_killed_run_of_again_leaves_no_mixture_of_two_decoders(
    undisturbed: UndisturbedRun, tmp_path: Path, point: CommitPoint, nth: int
) -> None:
    """The lake is one of an older decoder; the rerun works without `--again`."""
    lake = older_lake(undisturbed, tmp_path)
    log = str(tmp_path / "killed.log")
    killed = Birth(ingest(undisturbed.folder, lake, "--again"), log, point.name, nth)
    assert undisturbed.nursery.run(killed) == -signal.SIGKILL
    rerun_and_compare(undisturbed, lake, tmp_path / "rerun.log")


def older_lake(undisturbed: UndisturbedRun, tmp_path: Path) -> Path:
    """The finished lake, with other bytes in the decoded tables of the first facility."""
    lake = tmp_path / "lake"
    shutil.copytree(undisturbed.folder / "undisturbed", lake)
    for path in (lake / "decoded").rglob("F001.*.parquet"):
        path.write_bytes(b"an older decoder's")
    return lake


@dataclass
class ValidatedLake:
    """An ingested lake, and its content after validation."""

    ingested: Path
    nursery: Nursery
    arrivals: Counter[str]
    lake: dict[str, bytes]


@pytest.fixture(scope="module")
def validated(
    undisturbed: UndisturbedRun, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ValidatedLake]:
    folder = tmp_path_factory.mktemp("validated")
    ingested, lake, log = undisturbed.folder / "undisturbed", folder / "lake", folder / "log"
    shutil.copytree(ingested, lake)
    with Nursery({"NURSERY_VALIDATES": "1"}) as nursery:
        assert nursery.run(Birth(validate(lake), str(log))) == 0
        found = content(lake, *COMPARED)
        yield ValidatedLake(ingested, nursery, Counter(points(log)), found)


def validate(lake: Path, *more: str) -> list[str]:
    return ["expectations", "--lake", str(lake), *more]


@pytest.mark.parametrize("point", OF_VALIDATION, ids=lambda point: point.name)
def test_a_validation_killed_at_a_commit_point_is_made_up_for(
    validated: ValidatedLake, tmp_path: Path, point: CommitPoint
) -> None:
    arrivals = validated.arrivals[point.name]
    for nth in sorted({1, at_random(point.name).randint(1, arrivals)}):
        lake, log = tmp_path / f"lake{nth}", str(tmp_path / f"killed{nth}.log")
        shutil.copytree(validated.ingested, lake)
        killed = Birth(validate(lake), log, point.name, nth)
        assert validated.nursery.run(killed) == -signal.SIGKILL
        validate_again_and_compare(validated, lake, tmp_path / f"rerun{nth}.log")


def validate_again_and_compare(validated: ValidatedLake, lake: Path, log: Path) -> None:
    assert validated.nursery.run(Birth(validate(lake), str(log))) == 0
    assert content(lake, *COMPARED) == validated.lake
    assert content(lake, "temporary", "locks") == {}
