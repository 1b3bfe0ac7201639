"""Distributes the tests of `make test` over the processes."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling


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
