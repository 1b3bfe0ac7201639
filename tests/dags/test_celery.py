"""The three DAGs on two Celery prefork workers, with PostgreSQL and Redis, from the beginning."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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
    tasks: list[dict[str, Any]]

    def states(self, task_id: str) -> set[str]:
        return {one["state"] for one in self.tasks if one["task_id"] == task_id}


def runs(airflow: CeleryAirflow, dag_id: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(
        airflow.airflow("dags", "list-runs", dag_id, "--output", "json").splitlines()[-1]
    )
    return found


def wait_for(airflow: CeleryAirflow, dag_id: str) -> dict[str, Any]:
    """Wait until a run of a DAG has ended."""
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        airflow.check()
        for run in runs(airflow, dag_id):
            if run["state"] in ("success", "failed"):
                return run
        time.sleep(5)
    raise TimeoutError(dag_id)


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
        airflow.airflow("dags", "reserialize")
        airflow.airflow("dags", "trigger", "ingest_submissions")
        run = wait_for(airflow, LAST)
        tasks = json.loads(
            airflow.airflow(
                "tasks", "states-for-dag-run", LAST, run["run_id"], "--output", "json"
            ).splitlines()[-1]
        )
        yield Run(airflow, Lake(str(lake)), tasks)


def test_the_chain_ends_with_reports(done: Run) -> None:
    assert {one["state"] for one in done.tasks} == {"success"}
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
