"""The closed table of units: `data/reference/units.csv` is the only home of a factor."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache

from transforms.decode.concepts import Code
from transforms.errors import ObjectRefused
from transforms.settings import REPOSITORY

UNITS_FILE = REPOSITORY / "data" / "reference" / "units.csv"


def convert(number: float, unit: Code | None, wanted: str, where: str) -> float:
    """The number in the `wanted` UCUM unit; an absent or unlisted unit is refused, not guessed.

    The unit's spelling decides and not its scheme: devices misspell UCUM itself (UCM).
    """
    if unit is None:
        raise ObjectRefused("unit_unknown", f"{where}: no unit")
    factor = unit_factors().get((wanted, unit.value))
    if factor is None:
        raise ObjectRefused("unit_unknown", f"{where}: no conversion to {wanted}")
    return number * factor


@lru_cache(maxsize=1)
def unit_factors() -> Mapping[tuple[str, str], float]:
    """(wanted unit, unit as written) -> factor."""
    with UNITS_FILE.open(encoding="utf-8", newline="") as file:
        return {(row["unit"], row["written"]): float(row["factor"]) for row in csv.DictReader(file)}
