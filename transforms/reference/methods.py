"""The methods of `data/reference/methods.csv` that a build may be asked for."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from transforms.errors import UsageError
from transforms.reference.files import REFERENCE

METHODS = REFERENCE / "methods.csv"
FIRST_LINE = "drlake_first_line"
"""The method that is shown where one number is asked for."""


def method_ids(path: Path = METHODS) -> tuple[str, ...]:
    """Every method of the seed, in its order."""
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(row["method_id"] for row in csv.DictReader(file))


def checked_methods(wanted: Sequence[str], path: Path = METHODS) -> tuple[str, ...]:
    """The methods wanted, in the order of the seed; UsageError where one does not exist."""
    known = method_ids(path)
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise UsageError(
            f"No method {', '.join(unknown)}. Name one of {', '.join(known)}, or add a row to "
            "data/reference/methods.csv."
        )
    return tuple(method for method in known if method in wanted)
