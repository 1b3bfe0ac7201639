"""Nothing published is finer than a quarter: no day of a study leaves the restricted layer."""

from __future__ import annotations

import csv
import datetime as dt
import re

from tests.end_to_end.conftest import Nation
from transforms.tables import DOSE_REPORT

FORMS = ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%d %B %Y", "%B %d, %Y")


def study_dates(nation: Nation) -> set[dt.date]:
    """Every day of a study in the restricted layer."""
    found: set[dt.date] = set()
    for submission_id in nation.lake.submissions("decode"):
        rows = nation.lake.read_table("decoded", DOSE_REPORT, submission_id)
        found.update(day for day in rows.column("study_date").to_pylist() if day is not None)
    return found


def test_no_day_of_a_study_stands_in_a_published_file(nation: Nation) -> None:
    days = study_dates(nation)
    assert len(days) > 100
    for name in ("index.html", "national_drls.csv"):
        text = nation.lake.read_bytes(nation.lake.path("report", name)).decode("utf-8")
        written = set(
            re.findall(r"[\w./-]*\d{4}[\w./-]*|\d{1,2} \w+ \d{4}|\w+ \d{1,2}, \d{4}", text)
        )
        for form in FORMS:
            assert not written & {day.strftime(form) for day in days}, (name, form)


def test_the_published_table_has_no_column_of_days(nation: Nation) -> None:
    text = nation.lake.read_bytes(nation.lake.path("report", "national_drls.csv")).decode("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert rows
    days = re.compile(r"(19|20)\d\d-?\d\d-?\d\d")
    assert not [name for row in rows for name, value in row.items() if days.fullmatch(value or "")]
