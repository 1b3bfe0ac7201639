"""Every table and figure of a public report is the result of one query on the public database."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.lakes.commitment_lake import commitment_world
from tests.support.lakes.report_lake import CHEST, CTDIVOL, DLP, HEAD, lay_lake, national, public
from tests.support.reports.report_pages import compare, is_of_row, numbers_of
from transforms.lake.lake import Lake
from transforms.public.of_the_lake import write_public_database
from transforms.reference.methods import FIRST_LINE
from transforms.report.commitment.report import commitment_report
from transforms.report.frame.blocks import Source
from transforms.report.frame.catalogue import Catalogue
from transforms.report.frame.page import page_html
from transforms.report.frame.reference import read_reference
from transforms.report.regulator.public import ReportScope, public_report

pytestmark = pytest.mark.slow

PAGES = [(language, name) for language in ("en", "de") for name in ("regulator", "commitments")]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    world = commitment_world()
    before = public(national(HEAD | DLP, 12, 812.3, 1250.0, period=2024))
    world["public.public_national_drls"] = [
        public(national(HEAD | CTDIVOL, 12, 48.1234, 60.0)),
        public(national(HEAD | DLP, 12, 812.3456, 1049.9)),
        public(national(CHEST | CTDIVOL, 9, 7.77, 8.88), shown=False),
        before,
    ]
    lake = lay_lake(tmp_path_factory.mktemp("lake"), world)
    return write_public_database(Lake(str(lake)))


def page_of(database: Path, language: str, name: str) -> str:
    """The page as `drlake report` writes it, without the files beside it."""
    reference, catalogue = read_reference(), Catalogue(language)
    method = reference.method({reference.newest(FIRST_LINE)})
    with Source(database) as source:
        if name == "commitments":
            return page_html(commitment_report(source, catalogue, 2025))
        return page_html(public_report(source, catalogue, ReportScope(method, 2025), reference))


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_every_cell_and_every_number_drawn_is_in_the_answer(
    database: Path, language: str, name: str
) -> None:
    n_cells, n_drawn = compare(page_of(database, language, name), database, language)
    assert n_cells > 30 and n_drawn > 3


def test_the_comparison_sees_a_number_that_is_of_no_row() -> None:
    row = {
        "n": 1234,
        "dose": 12.345,
        "low": 11.0,
        "high": None,
        "unit": "mGy.cm",
        "word": "delayed",
    }
    for cell in ("1\u202f234", "12.3 (11.0 to –) mGy·cm", "12.3 mGy·cm", "delayed", "mGy.cm"):
        assert is_of_row(cell, row, "en"), cell
    for cell in (
        "1\u202f235",
        "12.4 (11.0 to –) mGy·cm",
        "12.3 (11.0 to 13.0)",
        "12.3 mGy",
        "ongoing",
    ):
        assert not is_of_row(cell, row, "en"), cell
    assert is_of_row("verzögert", row, "de") and not is_of_row("12.3", row, "de")
    assert numbers_of("Adults (18 years): 60.0 mGy; 2025: 7.5") == {"60.0", "7.5"}
    assert numbers_of("Part 2: 6 to 10 years 25.5\u202f%, no 1.0\u202f%") == {
        *("25.5\u202f%", "1.0\u202f%")
    }
