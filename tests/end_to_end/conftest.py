"""Runs the whole pipeline once on a small synthetic nation, with the real command."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from transforms.forms.declared.load import load_declared
from transforms.lake.lake import Lake
from transforms.receive.registry import configured_registry
from transforms.sample import write_nation
from transforms.settings import Settings
from transforms.tables.declared import KINDS

FACILITIES = 13
"""Twelve facilities that contribute and a doubtful one: enough for reference levels."""

EXAMINATIONS = 13


@dataclass(frozen=True)
class Nation:
    """Exports, lake, expected results, and the output of `drlake run`."""

    exports: Path
    lake: Lake
    truth: dict[str, Any]
    run: subprocess.CompletedProcess[str]


def drlake(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the real command in a process of its own."""
    command = [sys.executable, "-m", "transforms.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Nation:
    folder = tmp_path_factory.mktemp("nation")
    exports, lake = folder / "exports", folder / "lake"
    write_nation(exports, facilities=FACILITIES, seed=7, examinations=EXAMINATIONS)
    truth = json.loads((exports / "truth.json").read_text(encoding="utf-8"))
    registry = str(exports / "facilities.csv")
    settings = Settings(lake=str(lake), registry=registry)
    for kind in KINDS:
        form = exports / "declared" / f"{kind}.csv"
        load_declared(settings, kind, form, configured_registry(settings))
    run = drlake("run", "--registry", registry, "--lake", str(lake), "--json")
    assert run.returncode == 0, run.stderr[-3000:]
    return Nation(exports, Lake(str(lake)), truth, run)
