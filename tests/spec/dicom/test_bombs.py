"""Hostile files are refused within limits of time and memory; the lake never executes one."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.faults.file_bombs import HANG, HOG, bombs
from tests.support.lakes.kept_objects import packs
from tests.support.reports.broken_reports import file_of
from tests.support.reports.real_reports import real_exports, require_real_reports
from transforms.decode.report import decode
from transforms.errors import ObjectRefused
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, report_rows
from transforms.pipeline.facility import ingest_facility
from transforms.settings import Settings

pytestmark = pytest.mark.kills

EXECUTABLES = {
    "Windows": b"MZ\x90\0\3\0\0\0" + b"\0" * 52 + b"\x80\0\0\0",
    "Linux": b"\x7fELF\2\1\1" + b"\0" * 9 + b"\2\0\x3e\0",
    "script": b"#!/bin/sh\nexit\n",
}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, str]:
    """Outcome of each file in a child process with limits."""
    command = [sys.executable, "-m", "tests.support.faults.file_bombs"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300)
    return {name: outcome for name, (outcome, _) in json.loads(done.stdout).items()}


def test_the_limits_hold(outcomes: dict[str, str]) -> None:
    assert outcomes[HOG] == "MemoryError"
    assert outcomes[HANG] in {f"died of signal {s}" for s in (signal.SIGXCPU, signal.SIGKILL)}


def test_each_bomb_is_refused_with_its_reason_in_bounded_time_and_memory(
    outcomes: dict[str, str],
) -> None:
    expected = {name: reason for name, (reason, _) in bombs().items()}
    assert {name: outcomes[name] for name in expected} == expected
    assert len(expected) > 20


def with_preamble(data: bytes, preamble: bytes) -> bytes:
    """A file with another preamble."""
    return preamble.ljust(128, b"\0") + data[128:]


@pytest.mark.parametrize("kind", EXECUTABLES)
def test_an_executable_in_the_preamble_changes_nothing(kind: str) -> None:
    require_real_reports()
    data = real_exports()[0].read_bytes()
    keys, pseudonyms = ObjectKeys("H1", "H1.0", "0"), Pseudonyms(b"a key of the tests")
    plain, other = (
        report_rows(decode(one), keys, pseudonyms)
        for one in (data, with_preamble(data, EXECUTABLES[kind]))
    )
    assert plain == other
    with pytest.raises(ObjectRefused):
        decode(file_of(b"", preamble=EXECUTABLES[kind]))


@pytest.mark.parametrize("kind", EXECUTABLES)
def test_a_kept_object_can_be_read_by_its_owner_and_run_by_nobody(
    kind: str, tmp_path: Path
) -> None:
    require_real_reports()
    exports = tmp_path / "exports" / "H1"
    exports.mkdir(parents=True)
    export = exports / "report.exe"
    export.write_bytes(with_preamble(real_exports()[0].read_bytes(), EXECUTABLES[kind]))
    export.chmod(0o755)
    settings = Settings(lake=str(tmp_path / "lake"), exports=str(tmp_path / "exports"))
    ingest_facility(settings, "H1")
    assert [path.stat().st_mode & 0o777 for path in packs(tmp_path / "lake")] == [0o600]
