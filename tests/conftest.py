"""How tests are marked by what they cost, and shared between the processes of `make test`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

EXPENSIVE_FIXTURES = {"warehouse": "builds", "browser": "browser"}
"""Fixtures, and the marker that every test which uses one of them gets."""

MOST_EXPENSIVE_FIRST = ("builds", "airflow", "kills", "slow", "servers", "browser")
"""Modules start in this order, so that no process is left with an expensive one at the end."""


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
