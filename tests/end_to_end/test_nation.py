"""The whole pipeline on a synthetic nation: every outcome and every number is as expected.

Nothing is published finer than a quarter: no study date leaves the restricted layer. All tests of
the nation are in one file, so that one worker makes it once.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow.parquet as pq
import pytest
from playwright.sync_api import Browser

from tests.end_to_end.conftest import FACILITIES, Nation
from tests.end_to_end.live_names import (
    everything_written,
    live_in_csv,
    live_in_workbooks,
    live_on_pages,
)
from tests.support.in_process import drlake
from transforms.dbt_build.warehouse import build
from transforms.ledger.entries import check_balance, entries
from transforms.query.analyses import README, analyses, readme
from transforms.reference.methods import FIRST_LINE
from transforms.release.docs import docs_page
from transforms.report.feedback.write import write_feedback
from transforms.report.write import write_report
from transforms.settings import Settings
from transforms.tables import DOSE_REPORT

pytestmark = [pytest.mark.builds, pytest.mark.airflow]

MARTS = (
    *("facility_typical_values", "national_drls", "facility_drl_comparisons"),
    *("submission_quality", "attrition"),
)
CELL = ("period", "procedure_id", "patient_group_id", "drl_quantity")
TOLERANCE = 1e-9
DAY_FORMS = ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d/%m/%Y", "%Y/%m/%d", "%d %B %Y", "%B %d, %Y")


def mart(nation: Nation, name: str) -> list[dict[str, Any]]:
    """Rows of a mart; by the first-line method where it has several."""
    rows: list[dict[str, Any]] = (
        pq.ParquetFile(nation.lake.path("marts", f"{name}.parquet")).read().to_pylist()
    )
    return [row for row in rows if row.get("method_id", FIRST_LINE) == FIRST_LINE]


def by(names: Iterable[str], rows: Iterable[Mapping[str, Any]]) -> dict[tuple[Any, ...], Any]:
    keys = tuple(names)
    found = {tuple(row[name] for name in keys): row for row in rows}
    assert found
    return found


def test_every_object_ends_as_the_truth_says(nation: Nation) -> None:
    ended: Counter[tuple[str, str, str | None]] = Counter()
    for submission_id in nation.lake.submissions("receive"):
        last: dict[int, dict[str, Any]] = {}
        for stage in ("receive", "decode", "validate"):
            for row in nation.lake.read_outcomes(stage, submission_id).to_pylist():
                last[row["object_index"]] = row
        for row in last.values():
            ended[row["facility_id"], row["outcome"], row["reason_code"]] += 1
    expected = {
        (row["facility_id"], row["outcome"], row["reason_code"]): row["objects"]
        for row in nation.truth["outcomes"]
    }
    assert dict(ended) == expected
    assert sum(ended.values()) == nation.truth["objects_received"]


def test_the_ledger_balances_and_nothing_is_pending(nation: Nation) -> None:
    found = entries(nation.lake)
    check_balance(found)
    assert len(found) == len(nation.truth["facilities"])
    assert all(entry.pending == 0 for entry in found)


def test_typical_values_equal_the_truth(nation: Nation) -> None:
    names = ("facility_id", *CELL)
    got = by(names, mart(nation, "facility_typical_values"))
    expected = by(names, nation.truth["facility_typical_values"])
    assert got.keys() == expected.keys()
    for key, row in expected.items():
        assert got[key]["n_examinations"] == row["n_examinations"], key
        assert got[key]["typical_value"] == pytest.approx(row["typical_value"], abs=TOLERANCE)


def test_national_levels_equal_the_truth(nation: Nation) -> None:
    got = by(CELL, mart(nation, "national_drls"))
    expected = by(CELL, nation.truth["national"])
    assert got.keys() == expected.keys()
    for key, row in expected.items():
        for name in ("n_facilities", "n_examinations", "status"):
            assert got[key][name] == row[name], key
        for name in ("p25", "p50", "p75"):
            assert got[key][name] == pytest.approx(row[name], abs=TOLERANCE), key
    assert {row["status"] for row in got.values()} >= {"ndrl"}


def test_national_levels_equal_numpys_linear_quantile_of_the_truths_typical_values(
    nation: Nation,
) -> None:
    doubtful = nation.truth["facilities"][-1]
    values: dict[tuple[Any, ...], list[float]] = {}
    for row in nation.truth["facility_typical_values"]:
        if row["n_examinations"] >= 10 and row["facility_id"] != doubtful:
            values.setdefault(tuple(row[name] for name in CELL), []).append(row["typical_value"])
    for key, row in by(CELL, mart(nation, "national_drls")).items():
        p75 = float(np.quantile(values[key], 0.75, method="linear"))
        assert row["p75"] == pytest.approx(p75, abs=TOLERANCE), key
        assert row["national_drl"] == (row["p75"] if len(values[key]) >= 10 else None)


def test_excluded_examinations_equal_the_truth(nation: Nation) -> None:
    got = {
        (row["facility_id"], row["reason_code"]): row["n"]
        for row in mart(nation, "attrition")
        if row["counted"] == "examination" and row["step"] == "excluded"
    }
    expected = {
        (row["facility_id"], row["reason_code"]): row["examinations"]
        for row in nation.truth["examinations_excluded"]
    }
    assert got == expected


def test_the_doubtful_facility_is_held_and_counts_nowhere(nation: Nation) -> None:
    doubtful = nation.truth["facilities"][-1]
    (quality,) = [
        row for row in mart(nation, "submission_quality") if row["facility_id"] == doubtful
    ]
    assert quality["status"] == "held"
    assert quality["hold_reason"]
    typical = mart(nation, "facility_typical_values")
    assert doubtful not in {row["facility_id"] for row in typical}


def test_the_silent_facility_is_missing_and_the_late_one_late(nation: Nation) -> None:
    attendance = {
        row["facility_id"]: row["attendance"] for row in mart(nation, "facility_attendance")
    }
    silent = nation.truth["silent_facilities"]
    assert [name for name, state in attendance.items() if state == "missing"] == silent
    assert [name for name, state in attendance.items() if state == "late"] == ["F004"]
    assert sorted(attendance) == [*nation.truth["facilities"], *silent]


def test_every_table_and_column_of_the_marts_has_a_comment(nation: Nation) -> None:
    with duckdb.connect(nation.lake.path("warehouse", "drl.duckdb"), read_only=True) as warehouse:
        silent = warehouse.execute(
            "select table_name, column_name from duckdb_columns()"
            " where schema_name = 'marts' and coalesce(comment, '') = ''"
        ).fetchall()
        described = warehouse.execute(
            "select count(*) from duckdb_columns() where schema_name = 'marts'"
        ).fetchone()
    assert silent == []
    assert described is not None
    assert described[0] > 40


def test_the_first_query_of_the_readme_has_an_answer(nation: Nation) -> None:
    readme = Path(__file__).resolve().parents[2] / "README.md"
    query = readme.read_text(encoding="utf-8").split("```sql")[1].split("```")[0]
    with duckdb.connect(nation.lake.path("report", "public.duckdb"), read_only=True) as public:
        assert public.execute(query).fetchall()


def test_run_prints_one_json_document_with_the_paths(nation: Nation) -> None:
    document = json.loads(nation.run.stdout)
    assert document["objects"]["received"] == nation.truth["objects_received"]
    for path in document["paths"].values():
        assert Path(path).stat().st_size > 0


def study_dates(nation: Nation) -> set[dt.date]:
    """Every study date in the restricted layer."""
    found: set[dt.date] = set()
    for submission_id in nation.lake.submissions("decode"):
        rows = nation.lake.read_table("decoded", DOSE_REPORT, submission_id)
        found.update(day for day in rows.column("study_date").to_pylist() if day is not None)
    return found


def declared_days(nation: Nation) -> set[dt.date]:
    """Dates of the association's deliverables, which the commitment report shows."""
    rows = pq.ParquetFile(nation.lake.path("marts", "commitment_deliverables.parquet")).read()
    names = ("due_on", "status_on", "delivered_on")
    return {day for row in rows.select(names).to_pylist() for day in row.values() if day}


def test_no_day_of_a_study_stands_in_a_published_file(nation: Nation) -> None:
    days = study_dates(nation) - declared_days(nation)
    assert len(days) > 100
    folder = Path(nation.lake.path("report"))
    pages = sorted(path for path in folder.rglob("*") if path.suffix in (".html", ".csv"))
    assert len(pages) == 8 + 2 * FACILITIES  # for each facility the feedback in two languages
    for name in pages:
        text = name.read_text(encoding="utf-8")
        written = set(
            re.findall(r"[\w./-]*\d{4}[\w./-]*|\d{1,2} \w+ \d{4}|\w+ \d{1,2}, \d{4}", text)
        )
        for form in DAY_FORMS:
            assert not written & {day.strftime(form) for day in days}, (name, form)


def test_the_published_table_has_no_column_of_days(nation: Nation) -> None:
    text = nation.lake.read_bytes(nation.lake.path("report", "national_drls.csv")).decode("utf-8")
    rows = list(csv.DictReader(text.splitlines()))
    assert rows
    days = re.compile(r"(19|20)\d\d-?\d\d-?\d\d")
    assert not [name for row in rows for name, value in row.items() if days.fullmatch(value or "")]


def test_names_that_attack_their_reader_are_shown_and_live_nowhere(
    nation: Nation, tmp_path: Path
) -> None:
    report = Path(nation.lake.path("report"))
    shown = "".join(page.read_text(encoding="utf-8") for page in report.rglob("*.html"))
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "{{7*7}}" in shown
    assert live_on_pages(report) == []
    written = everything_written(nation, tmp_path)
    names = (written / "names.csv").read_text(encoding="utf-8-sig")
    assert "script alert 1 script" in names and ",7 7," in names  # as rules compare them
    assert live_in_csv(written) + live_in_csv(report) == []
    assert len(list(written.rglob("*.csv"))) > 20
    assert len(list(written.rglob("*.xlsx"))) == 2
    assert live_in_workbooks(written) == []


def test_the_worked_questions_have_the_answers_that_their_readme_shows(nation: Nation) -> None:
    """To update the README: python -m transforms.query.analyses <that public.duckdb>."""
    found = list(analyses())
    assert [one.name[:2] for one in found] == [f"{number:02}" for number in range(1, 11)]
    assert all(one.question.endswith("?") for one in found)
    told = readme(Path(nation.lake.path("report", "public.duckdb")))
    assert told == README.read_text(encoding="utf-8")


def digests(nation: Nation) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for zone in ("received", "decoded", "outcomes", "validated", "accepted", "marts", "report")
        for path in Path(nation.lake.path(zone)).rglob("*")
        if path.is_file()
    }


@pytest.fixture(scope="module")
def digests_before_and_after(nation: Nation) -> tuple[dict[str, str], dict[str, str]]:
    """All files of the lake before and after every step again, with dbt building the whole."""
    before = digests(nation)
    registry = str(nation.exports / "facilities.csv")
    settings = Settings(lake=nation.lake.url, registry=registry)
    lake = ["--lake", nation.lake.url]
    for step in (
        ["ingest", "--registry", registry, *lake],  # takes nothing new
        ["ingest", "--registry", registry, *lake, "--again"],
        ["validate", *lake, "--again"],
    ):
        done = drlake(*step)
        assert done.returncode == 0, done.stderr[-2000:]
    build(settings, echo=lambda line: None, whole=True, data_tests=False)
    write_report(settings)
    write_feedback(settings)
    return before, digests(nation)


def test_doing_everything_again_in_one_go_changes_no_byte(
    digests_before_and_after: tuple[dict[str, str], dict[str, str]],
) -> None:
    before, after = digests_before_and_after
    assert after == before


@pytest.mark.usefixtures("digests_before_and_after")  # dbt's manifest is that of the whole build
def test_the_page_about_the_models_shows_them_and_asks_for_nothing(
    nation: Nation, browser: Browser, tmp_path: Path
) -> None:
    warehouse = Path(nation.lake.path("warehouse"))
    page = docs_page(warehouse / "dbt" / "target" / "manifest.json", warehouse / "drl.duckdb")
    for told in (str(nation.lake.url), str(Path.home()), str(tmp_path), "invocation_id"):
        assert told.encode() not in page, told
    (tmp_path / "index.html").write_bytes(page)
    place = (tmp_path / "index.html").as_uri()
    asked: list[str] = []
    wrong: list[str] = []
    tab = browser.new_page()
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    tab.goto(place)
    tab.get_by_text("The models of drlake").wait_for()
    tab.goto(f"{place}#!/model/model.drlake.public_national_drls")
    tab.get_by_text("One row per method, period, procedure").first.wait_for()
    assert "Unit: none. Source: seed methods" in tab.inner_text("body")
    tab.goto(f"{place}#!/source/source.drlake.lake.dose_report?g_v=1")
    tab.get_by_text("One row per decoded dose report").first.wait_for()
    tab.close()
    assert (asked, wrong) == ([place], [])
