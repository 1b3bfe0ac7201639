"""A disk that fails at a chosen call: compiles and controls the C shim beside this file."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pytest

NEVER = 2**62


class Call(NamedTuple):
    """One call that touched a file of the disk: its number, the function, the path."""

    number: int
    name: str
    path: str


@dataclass(frozen=True)
class FaultyDisk:
    """The folder whose files may fail, and the environment of the processes that use it."""

    root: Path
    environment: dict[str, str]
    control: Path
    log: Path

    @contextmanager
    def fail_calls(self, first: int, last: int, number: int) -> Iterator[None]:
        """From the first call to the last, calls fail with this errno; others never do."""
        self._set(first, last, number)
        try:
            yield
        finally:
            self._set(NEVER, NEVER, 0)

    @contextmanager
    def record_calls(self, calls: list[Call]) -> Iterator[None]:
        """Record every call."""
        self.log.unlink(missing_ok=True)
        self._set(NEVER, NEVER, 0, logging=True)
        try:
            yield
        finally:
            self._set(NEVER, NEVER, 0)
        for line in self.log.read_text(encoding="utf-8").splitlines():
            number, name, path = line.split(" ", 2)
            calls.append(Call(int(number), name, path))

    def _set(self, first: int, last: int, number: int, logging: bool = False) -> None:
        with self.control.open("r+b") as file:
            file.write(struct.pack("=5Q", 0, first, last, number, logging))


def faulty_disk(folder: Path) -> FaultyDisk:
    """Compile the shim; skip where there is no compiler, except in CI."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        require_compiler()
    shim, control, root = folder / "faulty_disk.so", folder / "control", folder / "disk"
    source = Path(__file__).with_suffix(".c")
    subprocess.run(
        [str(compiler), "-O1", "-shared", "-fPIC", "-o", shim, source, "-ldl"], check=True
    )
    root.mkdir()
    control.write_bytes(struct.pack("=5Q", 0, NEVER, NEVER, 0, 0))
    environment = {
        "LD_PRELOAD": str(shim),
        "FAULTY_CONTROL": str(control),
        "FAULTY_ROOT": f"{root}/",
        "FAULTY_LOG": str(folder / "calls"),
    }
    return FaultyDisk(root, environment, control, folder / "calls")


def require_compiler() -> None:
    """Skip with the reason; fail in CI, which installs gcc."""
    if os.environ.get("CI") == "true":
        pytest.fail("there is no gcc: CI must have it for the failing disk", pytrace=False)
    pytest.skip("there is no C compiler to make a failing disk with")
