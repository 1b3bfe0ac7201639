"""The three DAGs run in process on a stub of `drlake`, with facilities that fail.

Airflow, its database, the DAG files and the program that runs them are the real ones.
"""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dags_under_test import DAGS, REPOSITORY, STUB, Run

pytestmark = pytest.mark.airflow

FACILITIES = {"F001": "", "F002": "broken", "F003": "flaky", "F004": "unusable"}
BUCKETS = 2
PATIENT = "DOE^JOHN"
"""Whom the message of the stub names where it crashes."""


@dataclass(frozen=True)
class Nation:
    """Exports of four facilities, three of them with a fault, and the lake."""

    exports: Path
    lake: Path
    run: Run

    def chain(self, *flags: str) -> subprocess.CompletedProcess[str]:
        """Run the chain over the exports with the stub of the command."""
        script = DAGS / "local" / "run_in_process.py"
        where = ("--lake", self.lake, "--exports", self.exports)
        given = {"DRLAKE_COMMAND": f"{sys.executable} {STUB}", "DRLAKE_BUCKETS": str(BUCKETS)}
        return self.run(script, *where, *flags, PYTHONPATH=str(REPOSITORY), **given)

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of Airflow's own database inside the lake."""
        path = self.lake / "airflow" / "in_process.db"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()


@pytest.fixture(scope="module")
def nation(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Nation:
    folder = tmp_path_factory.mktemp("nation")
    for facility_id, fault in FACILITIES.items():
        (folder / "exports" / facility_id).mkdir(parents=True)
        if fault:
            (folder / "exports" / facility_id / fault).touch()
    return Nation(folder / "exports", folder / "lake", run)


@pytest.fixture(scope="module")
def faulty(nation: Nation) -> subprocess.CompletedProcess[str]:
    """The first run: F002 always fails, F003 once, F004 waits for a person."""
    return nation.chain("--json")


@pytest.fixture(scope="module")
def summary(faulty: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(faulty.stdout)
    return found


def test_a_failing_facility_ends_the_run_with_exit_code_1(
    faulty: subprocess.CompletedProcess[str], summary: dict[str, Any]
) -> None:
    assert faulty.returncode == 1
    assert summary["ok"] is False
    assert summary["dags"]["ingest_submissions"]["state"] == "failed"


def test_a_failing_facility_does_not_stop_the_others_of_its_bucket(
    summary: dict[str, Any],
) -> None:
    tasks = summary["dags"]["ingest_submissions"]["tasks"]
    assert tasks["ingest_facilities"] == {"failed": 2}, "F001 to F002, F003 to F004"
    assert tasks["announce_decoded"] == {"success": 1}
    assert tasks["every_facility_succeeded"] == {"upstream_failed": 1}


def test_what_the_others_sent_is_validated_and_published(summary: dict[str, Any]) -> None:
    validate, publish = (
        summary["dags"][dag_id] for dag_id in ("validate_submissions", "publish_drl_statistics")
    )
    assert (validate["state"], publish["state"]) == ("success", "success")
    assert validate["counts"] == {"facilities": 2, "accepted": 2, "held": 0}
    assert publish["tasks"]["compute_statistics"] == {"success": 2}, "F001, F003"
    assert publish["counts"] == {
        **{"computed": 2, "facility_typical_values": 3, "national_drls": 1, "files": 2},
        **{"received": 4, "accepted": 2, "held": 0, "quarantined": 2, "duplicate": 0},
    }


def test_counts_of_all_attempts_are_summed(summary: dict[str, Any]) -> None:
    counts = summary["dags"]["ingest_submissions"]["counts"]
    del counts["facilities"]
    assert counts == {"received": 4, "decoded": 2, "quarantined": 2, "duplicate": 0}


@pytest.mark.usefixtures("faulty")
def test_only_what_may_pass_is_tried_again(nation: Nation) -> None:
    rows = nation.query(
        "select rendered_map_index, state, try_number from task_instance"
        " where task_id = 'ingest_facilities' order by rendered_map_index"
    )
    assert rows == [("F001 to F002", "failed", 3), ("F003 to F004", "failed", 2)]


def test_progress_shows_each_bucket_and_what_a_person_must_mend(
    faulty: subprocess.CompletedProcess[str],
) -> None:
    lines = [" ".join(line.split()) for line in faulty.stderr.splitlines()]
    assert "✗ ingest_facilities F001 to F002 failed the disk fails (exit code 1)" in lines
    assert "✗ ingest_facilities F003 to F004 failed mend the form (exit code 1)" in lines
    assert "✓ validate_facilities F001 success 1 facilities, 1 accepted, 0 held" in lines


@pytest.mark.usefixtures("faulty")
def test_nothing_is_left_that_starts_runs_of_a_scheduler(nation: Nation) -> None:
    assert nation.query("select count(*) from asset_event") > [(0,)]
    assert not (nation.lake / "airflow" / "airflow.db").exists(), "the scheduler's database"
    assert nation.query("select pool from slot_pool") == [("default_pool",)]


@pytest.mark.usefixtures("faulty")
def test_airflow_recorded_no_import_error(nation: Nation) -> None:
    """The rows that `airflow dags list-import-errors` prints."""
    assert nation.query("select count(*) from dag") == [(4,)]
    assert nation.query("select filename from import_error") == []


@pytest.mark.usefixtures("faulty")
def test_airflow_keeps_to_its_folder_in_the_lake_and_nobody_else_reads_it(nation: Nation) -> None:
    home = nation.lake / "airflow"
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "logs" / "in_process.log").stat().st_size > 0
    assert {path.name for path in nation.lake.iterdir()} == {"airflow", "sent"}


@pytest.mark.usefixtures("faulty")
def test_a_mended_nation_succeeds_on_the_same_lake(nation: Nation) -> None:
    (nation.exports / "F002" / "broken").unlink()
    (nation.exports / "F004" / "unusable").unlink()
    done = nation.chain("--quiet")
    assert (done.returncode, done.stdout) == (0, "")
    assert (
        done.stderr.splitlines()[1]
        == "validate_submissions: success (5 success, 4 facilities, 4 accepted, 0 held)"
    )


@pytest.mark.usefixtures("faulty")
def test_an_exit_code_of_a_command_is_that_of_the_run(nation: Nation) -> None:
    code = nation.exports / "exit_code"
    code.write_text("3")
    done = nation.chain("--json")
    code.unlink()
    assert done.returncode == 3
    publish = json.loads(done.stdout)["dags"]["publish_drl_statistics"]
    assert publish["tasks"]["check_ledger"] == {"failed": 1}, "not tried again"
    assert publish["tasks"]["write_report"] == {"success": 1}
    assert "50.0% of the objects are quarantined, more than 10.0%. (exit code 3)" in done.stderr


@pytest.mark.usefixtures("faulty")
def test_a_traceback_of_the_command_shows_no_value(nation: Nation) -> None:
    crashes = nation.exports / "F001" / "crashes"
    crashes.touch()
    done = nation.chain("--json")
    crashes.unlink()
    assert done.returncode == 1
    assert "in fault ValueError (exit code 1)" in done.stderr
    for path in (nation.lake / "airflow").rglob("*"):
        assert path.is_dir() or PATIENT.encode() not in path.read_bytes(), path


@pytest.mark.parametrize(
    ("lake", "exports", "cure"),
    [("lake", "nowhere", "Give --exports (a folder"), ("s3://bucket/lake", ".", "--lake")],
)
def test_a_place_that_cannot_work_is_wrong_usage(
    run: Run, tmp_path: Path, lake: str, exports: str, cure: str
) -> None:
    given = lake if "://" in lake else str(tmp_path / lake)
    where = ("--lake", given, "--exports", tmp_path / exports)
    done = run(DAGS / "local" / "run_in_process.py", *where)
    assert done.returncode == 2
    assert cure in done.stderr
    assert list(tmp_path.iterdir()) == []
