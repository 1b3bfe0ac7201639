"""DRL quantities with the unit of their levels, and conversion of other units to it.

Uses decimal arithmetic, so that 25 cGy.cm2 are exactly 0.25 Gy.cm2 without binary rounding.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from transforms.normalise.units import folded_spelling, unit_factors
from transforms.reference.files import REFERENCE

QUANTITIES_FILE = REFERENCE / "drl_quantities.csv"


@dataclass(frozen=True, slots=True)
class DrlQuantity:
    """One row of drl_quantities.csv; `factor` converts from the lake's unit to `unit`.

    `scopes` says what a value can be of: an examination, an acquisition or a view.
    """

    drl_quantity: str
    modalities: frozenset[str]
    scopes: tuple[str, ...]
    unit: str
    lake_unit: str
    factor: Decimal

    def factor_from(self, written: str) -> Decimal | None:
        """The factor for a number in the written unit; None if the unit is unknown."""
        if folded_spelling(written) == folded_spelling(self.unit):
            return Decimal(1)
        to_lake = unit_factors().get((self.lake_unit, folded_spelling(written)))
        return None if to_lake is None else Decimal(repr(to_lake)) * self.factor


def apply_factor(number: float, factor: Decimal) -> float:
    """The number times the factor; a factor of 1 leaves it unchanged."""
    return number if factor == 1 else float(Decimal(repr(number)) * factor)


@lru_cache(maxsize=1)
def drl_quantities() -> Mapping[str, DrlQuantity]:
    """Every DRL quantity by its name."""
    with QUANTITIES_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {
        row["drl_quantity"]: DrlQuantity(
            row["drl_quantity"],
            frozenset(row["modalities"].split(";")),
            tuple(row["scopes"].split(";")),
            row["unit"],
            row["lake_unit"],
            Decimal(row["factor"]),
        )
        for row in rows
    }
