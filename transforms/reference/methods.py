"""Methods that a build can compute, from `data/reference/methods.csv`."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from transforms.errors import UsageError
from transforms.reference.files import REFERENCE

METHODS = REFERENCE / "methods.csv"
FIRST_LINE = "drlake_first_line"
"""The method shown where only one value is displayed."""


def method_ids(path: Path = METHODS) -> tuple[str, ...]:
    """Ids of all methods, in the order of the seed."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(row["method_id"] for row in csv.DictReader(file))


def checked_methods(wanted: Sequence[str], path: Path = METHODS) -> tuple[str, ...]:
    """Return the wanted methods in the order of the seed; UsageError if one does not exist."""
    known = method_ids(path)
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise UsageError(
            f"There is no method {', '.join(unknown)}. Give one of {', '.join(known)}, or add a "
            "row to data/reference/methods.csv."
        )
    return tuple(method for method in known if method in wanted)
