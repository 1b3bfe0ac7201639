"""Number formats for display. Values are rounded only here."""

from __future__ import annotations

from decimal import Decimal

ABSENT = "–"
"""Shown in place of a missing value."""
SIGNIFICANT_DIGITS = 3
"""Publications usually give two; the third shows on which side of a level a value is."""


def dose_text(value: float | None) -> str:
    """A dose to three significant digits, without its unit: 12.3, 970, 1230."""
    if value is None:
        return ABSENT
    return f"{Decimal(f'{value:.{SIGNIFICANT_DIGITS - 1}e}'):f}"


def ratio_text(value: float | None) -> str:
    """A ratio with two decimals."""
    return ABSENT if value is None else f"{value:.2f}"


def count_text(value: int | None) -> str:
    """A count with a thin space between thousands."""
    return ABSENT if value is None else f"{int(value):,}".replace(",", "\u202f")


def unit_text(unit: str) -> str:
    """A UCUM unit as it is printed: `mGy.cm` is mGy·cm."""
    return unit.replace(".", "·")


def ordinal_text(fraction: float) -> str:
    """A percentile in words: 0.75 is '75th percentile', 0.5 'median'."""
    if fraction == 0.5:
        return "median"
    number = f"{100 * fraction:.10g}"
    return f"{number}{_ordinal_suffix(number)} percentile"


def _ordinal_suffix(number: str) -> str:
    if not number.isdigit() or number[-2:] in ("11", "12", "13"):
        return "th"
    return {"1": "st", "2": "nd", "3": "rd"}.get(number[-1], "th")
