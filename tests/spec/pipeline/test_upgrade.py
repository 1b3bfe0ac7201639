"""`drlake upgrade` brings a lake of an earlier format to this one; other versions are named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from tests.support.in_process import drlake
from tests.support.lakes.small_exports import content, write_small_exports
from transforms.lake.lake import Lake
from transforms.lake.lake_format import FORMAT, lake_format
from transforms.lake.stored_tables import PARTITION

pytestmark = pytest.mark.slow

ZONES = ("received", "decoded", "outcomes", "validated", "accepted", "statements", "summaries")


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A lake of two facilities, ingested and validated by this version."""
    folder = tmp_path_factory.mktemp("upgrade")
    exports = write_small_exports(folder)
    lake = folder / "lake"
    for command in (["ingest", "--exports", exports], ["validate", "--as-of", "2026-11-30"]):
        done = drlake(*command, "--lake", lake)
        assert done.returncode == 0, done.stderr
    return lake


@pytest.fixture
def old(ingested: Path, tmp_path: Path) -> Path:
    """The same lake in format 1: all files of a table in one folder, and no lake.json."""
    lake = tmp_path / "lake"
    shutil.copytree(ingested, lake)
    for path in [*lake.rglob(f"{PARTITION}*/*.parquet")]:
        path.rename(path.parent.parent / path.name)
    for folder in [*lake.rglob(f"{PARTITION}*")]:
        folder.rmdir()
    (lake / "lake.json").unlink()
    return lake


def said(*arguments: object) -> str:
    done = drlake(*arguments)
    assert done.returncode == 2, (done.stdout, done.stderr)
    return done.stderr


def test_an_upgraded_lake_has_the_files_of_one_ingested_now(ingested: Path, old: Path) -> None:
    done = drlake("upgrade", "--lake", old, "--json")
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["decoded_facilities"] == 0
    assert document["moved"] > 20
    assert content(old, *ZONES) == content(ingested, *ZONES)
    assert json.loads(drlake("upgrade", "--lake", old, "--json").stdout)["moved"] == 0


def test_an_older_lake_is_named_before_anything_is_read_or_written(old: Path) -> None:
    before = content(old, ".")
    for command in (
        ["ingest", "--exports", old.parent],
        ["build"],
        ["ledger", "balance"],
        ["compact"],
    ):
        message = said(*command, "--lake", old)
        assert "has format 1" in message, command
        assert "Run `drlake upgrade`" in message
    assert content(old, ".") == before


def test_a_newer_lake_is_named(ingested: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(ingested, lake)
    (lake / "lake.json").write_text(json.dumps({"format": FORMAT + 1}), encoding="utf-8")
    assert "a newer drlake wrote" in said("build", "--lake", lake)


def test_objects_are_decoded_again_where_a_table_has_other_columns(
    ingested: Path, old: Path
) -> None:
    for zone in ("decoded", "accepted"):
        for path in (old / zone / "dose_report").glob("F001.*.parquet"):
            rows = pq.read_table(path)
            pq.write_table(rows.drop_columns(["unusable_columns"]), path)
    done = drlake("upgrade", "--lake", old, "--as-of", "2026-11-30", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["decoded_facilities"] == 1
    assert content(old, *ZONES) == content(ingested, *ZONES)


def test_an_interrupted_upgrade_is_named_and_can_be_repeated(ingested: Path, old: Path) -> None:
    lake = Lake(str(old))
    (old / "lake.json").write_text('{"format": 2, "upgrading": true}', encoding="utf-8")
    assert "was interrupted" in said("build", "--lake", old)
    assert drlake("upgrade", "--lake", old).returncode == 0
    assert lake_format(lake) == FORMAT
    assert content(old, *ZONES) == content(ingested, *ZONES)


def test_a_folder_that_is_no_lake_is_named(tmp_path: Path) -> None:
    done = drlake("upgrade", "--lake", tmp_path / "nowhere")
    assert done.returncode == 1
    assert "There is no lake" in done.stderr
