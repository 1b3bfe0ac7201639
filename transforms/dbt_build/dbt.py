"""Runs dbt in a process of its own and turns its failures into errors."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from transforms.dbt_build.failures import IN_PLACE, LEDGER_PREFIX, error_of, row_text
from transforms.errors import DrlakeError

Echo = Callable[[str], None]

MANIFEST = Path("warehouse") / "dbt" / "target" / "manifest.json"
"""Below the root of a lake: what dbt has read of the models."""


def run_dbt(
    root: Path,
    building: Path,
    project: Path,
    wanted: Mapping[str, str],
    echo: Echo,
    left_out: Sequence[str] = (),
) -> None:
    """Run seeds, models and tests; raises an error that names what failed.

    `left_out` are types of dbt's resources, such as `unit_test`, that are not run.
    """
    options = [part for kind in left_out for part in ("--exclude-resource-type", kind)]
    _run(root, building, project, wanted, echo, ["build", *options])


def parse_models(root: Path, building: Path, project: Path, wanted: Mapping[str, str]) -> None:
    """Let dbt read the models and write what they declare (`MANIFEST`); nothing is computed."""
    _run(root, building, project, wanted, lambda _: None, ["parse"])


def _run(
    root: Path,
    building: Path,
    project: Path,
    wanted: Mapping[str, str],
    echo: Echo,
    what: Sequence[str],
) -> None:
    home = root / "warehouse" / "dbt"
    results = home / "target" / "run_results.json"
    results.parent.mkdir(parents=True, exist_ok=True)
    results.unlink(missing_ok=True)
    command = [sys.executable, "-m", "transforms.dbt_build.dbt_process", *what]
    command += ["--project-dir", str(project), "--profiles-dir", str(project)]
    environment = {**_dbt_environment(root, building, home), **wanted}
    with subprocess.Popen(  # noqa: S603 - our own interpreter and arguments
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        stopped = [error for line in process.stdout or () if (error := _follow(line, echo))]
    if process.returncode != 0:
        raise _failure(results, building, stopped)


def _dbt_environment(root: Path, building: Path, home: Path) -> dict[str, str]:
    """The whole environment of dbt: nothing of the caller's environment changes a build."""
    return {
        "DRLAKE_LAKE": str(root),
        "DRLAKE_WAREHOUSE": str(building),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
        "HOME": str(home),
        "PATH": os.defpath,
        "PYTHONUTF8": "1",
        "TZ": "UTC",
    }


def _follow(line: str, echo: Echo) -> str:
    """Print what dbt has built; return the message of an error outside any node."""
    try:
        said = json.loads(line)
    except ValueError:
        return line.strip()  # dbt failed before it could start
    if "built" in said:
        echo(f"  {said['index']} of {said['total']}  {said['built']}")
    return str(said.get("stopped", ""))


def _failure(results: Path, building: Path, stopped: list[str]) -> DrlakeError:
    """Error for a failed dbt build: node names only, no row of the data."""
    after = f"{IN_PLACE} Details: warehouse/dbt/logs/dbt.log in the lake."
    failed = _failed_nodes(results)
    if not failed:
        return DrlakeError(
            f"dbt could not start: {stopped[-1] if stopped else 'no message'}. {after}"
        )
    only_tests = all(node["status"] == "fail" for node in failed)
    ledger = [node for node in failed if _node_name(node).startswith(LEDGER_PREFIX)]
    rows = [line for node in ledger if only_tests for line in _ledger_rows(building, node)]
    names = [_node_name(node) for node in failed]
    return error_of(names, rows, only_checks=only_tests, after=after)


def _failed_nodes(results: Path) -> list[dict[str, Any]]:
    if not results.exists():
        return []
    nodes = json.loads(results.read_text(encoding="utf-8"))["results"]
    return [node for node in nodes if node["status"] in ("error", "fail", "runtime error")]


def _node_name(node: Mapping[str, Any]) -> str:
    """`ledger_received_objects` of `test.drlake.ledger_received_objects`."""
    return str(node["unique_id"]).split(".")[2]


def _ledger_rows(building: Path, node: Mapping[str, Any], limit: int = 5) -> list[str]:
    """The first rows that a ledger test returned: ids that drlake assigned, and counts."""
    with duckdb.connect(str(building), read_only=True) as connection:
        cursor = connection.execute(node["compiled_code"])
        names = [column[0] for column in cursor.description]
        rows = cursor.fetchmany(limit)
    return [row_text(_node_name(node), names, row) for row in rows]
