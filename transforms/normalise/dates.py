"""Dates, times and ages (PS3.5 section 6.2, VR DA, DT and AS)."""

from __future__ import annotations

import datetime as dt
import re

_DATE = re.compile(r"(\d{4})\.?(\d{2})\.?(\d{2})", re.ASCII)
_DATE_TIME = re.compile(
    r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
    r"((?P<hour>\d{2})((?P<minute>\d{2})((?P<second>\d{2})(?P<fraction>\.\d{1,6})?)?)?)?"
    r"(?P<offset>[+-]\d{4})?",
    re.ASCII,
)
_OFFSET = re.compile(r"(?:UTC)?([+-]\d{2}):?(\d{2})", re.ASCII)
_AGE = re.compile(r"(\d{1,3})([DWMY])", re.ASCII)
_DAYS_PER_UNIT = {"D": 1.0, "W": 7.0, "M": 30.4375, "Y": 365.25}
_MAXIMUM_OFFSET_MINUTES = 14 * 60
EARLIEST_STUDY, LATEST_STUDY = dt.date(1990, 1, 1), dt.date(2100, 1, 1)
"""Dose reports did not exist before and do not exist yet: 1900-01-01 and 9999-12-31 are what a
device or a de-identifier writes instead of a date."""

MAXIMUM_AGE_DAYS = 47_482
"""130 years: nobody was older."""

DAYS_PER_YEAR = 365.25
ADULT_FROM_YEARS, TOP_CODE_YEARS = 18, 90
"""Ages below are kept in days; from the second on they are all one: few people are that old, and
who they are could be told (US HIPAA Safe Harbor, 45 CFR 164.514)."""

TOP_CODE_DAYS = int(TOP_CODE_YEARS * DAYS_PER_YEAR)


def date(text: str | None) -> dt.date | None:
    """A day, the ACR-NEMA form yyyy.mm.dd included; None where absent or no date."""
    match = _DATE.fullmatch((text or "").strip())
    if match is None:
        return None
    return _day(*(int(part) for part in match.groups()))


def date_time(text: str | None) -> str | None:
    """A DT value as ISO 8601, no more precise than written; None where absent or no such moment.

    "201605121015" is 2016-05-12T10:15 and not 10:01:05; "20160512" stays a day. The offset from
    UTC is kept as written and never applied; without one the time is the device's own.
    """
    match = _DATE_TIME.fullmatch((text or "").strip())
    if match is None or not _is_moment(match):
        return None
    parts = match.groupdict(default="")
    day = f"{parts['year']}-{parts['month']}-{parts['day']}"
    time = ":".join(part for part in (parts["hour"], parts["minute"], parts["second"]) if part)
    return day + (f"T{time}{parts['fraction']}" if time else "") + _iso_offset(parts["offset"])


def age_days(text: str | None) -> int | None:
    """An age string in days, rounded down; None where absent, without its unit or of nobody.

    From 18 years on the days are those of whole years, and 90 years stand for all ages above.
    "999Y", as devices write for an unknown age, is above the oldest age there ever was.
    """
    match = _AGE.fullmatch((text or "").strip())
    if match is None:
        return None
    days = int(int(match.group(1)) * _DAYS_PER_UNIT[match.group(2)])
    return coarse_age_days(days) if days <= MAXIMUM_AGE_DAYS else None


def coarse_age_days(days: int) -> int:
    """An age in days as finely as it may be kept."""
    if days < int(ADULT_FROM_YEARS * DAYS_PER_YEAR):
        return days
    # Days of whole years were rounded down: 6939 days are 19 years, as 6939.75 are.
    years = int((days + 0.99) / DAYS_PER_YEAR)
    return int(min(years, TOP_CODE_YEARS) * DAYS_PER_YEAR)


def study_date(*candidates: str | None) -> dt.date | None:
    """The first of the candidates that is a date; None where that day can be none of a study."""
    day = next((found for text in candidates if (found := date(text)) is not None), None)
    return day if day is not None and EARLIEST_STUDY <= day < LATEST_STUDY else None


def utc_offset(text: str | None) -> str | None:
    """An offset from UTC ("+0100") as ISO 8601 writes it; None where absent or none.

    GE fluoroscopy systems write it as "UTC-04:00".
    """
    match = _OFFSET.fullmatch((text or "").strip())
    offset = "".join(match.groups()) if match else ""
    return _iso_offset(offset) if offset and _is_offset(offset) else None


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _is_moment(match: re.Match[str]) -> bool:
    """Whether day, time and offset exist; second 60 is a leap second, hour 24 is none."""
    if _day(int(match["year"]), int(match["month"]), int(match["day"])) is None:
        return False
    if int(match["hour"] or 0) > 23 or int(match["minute"] or 0) > 59:
        return False
    return int(match["second"] or 0) <= 60 and _is_offset(match["offset"] or "+0000")


def _is_offset(offset: str) -> bool:
    minutes = int(offset[1:3]) * 60 + int(offset[3:])
    return int(offset[3:]) < 60 and minutes <= _MAXIMUM_OFFSET_MINUTES


def _iso_offset(offset: str) -> str:
    return f"{offset[:3]}:{offset[3:]}" if offset else ""
