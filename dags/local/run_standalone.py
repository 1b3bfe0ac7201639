"""Start `airflow standalone` with our DAGs, for this machine only.

`python dags/local/run_standalone.py --lake L --exports E [--port 8080]`. Scheduler, DAG processor
and page run until Ctrl-C or SIGTERM. The page answers on 127.0.0.1; its password is printed on the
first start and kept in `<lake>/airflow`. Airflow's log servers, which would listen on every network
interface, are not started: page and tasks share one disk, so the page reads the files.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
from typing import Any

from dags.local import airflow_environment
from dags.local.run_in_process import prepare_database

SECONDS_TO_STOP = 15
"""Time for a part to stop. A task killed after it leaves no partial file, and is repeated."""

LOG_SERVING = {"scheduler", "triggerer"}
"""The parts of Airflow that would open a log server."""


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line and run Airflow until it is stopped; returns the exit code."""
    given = _parser().parse_args(arguments)
    try:
        airflow_environment.prepare(given.lake, given.exports)
    except airflow_environment.PlaceError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    os.environ.update(airflow_environment.standalone_environment(given.port))
    os.environ.setdefault("DRLAKE_BUCKETS", str(os.cpu_count() or 1))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.stdout.write(f"Airflow starts; its page will be http://127.0.0.1:{given.port}\n")
    sys.stdout.flush()
    _run()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Run Airflow, its web page and our DAGs.")
    parser.add_argument("--lake", required=True, help="Lake folder.")
    parser.add_argument("--exports", required=True, help="Folder with one folder per facility.")
    parser.add_argument("--port", type=int, default=8080, help="Port of the web page (8080).")
    return parser


def _run() -> None:
    """Run `airflow standalone` in this process, without the log servers.

    Its keys are written first, as the `airflow` command does: parts that each create their own keys
    would refuse each other's tokens.
    """
    from airflow.cli.commands import standalone_command
    from airflow.configuration import write_default_airflow_configuration_if_needed

    class Part(standalone_command.SubCommand):
        """A part of Airflow, without a log server, that stops on request."""

        def __init__(self, parent: Any, name: str, command: list[str], env: dict[str, str]) -> None:
            extra = ["--skip-serve-logs"] if name in LOG_SERVING else []
            super().__init__(parent, name, [*command, *extra], env)

        def join(self, timeout: float | None = None) -> None:
            """Wait for the part; after a while stop it and everything that it started."""
            _end(self.process, SECONDS_TO_STOP)
            super().join(timeout)

    write_default_airflow_configuration_if_needed()
    prepare_database()
    standalone_command.SubCommand = Part  # type: ignore[misc] # Airflow takes no other class
    standalone_command.StandaloneCommand().run()


def _end(process: subprocess.Popen[bytes] | None, seconds: float) -> None:
    """Wait for a process; then kill it and its children, which would wait for a stopped server."""
    import psutil

    if process is None or process.poll() is not None:
        return
    children = psutil.Process(process.pid).children(recursive=True)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        for one in (*children, process):
            with contextlib.suppress(psutil.NoSuchProcess):
                one.kill()


if __name__ == "__main__":
    sys.exit(main())
