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
_AGE = re.compile(r"(\d{1,3})([DWMY])", re.ASCII)
_DAYS_PER_UNIT = {"D": 1.0, "W": 7.0, "M": 30.4375, "Y": 365.25}
_MAXIMUM_OFFSET_MINUTES = 14 * 60


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
    """An age string in days, rounded down; None where absent or without its unit."""
    match = _AGE.fullmatch((text or "").strip())
    if match is None:
        return None
    return int(int(match.group(1)) * _DAYS_PER_UNIT[match.group(2)])


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
    offset = match["offset"] or "+0000"
    minutes = int(offset[1:3]) * 60 + int(offset[3:])
    in_range = int(offset[3:]) < 60 and minutes <= _MAXIMUM_OFFSET_MINUTES
    return int(match["second"] or 0) <= 60 and in_range


def _iso_offset(offset: str) -> str:
    return f"{offset[:3]}:{offset[3:]}" if offset else ""
