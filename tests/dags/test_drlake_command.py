"""What a task makes of the exit code, the JSON and the messages of the command."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from dags_under_test import REPOSITORY, Run

pytestmark = [pytest.mark.airflow, pytest.mark.kills]

PROGRAM = """
import json, sys
from airflow.sdk.exceptions import AirflowFailException
from dags.drlake_command import failure_of, safe_lines
found = {}
for name, (exit_code, document, text) in json.loads(sys.argv[1]).items():
    lines = list(safe_lines(text))
    failure = failure_of(exit_code, document, lines)
    found[name] = [not isinstance(failure, AirflowFailException), str(failure), lines]
print(json.dumps(found))
"""
RUN = """
import os
from dags import drlake_command
drlake_command.environment = lambda: dict(os.environ)
print(drlake_command.run_drlake("ingest"))
"""
TRACEBACK = """The export of F002 is empty.
Traceback (most recent call last):
  File "/site/reader.py", line 7, in read
    value = float(text)
            ^^^^^^^^^^^
ValueError: could not convert string to float: 'DOE^JOHN'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/site/facility.py", line 9, in visit
    raise KeyError(name)
KeyError: 'DOE^JOHN'
DOE^JOHN
"""


def failed(*flags: bool) -> dict[str, Any]:
    rows = [
        {"facility_id": f"F{i}", "message": f"F{i}: no answer.", "try_again": flag}
        for i, flag in enumerate(flags)
    ]
    return {"failed": rows}


CASES: dict[str, tuple[int, Any, str]] = {
    "usage": (2, {"error": "drlake: No lake.", "try_again": False}, "drlake: No lake."),
    "typer": (2, None, "Usage: drlake\n\nError: No such option"),
    "person": (1, {"error": "drlake: Mend it.", "try_again": False}, "drlake: Mend it."),
    "disk": (1, {"error": "drlake: I/O error.", "try_again": True}, "drlake: I/O error."),
    "one may pass": (1, failed(False, True), ""),
    "none may pass": (1, failed(False, False), ""),
    "quarantined": (3, {"files": []}, "50.0% of the objects are quarantined."),
    "ledger": (4, {"files": []}, "drlake: The ledger does not balance."),
    "disclosure": (5, {"error": "drlake: Not published.", "try_again": False}, ""),
    "crash": (1, None, TRACEBACK),
    "killed": (-9, None, ""),
}


@pytest.fixture(scope="module")
def found(run: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    given = {"AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow"))}
    done = run("-c", PROGRAM, json.dumps(CASES), PYTHONPATH=str(REPOSITORY), **given)
    assert done.returncode == 0, done.stderr
    failures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return failures


def test_only_what_may_pass_is_tried_again(found: dict[str, Any]) -> None:
    again = {name for name, (may_pass, _, _) in found.items() if may_pass}
    assert again == {"disk", "one may pass", "crash", "killed"}


def test_a_failure_has_the_sentence_of_the_command_and_its_exit_code(
    found: dict[str, Any],
) -> None:
    said = {name: sentence for name, (_, sentence, _) in found.items()}
    assert said["usage"] == "drlake: No lake. (exit code 2)"
    assert said["one may pass"] == "F0: no answer. F1: no answer. (exit code 1)"
    assert said["quarantined"] == "50.0% of the objects are quarantined. (exit code 3)"
    assert said["ledger"] == "drlake: The ledger does not balance. (exit code 4)"
    assert said["disclosure"] == "drlake: Not published. (exit code 5)"
    assert said["killed"] == "drlake was ended by the signal SIGKILL."


def test_a_traceback_shows_places_and_types_and_no_value(found: dict[str, Any]) -> None:
    assert found["crash"][2] == [
        "The export of F002 is empty.",
        'File "/site/reader.py", line 7, in read',
        "ValueError",
        'File "/site/facility.py", line 9, in visit',
        "KeyError",
    ]


def test_the_command_ends_with_its_task(clean_environment: dict[str, str], tmp_path: Path) -> None:
    """A task that is killed leaves no command that goes on writing beside the next attempt."""
    pid_file = tmp_path / "pid"
    command = tmp_path / "command.py"
    command.write_text(
        f"import os, time\nopen({str(pid_file)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n"
    )
    given = {
        **{"AIRFLOW_HOME": str(tmp_path), "PYTHONPATH": str(REPOSITORY)},
        "DRLAKE_COMMAND": f"{sys.executable} {command}",
    }
    task = subprocess.Popen([sys.executable, "-c", RUN], env={**clean_environment, **given})
    assert becomes(lambda: pid_file.exists() and pid_file.read_text() != "")
    pid = int(pid_file.read_text())
    os.kill(task.pid, signal.SIGKILL)
    task.wait()
    assert becomes(lambda: not runs(pid))


def becomes(condition: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def runs(pid: int) -> bool:
    """Whether a process runs; one that has ended may wait for its new parent to notice."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
