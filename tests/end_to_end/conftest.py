"""One small synthetic nation, taken through the whole line by the real command, and a browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.real_process import real_drlake
from transforms.forms.declared.load import load_declared
from transforms.lake.lake import Lake
from transforms.receive.registry import configured_registry
from transforms.sample import write_nation
from transforms.settings import Settings
from transforms.tables.declared import KINDS

FACILITIES = 13
"""Twelve facilities that contribute and a doubtful one: enough for reference levels."""

EXAMINATIONS = 13

CHROMIUM = shutil.which("chromium")
QUIET = ("background-networking", "component-update", "sync", "gpu")
ARGUMENTS = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in QUIET)]


@dataclass(frozen=True)
class Nation:
    """Exports, lake, expected results, and the output of `drlake run`."""

    exports: Path
    lake: Lake
    truth: dict[str, Any]
    run: subprocess.CompletedProcess[str]


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
    run = real_drlake("run", "--registry", registry, "--lake", str(lake), "--json")
    assert run.returncode == 0, run.stderr[-3000:]
    return Nation(exports, Lake(str(lake)), truth, run)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not installed, and in CI the page must be opened")
        pytest.skip("chromium is not installed: the page is not opened in a browser")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()
