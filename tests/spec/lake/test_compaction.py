"""Closed years are compacted: a file per table and year, and every reader finds the same rows."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.support.lakes.lake_rows import LakeRows, event, report
from tests.support.lakes.small_exports import content
from transforms.errors import DrlakeError
from transforms.lake import commit_points, compaction
from transforms.lake.commit_points import CommitPoint
from transforms.lake.compaction import PLACES, compact_lake, reopened, settled
from transforms.lake.lake import Lake
from transforms.ledger.entries import endings, entries
from transforms.ledger.explain import explain
from transforms.statistics.inputs import lake_inputs
from transforms.tables import DOSE_REPORT, FINDING, REPORT_TABLES

TODAY = dt.date(2026, 11, 30)
ZONES = ("decoded", "accepted", "validated", "outcomes")
TABLES = [table.name for table in REPORT_TABLES] + ["submission", "finding", "object_outcome"]


def sent(year: int, number: int, n: int = 2) -> list[Any]:
    day = dt.date(year, 1 + number % 12, 1 + number % 28)
    return [
        report(f"{year}-{number}-{i}", [event(ctdivol=5.0 + i)] * 2, study_date=day)
        for i in range(n)
    ]


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """Two facilities, two closed years and an open one; one submission is held."""
    rows = LakeRows(Lake(str(tmp_path / "lake")))
    for facility_id in ("F001", "F002"):
        for year in (2024, 2025, 2026):
            for number in range(4):
                rows.submission(facility_id, sent(year, number), duplicates=number % 2)
    rows.submission("F001", sent(2025, 7), held="made up")
    rows.submission("F001", sent(2025, 8), refused=["structure_truncated"])
    return rows.lake


def rows_of(lake: Lake) -> dict[str, Any]:
    """All that readers find in a lake, by submission and table."""
    found: dict[str, Any] = {"entries": entries(lake)}
    for stage in ("receive", "decode", "validate"):
        for name in lake.submissions(stage):
            found[f"{stage} {name}"] = lake.read_outcomes(stage, name).to_pylist()
            found[f"endings {name}"] = endings(lake, name)
    for name in lake.submissions("validate"):
        for zone in ("decoded", "accepted"):
            for table in REPORT_TABLES:
                if lake.has_table(zone, table, name):
                    key = f"{zone} {table.name} {name}"
                    found[key] = lake.read_table(zone, table, name).to_pylist()
    return found


def compact(lake: Lake) -> compaction.Done:
    return compact_lake(lake, TODAY)


def test_a_closed_year_has_one_file_per_table_and_an_open_one_is_left(lake: Lake) -> None:
    done = compact(lake)
    assert done.submissions == 8 + 8 + 2
    names = lake.names("accepted", "dose_report", "facility=F001")
    compacted = [name for name in names if "-" in name]
    assert [name[:9] for name in compacted] == ["F001.2024", "F001.2025"]
    assert len(names) == 2 + 4
    assert compact(lake).submissions == 0
    assert compact(lake).files_removed == 0


def test_readers_find_the_same_in_a_compacted_lake(lake: Lake) -> None:
    before, said = rows_of(lake), explain(lake, first_object(lake))
    compact(lake)
    assert rows_of(lake) == before
    assert explain(lake, first_object(lake)) == said


def first_object(lake: Lake) -> str:
    (name, *_) = lake.submissions("validate", "F001")
    return str(lake.read_outcomes("validate", name).column("object_sha256")[0].as_py())


def test_a_submission_without_a_table_has_none_afterwards(lake: Lake) -> None:
    held = next(
        one for one in lake.submissions("validate") if lake.has_table("validated", FINDING, one)
    )
    compact(lake)
    assert not lake.has_table("accepted", DOSE_REPORT, held)
    assert lake.has_table("validated", FINDING, held)
    with pytest.raises(FileNotFoundError):
        lake.read_table("accepted", DOSE_REPORT, held)


def test_the_digests_of_facilities_do_not_change(lake: Lake) -> None:
    before = lake_inputs(lake, TABLES).facilities
    compact(lake)
    after = lake_inputs(lake, TABLES).facilities
    assert {name: one.digest for name, one in after.items()} == {
        name: one.digest for name, one in before.items()
    }
    assert {name: sorted(one.validated) for name, one in after.items()} == {
        name: sorted(one.validated) for name, one in before.items()
    }
    assert sum(len(after["F001"].files[table]) for table in TABLES) < 100


def test_a_compacted_file_that_was_changed_gives_another_digest(lake: Lake) -> None:
    compact(lake)
    before = lake_inputs(lake, TABLES).facilities["F001"].digest
    (path,) = Path(lake.path("accepted/dose_report/facility=F001")).glob("F001.2024-*")
    (other,) = Path(lake.path("accepted/dose_report/facility=F002")).glob("F002.2024-*")
    shutil.copy(other, path)
    assert lake_inputs(lake, TABLES).facilities["F001"].digest != before


def test_a_later_submission_of_a_closed_year_joins_it(lake: Lake) -> None:
    compact(lake)
    rows = LakeRows(lake, count(1000))
    late = rows.submission("F001", [report("late", [event()], study_date=dt.date(2024, 5, 5))] * 3)
    before = rows_of(lake)
    assert compact(lake).submissions == 1
    assert rows_of(lake) == before
    assert late in lake.compacted("F001").years["2024"].submissions
    assert len(lake.names("accepted", "dose_report", "facility=F001")) == 2 + 4


def test_a_submission_that_waits_is_left(lake: Lake) -> None:
    (name, *_) = [one for one in lake.submissions("validate", "F001") if is_of(lake, one, 2024)]
    lake.remove(lake.outcomes_path("validate", name))
    compact(lake)
    assert name not in lake.compacted("F001").year_of
    assert lake.waiting_submissions("validate", "F001") == [name]


def is_of(lake: Lake, name: str, year: int) -> bool:
    rows = lake.read_table("decoded", DOSE_REPORT, name).to_pylist()
    return bool(rows[0]["study_date"].year == year)


def test_submissions_with_other_columns_are_left_and_named(lake: Lake) -> None:
    import pyarrow.parquet as pq

    (name, *_) = [one for one in lake.submissions("validate", "F001") if is_of(lake, one, 2025)]
    path = lake.table_path("decoded", DOSE_REPORT, name)
    pq.write_table(pq.read_table(path).drop_columns(["unusable_columns"]), path)
    done = compact(lake)
    assert name in done.left["F001"]
    assert "ingest --again" in done.left["F001"]
    assert set(lake.compacted("F001").years) == {"2024"}
    assert set(lake.compacted("F002").years) == {"2024", "2025"}


def test_submissions_written_meanwhile_are_not_lost(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    (name, *_) = [one for one in lake.submissions("validate", "F001") if is_of(lake, one, 2024)]
    path = lake.outcomes_path("validate", name)

    def write_again(point: CommitPoint) -> None:
        if point is CommitPoint.COMPACTED_WRITTEN:
            lake.write_bytes(path, lake.read_bytes(path))

    monkeypatch.setattr(commit_points, "announce", write_again)
    with pytest.raises(DrlakeError, match="written while they were compacted"):
        compact(lake)
    assert lake.exists(path)
    assert not lake.compacted("F001").years


def test_reopened_submissions_have_the_files_they_had(lake: Lake) -> None:
    before = content(Path(lake.url), *ZONES)
    compact(lake)
    with reopened(lake, ["F001", "F002"]):
        assert content(Path(lake.url), *ZONES) == before
    assert lake.names("compacted", "contents") == []


class Killed(BaseException):
    """Ends a command as a kill does: nothing that follows is done."""


def killing(point: CommitPoint, nth: int) -> Callable[[CommitPoint], None]:
    left = [nth]

    def announce(reached: CommitPoint) -> None:
        left[0] -= reached is point
        if left[0] == 0:
            raise Killed

    return announce


@pytest.fixture
def undisturbed(lake: Lake, tmp_path: Path) -> Iterator[dict[str, bytes]]:
    """The files of a lake whose compaction was not interrupted."""
    copy = tmp_path / "undisturbed"
    shutil.copytree(lake.url, copy)
    compact(Lake(str(copy)))
    yield content(copy, *ZONES)


@pytest.mark.parametrize(
    ("point", "nth"),
    [
        (CommitPoint.COMPACTED_WRITTEN, 1),
        (CommitPoint.COMPACTED_WRITTEN, 12),
        (CommitPoint.YEAR_COMPACTED, 1),
        (CommitPoint.YEAR_COMPACTED, 3),
        (CommitPoint.FILE_REMOVED, 1),
        (CommitPoint.FILE_REMOVED, 50),
        (CommitPoint.TEMPORARY_RENAMED, 1),
        (CommitPoint.TEMPORARY_RENAMED, 7),
    ],
)
def test_a_compaction_that_ends_at_any_moment_loses_nothing(
    lake: Lake,
    undisturbed: dict[str, bytes],
    monkeypatch: pytest.MonkeyPatch,
    point: CommitPoint,
    nth: int,
) -> None:
    before = rows_of(lake)
    digest = lake_inputs(lake, TABLES).facilities["F001"].digest
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(commit_points, "announce", killing(point, nth))
        compact(lake)
    assert rows_of(lake) == before
    assert lake_inputs(lake, TABLES).facilities["F001"].digest == digest
    compact(lake)
    assert rows_of(lake) == before
    assert content(Path(lake.url), *ZONES) == undisturbed


@pytest.mark.parametrize(
    ("point", "nth"),
    [
        (CommitPoint.TEMPORARY_RENAMED, 5),
        (CommitPoint.YEAR_REOPENED, 1),
        (CommitPoint.FILE_REMOVED, 3),
    ],
)
def test_a_reopening_that_ends_at_any_moment_loses_nothing(
    lake: Lake, monkeypatch: pytest.MonkeyPatch, point: CommitPoint, nth: int
) -> None:
    compact(lake)
    before = rows_of(lake)
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(commit_points, "announce", killing(point, nth))
        with reopened(lake, ["F001"]):
            pass
    assert rows_of(lake) == before
    compact(lake)
    assert rows_of(lake) == before


def test_a_pattern_reads_each_row_once_after_an_interrupted_compaction(
    lake: Lake, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = rows_by_pattern(lake)
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(commit_points, "announce", killing(CommitPoint.FILE_REMOVED, 5))
        compact(lake)
    assert rows_by_pattern(lake) != before
    with settled(lake):
        assert rows_by_pattern(lake) == before


def rows_by_pattern(lake: Lake) -> dict[str, int]:
    import pyarrow.parquet as pq

    return {
        place: sum(
            pq.read_metadata(path).num_rows for path in Path(lake.path(place)).rglob("*.parquet")
        )
        for place in PLACES
    }
