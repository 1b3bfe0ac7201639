"""Modifies dates (PS3.15 E.3.6): all dates of an examination move by the same whole days.

The study stays in its quarter, the period that a registry publishes by, and moves to another day of
it. The shift depends on the key and the patient, so that examinations of a patient keep their
distance except where one would leave the quarter. Times of day are kept: cumulative and repeated
reports are recognised by them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from transforms.deidentify.keys import SiteKey
from transforms.normalise.dates import date, date_time

MONTHS_PER_QUARTER = 3


@dataclass(frozen=True, slots=True)
class DateShift:
    """Whole days by which the dates of one report are moved."""

    days: int

    def date(self, text: str) -> str:
        """Move a date (DA); returns an empty text where it is not a date."""
        return _shifted_date(date(text), self.days)

    def moment(self, text: str) -> str:
        """Move a date and time (DT), with time and offset as written; empty where it is not one."""
        written = text.strip()
        if len(written) < len("YYYYMMDD"):
            return written if written.isascii() and written.isdigit() else ""
        if date_time(written) is None:
            return ""
        moved = _shifted_date(date(written[:8]), self.days)
        return moved + written[8:] if moved else ""


def date_shift(key: SiteKey, patient: str, study_day: dt.date | None) -> DateShift:
    """The shift for a patient's study on a day; no shift where the day is not known."""
    if study_day is None:
        return DateShift(0)
    begins = _quarter(study_day)
    length = (_quarter(begins + dt.timedelta(days=100)) - begins).days
    index = (study_day - begins).days
    return DateShift((index + key.number(patient, length)) % length - index)


def _quarter(day: dt.date) -> dt.date:
    """First day of the quarter of a day."""
    month = (day.month - 1) // MONTHS_PER_QUARTER * MONTHS_PER_QUARTER + 1
    return dt.date(day.year, month, 1)


def _shifted_date(day: dt.date | None, days: int) -> str:
    if day is None:
        return ""
    try:
        return (day + dt.timedelta(days=days)).strftime("%Y%m%d").rjust(8, "0")
    except OverflowError:
        return ""
