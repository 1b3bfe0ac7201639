"""Paths of the DAGs under test and of the stubs of the pipeline."""

import subprocess
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DAGS = REPOSITORY / "dags"
STUBS = Path(__file__).resolve().parent / "stubs"

Run = Callable[..., subprocess.CompletedProcess[str]]
"""Runs a Python program with arguments, and variables as keywords; see conftest.py."""
