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
_DATE_TIME_PARTS = ("year", "month", "day", "hour", "minute", "second", "fraction", "offset")
_OFFSET = re.compile(r"(?:UTC)?([+-]\d{2}):?(\d{2})", re.ASCII)
_AGE = re.compile(r"(\d{1,3})([DWMY])", re.ASCII)
_DAYS_PER_UNIT = {"D": 1.0, "W": 7.0, "M": 30.4375, "Y": 365.25}
_MAXIMUM_OFFSET_MINUTES = 14 * 60
EARLIEST_STUDY, LATEST_STUDY = dt.date(1990, 1, 1), dt.date(2100, 1, 1)
"""Range of valid study dates: devices and de-identifiers write 1900-01-01 or 9999-12-31 instead of
an unknown date."""

MAXIMUM_AGE_DAYS = 47_482
"""130 years, above the highest known age."""

DAYS_PER_YEAR = 365.25
ADULT_FROM_YEARS, TOP_CODE_YEARS = 18, 90
"""Below the first, ages are kept in days; from the second on, all ages are stored as one value,
since so few people are that old that they could be identified (US HIPAA Safe Harbor, 45 CFR
164.514)."""

TOP_CODE_DAYS = int(TOP_CODE_YEARS * DAYS_PER_YEAR)


def date(text: str | None) -> dt.date | None:
    """A date (also in the ACR-NEMA form yyyy.mm.dd); None if absent or invalid."""
    match = _DATE.fullmatch((text or "").strip())
    if match is None:
        return None
    return _day(*(int(part) for part in match.groups()))


def date_time(text: str | None) -> str | None:
    """A DT value as ISO 8601 with the stated precision; None if absent or invalid.

    "201605121015" is 2016-05-12T10:15 and not 10:01:05; "20160512" stays a date. A UTC offset is
    kept as written and never applied; without one the time is the device's local time.
    """
    match = _DATE_TIME.fullmatch((text or "").strip())
    if match is None or not _is_moment(match):
        return None
    year, month, day, *time, fraction, offset = match.group(*_DATE_TIME_PARTS)
    clock = ":".join([part for part in time if part])
    of_day = f"T{clock}{fraction or ''}" if clock else ""
    return f"{year}-{month}-{day}{of_day}{_iso_offset(offset or '')}"


def age_days(text: str | None) -> int | None:
    """An age string in days, rounded down; None if absent, without unit or impossible.

    Ages from 18 years on are in whole years, and 90 years is used for all ages above. "999Y", which
    devices write for an unknown age, is above the highest possible age.
    """
    match = _AGE.fullmatch((text or "").strip())
    if match is None:
        return None
    days = int(int(match.group(1)) * _DAYS_PER_UNIT[match.group(2)])
    return coarse_age_days(days) if days <= MAXIMUM_AGE_DAYS else None


def coarse_age_days(days: int) -> int:
    """The age to store: days below 18 years, whole years from then on, at most 90 years."""
    if days < int(ADULT_FROM_YEARS * DAYS_PER_YEAR):
        return days
    # Days of whole years are rounded down: both 6939 and 6939.75 days are 19 years.
    years = int((days + 0.99) / DAYS_PER_YEAR)
    return int(min(years, TOP_CODE_YEARS) * DAYS_PER_YEAR)


def study_date(*candidates: str | None) -> dt.date | None:
    """The first candidate that is a date; None if that date is impossible for a study."""
    day = next((found for text in candidates if (found := date(text)) is not None), None)
    return day if day is not None and EARLIEST_STUDY <= day < LATEST_STUDY else None


def utc_offset(text: str | None) -> str | None:
    """A UTC offset ("+0100") in ISO 8601; None if absent or invalid.

    GE fluoroscopy systems write "UTC-04:00".
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
    """Whether date, time and offset are valid; second 60 is a leap second, hour 24 is invalid."""
    year, month, day, hour, minute, second, _, offset = match.group(*_DATE_TIME_PARTS)
    if _day(int(year), int(month), int(day)) is None:
        return False
    if int(hour or 0) > 23 or int(minute or 0) > 59:
        return False
    return int(second or 0) <= 60 and (offset is None or _is_offset(offset))


def _is_offset(offset: str) -> bool:
    minutes = int(offset[1:3]) * 60 + int(offset[3:])
    return int(offset[3:]) < 60 and minutes <= _MAXIMUM_OFFSET_MINUTES


def _iso_offset(offset: str) -> str:
    return f"{offset[:3]}:{offset[3:]}" if offset else ""
