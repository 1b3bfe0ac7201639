"""Runs the command `drlake` in a process of its own and returns its JSON document.

A task needs nothing of drlake but this command, so any executor can run it: a Celery worker may
start no other processes of Python's multiprocessing, but the command may. The command ends when
its task ends, also when the task is killed.

An Airflow failure has the sentence of the command. Other output of a command that breaks may quote
a report, so only where it broke is logged.
"""

from __future__ import annotations

import ctypes
import json
import logging
import os
import re
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

from airflow.sdk import get_current_context
from airflow.sdk.exceptions import AirflowException, AirflowFailException

LOG = logging.getLogger("airflow.task")
PR_SET_PDEATHSIG = 1
"""From <linux/prctl.h>: sets the signal that is sent when the parent ends."""

FAILURE = 1
"""Exit code of a failure that may pass; the others are for a person (transforms/cli/README.md)."""

TRACEBACK = "Traceback (most recent call last):"
PLACE = re.compile(r'  File "[^"]*", line \d+, in [\w<>.]+')
EXCEPTION = re.compile(r"([\w.]+)(:|$)")


class CommandFailed(AirflowException):
    """The command failed, and may succeed when Airflow tries it again.

    `document` is what it printed, None if that is no JSON.
    """

    def __init__(self, sentence: str, exit_code: int = FAILURE, document: Any = None) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
        self.document = document


class CommandRefused(CommandFailed, AirflowFailException):
    """The command failed, and a person must act: Airflow does not try it again."""


def run_drlake(*arguments: str, given: str = "") -> Any:
    """Run `drlake ARGUMENTS --json` with `given` as standard input; returns its document.

    Raises CommandFailed or CommandRefused where the exit code is not 0.
    """
    done = subprocess.run(  # noqa: S603 - the command of this package
        [*command(), *arguments, "--json"],
        input=given,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_end_with_task(),
    )
    lines = list(safe_lines(done.stderr))
    for line in lines:
        LOG.log(logging.WARNING if done.returncode else logging.INFO, "%s", line)
    document = _document(done.stdout)
    if done.returncode:
        raise failure_of(done.returncode, document, lines)
    return document


def run_counted(
    count: Callable[[Any], dict[str, int]], *arguments: str, given: str = ""
) -> dict[str, int]:
    """Run a command and return the counts of its document.

    Where some facilities failed, the task fails, but the counts of the others are kept.
    """
    try:
        return count(run_drlake(*arguments, given=given))
    except CommandFailed as failed:
        if failed.document and "error" not in failed.document:
            get_current_context()["ti"].xcom_push("return_value", count(failed.document))
        raise


def command() -> list[str]:
    """The command of DRLAKE_COMMAND, or drlake as installed beside Airflow."""
    return shlex.split(os.environ.get("DRLAKE_COMMAND", "")) or [
        *(sys.executable, "-m", "transforms.cli")
    ]


def environment() -> dict[str, str]:
    """The environment of the task without Airflow's secrets, with the params that are given."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AIRFLOW", "_AIRFLOW"))
    }
    params = get_current_context()["params"]
    given = {"DRLAKE_LAKE": params.get("lake"), "DRLAKE_EXPORTS": params.get("exports")}
    plain = {"TYPER_STANDARD_TRACEBACK": "1", "NO_COLOR": "1"}
    return {**kept, **plain, **{name: value for name, value in given.items() if value}}


def failure_of(exit_code: int, document: Any, lines: list[str]) -> CommandFailed:
    """The exception for an exit code: tried again only where that may help."""
    found = document if isinstance(document, dict) else {}
    failed = found.get("failed") or []
    if exit_code < 0:
        sentence = f"drlake was ended by the signal {signal.Signals(-exit_code).name}."
        return CommandFailed(sentence, exit_code, document)
    told = [one["message"] for one in failed] or [found.get("error") or " ".join(lines[-3:])]
    may_pass = any(one["try_again"] for one in failed) or found.get("try_again", not failed)
    kind = CommandFailed if exit_code == FAILURE and may_pass else CommandRefused
    return kind(f"{' '.join(told)} (exit code {exit_code})", exit_code, document)


def safe_lines(text: str) -> Iterator[str]:
    """Lines of standard error; of a traceback only the places and the types of errors."""
    is_broken = expects_type = False
    for line in text.splitlines():
        if line.strip() == TRACEBACK:
            is_broken = True
        elif not is_broken:
            yield line
        elif place := PLACE.match(line):
            expects_type = True
            yield place[0].strip()
        elif expects_type and line and not line.startswith(" "):
            expects_type = False
            found = EXCEPTION.match(line)
            yield found[1] if found else "an error"


def _document(text: str) -> Any:
    """The JSON that the command printed; None if it printed no JSON."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return None


def _end_with_task() -> Callable[[], None]:
    """What the new process does first: have the kernel kill it when this process ends."""
    prctl, parent = ctypes.CDLL(None).prctl, os.getpid()

    def end_with_task() -> None:
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it has ended already
            os.kill(os.getpid(), signal.SIGKILL)

    return end_with_task
