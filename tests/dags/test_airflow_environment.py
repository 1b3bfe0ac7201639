"""Airflow's settings: everything in the lake, no telemetry, this machine only."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from dags_under_test import DAGS, REPOSITORY


@pytest.fixture(scope="module")
def environment() -> ModuleType:
    path = DAGS / "local" / "airflow_environment.py"
    spec = importlib.util.spec_from_file_location("airflow_environment", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_everything_airflow_keeps_lies_in_the_lake(environment: ModuleType, tmp_path: Path) -> None:
    found = environment.airflow_environment(str(tmp_path / "lake"), str(tmp_path))
    home = tmp_path / "lake" / "airflow"
    assert found["AIRFLOW_HOME"] == str(home)
    assert found["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == f"sqlite:///{home}/airflow.db"
    assert found["AIRFLOW__LOGGING__BASE_LOG_FOLDER"] == str(home / "logs")
    assert found["DRLAKE_LAKE"] == str(tmp_path / "lake")
    assert not home.exists()


def test_a_run_in_process_has_a_database_that_no_scheduler_reads(
    environment: ModuleType, tmp_path: Path
) -> None:
    key = "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"
    given = (str(tmp_path / "lake"), str(tmp_path))
    of_run = environment.airflow_environment(*given, environment.IN_PROCESS)[key]
    assert of_run != environment.airflow_environment(*given)[key]


def test_relative_places_become_absolute_and_addresses_stay(
    environment: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = environment.airflow_environment("lake", "s3://bucket/exports")
    assert found["DRLAKE_LAKE"] == str(tmp_path / "lake")
    assert found["DRLAKE_EXPORTS"] == "s3://bucket/exports"


def test_an_overlay_on_pythonpath_stays_in_front(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", "overlay")
    found = environment.airflow_environment("lake", "exports")["PYTHONPATH"].split(":")
    assert found == ["overlay", str(REPOSITORY)]


def test_telemetry_is_off(environment: ModuleType) -> None:
    found = environment.airflow_environment("lake", "exports")
    assert found["AIRFLOW__USAGE_DATA_COLLECTION__ENABLED"] == "False"
    assert found["GX_ANALYTICS_ENABLED"] == "false"
    assert found["DBT_SEND_ANONYMOUS_USAGE_STATS"] == "false"


def test_the_page_answers_this_machine_only(environment: ModuleType) -> None:
    found = environment.standalone_environment(8080)
    assert found["AIRFLOW__API__HOST"] == "127.0.0.1"
    assert found["AIRFLOW__API__BASE_URL"] == "http://127.0.0.1:8080"


def test_programs_beside_the_dags_are_not_parsed_as_dags() -> None:
    chain = {"ingest_submissions.py", "validate_submissions.py", "publish_drl_statistics.py"}
    dag_files = {*chain, "compact_lake.py"}
    lines = (DAGS / ".airflowignore").read_text().splitlines()
    ignored = {line for line in lines if line and not line.startswith("#")}
    beside = {path.name for path in DAGS.glob("*.py")} - dag_files
    assert ignored == beside | {"local/"}
