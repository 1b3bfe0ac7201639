"""The reports in a browser: on a desktop screen and on a telephone."""

from __future__ import annotations

import datetime
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.support.lakes.commitment_lake import commitment_world
from tests.support.lakes.report_lake import (
    ADULT,
    HEAD,
    World,
    comparison_rows,
    html_only,
    lay_lake,
    national,
    public,
)
from transforms.report.write import write_report
from transforms.settings import Settings

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
HOSTILE = "Clinic <script>alert(1)</script> =cmd|' /C calc'!A0 {{7*7}} \"'\u202e"
CHILD = {
    "patient_group_id": "head_1y_6y",
    "patient_group_label": "Children, head: 1 to under 6 years",
}
CHEST = {"procedure_id": "ct_chest", "procedure_label": "CT chest"}
PELVIS = {"procedure_id": "ct_abdomen_pelvis", "procedure_label": "CT abdomen and pelvis"}
EXAMINATIONS = [
    # procedure and patient group, median CTDIvol and DLP, facilities that do it
    (HEAD | ADULT, (46.0, 780.0), 24),
    (HEAD | CHILD, (21.0, 330.0), 7),
    (CHEST | ADULT, (6.8, 245.0), 24),
    (PELVIS | ADULT, (8.9, 470.0), 23),
]
STEPS = [
    ("object", 1, "received", None, 120),
    ("object", 2, "duplicate", "duplicate_in_submission", 2),
    ("object", 3, "quarantined", "identity_present", 1),
    ("object", 3, "quarantined", "structure_truncated", 2),
    ("object", 4, "accepted", None, 115),
    ("event", 1, "accepted", None, 260),
    ("event", 2, "superseded", "superseded_copy", 20),
    ("event", 3, "counted_once", None, 240),
    ("examination", 1, "found", None, 110),
    ("examination", 2, "excluded", "unmapped_procedure", 3),
    ("examination", 3, "used", None, 107),
]
PAGES = [
    *("index.html", "en/regulator.html", "de/regulator.html"),
    *("restricted/en/regulator.html", "restricted/de/regulator.html"),
    *("en/commitments.html", "de/commitments.html"),
]


def nation(facilities: int = 16, seed: int = 1) -> World:
    """A made-up nation with two years; lognormal typical values, the last facility is held."""
    random = Random(seed)  # noqa: S311 - made-up doses
    world: World = {}
    for labels, medians, doing in EXAMINATIONS:
        for quantity, unit, median in zip(
            ("ctdivol", "dlp"), ("mGy", "mGy.cm"), medians, strict=True
        ):
            cell = labels | {"drl_quantity": quantity, "unit": unit}
            add_cell(world, cell, median, min(doing, facilities - 1), random)
    ids = [f"F{number:03d}" for number in range(1, facilities + 1)]
    names = ("counted", "step_number", "step", "reason_code", "n")
    world["marts.submission_quality"] = [quality(name, name == ids[-1]) for name in ids]
    world["marts.facility_attendance"] = [attendance(name, name == ids[-1]) for name in ids]
    world["marts.attrition"] = [
        {"facility_id": name} | dict(zip(names, step, strict=True))
        for name in ids
        for step in STEPS
    ]
    return world


def add_cell(world: World, cell: dict[str, Any], median: float, doing: int, random: Random) -> None:
    values = [median * random.lognormvariate(0, 0.28) for _ in range(doing)]
    counting = values[:-1]  # the last has too few examinations
    p50, p75 = np.quantile(counting, [0.5, 0.75]).tolist()
    row = national(cell, len(counting), p50, p75)
    before = national(cell, len(counting), p50, 1.3 * p75, period=2024)
    if row["status"] == "ndrl":
        row |= {"previous_period": 2024, "change_ratio": 0.77, "change_verdict": "lower"}
    world.setdefault("marts.national_drls", []).extend([before, row])
    is_shown = row["status"] == "ndrl"
    shown = [public(one, shown=is_shown) for one in (before, row)]
    world.setdefault("public.public_national_drls", []).extend(shown)
    if is_shown:
        levels = {"published_drl": p50, "ratio": p75 / p50, "verdict": "higher"}
        world.setdefault("public.public_published_drl_comparisons", []).append(
            {**row, **levels, "published_drl_id": str(p50), "jurisdiction": "GB"}
        )
    for number, value in enumerate(values, start=1):
        position = "too_few_examinations" if number == doing else "no_ndrl"
        if is_shown and number < doing:
            position = "above" if value > p75 else "at_or_below"
        ndrl = p75 if is_shown else None
        pair = comparison_rows(f"F{number:03d}", cell, value, position, ndrl)
        world.setdefault("marts.facility_typical_values", []).append(pair[0])
        world.setdefault("marts.facility_drl_comparisons", []).append(pair[1])


def attendance(facility_id: str, late: bool) -> dict[str, Any]:
    return {
        "facility_id": facility_id,
        "facility_name": HOSTILE,
        "cadence": "monthly",
        "attendance": "late" if late else "present",
        "reason_code": "delivery_incomplete" if late else None,
        "n_days_behind": 120 if late else 0,
    }


def quality(facility_id: str, held: bool) -> dict[str, Any]:
    return {
        "facility_id": facility_id,
        "submission_id": f"{facility_id}.0123456789abcdef",
        "first_study_date": datetime.date(2026, 1, 5),
        "last_study_date": datetime.date(2026, 3, 27),
        "n_received": 120,
        "n_accepted": 0 if held else 115,
        "n_held": 115 if held else 0,
        "n_quarantined": 3,
        "n_duplicate": 2,
        "status": "held" if held else "accepted",
        "hold_reason": "The DLP total is not the sum of the events." if held else None,
        "n_examinations": 0 if held else 110,
        "n_unmapped_examinations": 0 if held else 2,
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = lay_lake(tmp_path_factory.mktemp("lake") / "lake", nation() | commitment_world())
    with html_only():
        return Path(write_report(Settings(lake=str(lake)))[0]).parent


def open_page(browser: Browser, path: Path, width: int = 1280, scheme: Any = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(path.as_uri())
    return page


def test_an_ndrl_of_the_mart_stands_in_the_restricted_report(
    browser: Browser, folder: Path
) -> None:
    page = open_page(browser, folder / "restricted/en/regulator.html")
    rows = page.locator("#levels-ct tbody tr")
    (chest,) = (
        row
        for row in nation()["marts.national_drls"]
        if (row["procedure_id"], row["drl_quantity"], row["period"]) == ("ct_chest", "dlp", 2025)
    )
    row = rows.filter(has_text="CT chest").filter(has_text="DLP")
    assert row.locator("td.n").first.inner_text().startswith(f"{chest['national_drl']:.0f} (")
    assert row.locator("td.n").nth(2).inner_text() == str(chest["n_facilities"])
    child = rows.filter(has_text="Children")
    assert child.locator(".verdict.withheld").first.inner_text() == "typical value"


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        *((name, "light") for name in PAGES),
        *((name, "dark") for name in PAGES if "de/" not in name),  # a language has no colour
    ],
)
def test_no_rule_of_wcag_is_broken_and_nothing_is_complained_of_or_fetched(
    browser: Browser, folder: Path, name: str, scheme: Any
) -> None:
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)  # needed by axe only
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto((folder / name).as_uri())
    assert said == []
    assert asked == [(folder / name).as_uri()]
    found = Axe().run(page, options=RULES)
    assert found.response["passes"], "axe looked at nothing"
    assert found.violations_count == 0, found.generate_report()
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_headings_follow_one_another_without_a_gap(
    browser: Browser, folder: Path, name: str
) -> None:
    page = open_page(browser, folder / name)
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))"
    )
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_a_page_needs_no_script_and_its_policy_allows_none(browser: Browser, folder: Path) -> None:
    page = open_page(browser, folder / "restricted/de/regulator.html")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.evaluate(
        "document.body.appendChild(Object.assign(document.createElement('script'), "
        "{textContent: 'document.title = 1'}))"
    )
    assert page.title() != "1"
    assert any("Content Security Policy" in one for one in said)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "en/regulator.html").as_uri())
    assert page.locator("script").count() == 0
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.locator("svg.chart").first.is_visible()


def test_every_chart_is_an_image_with_words_and_a_table_below(
    browser: Browser, folder: Path
) -> None:
    cells = len(EXAMINATIONS) * 2
    for name, n in (
        # levels per quantity, trends and three figures of each cell
        ("restricted/en/regulator.html", 2 + (cells - 2) + 3 * cells),
        ("en/regulator.html", 2 + (cells - 2) + 2),  # and breast doses of two techniques
    ):
        page = open_page(browser, folder / name)
        charts = page.get_by_role("img")
        assert charts.count() == n == page.locator("svg.chart").count()
        told = page.evaluate(
            "[...document.querySelectorAll('svg.chart')].map(svg => [svg.querySelector('title')"
            ".textContent.length, svg.querySelector('desc').textContent.length, "
            "svg.getBoundingClientRect().width, svg.getBoundingClientRect().height, "
            "svg.closest('.block').querySelectorAll('table').length])"
        )
        for title, description, width, height, tables in told:
            assert title > 20 and description > 5 and tables == 1
            assert width > 300 and height > 80


def test_a_chart_says_in_words_what_it_shows(browser: Browser, folder: Path) -> None:
    page = open_page(browser, folder / "restricted/en/regulator.html")
    chart = page.locator("#sites-ct-2-ctdivol").get_by_role(
        "img", name="Typical values in ascending order, with 95 % limits"
    )
    assert chart.count() == 1
    said = chart.locator("desc").inner_html()
    assert "NDRL" in said and "triangles" in said


def test_hostile_names_are_shown_and_stay_text(browser: Browser, folder: Path) -> None:
    page = open_page(browser, folder / "restricted/en/regulator.html")
    cell = page.locator("#absent tbody tr td").first
    assert cell.inner_text() == HOSTILE.replace("\u202e", "[U+202E]")


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_is_never_wider_than_the_screen(
    browser: Browser, folder: Path, name: str, width: int
) -> None:
    page = open_page(browser, folder / name, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_and_words_in_a_chart_stand_out_from_the_paper(
    browser: Browser, folder: Path, scheme: str
) -> None:
    """axe looks at HTML only: words need 4.5 to 1, marks 3 to 1 (WCAG 1.4.3 and 1.4.11)."""
    page = open_page(browser, folder / "restricted/en/regulator.html", scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    for target, least in (
        *(("text.f-ink", 4.5), ("text.f-muted", 4.5), ("text.f-above", 4.5)),
        *(("text.f-achievable", 4.5), ("circle.f-below", 3), ("polygon.f-above", 3)),
    ):
        color = page.locator(target).first.evaluate("element => getComputedStyle(element).fill")
        assert contrast(color, paper) >= least, (target, color, paper)
    for target in ("line.s-above", "line.s-achievable", "line.s-muted"):
        color = page.locator(target).first.evaluate("element => getComputedStyle(element).stroke")
        assert contrast(color, paper) >= 3, (target, color, paper)


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two `rgb(r, g, b)` colours."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(color: str) -> float:
    parts = [int(part) / 255 for part in color.removeprefix("rgb(").rstrip(")").split(",")]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
