"""Measures a command together with all processes that it starts, also those that it leaves."""

from __future__ import annotations

import ctypes
import os
import resource
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

PR_SET_CHILD_SUBREAPER = 36
"""From <linux/prctl.h>: processes whose parent ends become children of this process."""


class Seconds(NamedTuple):
    """CPU time of all processes (user and system), system time among it, and wall time."""

    cpu: float
    system: float
    wall: float


def measured(command: Sequence[str], folder: Path) -> tuple[Seconds, str]:
    """Run a command in a folder; returns its times and its output.

    The forkserver of the workers ends after the command. It becomes a child of this process, so
    that its time and that of its workers is counted.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    wall = time.perf_counter() - started
    _wait_for_all()
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} in {folder}:\n{done.stderr}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    system = after.ru_stime - before.ru_stime
    return Seconds(after.ru_utime - before.ru_utime + system, system, wall), done.stdout


def _wait_for_all() -> None:
    """Wait until every process that the command has left has ended."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return
