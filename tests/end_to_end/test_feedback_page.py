"""The feedback in a browser: axe finds no problem, no script runs, nothing is fetched."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.end_to_end.test_report_page import HOSTILE, RULES
from tests.support.lakes.feedback_lake import feedback_world, lay_feedback
from transforms.report.feedback.write import write_feedback
from transforms.settings import Settings


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = feedback_world()
    for row in world["core.fct_acquisition_doses"]:
        row["acquisition_protocol"] = HOSTILE
    lake = lay_feedback(tmp_path_factory.mktemp("lake"), world)
    write_feedback(Settings(lake=str(lake)), facilities=["F01"])
    return lake / "report" / "facilities" / "F01"


@pytest.mark.parametrize(("name", "scheme"), [("en.html", "light"), ("de.html", "dark")])
def test_no_rule_of_wcag_is_broken_and_nothing_is_run_or_fetched(
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
    assert said == [] and asked == [(folder / name).as_uri()]
    levels = page.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(h => Number(h.tagName[1]))"
    )
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.get_by_role("img").count() == page.locator("svg.chart").count() == 3
    cell = page.locator("#protocols tbody tr th").first
    assert cell.inner_text() == HOSTILE.replace("\u202e", "[U+202E]")
    page.set_viewport_size({"width": 390, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    found = Axe().run(page, options=RULES)
    assert found.response["passes"], "axe looked at nothing"
    assert found.violations_count == 0, found.generate_report()
    context.close()
