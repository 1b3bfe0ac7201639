"""The reports from small tables: content, escaping, refusals and reproducibility."""

from __future__ import annotations

import base64
import csv
import datetime
import hashlib
import html
import io
import re
import stat
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pypdf import PdfReader

from tests.support.lakes.report_lake import (
    CHEST,
    CTDIVOL,
    DLP,
    HEAD,
    World,
    comparison_rows,
    html_only,
    lay_lake,
    models,
    national,
    public,
)
from transforms.errors import DrlakeError, LedgerError, UsageError
from transforms.lake.lake import parquet_bytes
from transforms.report.write import write_report
from transforms.settings import Settings
from transforms.tables import NAME_REVIEW

pytestmark = pytest.mark.slow

HOSTILE = (
    *("=cmd|' /C calc'!A0", "<script>alert(1)</script>", "{{7*7}}", "#panic() $x$ *b* @a <l>"),
    *('"quo\'tes"', "turned\u202earound"),
)
VALUES = [
    ("F001", HEAD | CTDIVOL, 44.0, "at_or_below"),
    ("F002", HEAD | CTDIVOL, 66.6, "above"),
    ("F003", HEAD | CTDIVOL, 71.5, "too_few_examinations"),
    ("F001", HEAD | DLP, 900.0, "at_or_below"),
    ("F001", CHEST | CTDIVOL, 7.77, "no_ndrl"),
]
STEPS = [
    ("F001", "object", 1, "received", None, 40),
    ("F001", "object", 3, "quarantined", "identity_present", 4),
    ("F001", "object", 4, "accepted", None, 36),
    ("F002", "object", 1, "received", None, 1200),
    ("F002", "object", 4, "accepted", None, 1200),
]


def small_world() -> World:
    """CT head has an NDRL for CTDIvol and DLP; CT chest has too few facilities."""
    pairs = [comparison_rows(*values) for values in VALUES]
    levels = [
        national(CHEST | CTDIVOL, 9, 7.77, 8.88),
        national(HEAD | DLP, 12, 812.3456789, 1049.9),
        national(HEAD | CTDIVOL, 12, 48.123456789012345, 60.0),
    ]
    steps = ("facility_id", "counted", "step_number", "step", "reason_code", "n")
    return {
        "marts.national_drls": levels,
        "marts.facility_typical_values": [pair[0] for pair in pairs],
        "marts.facility_drl_comparisons": [pair[1] for pair in pairs],
        "marts.submission_quality": [submission("F001", "accepted"), submission("F002", "held")],
        "marts.facility_attendance": [
            attendance("F001", "present"),
            attendance("F004", "late", n_days_behind=120),
            attendance("F005", "visit_failed", reason_code="host_key_mismatch"),
        ],
        "marts.attrition": [dict(zip(steps, step, strict=True)) for step in STEPS],
        "marts.mapping_coverage": [
            {
                **{"facility_id": facility_id, "modality": "CT", "n_examinations": 100},
                **{"n_mapped": 80, "n_mapped_unreviewed": n, "n_undecided": 20},
            }
            for facility_id, n in (("F001", 60), ("F002", 20))
        ],
        "marts.doubtful_names": [
            {
                **{"facility_id": "F001", "modality": "CT", "field": "study_description"},
                **{"compared_text": text, "decision": "x", "n_examinations": 11},
                **{"evidence": evidence},
            }
            for text, evidence in (("a", "dose"), ("a", "scanned_length"), ("b", "dose"))
        ],
        "public.public_national_drls": [
            public(levels[0], shown=False),
            public(levels[1], shown=False),
            public(levels[2], national_drl=62.0, national_drl_upper=None),
        ],
        "public.public_attrition": [
            {**one, "disclosure": "shown" if one["n"] else "suppressed"} for one in PUBLIC_STEPS
        ],
        "public.public_facility_coverage": [
            {"dimension": "all", "stratum": "all", **SENDERS, "disclosure": "shown"},
            {"dimension": "region", "stratum": "North", "disclosure": "suppressed"},
        ],
        "public.public_data_quality": [
            {
                **{"dimension": "modality", "stratum": "CT", "n_examinations": 4140},
                **{"used_share": 0.97, "mapped_share": 0.98, "disclosure": "shown"},
            }
        ],
        "public.public_mapping_coverage": [
            {"modality": "CT", "n_examinations": 4140, "mapped_share": 0.98, "disclosure": "shown"}
        ],
        "public.public_methods": [METHOD_ROW],
        "public.public_breast_doses": [
            {**BREAST, "disclosure": "shown", "p50": 1.2, "p75": 1.5, "p75_lower": 1.3},
            {**BREAST, "view": "mlo", "disclosure": "suppressed"},
        ],
        "marts.data_quality_by_device_model": [
            {"manufacturer": "ACME", "model_name": "Scan", "modality": "CT", "age_share": 0.5}
        ],
        "public.public_published_drl_comparisons": [
            {**levels[2], **published, "national_drl": 62.0, "published_drl_id": str(n)}
            for n, published in enumerate(PUBLISHED)
        ],
    }


PUBLIC_STEPS = (
    {"counted": "object", "step_number": 1, "step": "received", "reason_code": "none", "n": 1240},
    {
        "counted": "object",
        "step_number": 3,
        "step": "lost",
        "reason_code": "other_reasons",
        "n": None,
    },
    {"counted": "object", "step_number": 4, "step": "accepted", "reason_code": "none", "n": 1235},
)
SENDERS = {"n_registered": 20, "n_present": 15, "n_late": 5, "n_missing": 0}
METHOD_ROW = {
    **{"method_id": "drlake_first_line", "method_version": 3, "label": "drlake, first line"},
    **{"percentile": 0.75, "achievable_percentile": 0.5, "scope": "examination"},
}
BREAST = {
    **{"period": 2025, "technique": "2d", "view": "cc", "thickness_band_id": "cbt_45_55mm"},
    **{"thickness_band_label": "50 mm +/- 5", "detector_technology": "all", "unit": "mGy"},
}
PUBLISHED = (
    {"jurisdiction": "GB", "published_drl": 47.0, "ratio": 1.319, "verdict": "higher"},
    {
        **{"jurisdiction": "AU", "published_drl": 52.0},
        **{"verdict": "not_comparable", "reason": "other_scope"},
    },
)


def attendance(facility_id: str, state: str, **told: Any) -> dict[str, Any]:
    row = {"facility_name": f"Clinic <{facility_id}>", "cadence": "monthly", "attendance": state}
    return {**row, "facility_id": facility_id, "is_registered": True, **told}


def submission(facility_id: str, status: str) -> dict[str, Any]:
    counts = [
        *("n_received", "n_accepted", "n_quarantined", "n_duplicate"),
        *("n_examinations", "n_unmapped_examinations"),
    ]
    return {
        **dict.fromkeys(counts, 1),
        "facility_id": facility_id,
        "submission_id": f"{facility_id}.0123456789abcdef",
        "first_study_date": datetime.date(2026, 1, 5),
        "last_study_date": datetime.date(2026, 3, 27),
        "status": status,
        "n_held": 1 if status == "held" else 0,
        "hold_reason": "Totals ten times too small." if status == "held" else None,
    }


def write_reports(
    lake: Path, world: World, *languages: str, has_pdf: bool = False, **asked: Any
) -> Path:
    """Lay the lake down, write the reports, return their folder."""
    lay_lake(lake, world)
    with nullcontext() if has_pdf else html_only():
        paths = write_report(Settings(lake=str(lake)), languages=languages or ("en",), **asked)
    assert paths[0].endswith("report/index.html") and paths[1].endswith("national_drls.csv")
    assert all(Path(path).is_file() for path in paths)
    return lake / "report"


def restricted_page(folder: Path, language: str = "en") -> str:
    return (folder / "restricted" / language / "regulator.html").read_text(encoding="utf-8")


def open_form(folder: Path, language: str = "en") -> str:
    return (folder / language / "regulator.html").read_text(encoding="utf-8")


def rows_of(page: str, anchor: str) -> list[list[str]]:
    """Texts of the cells of each body row of a block."""
    body = page.split(f'id="{anchor}"')[1].split("<tbody>")[1].split("</tbody>")[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in body.split("</tr>")[:-1]]
    return [[html.unescape(re.sub("<[^>]+>", "", cell)) for cell in row] for row in cells]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_reports(tmp_path_factory.mktemp("report"), small_world(), "en", "de", has_pdf=True)


def test_the_restricted_form_states_ndrl_and_achievable_dose(folder: Path) -> None:
    rows = rows_of(restricted_page(folder), "levels-ct")
    assert [row[:1] + row[2:7] for row in rows] == [
        ["CT chest", "CTDIvol", "7.77 (– to –) mGy", "–", "9", "108"],
        ["CT head", "CTDIvol", "60.0 (48.1 to 66.0) mGy", "48.1 mGy", "12", "144"],
        ["CT head", "DLP", "1050 (812 to 1150) mGy·cm", "812 mGy·cm", "12", "144"],
    ]
    assert [row[7] for row in rows] == ["typical value", "NDRL", "NDRL"]


def test_too_few_facilities_are_a_typical_value_and_never_an_ndrl(folder: Path) -> None:
    page = restricted_page(folder)
    chest = page.split('id="part-ct-1"')[1].split('id="part-ct-2"')[0]
    assert "CT chest" in chest and "s-above" not in chest
    assert "Typical value 7.77" in chest
    assert "8.88" not in page  # the third quartile of nine facilities


def test_facilities_are_listed_with_their_position(folder: Path) -> None:
    page = restricted_page(folder)
    rows = rows_of(page, "sites-ct-2-ctdivol")
    assert [(row[0], row[2], row[3], row[4], row[5]) for row in rows] == [
        ("F001", "12", "44.0 (39.6 to 48.4)", "0.73", "at or below"),
        ("F002", "12", "66.6 (59.9 to 73.3)", "1.11", "above"),
        ("F003", "12", "71.5 (64.4 to 78.7)", "–", "too few examinations"),
    ]
    drawn = page.split('id="sites-ct-2-ctdivol"')[1].split("</figure>")[0]
    assert drawn.count("<polygon") == 1 and drawn.count("<circle") == 1
    assert '<td class="verdict up">above</td>' in page
    assert "Restricted" in page


def test_the_public_form_shows_what_is_public_and_says_what_is_withheld(folder: Path) -> None:
    page = open_form(folder)
    (row,) = rows_of(page, "procedure-ct-1")
    assert row[1:5] == ["CTDIvol", "mGy", "12", "144"]
    assert row[8] == "62.0 (48.1 to –)" and row[12] == "no earlier level"
    assert [row[0] for row in rows_of(page, "withheld-ct")] == ["CT chest", "CT head"]
    assert rows_of(page, "overview")[0] == ["Computed tomography", "2", "3", "1", "0", "2", "12"]
    assert [row[4:] for row in rows_of(page, "published-ct-1")] == [
        ["GB", "47.0", "1.32", "higher"],
    ]


def test_whatever_is_shown_compares_something(folder: Path, tmp_path: Path) -> None:
    """Levels that cannot be compared are in no table; without others there is no table."""
    pages = list(folder.glob("**/*.html"))
    assert any('id="published-ct-1"' in page.read_text("utf-8") for page in pages)
    world = small_world()
    for row in world["public.public_published_drl_comparisons"]:
        row |= {"ratio": None, "verdict": "not_comparable", "reason": "scope_not_stated"}
    pages += write_reports(tmp_path, world).glob("**/*.html")
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "not comparable" not in text and "nicht vergleichbar" not in text, page
    assert 'id="published-' not in open_form(tmp_path / "report")


def test_the_public_form_has_nothing_of_the_restricted_tables(folder: Path) -> None:
    for path in (folder / "en" / "regulator.html", folder / "de" / "regulator.html"):
        page = path.read_text(encoding="utf-8")
        for secret in ("F001", "F002", "Clinic", "66.6", "1050", "812", "marts."):
            assert secret not in page, secret
    with duckdb.connect(str(folder / "public.duckdb"), read_only=True) as connection:
        tables = connection.execute("select table_name from duckdb_tables()").fetchall()
    names = {name for (name,) in tables}  # views depend on tables
    assert names == {model["name"].removeprefix("public_") for model in models("public")}


def test_every_block_of_the_public_form_links_to_its_query(folder: Path) -> None:
    page = open_form(folder)
    links = set(re.findall(r'<a href="#(query-[a-z0-9-]+)"', page))
    assert links == set(re.findall(r'id="(query-[a-z0-9-]+)"', page)) - {
        one for one in re.findall(r'id="(query-[a-z0-9-]+)"', page) if one.endswith("-title")
    }


def test_the_public_form_says_what_became_of_what_was_received(folder: Path) -> None:
    page = open_form(folder)
    assert rows_of(page, "attrition-object") == [
        ["received", "none", "1\u202f240", "–", "shown"],
        ["lost", "other_reasons", "–", "–", "withheld"],
        ["accepted", "none", "1\u202f235", "–", "shown"],
    ]
    assert rows_of(page, "coverage-all") == [["all", "20", "15", "5", "0", "shown"]]
    drawn = page.split('id="coverage-all"')[1].split("</figure>")[0]
    assert "reporting 75.0\u202f%, late 25.0\u202f%, missing or not reached 0.0" in drawn
    region = page.split('id="coverage-region"')[1].split("</table>")[0]
    assert "<svg" not in region and "withheld" in region
    assert rows_of(page, "data-quality-modality")[0][4] == "97.0\u202f%"
    assert rows_of(page, "mapping")[0][3] == "98.0\u202f%"
    assert rows_of(page, "method-row")[0][5:7] == ["75.0\u202f%", "50.0\u202f%"]
    assert [row[:2] for row in rows_of(restricted_page(folder), "device-models")] == [
        ["Scan", "ACME"]
    ]
    assert "ACME" not in page


def test_the_public_form_shows_breast_doses_and_what_is_withheld_of_them(folder: Path) -> None:
    shown, withheld = rows_of(open_form(folder), "breast-views-2d")
    assert shown[1:] == [
        *("50 mm +/- 5", "–", "–", "–", "1.20 (– to –)", "1.50 (1.30 to –)", "–", "shown"),
    ]
    assert withheld[1] == "50 mm +/- 5"
    assert withheld[2:] == [*("–" for _ in range(6)), "withheld"]


def test_a_trend_over_two_years_is_drawn_and_one_year_is_none(tmp_path: Path) -> None:
    world = small_world()
    assert 'id="trend-ct' not in open_form(write_reports(tmp_path / "one", small_world()))
    before = {**world["public.public_national_drls"][2], "period": 2024, "national_drl": 70.0}
    world["public.public_national_drls"][2] |= {
        **{"previous_period": 2024, "change_ratio": 0.886, "change_verdict": "lower"},
    }
    world["public.public_national_drls"].append(before)
    page = open_form(write_reports(tmp_path / "two", world))
    assert [row[2:4] for row in rows_of(page, "trend-ct-1")] == [
        ["2024", "70.0 (48.1 to –)"],
        ["2025", "62.0 (48.1 to –)"],
    ]
    row = rows_of(page, "procedure-ct-1")[0]
    assert row[10:] == ["70.0", "2024", "lower"]


def test_the_same_in_german(folder: Path) -> None:
    page = restricted_page(folder, "de")
    assert '<html lang="de">' in page
    assert rows_of(page, "levels-ct")[1][3] == "60,0 (48,1 bis 66,0) mGy"
    assert "60.0" not in page.split('<section id="queries"')[0]
    assert "Diagnostische Referenzwerte (DRW)" in open_form(folder, "de")


def test_the_method_says_how_the_numbers_were_made(folder: Path) -> None:
    for page in (restricted_page(folder), open_form(folder)):
        method = " ".join(page.split('<section id="method"')[1].split("</section>")[0].split())
        assert "<dd>drlake_first_line</dd>" in method and "<dd>3</dd>" in method
        assert "75th percentile" in method and "Hyndman and Fan type 7" in method
        assert "at least 10 examinations" in method and "at least 10 facilities" in method
        assert "Examinations performed in 2025" in page


def test_held_submissions_and_reasons_are_shown(folder: Path) -> None:
    page = restricted_page(folder)
    assert [row[0:4:3] for row in rows_of(page, "submissions-held")] == [
        ["F002", "Totals ten times too small."]
    ]
    assert "De-identify the object again; &#39;Patient Identity Removed = YES&#39;" in page


def test_the_attrition_is_summed_over_facilities_and_explained(folder: Path) -> None:
    rows = rows_of(restricted_page(folder), "attrition-object")
    assert [row[:4] for row in rows] == [
        ["received", "–", "1\u202f240", "100.0\u202f%"],
        ["quarantined", "identity_present", "4", "0.3\u202f%"],
        ["accepted", "–", "1\u202f236", "99.7\u202f%"],
    ]


def test_missing_late_and_unvisited_facilities_are_named_and_present_ones_are_not(
    folder: Path,
) -> None:
    rows = rows_of(restricted_page(folder), "absent")
    assert rows == [
        ["F004", "Clinic <F004>", "monthly", "late", "–", "120"],
        ["F005", "Clinic <F005>", "monthly", "last visit failed", "host_key_mismatch", "–"],
    ]


def test_nothing_is_finer_than_a_quarter(folder: Path) -> None:
    page = restricted_page(folder)
    assert rows_of(page, "senders")[0][1] == "2026 Q1 – 2026 Q1"
    assert "2026-01-05" not in page and "2026-03-27" not in page


def test_all_text_of_the_data_is_shown_and_none_is_run(tmp_path: Path) -> None:
    world, hostile = small_world(), " ".join(HOSTILE)
    for row in [row for rows in world.values() for row in rows]:
        for key in ("procedure_label", "patient_group_label", "facility_id", "facility_name"):
            if key in row:
                row[key] = hostile
        for key in ("jurisdiction", "step", "cadence"):
            if key in row:
                row[key] = hostile
        if row.get("status") == "held":
            row |= {"hold_reason": hostile, "submission_id": hostile}
    folder = write_reports(tmp_path, world, "de", has_pdf=True)
    shown = hostile.replace("\u202e", "[U+202E]")
    for page in (restricted_page(folder, "de"), open_form(folder, "de")):
        assert "<script" not in page.lower() and "\u202e" not in page
        assert html.escape(shown) in page.replace("&#34;", "&quot;").replace("&#39;", "&#x27;")
    reader = PdfReader(folder / "de" / "regulator.pdf")
    letters = "".join(page.extract_text() for page in reader.pages)
    assert "".join(shown.split()) in "".join(letters.replace("’", "'").split())


def test_the_pdf_has_pages_title_language_and_tags(folder: Path) -> None:
    for language, title in (
        ("en", "National diagnostic reference levels"),
        ("de", "Diagnostische Referenzwerte (DRW)"),
    ):
        reader = PdfReader(folder / language / "regulator.pdf")
        catalogue: Any = reader.trailer["/Root"]
        assert catalogue["/Lang"] == language and catalogue["/MarkInfo"]["/Marked"]
        assert "/StructTreeRoot" in catalogue
        assert reader.metadata is not None and str(reader.metadata.title).startswith(title)
        text = "".join(page.extract_text() for page in reader.pages)
        assert len(reader.pages) > 2 and title in text and "CTDIvol" in text
        assert ("62,0" if language == "de" else "62.0") in text


def test_a_page_fetches_nothing_and_allows_only_its_own_style(folder: Path) -> None:
    for page in (
        restricted_page(folder),
        open_form(folder),
        (folder / "index.html").read_text("utf-8"),
    ):
        style = page.split("<style>")[1].split("</style>")[0]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
        assert "url(" not in style and "@import" not in style and " style=" not in page
        links = re.findall(r'(?:href|src)="([^"#]+)', page)
        assert all((folder / link).is_file() for link in links)
    assert len(links) == 12


def test_anchors_are_unique_and_every_link_within_a_page_leads_somewhere(folder: Path) -> None:
    for page in (restricted_page(folder), open_form(folder, "de")):
        anchors = re.findall(r'\bid="([^"]+)"', page)
        assert len(anchors) == len(set(anchors))
        for link in re.findall(r'href="#([^"]+)"', page):
            assert link in anchors
        for named in re.findall(r'aria-labelledby="([^"]+)"', page):
            assert set(named.split()) <= set(anchors)


def test_same_tables_give_the_same_bytes(tmp_path: Path, folder: Path) -> None:
    again = write_reports(tmp_path, small_world(), "en", "de", has_pdf=True)
    files = [path.relative_to(folder) for path in folder.rglob("*") if path.is_file()]
    assert len(files) == 13
    for name in files:
        if name.name != "public.duckdb":
            assert (again / name).read_bytes() == (folder / name).read_bytes(), name
    before = (again / "public.duckdb").read_bytes()
    with html_only():
        write_report(Settings(lake=str(tmp_path)), languages=("en",))
    assert (again / "public.duckdb").read_bytes() == before


def test_the_restricted_form_states_the_share_that_unreviewed_rows_decided(folder: Path) -> None:
    (row,) = rows_of(restricted_page(folder), "mapped")
    assert row[1:] == ["200", "160", "80.0\u202f%", "80", "50.0\u202f%", "22", "40"]


def test_the_restricted_form_states_the_error_rate_of_the_newest_review(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    name = {"statement_id": "a" * 16, "reviewer": "B", "reviewed_on": datetime.date(2026, 12, 1)}
    name |= {"modality": "CT", "field": "study_description", "decision": "CT chest"}
    rows = [
        {**name, "compared_text": "ct thorax", "n_draws": 96, "is_right": True},
        {**name, "compared_text": "ct throax", "n_draws": 4, "is_right": False},
    ]
    path = lake / "stated" / "name_review" / f"{'a' * 16}.parquet"
    path.parent.mkdir(parents=True)
    path.write_bytes(parquet_bytes(NAME_REVIEW, rows))
    page = restricted_page(write_reports(lake, small_world()))
    assert "4.0\u202f% (95 % limits 1.1\u202f% to 9.9\u202f%), 4 of 100 draws" in page


def test_the_restricted_folder_is_its_owners(folder: Path) -> None:
    assert stat.S_IMODE((folder / "restricted").stat().st_mode) == 0o700


def test_csv_has_the_columns_of_the_mart_and_every_digit(folder: Path) -> None:
    text = (folder / "national_drls.csv").read_bytes().decode("utf-8")
    rows = list(csv.DictReader(io.StringIO(text)))
    (declared,) = [one for one in models("marts") if one["name"] == "national_drls"]
    assert list(rows[0]) == [column["name"] for column in declared["columns"]]
    assert float(rows[2]["p50"]) == 48.123456789012345
    assert [row["national_drl"] for row in rows] == ["", "1049.9", "60.0"]
    assert rows[1]["unit"] == "mGy.cm"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", " ="])
def test_csv_text_is_never_a_formula(start: str) -> None:
    import pyarrow as pa

    from transforms.sheets.write import table_csv

    text = table_csv(pa.table({"procedure_label": [f"{start}cmd"]})).decode("utf-8")
    assert next(csv.DictReader(io.StringIO(text)))["procedure_label"] == f"'{start}cmd"


def test_a_lake_without_statistics_still_has_reports(tmp_path: Path) -> None:
    folder = write_reports(tmp_path, {}, "en", "de", has_pdf=True)
    page = restricted_page(folder)
    assert "so there is no reference level" in page and '<svg class="chart"' not in page
    assert "No level of this method and period is published." in open_form(folder)
    assert "Nothing has been received" not in page or "attrition" in page
    assert len(PdfReader(folder / "en" / "regulator.pdf").pages) > 0


def test_examinations_that_no_facility_has_enough_of_are_named(tmp_path: Path) -> None:
    world = small_world()
    neck = {"procedure_id": "ct_neck", "procedure_label": "CT neck"}
    world["marts.facility_typical_values"].append(
        comparison_rows("F001", neck, 9, "too_few_examinations")[0]
    )
    page = restricted_page(write_reports(tmp_path, world))
    assert rows_of(page, "uncounted")[0][0] == "CT neck"


def test_a_missing_warehouse_or_column_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(DrlakeError, match="Run `drlake build`"):
        write_report(Settings(lake=str(tmp_path)))
    lay_lake(tmp_path, small_world())
    with duckdb.connect(str(tmp_path / "warehouse" / "drl.duckdb")) as connection:
        connection.execute("alter table marts.attrition drop column n")
    with pytest.raises(DrlakeError, match="Run `drlake build`"):
        write_report(Settings(lake=str(tmp_path)))
    assert not (tmp_path / "report").exists()


def test_an_attrition_that_does_not_add_up_is_not_published(tmp_path: Path) -> None:
    world = small_world()
    world["marts.attrition"][0]["n"] = 41
    with pytest.raises(LedgerError, match="does not add up"):
        write_reports(tmp_path, world)
    assert not (tmp_path / "report").exists()


def test_a_report_shows_one_method_in_one_year(tmp_path: Path) -> None:
    """Other methods and years are in the CSV, each number with its method and its year."""
    world = small_world()
    for change in ({"method_id": "austria", "method_version": 2}, {"period": 2024}):
        label = f"CT {next(iter(change.values()))}"
        other = {"procedure_label": label, "procedure_id": "ct_neck"}
        world["marts.national_drls"].append(national({**other, **change}, 12, 1.0, 2.0))
        pair = comparison_rows("F009", {**other, **change}, 1.0, "at_or_below")
        world["marts.facility_typical_values"].append(pair[0])
        world["marts.facility_drl_comparisons"].append(pair[1])
    folder = write_reports(tmp_path, world)
    page, table = restricted_page(folder), (folder / "national_drls.csv").read_text("utf-8")
    assert "CT austria" not in page and "CT 2024" not in page and "F009" not in page
    assert "CT austria" in table and "CT 2024" in table
    page = restricted_page(write_reports(tmp_path, world, period=2024))
    assert "CT 2024" in page and "CT chest" not in page and "Examinations performed in 2024" in page
    page = restricted_page(write_reports(tmp_path, world, method="austria"))
    assert "CT austria" in page and not re.search("<t[dh][^>]*>CT chest", page)
    with pytest.raises(UsageError, match="atlantis"):
        write_reports(tmp_path, world, method="atlantis")


@pytest.mark.parametrize(("version", "said"), [(4, "2 methods"), (None, "version 7")])
def test_numbers_of_another_method_version_are_refused(
    tmp_path: Path, version: int | None, said: str
) -> None:
    world = small_world()
    rows = world["marts.facility_typical_values"]
    for row in rows[:1] if version else rows:
        row["method_version"] = version or 7
    with pytest.raises(DrlakeError, match=said):
        write_reports(tmp_path, world)


def test_the_page_says_so_where_every_facility_is_present(tmp_path: Path) -> None:
    world = small_world()
    world["marts.facility_attendance"] = [attendance("F001", "present")]
    assert "No facility is missing or late" in restricted_page(write_reports(tmp_path, world))
