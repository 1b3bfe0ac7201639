"""Run the three DAGs in this process, one after another: `python dags/local/run_in_process.py`.

The same DAG files and tasks that a scheduler runs, without any service. The SQLite database inside
the lake is not that of `drlake airflow`, whose scheduler would start again what this run has
announced. A DAG is started only where the Asset it waits for has been announced.

Progress and summary go to standard error; with `--json` the summary goes to standard output. All
output of Airflow and its tasks goes to `<lake>/airflow/logs/in_process.log`.

Exit codes: 0 every task instance succeeded, 1 some did not, 2 wrong usage; 3, 4 or 5 where a
command ended so.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import traceback
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from dags.local import airflow_environment

if TYPE_CHECKING:
    from airflow.models.dagrun import DagRun
    from airflow.sdk import DAG

    from dags.local.run_progress import RunProgress

CHAIN = ("ingest_submissions", "validate_submissions", "publish_drl_statistics")
"""The DAGs in the order of their Assets; each but the first waits for the one before."""

BUCKETS = "1"
"""One command after another runs here, and each uses all cores; more of them start more slowly."""

OUTCOMES = (3, 4, 5)
"""Exit codes of a command that mean more than a failure, see transforms/cli/README.md."""

RETRY_DELAY = timedelta(seconds=1)
"""A person waits for this run, so a retry follows at once."""


def main(arguments: list[str] | None = None) -> int:
    """Parse the command line, run the chain, print the summary; returns the exit code."""
    given = _parser().parse_args(arguments)
    try:
        database = airflow_environment.IN_PROCESS
        home = airflow_environment.prepare(given.lake, given.exports, database)
    except airflow_environment.PlaceError as problem:
        sys.stderr.write(f"{problem}\n")
        return 2
    os.environ.setdefault("DRLAKE_BUCKETS", BUCKETS)
    log = home / "logs" / "in_process.log"
    output, messages = _keep_terminal(log)
    summary = _try_chain(messages, log, quiet=given.quiet)
    if summary is None:
        return 1
    if given.json:
        output.write(json.dumps({**summary, "log": str(log)}, indent=2) + "\n")
        output.flush()
    else:
        messages.write(_plain(summary) + "\n")
    return 0 if summary["ok"] else summary["exit_code"]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Run ingest, validation and publication.")
    parser.add_argument("--lake", required=True, help="Lake folder.")
    parser.add_argument("--exports", required=True, help="Folder with one folder per facility.")
    parser.add_argument("--json", action="store_true", help="Print the summary as JSON.")
    parser.add_argument("--quiet", action="store_true", help="Print failures and the summary only.")
    return parser


def _keep_terminal(log: Path) -> tuple[TextIO, TextIO]:
    """Send descriptors 1 and 2 to the log; returns the real standard output and error.

    Everything printed from here on, by Airflow, a task or a command it starts, is in the log.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    sys.stdout.flush()
    sys.stderr.flush()
    output, messages = os.fdopen(os.dup(1), "w"), os.fdopen(os.dup(2), "w", buffering=1)
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.close(descriptor)
    return output, messages


def _try_chain(messages: TextIO, log: Path, *, quiet: bool) -> dict[str, Any] | None:
    """Run the chain; prints a sentence and returns None where Airflow itself failed."""
    try:
        return _run_chain(messages, quiet=quiet)
    except KeyboardInterrupt:
        messages.write("Stopped. What is finished is kept; run again to resume.\n")
    except Exception:
        traceback.print_exc()
        messages.write(f"Airflow could not run the DAGs; the reason is at the end of {log}\n")
    return None


def _run_chain(messages: TextIO, *, quiet: bool) -> dict[str, Any]:
    """Run the DAGs in order until one announces nothing; returns the summary."""
    from rich.console import Console

    console = Console(file=messages, highlight=False)
    prepare_database()
    from airflow.sdk.listener import get_listener_manager

    from dags.local.run_progress import RunProgress

    progress = RunProgress(console, quiet=quiet)
    get_listener_manager().add_listener(progress)
    dags = _load_dags()
    results: dict[str, Any] = {}
    with progress.bar:
        for dag_id in CHAIN:
            results[dag_id] = _run_dag(dags[dag_id], progress)
            if not results[dag_id]["announced"]:
                break
    ok = len(results) == len(CHAIN) and all(one["state"] == "success" for one in results.values())
    worst = max((code for code in progress.exit_codes if code in OUTCOMES), default=1)
    return {"ok": ok, "exit_code": 0 if ok else worst, "dags": results}


def prepare_database() -> None:
    """Create Airflow's tables where they are missing or outdated."""
    from airflow.utils import db

    url = os.environ["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    made = Path(url.removeprefix("sqlite:///")).exists()
    try:
        if made:
            db.check_migrations(timeout=0)
    except TimeoutError:
        made = False
    if not made:
        db.initdb()


def _load_dags() -> dict[str, DAG]:
    """Parse the DAG files as Airflow's own DAG processor does; an import error ends the run."""
    from airflow.dag_processing.dagbag import BundleDagBag

    folder = airflow_environment.DAGS
    bag = BundleDagBag(dag_folder=folder, bundle_path=folder, bundle_name="dags-folder")
    if bag.import_errors:
        raise ImportError("\n".join(f"{file}: {why}" for file, why in bag.import_errors.items()))
    return dict(bag.dags)


def _run_dag(dag: DAG, progress: RunProgress) -> dict[str, Any]:
    """Run one DAG to its end; returns its state, task states, counts and announcement."""
    for task in dag.tasks:
        task.retry_delay = RETRY_DELAY
        task.max_retry_delay = 4 * RETRY_DELAY
    progress.start_dag(dag.dag_id, len(dag.tasks))
    run = dag.test()
    states = _task_states(run)
    announcing = [task.task_id for task in dag.tasks if task.outlets]
    return {
        "state": str(run.state.value),
        "tasks": {task_id: dict(found) for task_id, found in states.items()},
        "counts": dict(progress.counts.get(dag.dag_id, {})),
        "announced": any(states[task_id]["success"] for task_id in announcing),
    }


def _task_states(run: DagRun) -> dict[str, Counter[str]]:
    """Number of task instances per task and final state."""
    states: dict[str, Counter[str]] = {}
    for instance in sorted(run.get_task_instances(), key=lambda one: (one.task_id, one.map_index)):
        states.setdefault(instance.task_id, Counter())[str(instance.state)] += 1
    return states


def _plain(summary: dict[str, Any]) -> str:
    """One line per DAG: state, task instances per state, counts."""
    lines = []
    for dag_id, result in summary["dags"].items():
        states: Counter[str] = sum(map(Counter, result["tasks"].values()), Counter())
        numbers = [f"{number} {name}" for name, number in {**states, **result["counts"]}.items()]
        lines.append(f"{dag_id}: {result['state']} ({', '.join(numbers)})")
    waiting = [dag_id for dag_id in CHAIN if dag_id not in summary["dags"]]
    lines += [f"{dag_id}: skipped: nothing new" for dag_id in waiting]
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
