"""Keeps pyarrow from importing pandas, which takes half a second of CPU in every process.

pyarrow imports pandas when it makes its first array, in order to recognise objects of pandas. The
processes that receive and decode have none: they make their first array while pandas cannot be
found.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType

import pyarrow as pa


class _NoPandas(MetaPathFinder):
    """An import finder that says that pandas is not installed."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> None:
        """Raise ModuleNotFoundError for pandas; other modules are found by other finders."""
        if name == "pandas":
            raise ModuleNotFoundError(name=name)


def make_first_array() -> None:
    """Make an array while pandas cannot be found, before this process makes any other.

    Only for a process that gives pyarrow no object of pandas afterwards.
    """
    if "pandas" in sys.modules:
        return
    finder = _NoPandas()
    sys.meta_path.insert(0, finder)
    try:
        pa.array([], pa.null())
    finally:
        sys.meta_path.remove(finder)
