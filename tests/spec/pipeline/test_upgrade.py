"""`drlake upgrade` brings a lake of an earlier format to this one; other versions are named."""

from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from tests.support.in_process import drlake
from tests.support.lakes.kept_objects import kept, packs
from tests.support.lakes.small_exports import content, write_small_exports
from transforms.lake.lake import Lake
from transforms.lake.lake_format import FORMAT, lake_format
from transforms.lake.stored_tables import PARTITION
from transforms.pipeline import upgrade_objects

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
def loose(ingested: Path, tmp_path: Path) -> Path:
    """The same lake in format 2: a file for each received object."""
    lake = tmp_path / "lake"
    shutil.copytree(ingested, lake)
    for pack in packs(lake):
        folder = lake / "received" / pack.parent.name.removeprefix(PARTITION)
        folder.mkdir(exist_ok=True)
        for sha256, data in kept(lake, folder.name).items():
            (folder / f"{sha256}.dcm").write_bytes(data)
        shutil.rmtree(pack.parent)
    about = json.loads((lake / "lake.json").read_text(encoding="utf-8"))
    (lake / "lake.json").write_text(json.dumps({**about, "format": 2}), encoding="utf-8")
    return lake


@pytest.fixture
def old(loose: Path) -> Path:
    """The same lake in format 1: all files of a table in one folder, and no lake.json."""
    lake = loose
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
    assert document["packed_objects"] == len(kept(ingested))
    assert content(old, *ZONES) == content(ingested, *ZONES)
    again = json.loads(drlake("upgrade", "--lake", old, "--json").stdout)
    assert (again["moved"], again["packed_objects"]) == (0, 0)


def test_a_lake_with_a_file_per_object_gets_packs(ingested: Path, loose: Path) -> None:
    assert "has format 2" in said("build", "--lake", loose)
    journal = loose / "journal" / "F001" / "0123456789abcdef.json"  # of an interrupted visit
    journal.parent.mkdir(parents=True, exist_ok=True)
    journal.write_text("[]", encoding="utf-8")
    done = drlake("upgrade", "--lake", loose, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "command": "upgrade",
        "moved": 0,
        "packed_objects": len(kept(ingested)),
        "lost_objects": 0,
        "left_files": 0,
        "decoded_facilities": 0,
    }
    assert content(loose, *ZONES) == content(ingested, *ZONES)
    assert not journal.exists()
    assert sorted(path.name for path in (loose / "received").iterdir()) == [
        f"{PARTITION}F001",
        f"{PARTITION}F002",
    ]
    assert [path.stat().st_mode & 0o777 for path in packs(loose)] == [0o600, 0o600]


def test_objects_that_are_lost_damaged_or_of_no_submission_are_counted(
    ingested: Path, loose: Path
) -> None:
    files = sorted((loose / "received" / "F001").iterdir())
    files[0].unlink()
    files[1].write_bytes(b"damaged")
    (files[0].parent / f"{'0' * 64}.dcm").write_bytes(b"of an interrupted visit")
    done = drlake("upgrade", "--lake", loose)
    assert done.returncode == 0, done.stderr
    assert "1 received objects are missing" in done.stderr
    assert "2 files in received/ are damaged or belong to no submission" in done.stderr
    assert len(kept(loose)) == len(kept(ingested)) - 2
    assert sorted(files[1].parent.iterdir()) == [files[0].parent / f"{'0' * 64}.dcm", files[1]]


@pytest.mark.parametrize("step", ["keep_objects", "Pack", "remove_many", "Journal"])
def test_an_upgrade_that_ends_at_any_step_is_completed_by_the_next(
    ingested: Path, loose: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The step fails at its second call: the first facility is done or half done."""
    (loose / "journal" / "F001").mkdir(parents=True, exist_ok=True)
    owner: Any = Lake if step == "remove_many" else upgrade_objects
    whole, calls = getattr(owner, step), iter(range(100))

    def fail(*given: Any) -> Any:
        if next(calls) == (0 if step == "Journal" else 1):
            raise OSError(errno.ENOSPC, "full")
        if step == "remove_many":  # one file is removed already
            given[0].remove(given[1][0])
        return whole(*given)

    with monkeypatch.context() as patched:
        patched.setattr(owner, step, fail)
        assert drlake("upgrade", "--lake", loose).returncode == 1
    assert "was interrupted" in said("build", "--lake", loose)
    done = drlake("upgrade", "--lake", loose)
    assert done.returncode == 0, done.stderr
    assert "missing" not in done.stderr
    assert content(loose, *ZONES) == content(ingested, *ZONES)


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
    assert "a newer drlake wrote" in said("upgrade", "--lake", lake)


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
    about = {"format": FORMAT, "upgrading": True}
    (old / "lake.json").write_text(json.dumps(about), encoding="utf-8")
    assert "was interrupted" in said("build", "--lake", old)
    assert drlake("upgrade", "--lake", old).returncode == 0
    assert lake_format(lake) == FORMAT
    assert content(old, *ZONES) == content(ingested, *ZONES)


def test_a_folder_that_is_no_lake_is_named(tmp_path: Path) -> None:
    done = drlake("upgrade", "--lake", tmp_path / "nowhere")
    assert done.returncode == 1
    assert "There is no lake" in done.stderr
