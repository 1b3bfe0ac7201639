"""A test that starts another program carries the marker of its cost, so `make test-fast` is fast.

The markers are declared in pyproject.toml. Tests that ask for the fixtures `warehouse` and
`browser` get theirs from tests/conftest.py.
"""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.conftest import EXPENSIVE_FIXTURES

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path for path in (ROOT / "tests").rglob("test_*.py") if path != Path(__file__).resolve()
)
SIGNS = {
    "builds": r"(?<![\w.])build\((?!\))|make_release\(|dbt\.cli\.main|real_drlake\(\"run\"",
    "airflow": r"dags\.local|run_in_process\.py|from dags_under_test import .*\bRun\b",
    "browser": r"sync_playwright\(",
    "servers": r"tests\.servers",
    "kills": r"os\.kill(pg)?\(|SIGKILL|crashing_decoder|faulty_disk|file_bombs import (?!bombs)",
}
"""What a module that needs the marker has in its text."""

NO_SUCH_COST = {
    ("unit/dbt_build/test_warehouse.py", "builds"): "its builds stop before dbt starts",
    ("spec/mapping/test_mapping_rules.py", "builds"): "its build stops at the rules",
    ("spec/sql/test_sql_devices_left_out.py", "builds"): "its builds run SqlModels without dbt",
    ("spec/release/test_release_stopped.py", "builds"): "its releases stop before the build",
}


@pytest.mark.parametrize("marker", SIGNS)
def test_a_module_that_starts_a_program_carries_the_marker(marker: str) -> None:
    bare = [
        name
        for path in MODULES
        if re.search(SIGNS[marker], text := path.read_text(encoding="utf-8"))
        and f"pytest.mark.{marker}" not in text
        and not _asks_for_a_fixture_of(marker, text)
        and (name := str(path.relative_to(ROOT / "tests")), marker) not in NO_SUCH_COST
    ]
    assert bare == []


def _asks_for_a_fixture_of(marker: str, text: str) -> bool:
    """Whether the module gets the marker from a fixture."""
    names = [fixture for fixture, name in EXPENSIVE_FIXTURES.items() if name == marker]
    return any(re.search(rf"\b{name}: ", text) for name in names)


def test_an_exception_is_made_only_where_it_is_needed() -> None:
    for name, marker in NO_SUCH_COST:
        text = (ROOT / "tests" / name).read_text(encoding="utf-8")
        assert re.search(SIGNS[marker], text), name


def test_test_fast_leaves_out_every_marker() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        declared = tomllib.load(file)["tool"]["pytest"]["ini_options"]["markers"]
    markers = [line.split(":")[0] for line in declared]
    (fast,) = re.findall(r"^FAST +:= not \((.*)\)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert sorted(fast.split(" or ")) == sorted(markers)
