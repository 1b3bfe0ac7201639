"""Paths of the DAGs under test and of the stub of the command `drlake`."""

import subprocess
from collections.abc import Callable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
DAGS = REPOSITORY / "dags"
STUB = Path(__file__).resolve().parent / "stub_drlake.py"

Run = Callable[..., subprocess.CompletedProcess[str]]
"""Runs a Python program with arguments, and variables as keywords; see conftest.py."""
