"""The hospital installation is enough for deidentify, describe and forms."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

from tests.support.lakes.small_exports import write_small_exports
from transforms.settings import REPOSITORY

LOCK = REPOSITORY / "transforms" / "deidentify" / "requirements.lock"
OURS = {"transforms", "expectations", "dags", "tests"}
WITHOUT = """
import sys
absent = {absent!r}
class Absent:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in absent:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Absent())
sys.argv = ["drlake", *{arguments!r}]
from transforms.cli.__main__ import main
main()
"""
"""The command in a process that cannot import packages that the lock lacks."""


def absent() -> list[str]:
    """Installed packages that a hospital does not install."""
    text = LOCK.read_text(encoding="utf-8")
    locked = {name.replace("_", "-") for name in re.findall(r"^([\w.-]+)==", text, re.MULTILINE)}
    return sorted(
        package
        for package, distributions in packages_distributions().items()
        if not {one.lower().replace("_", "-") for one in distributions} & locked
        and package not in OURS
    )


def drlake(*arguments: str) -> subprocess.CompletedProcess[str]:
    script = WITHOUT.format(absent=absent(), arguments=list(arguments))
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)


def test_a_hospital_deidentifies_describes_and_fills_forms(tmp_path: Path) -> None:
    exports = write_small_exports(tmp_path, (1, 1)) / "F002"
    copies, key = str(tmp_path / "copies"), str(tmp_path / "hospital.key")
    done = drlake("deidentify", str(exports), copies, "--key-file", key, "--new-key")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (
        0,
        "1 copied, 1 refused (numbered in the order of the file names)",
    ), done.stderr
    described = drlake("describe", str(next(Path(copies).glob("*.dcm"))))
    assert described.stdout.startswith("outcome: decoded"), described.stderr
    form = str(tmp_path / "devices.xlsx")
    assert drlake("declared", "template", "device", form).returncode == 0
    assert drlake("summaries", "template", str(tmp_path / "audit.xlsx")).returncode == 0


def test_a_command_of_the_authority_says_what_is_missing(tmp_path: Path) -> None:
    done = drlake("sql", "select 1", "--lake", str(tmp_path))
    assert done.returncode == 1
    assert "needs the Python package duckdb" in done.stderr
    assert "Install what requirements.lock pins" in done.stderr
