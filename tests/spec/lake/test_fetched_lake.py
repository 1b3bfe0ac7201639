"""What needs a disk in a lake in an object store: whole builds by dbt, releases, and verifying."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.servers.s3 import LakeStore, running_lake_store
from tests.support.in_process import drlake
from tests.support.lakes.release_lake import METHOD, fill
from transforms.dbt_build import whole_remote
from transforms.errors import UsageError
from transforms.lake.duckdb_reader import LakeReader
from transforms.lake.fetched import fetched_lake
from transforms.lake.lake import Lake
from transforms.release import compute
from transforms.release.remote import put_release, release_folder
from transforms.settings import Settings
from transforms.warehouse.sql_project import SqlProject

pytestmark = [pytest.mark.builds, pytest.mark.servers]

FINISHED = {
    "public/MANIFEST.sha256": b"public",
    "public/national_drls.parquet": b"levels",
    "restricted/MANIFEST.sha256": b"restricted",
    "restricted/recipe.json": b"recipe",
    "restricted/frozen/lake/accepted/dose_report/F001.1.parquet": b"rows",
}
"""Stand-ins for the files of a release."""


@pytest.fixture(scope="module")
def store() -> Iterator[LakeStore]:
    with pytest.MonkeyPatch.context() as patched, running_lake_store(patched) as made:
        fill(Lake(made.url))
        yield made


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "2025-r1"
    for name, data in FINISHED.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def released(store: LakeStore, name: str) -> dict[str, bytes]:
    found = store.objects(f"releases/{name}")
    return {path.removeprefix(f"releases/{name}/"): data for path, data in found.items()}


def test_a_release_is_put_with_its_manifests_last_on_the_s3_mock(
    store: LakeStore, release: Path
) -> None:
    store.seen.clear()
    place = put_release(Lake(store.url), release)
    assert place == f"{store.url}/releases/2025-r1"
    assert released(store, "2025-r1") == FINISHED
    puts = [one.rpartition("2025-r1/")[2] for one in store.seen if "PUT" in one and "-r1/" in one]
    assert puts[0] == "restricted/recipe.json"
    assert puts[-2:] == ["public/MANIFEST.sha256", "restricted/MANIFEST.sha256"]
    with release_folder(place) as folder:
        assert folder.name == "2025-r1"
        assert (folder / "restricted" / "recipe.json").read_bytes() == b"recipe"
    assert not folder.exists()


def test_a_release_that_was_stopped_is_finished_or_named_on_the_s3_mock(
    store: LakeStore, release: Path
) -> None:
    lake, stopped = Lake(store.url), release.rename(release.with_name("2025-r2"))
    lake.write_bytes(lake.path("releases", "2025-r2", "restricted", "recipe.json"), b"recipe")
    with fetched_lake(lake) as copy:
        assert not Path(copy.path("releases", "2025-r2")).exists()
    (stopped / "restricted" / "recipe.json").write_bytes(b"another recipe")
    with pytest.raises(UsageError, match="remove the folder releases/2025-r2"):
        put_release(lake, stopped)
    (stopped / "restricted" / "recipe.json").write_bytes(b"recipe")
    put_release(lake, stopped)
    assert released(store, "2025-r2") == FINISHED
    with fetched_lake(lake) as copy:
        kept = Path(copy.path("releases", "2025-r2"))
        assert (kept / "public" / "national_drls.parquet").read_bytes() == b"levels"
        assert not (kept / "restricted" / "frozen").exists()
    for name in ("2025-r1", "2025-r2"):
        for path in lake.below("releases", name):
            lake.remove(path)


def test_a_whole_build_reads_a_copy_and_puts_the_results_on_the_s3_mock(
    store: LakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def instead_of_dbt(settings: Settings, *_: object, whole: bool) -> dict[str, int]:
        copy = Lake(settings.lake)
        assert whole
        assert copy.submissions("validate") == Lake(store.url).submissions("validate")
        for parts in (("warehouse", "drl.duckdb"), ("marts", "national_drls.parquet")):
            copy.write_bytes(copy.path(*parts), b"built")
        return {"national_drls": 1}

    monkeypatch.setattr(whole_remote, "build", instead_of_dbt)
    done = drlake("build", "--whole", "--lake", store.url)
    assert done.returncode == 0, done.stderr
    objects = store.objects("warehouse", "marts")
    assert objects["warehouse/drl.duckdb"] == objects["marts/national_drls.parquet"] == b"built"


@pytest.mark.soak
def test_a_release_is_made_and_verified_on_the_s3_mock(
    store: LakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compute, "build", partial(compute.build, data_tests=False))
    done = drlake("release", "2026", "--lake", store.url, "--method", METHOD)
    assert done.returncode == 0, done.stderr
    place = f"{store.url}/releases/2026-r1"
    assert f"Release 2026-r1: {place}" in done.stdout
    done = drlake("verify", place)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "all files equal those computed again" in done.stdout
    reader = LakeReader(Lake(store.url))
    earlier = SqlProject(staging=True, environment={"DRLAKE_RELEASES": reader.folder("releases")})
    query = earlier.render_model("stg_releases__contributors")
    with reader.connect() as connection:
        found = connection.sql(f"select distinct release_id from ({query})").fetchall()  # noqa: S608
    assert found == [("2026-r1",)]
