"""Unit conversion; all factors are in `data/reference/units.csv`.

Devices write one unit in many ways: "mGy.cm", "mGycm", "mGy*cm"; "Gy.m2", "Gy.m^2"; "µGy".
Unambiguous spellings are unified before the look-up: a separator is removed only after a dose or a
current, and letters keep their case (mGy is not MGy).
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import lru_cache

from transforms.dicom.codes import Code
from transforms.errors import ObjectRefused
from transforms.normalise.numbers import decimal_string, decimal_strings, finite
from transforms.reference.files import REFERENCE

UNITS_FILE = REFERENCE / "units.csv"
UNIT_SCHEMES = frozenset({"ucum", "ucm", "2.16.840.1.113883.6.8"})
"""UCUM, its name in GE fluoroscopy systems, and its OID, in lower case."""

UNITS_REMEMBERED = 4096
DOSE_UNITS = frozenset({"mGy", "Gy", "mGy.cm", "Gy.m2", "MBq", "mSv"})

_MICRO = re.compile("[\N{MICRO SIGN}\N{GREEK SMALL LETTER MU}]")
_SQUARE = re.compile(r"(?<=m)(\*\*2|\^2|\N{SUPERSCRIPT TWO})")
_PRODUCT = re.compile(r"(?<=Gy|.A)[.*\N{MIDDLE DOT} ](?=[a-z])")


def converted_numbers(
    text: str, unit: Code | None, wanted: str, where: str, lists: bool
) -> tuple[float, ...]:
    """The numbers of a text in the wanted unit; a list is refused unless `lists` allows it. A
    negative dose is refused."""
    if lists:
        numbers = decimal_strings(text, where)
    else:
        number = decimal_string(text, where)
        numbers = [] if number is None else [number]
    if wanted in DOSE_UNITS and numbers and min(numbers) < 0:
        raise ObjectRefused("number_out_of_domain", where)
    return tuple([convert(number, unit, wanted, where) for number in numbers])


def convert(number: float, unit: Code | None, wanted: str, where: str) -> float:
    """The number in the `wanted` UCUM unit; an absent or unlisted unit is refused, not guessed.

    A unit without a code value is read by its meaning. A number that overflows in the wanted unit
    is refused as well (PS3.5 does not limit a DS).
    """
    if unit is None:
        raise ObjectRefused("unit_unknown", f"{where}: no unit")
    return finite(number * _factor(unit, wanted, where), where)


@lru_cache(maxsize=UNITS_REMEMBERED)
def _factor(unit: Code, wanted: str, where: str) -> float:
    """The factor from a unit to the wanted one."""
    if unit.scheme.casefold() not in UNIT_SCHEMES:
        raise ObjectRefused("unit_unknown", f"{where}: unknown unit scheme")
    factor = unit_factors().get((wanted, folded_spelling(unit.value or unit.meaning)))
    if factor is None:
        raise ObjectRefused("unit_unknown", f"{where}: no conversion to {wanted}")
    return factor


def folded_spelling(written: str) -> str:
    """The unified spelling of a unit: micro as u, squares as 2, products without a separator."""
    plain = _SQUARE.sub("2", _MICRO.sub("u", written.strip()))
    return _PRODUCT.sub("", plain)


@lru_cache(maxsize=1)
def known_spellings() -> frozenset[str]:
    """Unified spelling of every unit that can be converted."""
    return frozenset(written for _, written in unit_factors())


@lru_cache(maxsize=1)
def unit_factors() -> Mapping[tuple[str, str], float]:
    """Conversion factors by (wanted unit, unified spelling)."""
    with UNITS_FILE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {(row["unit"], folded_spelling(row["written"])): float(row["factor"]) for row in rows}
