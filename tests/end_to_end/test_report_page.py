"""The report as a regulator opens it: a file in a browser, on a desk screen and on a telephone."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from transforms.report import write_report
from transforms.settings import Settings

CHROMIUM = shutil.which("chromium")
QUIET = ("background-networking", "component-update", "sync", "gpu")
ARGUMENTS = ["--no-sandbox", "--no-first-run", *(f"--disable-{name}" for name in QUIET)]
METHOD = {"method_id": "drlake_first_line", "method_version": 2, "period": 2025}
ADULT = ("adult", "Adults (18 years and over)")
CHILD = ("head_1y_6y", "Children, head: 1 to under 6 years")
EXAMINATIONS = [
    # procedure, patient group, median CTDIvol and DLP, facilities that do it
    (("ct_head", "CT head"), ADULT, (46.0, 780.0), 24),
    (
        ("ct_head", "CT head"),
        CHILD,
        (21.0, 330.0),
        7,
    ),
    (("ct_chest", "CT chest"), ADULT, (6.8, 245.0), 24),
    (("ct_abdomen_pelvis", "CT abdomen and pelvis"), ADULT, (8.9, 470.0), 23),
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
    ("examination", 2, "excluded", "unmapped_procedure", 2),
    ("examination", 2, "excluded", "no_diagnostic_event", 1),
    ("examination", 3, "used", None, 107),
]
HELD_STEPS = [
    ("object", 1, "received", None, 120),
    ("object", 2, "duplicate", "duplicate_in_submission", 2),
    ("object", 3, "quarantined", "submission_held", 118),
    ("object", 4, "accepted", None, 0),
]


def nation(facilities: int = 24, seed: int = 1) -> dict[str, list[dict[str, Any]]]:
    """Marts of a made-up nation; lognormal typical values, the last facility is held."""
    random = Random(seed)  # noqa: S311 - made-up doses
    marts: dict[str, list[dict[str, Any]]] = {name: [] for name in ("typical", "drl", "compared")}
    for procedure, group, medians, doing in EXAMINATIONS:
        for quantity, unit, median in zip(
            ("ctdivol", "dlp"), ("mGy", "mGy.cm"), medians, strict=True
        ):
            cell = {
                "procedure_id": procedure[0],
                "procedure_label": procedure[1],
                "patient_group_id": group[0],
                "patient_group_label": group[1],
                "drl_quantity": quantity,
                "unit": unit,
                **METHOD,
            }
            add_cell(marts, cell, median, min(doing, facilities - 1), random)
    ids = [f"F{number:03d}" for number in range(1, facilities + 1)]
    told = {
        "quality": [quality(name, name == ids[-1]) for name in ids],
        "attendance": [attendance(name, name == ids[-1]) for name in ids],
    }
    return marts | told | attrition(ids)


def attendance(facility_id: str, late: bool) -> dict[str, Any]:
    return {
        "facility_id": facility_id,
        "facility_name": "Clinic <script>alert(1)</script>",
        "cadence": "monthly",
        "attendance": "late" if late else "present",
        "reason_code": "delivery_incomplete" if late else None,
        "n_days_behind": 120 if late else 0,
    }


def add_cell(
    marts: dict[str, list[dict[str, Any]]],
    cell: dict[str, Any],
    median: float,
    doing: int,
    random: Random,
) -> None:
    values = [median * random.lognormvariate(0, 0.28) for _ in range(doing)]
    counting = values[:-1]  # the last has too few examinations
    p25, p50, p75 = np.quantile(counting, [0.25, 0.5, 0.75]).tolist()
    stated = len(counting) >= 10
    marts["drl"].append(
        cell
        | {"n_facilities": len(counting), "n_examinations": 14 * len(counting)}
        | {"p25": p25, "p50": p50, "p75": p75, "status": "ndrl" if stated else "typical_value"}
        | {"national_drl": p75 if stated else None, "achievable_dose": p50 if stated else None}
    )
    for number, value in enumerate(values, start=1):
        row = cell | {"facility_id": f"F{number:03d}", "typical_value": value}
        add_facility(marts, row, p75 if stated else None, sufficient=number < doing)


def add_facility(
    marts: dict[str, list[dict[str, Any]]],
    row: dict[str, Any],
    ndrl: float | None,
    sufficient: bool,
) -> None:
    row = row | {"n_examinations": 14 if sufficient else 6}
    marts["typical"].append(row | {"is_sufficient": sufficient})
    ratio, position = None, "no_ndrl"
    if not sufficient:
        position = "too_few_examinations"
    elif ndrl is not None:
        ratio = row["typical_value"] / ndrl
        position = "above" if ratio > 1 else "at_or_below"
    result = {"national_drl": ndrl, "ratio_to_national_drl": ratio, "position": position}
    marts["compared"].append(row | result)


def quality(facility_id: str, held: bool) -> dict[str, Any]:
    return {
        "facility_id": facility_id,
        "submission_id": f"{facility_id}.0123456789abcdef",
        "first_study_date": np.datetime64("2026-01-05").item(),
        "last_study_date": np.datetime64("2026-03-27").item(),
        "n_received": 120,
        "n_accepted": 0 if held else 115,
        "n_quarantined": 118 if held else 3,
        "n_duplicate": 2,
        "status": "held" if held else "accepted",
        "hold_reason": "The DLP total is not the sum of the events." if held else None,
        "n_events": 0 if held else 240,
        "n_examinations": 0 if held else 110,
        "n_unmapped_examinations": 0 if held else 2,
    }


def attrition(ids: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Every facility loses the same, except that everything of the last one is held."""
    names = ("counted", "step_number", "step", "reason_code", "n")
    rows = [
        {"facility_id": name} | dict(zip(names, step, strict=True))
        for name in ids
        for step in (HELD_STEPS if name == ids[-1] else STEPS)
    ]
    return {"attrition": rows}


def write_nation(lake: Path, marts: dict[str, list[dict[str, Any]]]) -> Path:
    files = {
        "facility_typical_values": "typical",
        "national_drls": "drl",
        "facility_drl_comparisons": "compared",
        "submission_quality": "quality",
        "facility_attendance": "attendance",
        "attrition": "attrition",
    }
    (lake / "marts").mkdir(parents=True)
    for name, key in files.items():
        pq.write_table(pa.Table.from_pylist(marts[key]), lake / "marts" / f"{name}.parquet")
    return Path(write_report(Settings(lake=str(lake)))[0])


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_nation(tmp_path_factory.mktemp("lake") / "lake", nation())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is not installed, and in CI the page must be opened")
        pytest.skip("chromium is not installed: the page is not opened in a browser")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield launched
        launched.close()


def open_page(browser: Browser, report: Path, width: int = 1280, scheme: Any = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(report.as_uri())
    return page


def test_an_ndrl_of_the_mart_stands_in_the_summary(browser: Browser, report: Path) -> None:
    page = open_page(browser, report)
    row = page.locator("table.summary tbody tr", has_text="CT chest")
    chest = next(
        item
        for item in nation()["drl"]
        if (item["procedure_id"], item["drl_quantity"]) == ("ct_chest", "dlp")
    )
    assert row.locator("td.ndrl").nth(1).inner_text() == f"{chest['national_drl']:.0f}"
    assert row.locator("td").nth(5).inner_text() == str(chest["n_facilities"])
    child = page.locator("table.summary tbody tr", has_text="Children")
    assert child.locator("td.ndrl").count() == 0
    assert child.locator(".mark").first.inner_text() == "typical value"


def test_every_one_of_fourteen_examinations_is_drawn(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kinds = [((f"p{n}", f"CT {n}"), ADULT, (10.0, 400.0), 24) for n in range(14)]
    monkeypatch.setattr(sys.modules[__name__], "EXAMINATIONS", kinds)
    page = write_nation(tmp_path / "lake", nation()).read_text(encoding="utf-8")
    assert page.count('<svg class="chart"') == 28


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_complained_of_and_nothing_is_fetched(
    browser: Browser, report: Path, scheme: str
) -> None:
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    assert said == []
    assert asked == [report.as_uri()]


def test_the_page_needs_no_script(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(report.as_uri())
    assert page.locator("script").count() == 0
    assert page.get_by_role("heading", level=1).is_visible()
    assert page.locator("svg.chart").first.is_visible()


def test_every_chart_is_visible_with_its_line(browser: Browser, report: Path) -> None:
    page = open_page(browser, report)
    charts = page.locator("svg.chart")
    assert charts.count() == 2 * len(EXAMINATIONS)
    for index in range(charts.count()):
        chart = charts.nth(index)
        box = chart.bounding_box()
        assert box is not None and box["width"] > 300 and box["height"] > 100
        lines = ".ndrl_marks line, .typical_marks line"
        line = chart.locator(lines).bounding_box()
        assert line is not None and line["height"] > 60
        assert box["x"] < line["x"] < box["x"] + box["width"]


def test_a_chart_says_in_words_what_it_shows(browser: Browser, report: Path) -> None:
    page = open_page(browser, report)
    name = "CT chest · Adults (18 years and over): CTDIvol typical values of the facilities"
    chart = page.get_by_role("img", name=name)
    assert chart.count() == 1
    assert "NDRL" in chart.locator("desc").inner_html()


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_is_never_wider_than_the_screen(
    browser: Browser, report: Path, width: int
) -> None:
    page = open_page(browser, report, width)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_background(browser: Browser, report: Path, scheme: str) -> None:
    page = open_page(browser, report, scheme=scheme)
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    targets = ["p", ".note", "td.ndrl", ".position.above", "figcaption", "nav a", ".weak"]
    for target in targets:
        color = (
            page.locator(target)
            .nth(1 if target == "p" else 0)
            .evaluate("element => getComputedStyle(element).color")
        )
        assert contrast(color, paper) >= 4.5, (target, color, paper)
    for target in (".ndrl_label_marks text", ".role-axis-label text"):
        color = page.locator(target).first.evaluate("element => getComputedStyle(element).fill")
        assert contrast(color, paper) >= 4.5, (target, color, paper)


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
