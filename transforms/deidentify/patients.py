"""Reads from a patient's identity, before it is removed, the age and whether it is a phantom."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import NamedTuple

from transforms.normalise.dates import (
    ADULT_FROM_YEARS,
    DAYS_PER_YEAR,
    LATEST_STUDY,
    TOP_CODE_YEARS,
)

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
_NO_BIRTH_DATE = dt.date(1900, 1, 1)
"""Systems write this day, or one before it, for an unknown birth date."""


def is_phantom(identifiers: Iterable[str], patterns: Iterable[str]) -> bool:
    """Whether a patient's name or ID fits one of the wildcards."""
    said = [text.strip().casefold() for text in identifiers if text.strip()]
    return any(fnmatchcase(one, pattern.casefold()) for one in said for pattern in patterns)


class StatedAge(NamedTuple):
    """An age string (AS, PS3.5 section 6.2): a number and its unit D, W, M or Y."""

    number: int
    unit: str

    @property
    def years(self) -> float:
        """The age in years."""
        return self.number * _YEARS_PER_UNIT[self.unit]

    def contradicts(self, birth: dt.date, study: dt.date) -> bool:
        """Whether the birth date gives an age that differs by more than one of the stated unit.

        One unit is tolerated, since devices round ages and subtract years. 90 years mean 90 or
        more.
        """
        if study < birth:
            return True
        if min(self.years, _whole_years(birth, study)) >= TOP_CODE_YEARS:
            return False
        return abs(_whole_units(self.unit, birth, study) - self.number) > 1


def stated_age(text: str) -> StatedAge | None:
    """The age that a report states; None if it is absent or has no unit."""
    match = _AGE.fullmatch(text.strip())
    return None if match is None else StatedAge(int(match[1]), match[2])


def is_age_contradicted(text: str, birth: dt.date | None, study: dt.date | None) -> bool:
    """Whether the age stated contradicts birth date and study date."""
    stated = stated_age(text)
    if stated is None or birth is None or study is None or not _is_known(birth):
        return False
    return stated.contradicts(birth, study)


def age_string(text: str, birth: dt.date | None, study: dt.date | None) -> str:
    """The age (AS) to keep: as stated, else from the birth date; 90 years means 90 or more.

    Empty where age and birth date contradict each other, since nothing says which is wrong.
    "000Y" says no more than under one year: there the birth date gives the age, if there is one.
    """
    if is_age_contradicted(text, birth, study):
        return ""
    stated = stated_age(text)
    computed = _age_on_day(birth, study)
    if stated is None or (stated == _UNDER_ONE_YEAR and computed):
        return computed
    if stated.years >= TOP_CODE_YEARS:
        return _top_coded(int(stated.years))
    return f"{stated.number:03}{stated.unit}"


def _age_on_day(birth: dt.date | None, study: dt.date | None) -> str:
    """The age that the birth date gives; empty if a date is unknown or they contradict."""
    if birth is None or study is None or study < birth or not _is_known(birth):
        return ""
    days = (study - birth).days
    years = _whole_years(birth, study)
    if years >= ADULT_FROM_YEARS:
        return _top_coded(years)
    return f"{days:03}D" if days < _IN_DAYS_BELOW else f"{int(days / _DAYS_PER_MONTH):03}M"


def _is_known(birth: dt.date) -> bool:
    """Whether a date is no placeholder for an unknown birth date (1900-01-01, 9999-12-31)."""
    return _NO_BIRTH_DATE < birth < LATEST_STUDY


def _whole_years(birth: dt.date, study: dt.date) -> int:
    return study.year - birth.year - ((study.month, study.day) < (birth.month, birth.day))


def _whole_units(unit: str, birth: dt.date, study: dt.date) -> int:
    """The completed days, weeks, months or years from birth to study."""
    if unit == "Y":
        return _whole_years(birth, study)
    days = (study - birth).days
    return int(days / {"D": 1, "W": 7, "M": _DAYS_PER_MONTH}[unit])


_UNDER_ONE_YEAR = StatedAge(0, "Y")


def _top_coded(years: int) -> str:
    """Whole years; empty for an impossible age, such as "999Y" for an unknown one."""
    return f"{min(years, TOP_CODE_YEARS):03}Y" if years <= 130 else ""
