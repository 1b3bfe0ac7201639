"""The three DAGs on two Celery prefork workers, with PostgreSQL and Redis, from the beginning."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers.celery_airflow import IS_INSTALLED, CeleryAirflow, running_airflow
from tests.support.lakes.small_exports import write_small_exports
from transforms.lake.lake import Lake

pytestmark = [
    pytest.mark.airflow,
    pytest.mark.servers,
    pytest.mark.builds,
    pytest.mark.slow,
    pytest.mark.skipif(not IS_INSTALLED, reason="redis, postgresql or celery is not installed"),
]

SECONDS = 600
LAST = "publish_drl_statistics"


@dataclass(frozen=True)
class Run:
    """What the chain left in the lake and in Airflow's database."""

    airflow: CeleryAirflow
    lake: Lake


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
    lake = folder / "lake"
    given = {
        "DRLAKE_LAKE": str(lake),
        "DRLAKE_EXPORTS": str(exports),
        "DRLAKE_BUCKETS": "2",
        "DRLAKE_SECOND_LOOK_SECONDS": "0.05",
    }
    with running_airflow(folder, given) as airflow:
        wait_for_end(airflow)
        yield Run(airflow, Lake(str(lake)))


def test_the_chain_ends_with_reports(done: Run) -> None:
    states = done.airflow.query("select distinct dag_id, state from task_instance order by 1")
    dags = ["ingest_submissions", LAST, "validate_submissions"]
    assert states == [[dag_id, "success"] for dag_id in dags]
    assert Path(done.lake.path("report", "index.html")).is_file()


def test_every_facility_is_ingested_under_prefork(done: Run) -> None:
    sent = {name.partition(".")[0] for name in done.lake.submissions("validate")}
    assert sent == {"F001", "F002"}


def test_both_workers_have_worked(done: Run) -> None:
    logs = {
        name: path.read_text(encoding="utf-8", errors="replace")
        for path in done.airflow.folder.glob("service-celery-*")
        for name in done.airflow.workers
        if path.name.endswith(f"{name}.log")
    }
    assert len(logs) == 2
    assert all("succeeded in" in text for text in logs.values()), logs
