"""The three DAGs run in process on stubs of the pipeline, with facilities that fail.

The stubs in tests/dags/stubs come before the real packages on PYTHONPATH; Airflow, its database,
the DAG files and the program that runs them are the real ones.
"""

import json
import sqlite3
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from dags_under_test import DAGS, REPOSITORY, STUBS, Run

pytestmark = pytest.mark.airflow

FACILITIES = {"F001": "large", "F002": "broken", "F003": "flaky", "F004": "unusable"}


@dataclass(frozen=True)
class Nation:
    """Exports of four facilities, three of them with a fault, and the lake."""

    exports: Path
    lake: Path
    run: Run

    def chain(self, *flags: str) -> subprocess.CompletedProcess[str]:
        """Run the chain over the exports with the stubs in front of the real packages."""
        script = DAGS / "local" / "run_in_process.py"
        where = ("--lake", self.lake, "--exports", self.exports)
        return self.run(script, *where, *flags, PYTHONPATH=f"{STUBS}:{REPOSITORY}")

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of Airflow's own database inside the lake."""
        path = self.lake / "airflow" / "airflow.db"
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        with connection:
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


def test_a_failing_facility_does_not_stop_the_others(summary: dict[str, Any]) -> None:
    tasks = summary["dags"]["ingest_submissions"]["tasks"]
    assert tasks["ingest_facility"] == {"success": 2, "failed": 2}
    assert tasks["decode_submission"] == {"success": 1}, "the rest of a large delivery"
    assert tasks["announce_decoded"] == {"success": 1}
    assert tasks["every_facility_succeeded"] == {"upstream_failed": 1}


def test_what_the_others_sent_is_validated_and_published(summary: dict[str, Any]) -> None:
    validate, publish = (
        summary["dags"][dag_id] for dag_id in ("validate_submissions", "publish_drl_statistics")
    )
    assert (validate["state"], publish["state"]) == ("success", "success")
    assert validate["tasks"]["validate_facility"] == {"success": 2}
    assert validate["counts"] == {"accepted": 3, "held": 0}
    assert publish["counts"] == {"facility_typical_values": 3, "national_drls": 1, "files": 3}


def test_counts_are_summed_over_the_facilities_that_succeeded(summary: dict[str, Any]) -> None:
    counts = summary["dags"]["ingest_submissions"]["counts"]
    assert counts == {"received": 14, "decoded": 12, "quarantined": 2, "duplicate": 0}


@pytest.mark.usefixtures("faulty")
def test_mapped_tasks_carry_their_facility_and_only_a_broken_disk_is_tried_again(
    nation: Nation,
) -> None:
    rows = nation.query(
        "select rendered_map_index, state, try_number from task_instance"
        " where task_id = 'ingest_facility' order by rendered_map_index"
    )
    assert rows == [
        ("F001", "success", 1),
        ("F002", "failed", 3),
        ("F003", "success", 2),
        ("F004", "failed", 1),
    ]


def test_progress_shows_each_facility_and_what_a_person_must_mend(
    faulty: subprocess.CompletedProcess[str],
) -> None:
    lines = [" ".join(line.split()) for line in faulty.stderr.splitlines()]
    counts = "2 received, 1 decoded, 1 quarantined, 0 duplicate"
    assert f"✓ ingest_facility F001 success {counts}" in lines
    assert "✗ ingest_facility F002 failed OSError" in lines
    mend = "UsageError: the stub facility must be mended"
    assert f"✗ ingest_facility F004 failed {mend}" in lines


@pytest.mark.usefixtures("faulty")
def test_the_pool_of_the_visits_is_made(nation: Nation) -> None:
    assert nation.query("select slots from slot_pool where pool = 'exports'") == [(8,)]


@pytest.mark.usefixtures("faulty")
def test_airflow_recorded_no_import_error(nation: Nation) -> None:
    """The rows that `airflow dags list-import-errors` prints."""
    assert nation.query("select count(*) from dag") == [(3,)]
    assert nation.query("select filename from import_error") == []


@pytest.mark.usefixtures("faulty")
def test_airflow_keeps_to_its_folder_in_the_lake_and_nobody_else_reads_it(nation: Nation) -> None:
    home = nation.lake / "airflow"
    assert home.stat().st_mode & 0o077 == 0
    assert (home / "logs" / "in_process.log").stat().st_size > 0
    assert {path.name for path in nation.lake.iterdir()} == {"airflow", "outcomes", "temporary"}


@pytest.mark.usefixtures("faulty")
def test_a_mended_nation_succeeds_on_the_same_lake(nation: Nation) -> None:
    (nation.exports / "F002" / "broken").unlink()
    (nation.exports / "F004" / "unusable").unlink()
    done = nation.chain("--quiet")
    assert (done.returncode, done.stdout) == (0, "")
    assert (
        done.stderr.splitlines()[1]
        == "validate_submissions: success (7 success, 5 accepted, 0 held)"
    )


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
