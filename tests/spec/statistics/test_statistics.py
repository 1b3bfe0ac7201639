"""Statistics are computed by facility: which are computed, what they contain, when again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.support.in_process import drlake
from tests.support.lakes.lake_rows import LakeRows, event, report, summary
from transforms.dbt_build.warehouse import build, facility_statistics
from transforms.errors import DrlakeError, UsageError
from transforms.lake.lake import Lake
from transforms.settings import Settings
from transforms.statistics.compute import Work, compute_statistics
from transforms.statistics.inputs import lake_inputs
from transforms.statistics.make import Statistics, make_statistics
from transforms.statistics.models import FacilityModels
from transforms.warehouse.sql_project import SQL

pytestmark = pytest.mark.builds

FACILITIES = tuple(f"S{number:02}" for number in range(1, 6))


def chests(facility_id: str, n: int = 3) -> list[Any]:
    return [
        report(f"{facility_id}-{i}", [event(ctdivol=5.0 + i)], study_description="CT Chest")
        for i in range(n)
    ]


@pytest.fixture
def lake_rows(tmp_path: Path) -> LakeRows:
    """Five facilities, one of which sends a form as well."""
    rows = LakeRows(Lake(str(tmp_path / "lake")))
    for facility_id in FACILITIES:
        rows.submission(facility_id, chests(facility_id))
    rows.summaries(summary("S05", period=2024))
    return rows


def settings_of(rows: LakeRows) -> Settings:
    return Settings(lake=rows.lake.url)


def used(rows: LakeRows, made: Statistics, facility_id: str) -> int:
    """Number of examinations of a facility that a statistic uses."""
    paths = [path for path in made.paths(rows.lake, "fct_examination_doses") if facility_id in path]
    table = pq.read_table(paths[0]).to_pylist()
    return len({row["study_key"] for row in table if row["exclusion_reason"] is None})


def shards(rows: LakeRows, *parts: Sequence[str]) -> dict[str, bytes]:
    """The files written when these facilities are computed together."""
    models = FacilityModels({})
    inputs = lake_inputs(rows.lake, models.tables)
    for part in parts:
        work = Work(dict.fromkeys(part, "shards"))
        compute_statistics(rows.lake, inputs, models, work, 1)
    folder = Path(rows.lake.path("statistics", "shards"))
    files = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.*")}
    shutil.rmtree(folder)
    return files


def test_only_what_is_missing_is_computed(lake_rows: LakeRows) -> None:
    settings = settings_of(lake_rows)
    assert facility_statistics(settings).n_computed == 5
    assert facility_statistics(settings).n_computed == 0
    lake_rows.submission("S02", chests("S02-later"))
    before = facility_statistics(settings)
    assert before.n_computed == 1
    assert used(lake_rows, before, "S02") == 6


def test_one_facility_can_be_computed_alone(lake_rows: LakeRows) -> None:
    settings = settings_of(lake_rows)
    assert list(facility_statistics(settings, ["S03"]).digests) == ["S03"]
    assert facility_statistics(settings).n_computed == 4


def test_a_facility_that_has_sent_nothing_is_named(lake_rows: LakeRows) -> None:
    with pytest.raises(UsageError, match="nothing of S99"):
        facility_statistics(settings_of(lake_rows), ["S99"])


def test_one_shard_three_shards_and_one_per_facility_write_equal_bytes(
    lake_rows: LakeRows,
) -> None:
    whole = shards(lake_rows, FACILITIES)
    assert len(whole) == len(FACILITIES) * (1 + len(FacilityModels({}).kept))
    assert shards(lake_rows, ("S01", "S04"), ("S02", "S05"), ("S03",)) == whole
    assert shards(lake_rows, *[[facility_id] for facility_id in FACILITIES]) == whole


def test_a_model_that_looks_at_other_facilities_writes_other_bytes(
    lake_rows: LakeRows, tmp_path: Path
) -> None:
    project = tmp_path / "sql"
    shutil.copytree(SQL, project)
    (path,) = project.rglob("dim_devices.sql")
    text = path.read_text(encoding="utf-8")
    wrong = "select * replace (count(*) over () as n_reports) from final\n"
    path.write_text(text.removesuffix("select * from final\n") + wrong, encoding="utf-8")
    models = FacilityModels({}, project)
    inputs = lake_inputs(lake_rows.lake, models.tables)
    written = []
    for part in (FACILITIES, FACILITIES[:1]):
        compute_statistics(lake_rows.lake, inputs, models, Work(dict.fromkeys(part, "cut")), 1)
        file = lake_rows.lake.path("statistics", "cut", "dim_devices", "S01.parquet")
        written.append(Path(file).read_bytes())
    assert written[0] != written[1]


def test_a_facility_that_retracts_and_sends_again_counts_once(lake_rows: LakeRows) -> None:
    models = FacilityModels({})
    first = make_statistics(lake_rows.lake, models)
    lake_rows.submission("S01", chests("S01"))  # the same reports again
    second = make_statistics(lake_rows.lake, models)
    assert first.digests["S01"] != second.digests["S01"]
    assert used(lake_rows, second, "S01") == 3


def test_other_rules_are_other_statistics(lake_rows: LakeRows, tmp_path: Path) -> None:
    settings = settings_of(lake_rows)
    facility_statistics(settings)
    own = tmp_path / "own"
    own.mkdir()
    limits = (SQL.parent / "data" / "reference" / "hard_limits.csv").read_text(encoding="utf-8")
    (own / "hard_limits.csv").write_text(limits.splitlines()[0] + "\n", encoding="utf-8")
    others = Settings(lake=lake_rows.lake.url, overlay=str(own))
    assert facility_statistics(others).n_computed == 5
    assert facility_statistics(settings).n_computed == 0


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake that was built once."""
    folder = tmp_path_factory.mktemp("built") / "lake"
    rows = LakeRows(Lake(str(folder)))
    for facility_id in FACILITIES:
        rows.submission(facility_id, chests(facility_id))
    said: list[str] = []
    build(Settings(lake=str(folder)), said.append)
    assert "statistics: 5 of 5 facilities computed" in said
    return folder


def levels_again(lake: Path, said: list[str]) -> bytes:
    """The national levels after one more build."""
    build(Settings(lake=str(lake)), said.append)
    return (lake / "marts" / "national_drls.parquet").read_bytes()


def test_a_build_without_anything_new_does_nothing(built: Path) -> None:
    said: list[str] = []
    build(Settings(lake=str(built)), said.append)
    assert said[0] == "nothing new since the last build"


def test_a_lost_mart_is_built_again_and_an_old_digest_changes_nothing(built: Path) -> None:
    levels = built / "marts" / "national_drls.parquet"
    was = levels.read_bytes()
    levels.unlink()
    statistics = built / "statistics"
    current = next(path for path in statistics.iterdir() if (path / "S01.json").exists())
    shutil.copytree(current, statistics / "0123456789abcdef")
    said: list[str] = []
    assert levels_again(built, said) == was
    assert said[0] == "statistics: 0 of 5 facilities computed"


def test_compact_removes_what_no_build_uses(built: Path) -> None:
    statistics = built / "statistics"
    drlake("compact", "--lake", built)  # what another test has left
    used = set(statistics.rglob("*.*"))
    shutil.copytree(next(statistics.glob("*/")), statistics / "fedcba9876543210")
    done = drlake("compact", "--lake", built, "--json")
    assert json.loads(done.stdout)["files"] > 20
    assert set(statistics.rglob("*.*")) == used
    assert drlake("compact", "--lake", built, "--json").stdout.count('"files": 0') == 1


def test_compact_removes_nothing_before_the_first_build(lake_rows: LakeRows) -> None:
    facility_statistics(settings_of(lake_rows))
    done = drlake("compact", "--lake", lake_rows.lake.url)
    assert "0 files of unused statistics removed" in done.stdout
    assert facility_statistics(settings_of(lake_rows)).n_computed == 0


def test_an_interrupted_write_is_computed_again(lake_rows: LakeRows) -> None:
    made = facility_statistics(settings_of(lake_rows))
    lake_rows.lake.remove(lake_rows.lake.path("statistics", made.digests["S04"], "S04.json"))
    assert facility_statistics(settings_of(lake_rows)).n_computed == 1


def test_a_lake_without_any_report_builds(tmp_path: Path) -> None:
    settings = Settings(lake=str(tmp_path / "lake"))
    counts = build(settings, lambda _: None)
    assert counts["national_drls"] == 0


def test_a_model_that_cannot_run_is_named(lake_rows: LakeRows, tmp_path: Path) -> None:
    project = tmp_path / "sql"
    shutil.copytree(SQL, project)
    (path,) = project.rglob("national_drls.sql")
    path.write_text("select nonsense", encoding="utf-8")
    with pytest.raises(DrlakeError, match="national_drls cannot be built"):
        build(settings_of(lake_rows), lambda _: None, project=project)
