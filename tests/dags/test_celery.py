"""The three DAGs on two Celery prefork workers, of which one is killed in the middle.

PostgreSQL, Redis, Celery and Airflow are real, and start from an empty database.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from expectations.validate import validate_new
from tests.servers.celery_airflow import IS_INSTALLED, CeleryAirflow, running_airflow
from tests.support.lakes.small_exports import content, write_small_exports
from transforms.lake.lake import Lake
from transforms.pipeline.all_facilities import ingest_all
from transforms.settings import Settings

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.servers,
    pytest.mark.builds,
    pytest.mark.kills,
    pytest.mark.slow,
    pytest.mark.soak,
    pytest.mark.skipif(not IS_INSTALLED, reason="redis, postgresql or celery is not installed"),
]

SECONDS = 600
LAST = "publish_drl_statistics"


@dataclass(frozen=True)
class Run:
    """What the chain left in the lake and in Airflow's database."""

    airflow: CeleryAirflow
    folder: Path
    killed: str

    @property
    def lake(self) -> Lake:
        return Lake(str(self.folder / "lake"))


def running_ingest(airflow: CeleryAirflow) -> int:
    """Wait until a bucket is ingested; returns the process of its task."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        airflow.check()
        found = airflow.query(
            "select pid from task_instance where task_id = 'ingest_facilities'"
            " and state = 'running' and pid is not null"
        )
        if found:
            return int(found[0][0])
        time.sleep(0.1)
    raise TimeoutError(airflow.query("select dag_id, task_id, state from task_instance"))


def wait_for_end(airflow: CeleryAirflow) -> None:
    """Wait until the last DAG has run. The scheduler starts the first: its day is not done yet."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        airflow.check()
        states = dict(airflow.query("select dag_id, state from dag_run"))
        if "failed" in states.values() or states.get(LAST) == "success":
            return
        time.sleep(1)
    raise TimeoutError(airflow.query("select dag_id, task_id, state from task_instance"))


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    folder = tmp_path_factory.mktemp("celery")
    exports = write_small_exports(folder, (3, 2))
    given = {
        "DRLAKE_LAKE": str(folder / "lake"),
        "DRLAKE_EXPORTS": str(exports),
        "DRLAKE_UID_KEY_FILE": str(folder / "uid.key"),
        "DRLAKE_BUCKETS": "2",
        "DRLAKE_SECOND_LOOK_SECONDS": "0.05",
    }
    with running_airflow(folder, given) as airflow:
        killed = airflow.kill_worker_of(running_ingest(airflow))
        wait_for_end(airflow)
        yield Run(airflow, folder, killed)


def test_the_chain_ends_with_reports(done: Run) -> None:
    states = done.airflow.query(
        "select distinct dag_id, state from task_instance"
        " where dag_id <> 'compact_lake' order by 1"  # upkeep, which runs by its own schedule
    )
    dags = ["ingest_submissions", LAST, "validate_submissions"]
    assert states == [[dag_id, "success"] for dag_id in dags]
    assert Path(done.lake.path("report", "index.html")).is_file()


def test_a_killed_worker_costs_one_retry(done: Run) -> None:
    tries = done.airflow.query(
        "select max(try_number) from task_instance where task_id = 'ingest_facilities'"
    )
    assert tries == [["2"]]
    (other,) = set(done.airflow.workers) - {done.killed}
    assert "succeeded in" in done.airflow.log(other)


def test_a_killed_worker_costs_no_byte(done: Run) -> None:
    whole = done.folder / "whole"
    settings = Settings(
        lake=str(whole),
        exports=str(done.folder / "exports"),
        uid_key_file=str(done.folder / "uid.key"),
        second_look_seconds=0.05,
    )
    assert ingest_all(settings, lambda name, counts: None).failed == {}
    validate_new(Lake(str(whole)))
    folders = ("received", "decoded", "validated", "accepted")
    assert content(Path(done.lake.url), *folders) == content(whole, *folders)
