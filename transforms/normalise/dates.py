"""Dates and ages (PS3.5 section 6.2, VR DA and AS)."""

from __future__ import annotations

import datetime as dt
import re

_DATE = re.compile(r"(\d{4})\.?(\d{2})\.?(\d{2})", re.ASCII)
_AGE = re.compile(r"(\d{1,3})([DWMY])", re.ASCII)
_DAYS_PER_UNIT = {"D": 1.0, "W": 7.0, "M": 30.4375, "Y": 365.25}


def date(text: str | None) -> dt.date | None:
    """A day, the ACR-NEMA form yyyy.mm.dd included; None where absent or no date."""
    match = _DATE.fullmatch((text or "").strip())
    if match is None:
        return None
    try:
        return dt.date(*(int(part) for part in match.groups()))
    except ValueError:
        return None


def age_days(text: str | None) -> int | None:
    """An age string in days, rounded down; None where absent or without its unit."""
    match = _AGE.fullmatch((text or "").strip())
    if match is None:
        return None
    return int(int(match.group(1)) * _DAYS_PER_UNIT[match.group(2)])
