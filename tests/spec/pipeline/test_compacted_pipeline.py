"""Every command works on a lake whose closed years are compacted, with equal files afterwards."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.in_process import drlake
from tests.support.lakes.kept_objects import kept
from tests.support.lakes.small_exports import content, write_small_exports
from transforms.lake.lake import Lake

pytestmark = pytest.mark.slow

ZONES = ("decoded", "outcomes", "validated", "accepted", "received")
DAY, LATER = "2026-11-30", "2030-01-01"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports, and a lake of two facilities, ingested and validated."""
    folder = tmp_path_factory.mktemp("compacted")
    write_small_exports(folder)
    run(folder / "lake", "ingest", "--exports", folder / "exports")
    run(folder / "lake", "validate", "--as-of", DAY)
    return folder


@pytest.fixture
def lake(folder: Path, tmp_path: Path) -> Path:
    """The same lake, compacted."""
    lake = tmp_path / "lake"
    shutil.copytree(folder / "lake", lake)
    assert run(lake, "compact", "--as-of", LATER)["submissions"] == 2
    return lake


def run(lake: Path, *arguments: object) -> Any:
    done = drlake(*arguments, "--lake", lake, "--json")
    assert done.returncode == 0, (arguments, done.stderr)
    return json.loads(done.stdout or "{}")


def said(lake: Path, *arguments: object) -> str:
    done = drlake(*arguments, "--lake", lake)
    assert done.returncode == 0, (arguments, done.stderr)
    return done.stdout


def test_a_compacted_lake_has_one_file_per_table_and_facility(lake: Path) -> None:
    for table in (lake / "accepted").iterdir():
        assert len([*table.rglob("F001*.parquet")]) == 1, table
    assert run(lake, "compact", "--as-of", LATER)["files_written"] == 0


def test_nothing_is_new_in_a_compacted_lake(folder: Path, lake: Path) -> None:
    before = content(lake, *ZONES)
    totals = run(lake, "ingest", "--exports", folder / "exports")["totals"]
    assert totals == {"received": 0, "decoded": 0, "quarantined": 0, "duplicate": 0}
    run(lake, "validate", "--as-of", DAY)
    assert content(lake, *ZONES) == before


def test_everything_done_again_has_the_files_of_a_lake_that_was_never_compacted(
    folder: Path, lake: Path
) -> None:
    compacted = content(lake, *ZONES)
    run(lake, "ingest", "--exports", folder / "exports", "--again")
    run(lake, "validate", "--as-of", DAY, "--again")
    assert content(lake, *ZONES) == content(folder / "lake", *ZONES)
    run(lake, "compact", "--as-of", LATER)
    assert content(lake, *ZONES) == compacted


def test_one_facility_is_validated_again_alone(folder: Path, lake: Path) -> None:
    before = content(lake / "outcomes", "validate")
    run(lake, "validate", "--facility", "F002", "--as-of", DAY, "--again")
    after = content(lake / "outcomes", "validate")
    uncompacted = content(folder / "lake" / "outcomes", "validate")
    for name, data in after.items():
        assert data == (before if "F001" in name else uncompacted).get(name, data)
    assert set(Lake(str(lake)).compacted("F001").years)
    assert not Lake(str(lake)).compacted("F002").years


def test_questions_have_the_same_answers(folder: Path, lake: Path) -> None:
    name = min(kept(lake, "F001"))
    for question in (
        ("ledger", "balance"),
        ("quarantine", "list"),
        ("explain", name),
    ):
        assert said(lake, *question) == said(folder / "lake", *question), question


def test_an_object_can_be_retracted_and_its_retraction_withdrawn(lake: Path) -> None:
    name = min(kept(lake, "F001"))
    said(lake, "retract", "F001", name)
    assert "retracted" in said(lake, "explain", name)


def test_quarantined_objects_of_a_closed_year_can_be_tried_again(lake: Path) -> None:
    found = next(one for one in run(lake, "quarantine", "list")["quarantined"] if one["kept"])
    said(lake, "quarantine", "retry", "--reason", found["reason_code"])
    run(lake, "validate", "--as-of", DAY)
    said(lake, "ledger", "balance")


def test_a_compacted_lake_needs_no_upgrade(lake: Path) -> None:
    before = content(lake, *ZONES)
    done = run(lake, "upgrade", "--as-of", DAY)
    assert (done["moved"], done["decoded_facilities"]) == (0, 0)
    assert content(lake, *ZONES) == before


def test_a_lost_list_is_named(lake: Path) -> None:
    (lake / "compacted" / "F001.json").unlink()
    done = drlake("ledger", "balance", "--lake", lake)
    assert done.returncode == 1
    assert "compacted/F001.json" in done.stderr


def test_a_lost_compacted_file_is_named(lake: Path) -> None:
    (path,) = (lake / "outcomes" / "receive").rglob("F001.*-*.parquet")
    path.unlink()
    done = drlake("ingest", "--facility", "F001", "--exports", lake.parent, "--lake", lake)
    assert done.returncode != 0
