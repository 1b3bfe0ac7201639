"""Measures one `drlake build --whole` from outside: seconds, rows and memory of every model."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import psutil

from tests.bench.peak_memory import children

SECONDS_BETWEEN_LOOKS = 0.2


@dataclass(frozen=True, slots=True)
class Look:
    """State of the build at one moment: memory of all its processes, and bytes spilled to disk."""

    at: float
    memory_bytes: int
    spilled_bytes: int


@dataclass(frozen=True, slots=True)
class Step:
    """One node of dbt. The memory is that of all processes of the build while it ran."""

    name: str
    kind: str
    seconds: float
    rows: int | None
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class BuildMeasurements:
    """Measurements of a whole build."""

    seconds: float
    peak_bytes: int
    spilled_bytes: int
    warehouse_bytes: int
    steps: tuple[Step, ...]


def measure_build(lake: Path) -> BuildMeasurements:
    """Build the warehouse of this lake with the command, and measure it."""
    looks: list[Look] = []
    started = time.monotonic()
    command = [sys.executable, "-m", "transforms.cli", "build", "--whole"]
    command += ["--lake", str(lake)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as running:
        watching = threading.Thread(target=_watch, args=(running.pid, lake, looks))
        watching.start()
        running.wait()
        watching.join()
    if running.returncode:
        raise RuntimeError(f"drlake build ended with {running.returncode}")
    return BuildMeasurements(
        seconds=time.monotonic() - started,
        peak_bytes=max((look.memory_bytes for look in looks), default=0),
        spilled_bytes=max((look.spilled_bytes for look in looks), default=0),
        warehouse_bytes=(lake / "warehouse" / "drl.duckdb").stat().st_size,
        steps=_steps(lake, looks),
    )


def _watch(pid: int, lake: Path, looks: list[Look]) -> None:
    """Look until the process has ended."""
    try:
        process = psutil.Process(pid)
        while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
            memory = sum(map(_resident, [process, *children(process)]))
            looks.append(Look(time.time(), memory, _spilled_bytes(lake)))
            time.sleep(SECONDS_BETWEEN_LOOKS)
    except psutil.NoSuchProcess:
        return


def _resident(process: psutil.Process) -> int:
    """Resident memory; pages shared by processes are counted in each, so this is an upper limit.

    To divide shared pages (PSS) the kernel walks through all pages, a quarter of a core here.
    """
    with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
        return int(process.memory_info().rss)
    return 0


def _spilled_bytes(lake: Path) -> int:
    """Size of DuckDB's temporary files; a file may vanish while it is looked at."""
    total = 0
    for path in (lake / "warehouse").glob("*.tmp/*"):
        try:
            total += path.stat().st_size
        except FileNotFoundError:
            continue
    return total


def _steps(lake: Path, looks: Sequence[Look]) -> tuple[Step, ...]:
    """Nodes in dbt's log, with the memory while each ran."""
    path = lake / "warehouse" / "dbt" / "target" / "run_results.json"
    rows = _rows(lake / "warehouse" / "drl.duckdb")
    results = json.loads(path.read_text(encoding="utf-8"))["results"]
    return tuple(_step(result, rows, looks) for result in results)


def _step(result: dict[str, Any], rows: dict[str, int], looks: Sequence[Look]) -> Step:
    kind, _, name, *_ = str(result["unique_id"]).split(".")
    return Step(
        name=name,
        kind=kind,
        seconds=float(result["execution_time"]),
        rows=rows.get(name),
        peak_bytes=_peak_while(result, looks),
    )


def _peak_while(result: dict[str, Any], looks: Sequence[Look]) -> int:
    """Highest memory measured while a node ran."""
    timing = {one["name"]: one for one in result["timing"]}
    if "execute" not in timing:
        return 0
    begin = _moment(timing["execute"]["started_at"]) - SECONDS_BETWEEN_LOOKS
    end = _moment(timing["execute"]["completed_at"]) + SECONDS_BETWEEN_LOOKS
    return max((look.memory_bytes for look in looks if begin <= look.at <= end), default=0)


def _moment(text: str) -> float:
    return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def _rows(warehouse: Path) -> dict[str, int]:
    """Rows of every table; a view is not asked, since it would be evaluated for it."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found = connection.execute("select table_name, estimated_size from duckdb_tables()")
        return dict(found.fetchall())
