"""How tests are marked by what they cost, and shared between the processes of `make test`."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

EXPENSIVE_FIXTURES = {"warehouse": "builds", "browser": "browser"}
"""Fixtures, and the marker that every test which uses one of them gets."""

MOST_EXPENSIVE_FIRST = ("builds", "airflow", "kills", "slow", "servers", "browser")
"""Modules start in this order, so that no process is left with an expensive one at the end."""


LEFT_OUT = re.compile(r"not \((\w+(?: or \w+)*)\)")
"""`-m "not (builds or slow)"`, as `make test-fast` says it."""

MARKS_OF_MODULE = re.compile(r"^pytestmark = .*?(?=\n\n|\Z)", re.MULTILINE | re.DOTALL)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Do not even import a module that -m leaves out as a whole: some import for seconds."""
    left_out = LEFT_OUT.fullmatch(config.option.markexpr or "")
    if left_out is None or not re.fullmatch(r"test_\w+\.py", collection_path.name):
        return None
    marks = MARKS_OF_MODULE.search(collection_path.read_text(encoding="utf-8"))
    carried = re.findall(r"pytest\.mark\.(\w+)", marks[0] if marks else "")
    return True if {*carried} & {*left_out[1].split(" or ")} else None


@pytest.hookimpl(tryfirst=True)  # before -m looks at the markers
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests by the fixtures they ask for, and move expensive modules to the front."""
    for item in items:
        for fixture in EXPENSIVE_FIXTURES.keys() & set(getattr(item, "fixturenames", ())):
            item.add_marker(EXPENSIVE_FIXTURES[fixture])
    ranks: dict[Path, int] = {}
    for item in items:
        ranks[item.path] = min(_rank(item), ranks.get(item.path, len(MOST_EXPENSIVE_FIRST)))
    items.sort(key=lambda item: ranks[item.path])


def _rank(item: pytest.Item) -> int:
    """Place of a test's dearest marker."""
    carried = {mark.name for mark in item.iter_markers()}
    ranks = [rank for rank, name in enumerate(MOST_EXPENSIVE_FIRST) if name in carried]
    return min(ranks, default=len(MOST_EXPENSIVE_FIRST))


class OneWarehouse(LoadFileScheduling):
    """Runs each module in one process, and all users of the warehouse in one."""

    def _split_scope(self, nodeid: str) -> str:
        module: str = super()._split_scope(nodeid)
        return "warehouse" if _asks_for_it(module) else module


@cache
def _asks_for_it(module: str) -> bool:
    return "warehouse: Any" in Path(module).read_text(encoding="utf-8")


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer | None) -> OneWarehouse:
    """Return the scheduler, as xdist asks for it."""
    return OneWarehouse(config, log)
