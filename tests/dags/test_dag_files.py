"""The DAG files declare schedule and order only, and parsing them is cheap."""

import json
from pathlib import Path
from typing import Any

import pytest
from dags_under_test import DAGS, REPOSITORY, Run

pytestmark = pytest.mark.airflow

HEAVY = {"pydicom", "pyarrow", "duckdb", "great_expectations", "dbt", "pandas"}
DAG_IDS = {
    *("ingest_submissions", "validate_submissions", "publish_drl_statistics"),
    "compact_lake",
}


@pytest.fixture(scope="module")
def parsed(run: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Parse dags/ as a DAG processor does, in a process of its own."""
    home = str(tmp_path_factory.mktemp("airflow"))
    script = Path(__file__).parent / "parse_dags.py"
    done = run(script, DAGS, AIRFLOW_HOME=home, PYTHONPATH=str(REPOSITORY))
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def tasks(parsed: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every task of every DAG, as `dag.task`."""
    return {
        f"{dag_id}.{task_id}": task
        for dag_id, dag in parsed["dags"].items()
        for task_id, task in dag["tasks"].items()
    }


def test_exactly_the_four_dags_are_found_without_import_error(parsed: dict[str, Any]) -> None:
    assert parsed["import_errors"] == {}
    assert set(parsed["dags"]) == DAG_IDS


def test_parsing_loads_no_heavy_package(parsed: dict[str, Any]) -> None:
    assert HEAVY.isdisjoint(parsed["modules"]["airflow_sdk"]), "Airflow itself loads one"
    assert HEAVY.isdisjoint(parsed["modules"]["after_parsing"])


def test_parsing_loads_nothing_of_ours(parsed: dict[str, Any]) -> None:
    assert parsed["modules"]["ours"] == []


def test_dags_are_chained_by_assets(parsed: dict[str, Any]) -> None:
    outlets = {name: task["outlets"] for name, task in tasks(parsed).items() if task["outlets"]}
    assert parsed["dags"]["ingest_submissions"]["schedule"] == "@daily"
    assert parsed["dags"]["validate_submissions"]["schedule"] == ["drlake://decoded"]
    assert parsed["dags"]["publish_drl_statistics"]["schedule"] == ["drlake://accepted"]
    assert outlets == {
        "ingest_submissions.announce_decoded": ["drlake://decoded"],
        "validate_submissions.announce_accepted": ["drlake://accepted"],
        "publish_drl_statistics.write_report": ["drlake://published"],
    }


@pytest.mark.parametrize("dag_id", sorted(DAG_IDS))
def test_a_dag_says_what_it_is_for(parsed: dict[str, Any], dag_id: str) -> None:
    dag = parsed["dags"][dag_id]
    assert len(dag["doc_md"]) > 200
    assert dag["tags"][0] == "drlake"
    assert dag["params"] == ["exports", "lake"]
    assert not dag["catchup"]


def test_every_task_is_retried_with_back_off(parsed: dict[str, Any]) -> None:
    assert {(task["retries"], task["backoff"]) for task in tasks(parsed).values()} == {(2, 2.0)}


def test_mapped_tasks_are_labelled_with_their_facilities(parsed: dict[str, Any]) -> None:
    mapped = {name: task["label"] for name, task in tasks(parsed).items() if task["mapped"]}
    assert set(mapped) == {
        "ingest_submissions.ingest_facilities",
        "validate_submissions.validate_facilities",
        "publish_drl_statistics.compute_statistics",
        "compact_lake.compact_facilities",
    }
    assert all("task.op_kwargs['facility_ids']" in label for label in mapped.values())


def test_no_task_needs_a_pool_that_somebody_has_to_make(parsed: dict[str, Any]) -> None:
    assert {task["pool"] for task in tasks(parsed).values()} == {"default_pool"}


def test_closed_years_are_compacted_each_month(parsed: dict[str, Any]) -> None:
    assert parsed["dags"]["compact_lake"]["schedule"] == "@monthly"
    assert parsed["dags"]["compact_lake"]["max_active_runs"] == 1


def test_an_ingest_ends_at_last(parsed: dict[str, Any]) -> None:
    assert tasks(parsed)["ingest_submissions.ingest_facilities"]["seconds"] == 12 * 3600


def test_one_run_at_a_time_publishes(parsed: dict[str, Any]) -> None:
    assert parsed["dags"]["publish_drl_statistics"]["max_active_runs"] == 1


@pytest.mark.parametrize("dag_id", sorted(DAG_IDS))
def test_a_dag_file_is_short_and_reads_no_environment(dag_id: str) -> None:
    text = (DAGS / f"{dag_id}.py").read_text()
    assert 40 <= len(text.splitlines()) <= 100
    assert "import os" not in text
