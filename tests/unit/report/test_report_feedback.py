"""The feedback contains the facility's own data, and no data of any other."""

from __future__ import annotations

import copy
import html
import re
import stat
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pypdf import PdfReader

from tests.support.lakes.feedback_lake import feedback_world, lay_feedback, nation
from tests.support.lakes.report_lake import (
    ADULT,
    CTDIVOL,
    HEAD,
    World,
    comparison_rows,
    html_only,
)
from transforms.errors import DrlakeError, LedgerError, UsageError
from transforms.report.feedback.own_rows import OWN, PUBLIC, REFERENCE, facility_source
from transforms.report.feedback.write import write_feedback
from transforms.report.frame.blocks import QUERIES, Source
from transforms.report.write import write_report
from transforms.settings import Settings

pytestmark = pytest.mark.slow

HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> {{7*7}} #panic() $x$ \"q\" \u202eturned"
FILES = sorted((QUERIES / "feedback").glob("*.sql"))
RESTRICTED = re.compile(
    r"(?<!distinct )\b(?:from|join)\s+(?!public\.|reference\.)(\w+\.\w+)", re.IGNORECASE
)
OWN_ROWS = re.compile(r"from\s+(\w+\.\w+)\s+where\s+facility_id = \$facility_id\b")
HIGH = "80.0 (72.0 to 88.0) mGy"
GIVEN = {"method_id": "drlake_first_line", "period": 2025, "facility_id": "F01"}


def write_feedbacks(lake: Path, world: World, *languages: str, **asked: Any) -> Path:
    """Write the lake and the feedback; returns its folder."""
    lay_feedback(lake, world)
    paths = write_feedback(Settings(lake=str(lake)), languages=languages or ("en",), **asked)
    assert paths and all(Path(path).is_file() for path in paths)
    return lake / "report" / "facilities"


def page_of(folder: Path, facility_id: str = "F01", language: str = "en") -> str:
    return (folder / facility_id / f"{language}.html").read_text(encoding="utf-8")


def rows_of(page: str, anchor: str) -> list[list[str]]:
    """Texts of the cells of each body row of a block."""
    body = page.split(f'id="{anchor}"')[1].split("<tbody>")[1].split("</tbody>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in body.split("</tr>")[:-1]]
    return [[html.unescape(re.sub("<[^>]+>", "", cell)) for cell in row] for row in cells]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_feedbacks(tmp_path_factory.mktemp("feedback"), feedback_world(), "en", "de")


# --- content --------------------------------------------------------------------------


def test_own_values_stand_beside_the_published_level_in_bands(folder: Path) -> None:
    rows = rows_of(page_of(folder), "values")
    assert [(row[0], row[2], *row[5:]) for row in rows] == [
        ("CT chest", "CTDIvol", "7.77 (6.99 to 8.55) mGy", "–", "–", "no NDRL"),
        ("CT head", "CTDIvol", HIGH, "62.0 mGy", "48.0 mGy", "consistently above"),
        ("CT head", "DLP", "871 (784 to 958) mGy·cm", "1000 mGy·cm", "700 mGy·cm", "at or below"),
    ]
    few = rows_of(page_of(folder, "F02"), "values")
    assert [row[-1] for row in few] == ["too few examinations", "at or below"]


POSITIONS = {
    61.0: "at_or_below",  # above the exact level of 60, below the published one of 62
    62.0: "at_or_below",
    63.0: "possibly_above",
    68.8: "possibly_above",
    69.0: "above",
    39.0: "at_or_below",
    36.0: "unusually_low",
}
"""Position by a typical value whose limits are 10 % below and above; levels of 62, quartile of 40.
"""


def test_positions_follow_from_published_numbers(tmp_path: Path) -> None:
    world = nation()
    pairs = [comparison_rows(f"F{v}", HEAD | CTDIVOL, v, "above") for v in POSITIONS]
    world["marts.facility_typical_values"] = [pair[0] for pair in pairs]
    world["marts.facility_drl_comparisons"] = [pair[1] for pair in pairs]
    warehouse = lay_feedback(tmp_path, world) / "warehouse" / "drl.duckdb"
    found = {}
    for value in POSITIONS:
        with facility_source(warehouse, f"F{value}") as source:
            given = {**GIVEN, "facility_id": f"F{value}"}
            (row,) = source.rows("feedback/values.sql", **given)
        found[value] = row["position"]
    assert found == POSITIONS


def test_peers_are_the_published_quartiles_of_the_own_type(folder: Path) -> None:
    assert [row[4:] for row in rows_of(page_of(folder), "peers")] == [
        ["80.0", "41.0", "52.0", "63.0", "15"]
    ]


def test_without_published_quartiles_of_the_type_there_are_no_peers(tmp_path: Path) -> None:
    world = feedback_world()
    world["marts.facility_attendance"][0]["facility_type"] = "clinic"
    page = page_of(write_feedbacks(tmp_path, world, facilities=["F01"]))
    assert "No quartiles of this type of facility are published" in page and "52.0" not in page


def test_two_years_are_a_trend_and_one_is_none(folder: Path) -> None:
    assert [row[4:] for row in rows_of(page_of(folder), "years")] == [
        ["2024", "12", "90.0 (81.0 to 99.0)", "70.0"],
        ["2025", "12", "80.0 (72.0 to 88.0)", "62.0"],
    ]
    assert "no second year" in page_of(folder, "F02")


def test_spread_by_protocol_is_of_what_counts_and_of_five_at_least(folder: Path) -> None:
    rows = rows_of(page_of(folder), "protocols")
    assert [(row[0], *row[4:]) for row in rows] == [
        ("Head routine", "5", "11.0", "12.0", "13.0"),
        ("protocol secret-of-F01", "5", "20.0", "20.0", "20.0"),
    ]


def test_what_was_refused_is_counted_by_reason_with_what_to_mend(folder: Path) -> None:
    (row,) = rows_of(page_of(folder), "quarantined")
    assert row[:3] == ["F01.0123456789abcdef", "identity_present", "3"]
    assert "De-identify the object again" in row[3] and "drlake receipts" in page_of(folder)


def test_names_devices_submissions_and_ledger_are_shown(folder: Path) -> None:
    page = page_of(folder)
    assert rows_of(page, "unmapped") == [
        ["examination secret-of-F01", "Computed tomography", "study description", "5"]
    ]
    assert rows_of(page, "mapping")[0][1:] == ["80", "75", "0", "5", "93.8\u202f%"]
    assert rows_of(page, "completeness")[0][1:6] == [
        *("F01devic", "Computed tomography", "97", "100.0\u202f%", "50.0\u202f%")
    ]
    why = "Totals of secret-of-F01 are too small."
    assert rows_of(page, "submissions")[0][-2:] == ["held", why]
    assert [row[:3] for row in rows_of(page, "ledger-examination")] == [
        ["found", "–", "80"],
        ["excluded", "unmapped_procedure", "5"],
        ["used", "–", "75"],
    ]


def test_a_ledger_that_does_not_add_up_is_not_sent(tmp_path: Path) -> None:
    world = feedback_world()
    world["marts.attrition"][0]["n"] = 101
    with pytest.raises(LedgerError, match="does not add up"):
        write_feedbacks(tmp_path, world)


def test_the_same_in_german(folder: Path) -> None:
    page = page_of(folder, language="de")
    assert '<html lang="de">' in page and "Rückmeldung an die Einrichtung F01" in page
    assert rows_of(page, "values")[1][5] == "80,0 (72,0 bis 88,0) mGy"


def test_a_facility_that_has_sent_nothing_usable_gets_its_ledger(tmp_path: Path) -> None:
    world = {
        table: rows
        for table, rows in feedback_world().items()
        if table in ("marts.submission_quality", "marts.attrition") or table.startswith("public")
    }
    page = page_of(write_feedbacks(tmp_path, world, "de"), language="de")
    assert "Keine Untersuchung dieser Einrichtung wird in diesem Jahr verwendet" in page
    assert rows_of(page, "ledger-object")[0][2] == "100"


# --- no data of other facilities -----------------------------------------------------------


def other_facilities_changed(world: World) -> World:
    """The same lake for F01, but all unpublished data of other facilities differ and are more."""
    other = copy.deepcopy(world)
    for table, rows in other.items():
        if table.startswith("public."):
            continue
        for row in rows:
            if row.get("facility_id") == "F01":
                # columns of the own row that are computed from the others' data
                row |= {k: 1.5 for k in ("national_drl", "ratio_to_national_drl") if k in row}
                row |= {k: "at_or_below" for k in ("position",) if k in row}
                row |= {k: "present" for k in ("attendance",) if k in row}
                row |= {k: 1 for k in ("n_days_behind",) if k in row}
                continue
            for name, value in row.items():
                if isinstance(value, float):
                    row[name] = value * 3 + 1
                elif isinstance(value, str) and name not in ("facility_id", "method_id", "counted"):
                    row[name] = f"other {value}"
        rows += [
            {**row, "facility_id": "F99"} for row in list(rows) if row.get("facility_id") == "F02"
        ]
    return other


def test_what_other_facilities_sent_changes_no_byte(tmp_path: Path) -> None:
    world = feedback_world()
    asked: dict[str, Any] = {"facilities": ["F01"], "has_pdf": True}
    one = write_feedbacks(tmp_path / "one", world, "en", "de", **asked)
    other = write_feedbacks(
        tmp_path / "other", other_facilities_changed(world), "en", "de", **asked
    )
    names = sorted(path.name for path in (one / "F01").iterdir())
    assert names == ["de.html", "de.pdf", "en.html", "en.pdf"]
    for name in names:
        assert (one / "F01" / name).read_bytes() == (other / "F01" / name).read_bytes(), name
    own = copy.deepcopy(world)
    own["marts.facility_drl_comparisons"][0]["typical_value"] = 81.0
    mine = write_feedbacks(tmp_path / "mine", own, "en", "de", **asked)
    assert (one / "F01" / "en.html").read_bytes() != (mine / "F01" / "en.html").read_bytes()


def test_no_id_name_or_value_of_another_facility_is_in_it(folder: Path) -> None:
    secrets = {
        "F01": ("F01", "secret-of-F01", "871 (", "7.77", "7,77"),
        "F02": ("F02", "secret-of-F02", "44.4", "44,4", "5.55", "5,55"),
    }
    both = {
        facility_id: page_of(folder, facility_id) + page_of(folder, facility_id, "de")
        for facility_id in secrets
    }
    for facility_id, told in secrets.items():
        (other,) = set(secrets) - {facility_id}
        assert [secret for secret in told if secret not in both[facility_id]] == []
        assert [secret for secret in told if secret in both[other]] == []
    assert "4711" not in both["F01"]  # days behind the national newest study


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_query_reads_restricted_tables_for_the_facility_alone(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    read = RESTRICTED.findall(text)
    assert read and set(read) <= set(OWN)
    assert OWN_ROWS.findall(text) == read
    assert not re.search(r"\bor\b", text, re.IGNORECASE)
    others = set(re.findall(r"\b(?:public|reference)\.\w+", text))
    assert others <= {*PUBLIC, *REFERENCE}


def test_a_query_answers_the_same_from_the_warehouse(folder: Path) -> None:
    warehouse = folder.parents[1] / "warehouse" / "drl.duckdb"
    given = {**GIVEN, "counted": "object"}
    with Source(warehouse) as whole, facility_source(warehouse, "F01") as own:
        for path in FILES:
            name = f"feedback/{path.name}"
            assert whole.rows(name, **given) == own.rows(name, **given) != [], name


def test_the_database_of_a_facility_has_its_rows_and_reaches_no_other(folder: Path) -> None:
    warehouse = folder.parents[1] / "warehouse" / "drl.duckdb"
    with facility_source(warehouse, "F01") as source:
        connection: Any = source._connection
        for table in OWN:
            query = f"select distinct facility_id from {table}"  # noqa: S608
            assert connection.execute(query).fetchall() == [("F01",)], table
        for column in ("national_drl", "ratio_to_national_drl", "position"):
            table = "marts.facility_drl_comparisons"
            with pytest.raises(duckdb.BinderException):
                connection.execute(f"select {column} from {table}")  # noqa: S608
        with pytest.raises(duckdb.Error):
            connection.execute(f"attach '{warehouse}' as warehouse")
        with pytest.raises(duckdb.Error):
            connection.execute("select * from marts.national_drls")


# --- format --------------------------------------------------------------------------------


def test_text_of_the_hospital_is_shown_and_runs_nowhere(tmp_path: Path) -> None:
    world = feedback_world()
    for row in [row for rows in world.values() for row in rows]:
        for name in ("acquisition_protocol", "compared_text", "hold_reason", "model_name"):
            if row.get(name) and row.get("facility_id") == "F01":
                row[name] = HOSTILE
        if row.get("facility_name"):
            row["facility_name"] = HOSTILE
    folder = write_feedbacks(tmp_path, world, "de", facilities=["F01"], has_pdf=True)
    page, shown = page_of(folder, language="de"), HOSTILE.replace("\u202e", "[U+202E]")
    assert "<script" not in page.lower() and "\u202e" not in page
    assert rows_of(page, "protocols")[0][0] == rows_of(page, "unmapped")[0][0] == shown
    text = "".join(one.extract_text() for one in PdfReader(folder / "F01" / "de.pdf").pages)
    letters = re.sub(r"[\s\u00ad\u2010-]", "", text.replace("’", "'"))  # lines broken in words
    assert letters.count(re.sub(r"\s", "", shown)) >= 4


def test_only_the_owner_may_read_it(folder: Path) -> None:
    for path in (folder, folder / "F01"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "F01" / "en.html").stat().st_mode) == 0o600


def test_pdf_is_written_where_it_is_asked_for(tmp_path: Path, folder: Path) -> None:
    assert not list(folder.rglob("*.pdf"))
    again = write_feedbacks(tmp_path, feedback_world(), facilities=["F02"], has_pdf=True)
    assert sorted(path.name for path in again.rglob("*.*")) == ["en.html", "en.pdf"]
    text = "".join(one.extract_text() for one in PdfReader(again / "F02" / "en.pdf").pages)
    assert "Feedback to facility F02" in text and "44.4" in text and "F01" not in text


def test_anchors_are_unique_and_links_lead_somewhere(folder: Path) -> None:
    page = page_of(folder)
    anchors = re.findall(r'\bid="([^"]+)"', page)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(anchors)


def test_headings_have_no_gap_and_every_chart_has_words_and_a_table(folder: Path) -> None:
    page = page_of(folder)
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    charts = re.findall(r'<svg class="chart" role="img".*?<title [^>]*>(.+?)</title>', page, re.S)
    assert len(charts) == page.count("<svg") == 3  # two quantities, one trend
    assert re.findall(r"<desc [^>]*></desc>", page) == []


def test_what_cannot_be_written_says_why(tmp_path: Path) -> None:
    with pytest.raises(DrlakeError, match="drlake build"):
        write_feedback(Settings(lake=str(tmp_path)))
    lay_feedback(tmp_path, feedback_world())
    settings = Settings(lake=str(tmp_path))
    with pytest.raises(UsageError, match="F77"):
        write_feedback(settings, facilities=["F77"])
    with duckdb.connect(str(tmp_path / "warehouse" / "drl.duckdb")) as connection:
        connection.execute("drop table marts.device_completeness")
    with pytest.raises(DrlakeError, match="drlake build"):
        write_feedback(settings)


# --- a facility that sends forms only --------------------------------------------------------


def form_row(facility_id: str, **columns: Any) -> dict[str, Any]:
    """A statistic of a form: CTDIvol of CT head."""
    row = {**HEAD, **ADULT, **CTDIVOL, "period": 2025, "scope": "examination", "p50": 51.0}
    row |= {"facility_id": facility_id, "sequence_number": 1, "n_examinations": 120}
    return {**row, "is_used": "exclusion_reason" not in columns, **columns}


def forms_world() -> World:
    """F03 has sent a form and no dose report."""
    world = feedback_world()
    pair = comparison_rows("F03", HEAD | CTDIVOL, 80.0, "above")
    world["marts.facility_typical_values"].append(pair[0])
    world["marts.facility_drl_comparisons"].append(pair[1])
    world["marts.facility_summaries"] += [
        form_row("F03"),
        form_row("F03", period=2024, exclusion_reason="reports_count_instead"),
        form_row("F03", p50=7.0, exclusion_reason="summary_superseded"),
        form_row("F01", p50=4711.0),
    ]
    world["marts.facility_attendance"].append(
        {"facility_id": "F03", "facility_name": "Clinic", "is_registered": True, "n_summaries": 2}
    )
    return world


def test_a_facility_that_sends_forms_only_has_its_feedback(tmp_path: Path) -> None:
    page = page_of(write_feedbacks(tmp_path, forms_world()), "F03")
    assert [row[5] for row in rows_of(page, "values")] == [HIGH.removesuffix(" mGy")]
    rows = rows_of(page, "summaries")
    assert [(row[0], row[5], row[6], row[7]) for row in rows] == [
        ("2025", "120", "51.0", "yes"),
        ("2024", "120", "51.0", "no"),
    ]
    assert "The facility has also sent dose reports" in rows[1][8]
    assert "4711" not in page


def test_what_facilities_have_sent_includes_their_forms(tmp_path: Path) -> None:
    lake = lay_feedback(tmp_path, forms_world())
    with html_only():
        write_report(Settings(lake=str(lake)), languages=["en"])
    page = (lake / "report" / "restricted" / "en" / "regulator.html").read_text(encoding="utf-8")
    assert [(row[0], row[2], row[11]) for row in rows_of(page, "senders")] == [
        ("F01", "1", "2"),
        ("F02", "1", "1"),
        ("F03", "0", "2"),
    ]
    assert "of 3 facilities contribute" in page
