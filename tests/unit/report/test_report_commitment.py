"""The commitment report: what it shows, withholds, names and separates."""

from __future__ import annotations

import csv
import io
import re
import shutil
from itertools import pairwise
from pathlib import Path

import duckdb
import pytest
from pypdf import PdfReader

from tests.support.lakes.commitment_lake import HOSTILE, commitment_world
from tests.support.lakes.report_lake import lay_lake
from tests.support.reports.report_pages import block
from transforms.lake.lake import Lake
from transforms.public.of_the_lake import write_public_database
from transforms.reference.files import REFERENCE
from transforms.report.commitment.report import commitment_report, newest_period
from transforms.report.frame.blocks import Source, web_address
from transforms.report.frame.catalogue import Catalogue
from transforms.report.frame.document import Document
from transforms.report.frame.page import page_html
from transforms.report.frame.pdf import page_pdf


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay_lake(tmp_path_factory.mktemp("commitments"), commitment_world())


@pytest.fixture(scope="module")
def database(lake: Path) -> Path:
    return write_public_database(Lake(str(lake)))


@pytest.fixture(scope="module")
def document(database: Path) -> Document:
    with Source(database) as source:
        return commitment_report(source, Catalogue("en"), 2025)


def changed_copy(database: Path, folder: Path, *statements: str) -> Path:
    """A copy of the database in which the statements were run."""
    copy = folder / "public.duckdb"
    shutil.copy(database, copy)
    with duckdb.connect(str(copy)) as connection:
        for statement in statements:
            connection.execute(statement)
    return copy


@pytest.fixture(scope="module")
def page(document: Document) -> str:
    return page_html(document)


def test_measured_and_declared_stand_apart_in_every_chapter(document: Document) -> None:
    chapters = [part for part in document.parts if part.anchor.startswith("commitment-")]
    assert [part.anchor for part in chapters] == [f"commitment-{n}" for n in (1, 2, 3, 4)]
    for number, chapter in enumerate(chapters, start=1):
        assert [part.anchor for part in chapter.parts] == [
            *(f"measured-{number}", f"declared-{number}")
        ]
        measured, declared = chapter.parts
        assert measured.blocks or measured.sentences == (
            "Dose reports contain no information on this commitment.",
        )
        assert declared.blocks
        assert not {one.query.name for one in measured.blocks} & {
            *("commitment/benchmarks.sql", "commitment/availability.sql"),
            *("commitment/declarations.sql", "commitment/training.sql"),
        }
    with (REFERENCE / "indicators.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            anchor = f"definitions-{row['basis']}-{row['commitment_number']}"
            told = [
                one.body
                for part in chapters
                for half in part.parts
                for one in half.blocks
                if one.anchor == anchor
            ]
            assert row["label"] in [cells[0].text for cells in told[0]]


def test_an_indicator_states_numerator_denominator_unknown_and_its_model(page: str) -> None:
    rows = block(page, "indicators-measured-2").rows
    assert [
        *("Body scans with tube current modulation", "75", "100"),
        *("75.0\u202f% (70.0\u202f% to 81.0\u202f%)", "25", "20.0\u202f%", "15", "30", "shown"),
    ] in [list(row) for row in rows]
    (told,) = (
        row for row in block(page, "definitions-measured-2").rows if row[0] == rows_name(rows)
    )
    assert told[2].startswith("Scans whose X-Ray Modulation Type") and told[4:6] == (
        *("Such scans without a modulation type", "int_acquisition_indicators"),
    )


def rows_name(rows: tuple[tuple[str, ...], ...]) -> str:
    (name,) = (row[0] for row in rows if "modulation" in row[0])
    return name


def test_a_mix_is_shown_in_its_parts_and_not_as_a_whole(page: str) -> None:
    assert "Tube voltages of body scans" not in [
        row[0] for row in block(page, "indicators-measured-2").rows
    ]
    parts = block(page, "strata-measured-2-kvp").rows
    assert [row[1] for row in parts] == ["100 kV", "120 kV"]
    sizes = block(page, "strata-measured-2-patient_size").rows
    assert [row[1] for row in sizes] == ["< 200 mm", "200–<240 mm", "≥ 400 mm", "unknown"]


def test_what_is_unknown_has_its_own_share_in_the_figure(page: str) -> None:
    (told,) = block(page, "indicators-measured-2").descriptions
    assert (
        "Scans with iterative reconstruction: yes 11.7\u202f%, no 23.3\u202f%, unknown 65.0\u202f%"
        in told
    )
    (drawn,) = block(page, "features-2").descriptions
    assert "Tube current modulation: yes 60.0\u202f%, no 20.0\u202f%, unknown 20.0\u202f%" in drawn
    assert "Iterative reconstruction" not in drawn  # its unknown number is withheld
    figure = page.split('id="features-2"')[1].split("</figure>")[0]
    assert figure.count("<rect") == 3  # solid parts and their legend; the others are lines
    assert 'stroke-dasharray="3 2"' in figure


def test_what_is_withheld_is_said_to_be_and_not_confused_with_nothing(page: str) -> None:
    rows = {row[0]: row for row in block(page, "indicators-measured-3").rows}
    assert rows["Scans with SSDE or water-equivalent diameter"][1:] == (*["–"] * 7, "withheld")
    assert rows["Scans with an alert value"][-1] == "no data"
    assert [row[0::2] for row in block(page, "age-band-withheld").rows] == [("CT head", "CTDIvol")]
    countries = {row[1]: row[-1] for row in block(page, "age-profile-countries").rows}
    assert countries == {"CH": "withheld", "AT": "shown"}
    assert block(page, "benchmarks-1").rows[1][-1] == "withheld"


def test_the_age_profile_is_judged_by_the_golden_rules_with_their_definition(page: str) -> None:
    (row,) = block(page, "age-profile").rows
    assert row == (
        *("Computed tomography", "all", "55", "54.5\u202f%", "no", "27.3\u202f%", "yes"),
        *("18.2\u202f%", "no", "5", "8.3\u202f%", "shown"),
    )
    rules = block(page, "golden-rules").rows
    assert [row[1:3] for row in rules] == [
        *(("at least", "60.0\u202f%"), ("at most", "30.0\u202f%"), ("at most", "10.0\u202f%")),
    ]
    assert all("completed years on the last day of the period" in row[3] for row in rules)


def test_doses_by_age_of_the_device_have_intervals(page: str) -> None:
    rows = block(page, "age-band-doses-dlp").rows
    assert [(row[2], row[6], row[10]) for row in rows] == [
        ("Up to 5 years", "700 (630 to 770)", "25.0\u202f% (6.0\u202f% to 71.0\u202f%)"),
        ("More than 10 years", "910 (819 to 1000)", "53.3\u202f% (6.0\u202f% to 71.0\u202f%)"),
    ]


def test_breast_doses_keep_tomosynthesis_apart(page: str) -> None:
    assert [row[:2] + row[6:8] for row in block(page, "breast-views-2d").rows] == [
        ("CC", "20 to under 25 mm", "–", "–"),
        ("CC", "50 mm +/- 5", "1.40 (1.26 to –)", "2.10 (– to –)"),
        ("MLO", "60 mm +/- 5", "1.70 (1.53 to –)", "2.55 (– to –)"),
    ]
    assert [row[0] for row in block(page, "breast-views-tomosynthesis").rows] == ["MLO"]
    assert block(page, "breast-detectors-2d").rows[0][0] == "digital detector"


def test_a_deliverable_has_its_days_and_links_lead_to_the_web_alone(page: str) -> None:
    rows = block(page, "deliverables").rows
    assert rows[0][1:9] == (
        *("1", "2013-12", "Characterization of CT Systems", "achieved", "1 April 2025"),
        *("1 March 2025", "9 February 2025", "-20"),
    )
    piece = page.split('id="deliverables"')[1].split("</table>")[0]
    assert re.findall(r'href="([^"]+)"', piece) == [
        *("https://example.org/evidence?a=1&amp;b=2", "https://doi.org/10.1000/abc.def"),
    ]
    assert "javascript:alert(document.domain)" in rows[1][9]


@pytest.mark.parametrize(
    "text",
    [
        *("javascript:alert(1)", "data:text/html,x", "//example.org", "ftp://example.org/x"),
        *("https://user@example.org/", "https://", "http://a b", "file:///etc/passwd", HOSTILE),
        *("https://example.org/\u202e", "https://[", "10.1000/<b>", " https://example.org"),
    ],
)
def test_any_other_address_is_text(text: str) -> None:
    assert web_address(text) == ""


def test_no_manufacturer_and_no_text_of_others_that_is_live(document: Document, page: str) -> None:
    assert "<script" not in page.lower() and "\u202e" not in page and "[U+202E]" in page
    body = page.split('<section id="queries"')[0]
    with (REFERENCE / "manufacturers.csv").open(encoding="utf-8", newline="") as file:
        patterns = [row["pattern"] for row in csv.DictReader(file)]
    text = re.sub(r"<[^>]+>", " ", body.split("<body>")[1]).lower()
    assert [pattern for pattern in patterns if re.search(pattern, text)] == []
    assert "{{7*7}}" in body and "#panic() $x$" in body
    reader = PdfReader(io.BytesIO(page_pdf(document)))
    letters = "".join(one.extract_text() for one in reader.pages)
    assert [pattern for pattern in patterns if re.search(pattern, letters.lower())] == []
    shown = HOSTILE.replace("\u202e", "[U+202E]")
    assert "".join(shown.split()) in "".join(letters.replace("’", "'").split())


def test_headings_go_down_one_level_at_a_time_and_anchors_are_unique(page: str) -> None:
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    anchors = re.findall(r'\bid="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(anchors)
    assert page.count('role="img"') == page.count("<desc") >= 12


def test_without_anything_counted_the_report_says_so(database: Path, tmp_path: Path) -> None:
    tables = [name.removeprefix("public.public_") for name in commitment_world()]
    emptied = changed_copy(database, tmp_path, *(f"truncate {name}" for name in tables))
    with Source(emptied) as source:
        assert newest_period(source) is None
        page = page_html(commitment_report(source, Catalogue("de"), None))
    assert "Es ist keine mittlere Parenchymdosis veröffentlicht." in page and "<svg" not in page


def test_the_newest_period_is_the_last_of_which_something_is_shown(
    database: Path, tmp_path: Path
) -> None:
    later = (
        "insert into commitment_indicators by name select * replace (2026 as period) "
        "from commitment_indicators where disclosure = 'suppressed'"
    )
    with Source(changed_copy(database, tmp_path, later)) as source:
        assert newest_period(source) == 2025
