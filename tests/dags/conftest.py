"""Runs Airflow in processes of its own, since it reads its settings at import."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from dags_under_test import Run


@pytest.fixture(scope="session")
def clean_environment() -> dict[str, str]:
    """This process's environment without any setting of Airflow or drlake."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW", "DRLAKE", "_AIRFLOW")) and name != "PYTHONPATH"
    }


@pytest.fixture(scope="session")
def run(clean_environment: dict[str, str]) -> Run:
    """Run a Python program and return its result; `given` is added to its environment."""

    def _run(*arguments: str | Path, **given: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            env={**clean_environment, **given},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )

    return _run
