"""Runs the `drlake` command in a process of its own, as a person does."""

from __future__ import annotations

import subprocess
import sys


def real_drlake(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Return the output of the command and its exit code; the environment is that of the test."""
    command = [sys.executable, "-m", "transforms.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
