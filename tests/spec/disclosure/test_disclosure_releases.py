"""A build reads earlier releases from their files."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from tests.support.lakes.disclosure_lake import CONTRIBUTORS, PUBLISHED, World, write_release
from transforms.errors import UsageError
from transforms.reference.disclosure_profiles import checked_profile, releases_folder
from transforms.warehouse.sql_project import SqlProject, model_path


def staging_table(name: str, releases: str) -> duckdb.DuckDBPyRelation:
    project = SqlProject(environment={"DRLAKE_RELEASES": releases})
    text = model_path(name).read_text(encoding="utf-8")
    return duckdb.connect().sql(project.render_text(text))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake's releases: two of them, and a folder that is not a release."""
    releases = tmp_path_factory.mktemp("releases")
    world = World()
    world.values("ct_chest", [10.4 + i for i in range(12)])
    write_release(world, releases / "2026-r1")
    world.values("ct_chest", [30.4 + i for i in range(12)])
    write_release(world, releases / "2026-r2")
    (releases / "temporary").mkdir()
    return releases


def test_the_files_of_every_release_are_read(folder: Path) -> None:
    published = staging_table("stg_releases__national_drls", str(folder))
    assert published.columns == PUBLISHED.names
    levels = published.project("release_id, national_drl, disclosure").order("release_id")
    assert levels.fetchall() == [("2026-r1", 19, "shown"), ("2026-r2", 38, "shown")]
    contributors = staging_table("stg_releases__contributors", str(folder))
    assert contributors.columns == CONTRIBUTORS.names
    counted = contributors.aggregate("release_id, count(*)").order("release_id")
    assert counted.fetchall() == [("2026-r1", 12), ("2026-r2", 12)]


def test_before_the_first_release_there_are_columns_and_no_rows() -> None:
    for name, schema in (("national_drls", PUBLISHED), ("contributors", CONTRIBUTORS)):
        nothing = staging_table(f"stg_releases__{name}", "")
        assert (nothing.columns, nothing.fetchall()) == (schema.names, [])


def test_dbt_is_told_of_a_folder_with_releases_only(folder: Path, tmp_path: Path) -> None:
    assert releases_folder(folder) == str(folder)
    assert releases_folder(tmp_path) == ""
    assert releases_folder(tmp_path / "missing") == ""


def test_a_profile_that_does_not_exist_is_refused_with_those_that_do() -> None:
    assert checked_profile("strict") == "strict"
    with pytest.raises(UsageError, match="nhs_2018, ons_10, strict"):
        checked_profile("lax")


def test_a_release_without_the_matched_change_is_read(folder: Path, tmp_path: Path) -> None:
    """Releases before December 2026 have no columns of the matched change."""
    old = tmp_path / "2026-r1" / "public"
    old.mkdir(parents=True)
    source = folder / "2026-r1" / "public" / "national_drls.parquet"
    rows = pq.read_table(source).drop_columns(["n_matched_facilities", "matched_ratio"])
    pq.write_table(rows, old / source.name)
    published = staging_table("stg_releases__national_drls", str(tmp_path))
    found = published.project("release_id, national_drl, n_matched_facilities").fetchall()
    assert found == [("2026-r1", 19, None)]
