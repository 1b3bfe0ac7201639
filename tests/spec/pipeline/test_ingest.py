"""From a folder of files to outcomes: each object has one outcome, and a second run changes
nothing.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.in_process import drlake
from tests.support.lakes.kept_objects import kept, packs
from tests.support.reports.real_reports import EXPORTS, require_real_reports
from transforms.errors import LedgerError
from transforms.lake.lake import Lake
from transforms.ledger.entries import check_balance, entries
from transforms.pipeline.facility import ingest_facility
from transforms.settings import Settings
from transforms.tables import OBJECT_OUTCOME

MULTI = EXPORTS / "F001" / "CT-RDSR-Siemens-Multi-1.dcm"


@pytest.fixture
def export(tmp_path: Path) -> Path:
    require_real_reports()
    folder = tmp_path / "exports" / "H1"
    folder.mkdir(parents=True)
    shutil.copy(MULTI, folder / "a.dcm")
    return folder


def settings_for(export: Path) -> Settings:
    return Settings(lake=str(export.parent.parent / "lake"), exports=str(export.parent))


def outcomes(lake: Lake, stage: str) -> list[tuple[str, str | None]]:
    return [
        (row["outcome"], row["reason_code"])
        for submission_id in lake.submissions(stage)
        for row in lake.read_outcomes(stage, submission_id).to_pylist()
    ]


def content(folder: Path) -> dict[str, bytes]:
    """The files of a lake without `known/`, which only saves time and is made when it is needed."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): path.read_bytes() for path in files if folder / "known" not in path.parents}


def test_the_same_bytes_under_another_name_are_a_duplicate(export: Path) -> None:
    shutil.copy(MULTI, export / "b.dcm")
    counts = ingest_facility(settings_for(export), "H1")
    assert counts == {"received": 2, "decoded": 1, "quarantined": 0, "duplicate": 1}


def test_bytes_received_earlier_are_a_duplicate_of_the_earlier_submission(export: Path) -> None:
    settings = settings_for(export)
    ingest_facility(settings, "H1")
    shutil.copy(MULTI, export / "later.dcm")
    ingest_facility(settings, "H1")
    assert ("duplicate", "duplicate_of_earlier_submission") in outcomes(
        Lake(settings.lake), "receive"
    )
    assert len(Lake(settings.lake).submissions("receive")) == 2


def test_a_file_that_lies_there_still_is_not_received_again(export: Path) -> None:
    settings = settings_for(export)
    ingest_facility(settings, "H1")
    assert ingest_facility(settings, "H1")["received"] == 0
    assert len(Lake(settings.lake).submissions("receive")) == 1


def test_decoding_again_writes_the_same_bytes(export: Path) -> None:
    settings = settings_for(export)
    (export / "b.dcm").write_bytes(b"no dicom")
    ingest_facility(settings, "H1")
    before = content(Path(settings.lake))
    ingest_facility(settings, "H1", again=True)
    assert content(Path(settings.lake)) == before


def test_a_pull_that_was_cut_before_decoding_is_resumed(export: Path) -> None:
    settings = settings_for(export)
    ingest_facility(settings, "H1")
    lake = Lake(settings.lake)
    (submission_id,) = lake.submissions("decode")
    lake.remove(lake.outcomes_path("decode", submission_id))
    assert ingest_facility(settings, "H1")["decoded"] == 1
    assert lake.submissions("decode") == [submission_id]


@pytest.mark.parametrize(
    ("data", "stage", "reason"),
    [
        (b"", "receive", "object_empty"),
        (b"dose;12", "decode", "not_dicom"),
        (b"\0" * 128 + b"DICM", "decode", "structure_invalid"),
    ],
)
def test_what_is_no_report_ends_with_its_reason(
    export: Path, data: bytes, stage: str, reason: str
) -> None:
    (export / "b.dcm").write_bytes(data)
    settings = settings_for(export)
    ingest_facility(settings, "H1")
    lake = Lake(settings.lake)
    assert ("quarantined", reason) in outcomes(lake, stage)
    check_balance(entries(lake))


def test_an_object_above_the_limit_is_not_read(export: Path) -> None:
    settings = Settings(
        lake=str(export.parent.parent / "lake"), exports=str(export.parent), maximum_object_bytes=10
    )
    ingest_facility(settings, "H1")
    assert outcomes(Lake(settings.lake), "receive") == [("quarantined", "object_too_large")]


def test_a_lost_outcome_row_unbalances_the_ledger(export: Path) -> None:
    (export / "b.dcm").write_bytes(b"no dicom")
    settings = settings_for(export)
    ingest_facility(settings, "H1")
    lake = Lake(settings.lake)
    (submission_id,) = lake.submissions("decode")
    kept = lake.read_outcomes("decode", submission_id).to_pylist()[:1]
    lake.write_outcomes("decode", submission_id, kept)
    with pytest.raises(LedgerError, match=submission_id):
        check_balance(entries(lake))


def test_outcomes_have_one_row_per_object_and_stage(export: Path) -> None:
    for name in ("b.dcm", "c.dcm"):
        (export / name).write_bytes(b"x" + name.encode())
    settings = settings_for(export)
    ingest_facility(settings, "H1")
    lake = Lake(settings.lake)
    (submission_id,) = lake.submissions("receive")
    for stage in ("receive", "decode"):
        table = lake.read_outcomes(stage, submission_id)
        assert table.schema.names == list(OBJECT_OUTCOME.column_names)
        assert table.column("object_index").to_pylist() == [1, 2, 3]


def real_drlake(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a process of its own, as a person does."""
    command = [sys.executable, "-m", "transforms.cli", *arguments]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DRLAKE_")}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def test_exit_codes_and_json_of_the_command(export: Path) -> None:
    (export / "b.dcm").write_bytes(b"no dicom")
    where = ["--exports", str(export.parent), "--lake", str(export.parent.parent / "lake")]
    done = real_drlake("ingest", *where, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["totals"]["received"] == 2
    assert drlake("ingest", *where, "--quarantine-threshold", "0.4").returncode == 3
    assert drlake("ingest", *where, "--quarantine-threshold", "2").returncode == 2
    missing = drlake("ingest", "--exports", str(export / "nowhere"), "--lake", where[3])
    assert missing.returncode == 2
    assert "one folder per facility" in missing.stderr


def test_an_unbalanced_ledger_ends_with_exit_code_4(export: Path) -> None:
    settings = settings_for(export)
    ingest_facility(settings, "H1")
    lake = Lake(settings.lake)
    lake.write_outcomes("decode", lake.submissions("decode")[0], [])
    done = drlake("ingest", "--exports", settings.exports, "--lake", settings.lake)
    assert done.returncode == 4
    assert "does not balance" in done.stderr


def test_what_a_cut_run_left_under_the_name_of_a_pack_is_not_trusted(export: Path) -> None:
    settings = settings_for(export)
    ingest_facility(settings, "H1")
    (path,) = packs(Path(settings.lake))
    good = path.read_bytes()
    shutil.rmtree(Path(settings.lake) / "outcomes")
    path.write_bytes(good[:100])
    assert ingest_facility(settings, "H1")["decoded"] == 1
    assert path.read_bytes() == good
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_pack_whose_submission_was_never_written_is_removed(export: Path) -> None:
    settings = settings_for(export)
    ingest_facility(settings, "H1")
    (cut,) = packs(Path(settings.lake))
    shutil.rmtree(Path(settings.lake) / "outcomes")
    (export / "b.dcm").write_bytes(b"no dicom")  # so that the next submission is another one
    assert ingest_facility(settings, "H1")["received"] == 2
    assert not cut.exists()
    assert len(kept(Path(settings.lake))) == 2
