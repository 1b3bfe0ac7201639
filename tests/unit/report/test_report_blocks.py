"""Blocks: one query, one table; parameters, units, limits, labels, and missing values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest

from transforms.errors import DrlakeError
from transforms.report.frame.blocks import (
    COUNT,
    DOSE,
    LABEL,
    OF_THE_ROW,
    RATIO,
    SHARE,
    VERDICT,
    YEAR,
    Block,
    Column,
    FilledBlock,
    Source,
)
from transforms.report.frame.catalogue import Catalogue

HOSTILE = "=cmd|' /C calc'!A0<script>{{7*7}}\u202e"
QUERY = "with of_year as (select * from doses where year = $year) select * from of_year order by n"
NDRL = Column("dose", "NDRL", DOSE, OF_THE_ROW, "lower_dose", "upper_dose")
COLUMNS = (
    *(Column("name", "Procedure"), NDRL, Column("n", "Facilities", COUNT)),
    *(Column("part", "Ratio", SHARE), Column("part", "Ratio", RATIO)),
    *(Column("verdict", "Change", VERDICT), Column("year", "Year", YEAR)),
    Column("groups", "Patient groups", LABEL),
)
ROW: dict[str, Any] = {
    **{"name": HOSTILE, "dose": 12.345, "lower_dose": 11.0, "upper_dose": None, "unit": "mGy.cm"},
    **{"n": 1234, "part": 0.255, "verdict": "higher", "year": 2025, "groups": ["CT head", "dlp"]},
}


def filled_block(folder: Path, *rows: dict[str, Any], language: str = "en") -> FilledBlock:
    (folder / "queries").mkdir(exist_ok=True)
    (folder / "queries" / "doses.sql").write_text(QUERY, encoding="utf-8")
    database = folder / "some.duckdb"
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "create or replace table doses (name text, dose double, lower_dose double, "
            "upper_dose double, unit text, n bigint, part double, verdict text, year integer, "
            "groups text[])"
        )
        for row in rows:
            connection.execute(
                "insert into doses values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", list(row.values())
            )
    block = Block("doses", "Reference levels", "doses.sql", COLUMNS, note="Note")
    with Source(database, folder / "queries") as source:
        return source.fill(block, Catalogue(language), year=2025, method_id="not named by it")


def test_a_row_in_words(tmp_path: Path) -> None:
    found = filled_block(tmp_path, ROW)
    assert [cell.text for cell in found.body[0]] == [
        *("=cmd|' /C calc'!A0<script>{{7*7}}[U+202E]", "12.3 (11.0 to –)", "1\u202f234"),
        *("25.5\u202f%", "0.26", "higher", "2025", "CT head; DLP"),
    ]
    assert [cell.mark for cell in found.body[0]] == [*[""] * 5, "up", "", ""]
    assert found.heads[1].text == "NDRL" and found.heads[1].unit == "mGy·cm"


def test_the_same_row_in_german(tmp_path: Path) -> None:
    found = filled_block(tmp_path, ROW, language="de")
    assert [cell.text for cell in found.body[0]][1:] == [
        *("12,3 (11,0 bis –)", "1\u202f234", "25,5\u202f%", "0,26", "höher", "2025"),
        "CT Kopf; DLP",
    ]
    assert found.title == "Referenzwerte"


def test_units_that_differ_stand_with_each_number(tmp_path: Path) -> None:
    found = filled_block(tmp_path, ROW, {**ROW, "unit": "mGy", "n": 5000})
    assert found.heads[1].unit == ""
    assert [row[1].text for row in found.body] == [
        "12.3 (11.0 to –) mGy·cm",
        "12.3 (11.0 to –) mGy",
    ]


def test_what_is_missing_is_a_dash_and_no_zero(tmp_path: Path) -> None:
    found = filled_block(tmp_path, {**dict.fromkeys(ROW), "year": 2025, "unit": "mGy"})
    assert [cell.text for cell in found.body[0]] == [*["–"] * 6, "2025", "–"]


def test_the_query_names_its_tables_and_takes_its_parameters(tmp_path: Path) -> None:
    found = filled_block(tmp_path, ROW, {**ROW, "year": 2024})
    assert len(found.rows) == 1
    assert found.query.models == ("doses",)
    assert found.parameters == (("year", "2025"),)
    assert found.query.anchor == "query-doses"


def test_no_rows_are_said_to_be_none(tmp_path: Path) -> None:
    found = filled_block(tmp_path)
    assert found.body == () and found.empty == "Nothing to show." and found.drawings == ()


def test_a_query_that_does_not_fit_says_what_to_run(tmp_path: Path) -> None:
    filled_block(tmp_path, ROW)
    with duckdb.connect(str(tmp_path / "some.duckdb")) as connection:
        connection.execute("alter table doses drop column year")
    with (
        Source(tmp_path / "some.duckdb", tmp_path / "queries") as source,
        pytest.raises(DrlakeError, match="drlake build"),
    ):
        source.rows("doses.sql", year=2025)
    with pytest.raises(DrlakeError, match="drlake build"):
        Source(tmp_path / "none.duckdb")
