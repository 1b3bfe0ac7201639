"""The year of a report: the newest with a level, whatever newer years have data."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.support.lakes.feedback_lake import lay_feedback, of_facility
from tests.support.lakes.report_lake import (
    CTDIVOL,
    HEAD,
    World,
    comparison_rows,
    html_only,
    lay_lake,
    national,
    public,
)
from transforms.cli.run_summary import national_drls, newer_periods
from transforms.lake.lake import Lake
from transforms.public.of_the_lake import write_public_database
from transforms.report.commitment.manufacturer import write_manufacturer_report
from transforms.report.feedback.write import write_feedback
from transforms.report.write import write_report
from transforms.settings import Settings

pytestmark = pytest.mark.slow

LEVEL, FEW, CLOCK = 2024, 2025, 2035


def world(n_by_year: dict[int, int]) -> World:
    """CT head of these numbers of facilities, by year; each facility has ten examinations."""
    rows = [national(HEAD | CTDIVOL, n, 48.0, 60.0, period=year) for year, n in n_by_year.items()]
    typical = [
        comparison_rows(f"F{n:02}", HEAD | CTDIVOL | {"period": year}, 50.0, "at_or_below")[0]
        for year, facilities in n_by_year.items()
        for n in range(facilities)
    ]
    base = [
        {"period": year, "facility_id": f"F{n:02}", "device_key": f"D{n}"}
        for year, facilities in n_by_year.items()
        for n in range(facilities)
    ]
    shown = {"disclosure": "shown", "dimension": "all", "stratum": "all"}
    indicators = [shown | {"period": year, "n_facilities": n} for year, n in n_by_year.items()]
    return {
        "marts.national_drls": rows,
        "marts.facility_typical_values": typical,
        "marts.installed_base": base,
        "public.public_national_drls": [public(row) for row in rows],
        "public.public_commitment_indicators": indicators,
        **of_facility("F00"),
    }


def facts(page: Path) -> dict[str, str]:
    """The facts at the head of a page."""
    text = page.read_text(encoding="utf-8")
    return dict(re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", text))


YEARS = [
    ({LEVEL: 12, FEW: 3, CLOCK: 1}, LEVEL, [FEW, CLOCK]),
    ({LEVEL: 12, FEW: 12}, FEW, []),
    ({LEVEL: 4, FEW: 9, CLOCK: 1}, FEW, [CLOCK]),
    ({LEVEL: 4, FEW: 4}, FEW, []),
]


@pytest.mark.parametrize(("n_by_year", "year", "newer"), YEARS)
def test_every_report_shows_the_newest_year_with_a_level(
    tmp_path: Path, n_by_year: dict[int, int], year: int, newer: list[int]
) -> None:
    lake = lay_feedback(tmp_path, world(n_by_year))
    settings = Settings(lake=str(lake))
    with html_only():
        write_report(settings, languages=["en"])
    write_feedback(settings, languages=["en"], facilities=["F00"])
    write_manufacturer_report(settings, "siemens", languages=["en"])
    folder = lake / "report"
    pages = [
        *(folder / "en" / f"{name}.html" for name in ("regulator", "commitments")),
        folder / "restricted" / "en" / "regulator.html",
        folder / "restricted" / "manufacturers" / "siemens" / "en" / "commitments.html",
        *([folder / "facilities" / "F00" / "en.html"] if 12 in n_by_year.values() else []),
    ]
    for page in pages:
        assert re.search(rf"(performed in|[Yy]ear)\D*{year}\b", page.read_text("utf-8")), page
        said = facts(page).get("Newer years with data")
        expected = ", ".join(map(str, newer))
        assert said == (f"{expected} (no national level yet)" if newer else None), page


@pytest.mark.parametrize(("n_by_year", "year", "newer"), YEARS)
def test_the_terminal_shows_the_same_year(
    tmp_path: Path, n_by_year: dict[int, int], year: int, newer: list[int]
) -> None:
    lake = Lake(str(lay_lake(tmp_path, world(n_by_year))))
    assert {row["period"] for row in national_drls(lake)} == {year}
    assert newer_periods(lake) == newer


@pytest.mark.parametrize(("n_by_year", "year"), [row[:2] for row in YEARS])
def test_the_views_show_the_same_year(tmp_path: Path, n_by_year: dict[int, int], year: int) -> None:
    database = write_public_database(Lake(str(lay_lake(tmp_path, world(n_by_year)))))
    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.sql("select distinct period from reference_levels").fetchall()
    assert found == [(year,)]
