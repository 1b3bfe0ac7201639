"""Reads from a patient's identity, before it is removed, the age and whether it is a phantom."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase

from transforms.normalise.dates import ADULT_FROM_YEARS, DAYS_PER_YEAR, TOP_CODE_YEARS

PHANTOM_PATTERNS = (
    *("*phantom*", "*fantom*", "*physics*", "*quality control*", "*test patient*", "*testpatient*"),
    *("test", "test^*", "*^test", "testpat*", "qa", "qa^*", "*^qa", "qc", "qc^*", "*^qc"),
)
"""Patient names and IDs of phantoms and tests, as wildcards in lower case. A pattern that also fits
a patient loses an examination, so none fits names that only begin like one (Testa, Testi).
"""

_AGE = re.compile(r"(\d{1,3})([DWMY])", re.ASCII)
_YEARS_PER_UNIT = {"D": 1 / DAYS_PER_YEAR, "W": 7 / DAYS_PER_YEAR, "M": 1 / 12, "Y": 1.0}
_DAYS_PER_MONTH = DAYS_PER_YEAR / 12
_IN_DAYS_BELOW = 92
"""Ages below this many days are written in days, from there to 18 years in months."""


def is_phantom(identifiers: Iterable[str], patterns: Iterable[str]) -> bool:
    """Whether a patient's name or ID fits one of the wildcards."""
    said = [text.strip().casefold() for text in identifiers if text.strip()]
    return any(fnmatchcase(one, pattern.casefold()) for one in said for pattern in patterns)


def age_string(stated: str, birth: dt.date | None, study: dt.date | None) -> str:
    """The age (AS) to keep: as stated, else from the birth date; 90 years means 90 or more."""
    match = _AGE.fullmatch(stated.strip())
    if match is not None:
        years = int(match[1]) * _YEARS_PER_UNIT[match[2]]
        return match[0].rjust(4, "0") if years < TOP_CODE_YEARS else _top_coded(int(years))
    if birth is None or study is None or study < birth:
        return ""
    days = (study - birth).days
    years = study.year - birth.year - ((study.month, study.day) < (birth.month, birth.day))
    if years >= ADULT_FROM_YEARS:
        return _top_coded(years)
    return f"{days:03}D" if days < _IN_DAYS_BELOW else f"{int(days / _DAYS_PER_MONTH):03}M"


def _top_coded(years: int) -> str:
    """Whole years; empty for an impossible age, such as "999Y" for an unknown one."""
    return f"{min(years, TOP_CODE_YEARS):03}Y" if years <= 130 else ""
