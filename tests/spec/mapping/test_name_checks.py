"""Decided names are drawn in proportion to their examinations, and checked by another person."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from typer.testing import CliRunner

from transforms.cli.__main__ import app
from transforms.errors import DrlakeError, UsageError
from transforms.lake.lake import Lake
from transforms.mapping.check_sheet import COLUMNS, PAGE, check_sheet, drawn
from transforms.mapping.error_rate import ErrorRate, at_most
from transforms.mapping.reviews import KIND, error_rate, load_review, newest_review
from transforms.mapping.rules import load_procedures
from transforms.reference.files import REFERENCE
from transforms.sheets.read import read_bytes, sheet_of
from transforms.sheets.write import sheet_bytes
from transforms.warehouse.sql_project import seed_query, seed_types

NAMES = [
    # facility, text, decision, procedure, examinations, median DLP
    ("F1", "ct thorax", "CT chest", "ct_chest", 600, 300.0),
    ("F2", "ct thorax", "CT chest", "ct_chest", 300, 500.0),
    ("F1", "ct kopf", "own", "ct_head", 99, 800.0),
    ("F1", "ct punktion", "CT biopsy", None, 1, None),
    ("F1", "xyzzy", "undecided", None, 5000, None),
    ("F1", "ct hals", "contradicted", None, 5000, None),
]
OWN_RULE = (
    "('own', 1, 'F1', 'CT', 'study_description', 'exact', 'ct kopf', 'ct_head', 1, 'A', null, "
    "'2000-01-01', null, null)"
)
DAY = date(2026, 12, 1)


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    """A lake whose warehouse has these names; A is the author of the rule `own`."""
    found = Lake(str(tmp_path / "lake"))
    found.prepare()
    (tmp_path / "lake" / "warehouse").mkdir()
    path = tmp_path / "lake" / "warehouse" / "drl.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema core; create schema reference; create schema marts")
        connection.execute(
            "create table marts.doubtful_names as select 'F1' as facility_id, 'CT' as modality, "
            "'study_description' as field, 'ct kopf' as compared_text, 'own' as decision, "
            "'ct_head' as procedure_id, 'dose' as evidence, 1234.5 as median_value"
        )
        for seed in ("procedures", "procedure_rules", "concept_procedures"):
            query = seed_query(f"reference.{seed}", REFERENCE / f"{seed}.csv", seed_types()[seed])
            connection.execute(query)
        connection.execute(f"insert into reference.procedure_rules values {OWN_RULE}")  # noqa: S608
        connection.execute(
            "create table core.fct_name_statistics (facility_id varchar, modality varchar, "
            "field varchar, compared_text varchar, decision varchar, procedure_id varchar, "
            "n_examinations bigint, median_dose double, median_length_mm double, "
            "ctdiw_phantom varchar)"
        )
        connection.executemany(
            "insert into core.fct_name_statistics by position "
            "select ?, 'CT', 'study_description', ?, ?, ?, ?, ?, null, null",
            NAMES,
        )
    return found


def drlake(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def sheet_rows(path: Path) -> list[dict[str, Any]]:
    header, rows = sheet_of(path, read_bytes(path, KIND), KIND)
    return [dict(zip(map(str, header.cells), row.cells, strict=True)) for row in rows]


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_check_sheet_goes_out_is_filled_and_comes_back(
    lake: Lake, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"check.{ending}"
    options = ("--lake", lake.url, "--json")
    told = json.loads(drlake("mapping", "check-sheet", path, "--draws", 50, *options).stdout)
    assert told["decided"] == 3
    rows = sheet_rows(path)
    assert rows[-1]["text"] == "ct thorax"
    assert (rows[-1]["examinations"], rows[-1]["facilities"], rows[-1]["median_dose"]) == (
        *("900", "2"),
        "400",
    )
    assert sum(int(row["draws"]) for row in rows) == 50
    for row in rows:
        is_right = row["text"] == "ct thorax"
        row |= {"right": "yes"} if is_right else {"right": "no", "right_procedure_id": "ct_neck"}
    write_sheet(path, *rows)
    done = drlake("mapping", "review", path, "--reviewer", "B", "--on", "2026-12-01", *options)
    n_right = int(rows[-1]["draws"])
    assert json.loads(done.stdout)["error_rate"] == pytest.approx(1 - n_right / 50)
    assert {(row["reviewer"], row["reviewed_on"]) for row in newest_review(lake)} == {("B", DAY)}
    assert error_rate(newest_review(lake)) == ErrorRate(50, 50 - n_right)


def write_sheet(path: Path, *rows: Mapping[str, Any]) -> Path:
    lines = [[str(row.get(column) or "") for column in COLUMNS] for row in rows]
    path.write_bytes(sheet_bytes(path, {PAGE: [COLUMNS, *lines]}))
    return path


def checked(text: str = "ct thorax", decision: str = "CT chest", **cells: str) -> dict[str, str]:
    row = {"modality": "CT", "field": "study_description", "text": text, "decision": decision}
    return {**row, "procedure_id": "ct_chest", "draws": "3", "right": "yes", **cells}


def load(lake: Lake, folder: Path, *rows: Mapping[str, Any], reviewer: str = "B") -> Any:
    authors = {"CT chest": frozenset({"drlake"}), "own": frozenset({"A"})}
    path = write_sheet(folder / "check.csv", *rows)
    return load_review(lake, path, reviewer, DAY, load_procedures(), authors)


def test_loading_a_sheet_twice_makes_one_statement(lake: Lake, tmp_path: Path) -> None:
    first, again = load(lake, tmp_path, checked()), load(lake, tmp_path, checked())
    assert first == again
    other = load(lake, tmp_path, checked(), reviewer="C")
    assert other.statement_id != first.statement_id


def test_rows_without_draws_do_not_enter_the_error_rate(lake: Lake, tmp_path: Path) -> None:
    doubted = checked("ct kopf", "own", right="no", draws="0")
    made = load(lake, tmp_path, checked(), doubted)
    assert (made.n_names, made.n_wrong_names, made.rate) == (2, 1, ErrorRate(3, 0))
    assert load(lake, tmp_path, doubted).rate is None
    assert len(newest_review(lake)) == 2


def test_the_reviewer_is_another_person_than_the_author(lake: Lake, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="row 3, column 'decision': A is the author"):
        load(lake, tmp_path, checked(), checked("ct kopf", "own"), reviewer="A")
    assert newest_review(lake) == []


def test_every_bad_row_is_named_and_nothing_is_written(lake: Lake, tmp_path: Path) -> None:
    rows = [
        checked(right=""),
        checked(right="perhaps"),
        checked(right="yes", right_procedure_id="ct_head"),
        checked(right="no", right_procedure_id="ct_chest"),
        checked(right="no", right_procedure_id="dx_chest"),
        checked(draws="-1"),
        checked(right="no", right_procedure_id="none"),
    ]
    with pytest.raises(UsageError) as caught:
        load(lake, tmp_path, *rows)
    told = [line.split(":")[0] for line in str(caught.value).splitlines()[1:]]
    assert told == [
        "row 2, column 'right'",
        "row 3, column 'right'",
        "row 7, column 'draws'",
        "row 4, column 'right_procedure_id'",
        "row 5, column 'right_procedure_id'",
        "row 6, column 'right_procedure_id'",
    ]
    assert newest_review(lake) == []


def test_names_are_drawn_in_proportion_to_their_examinations() -> None:
    draws = drawn([900, 99, 1], 10_000, seed=1)
    assert draws.total() == 10_000
    assert draws[0] / 10_000 == pytest.approx(0.9, abs=0.01)
    assert drawn([900, 99, 1], 50, seed=7) == drawn([900, 99, 1], 50, seed=7)
    assert drawn([], 5, seed=1).total() == 0


def test_without_a_warehouse_the_cure_is_named(tmp_path: Path) -> None:
    done = drlake("mapping", "check-sheet", tmp_path / "x.csv", "--lake", tmp_path)
    assert isinstance(done.exception, DrlakeError) and "drlake build" in str(done.exception)


@pytest.mark.parametrize(
    ("n", "wrong", "lower", "upper"),
    [
        # Clopper and Pearson's limits; without an error the upper one is 1 - (0.025)^(1/n)
        (200, 0, 0.0, 1 - 0.025 ** (1 / 200)),
        (10, 10, 0.025 ** (1 / 10), 1.0),
        (20, 4, 0.057334, 0.436614),
        (100, 5, 0.016432, 0.112835),
    ],
)
def test_the_limits_are_those_of_clopper_and_pearson(
    n: int, wrong: int, lower: float, upper: float
) -> None:
    assert ErrorRate(n, wrong).limits == pytest.approx((lower, upper), abs=1e-6)


def test_the_limits_leave_2_5_percent_on_each_side() -> None:
    lower, upper = ErrorRate(150, 7).limits
    assert at_most(150, 7, upper) == pytest.approx(0.025)
    assert 1 - at_most(150, 6, lower) == pytest.approx(0.025)


def test_doubtful_names_are_listed_without_draws(lake: Lake, tmp_path: Path) -> None:
    path = tmp_path / "check.csv"
    drlake("mapping", "check-sheet", path, "--draws", 1, "--seed", 3, "--lake", lake.url)
    drawn_row, doubted = sorted(sheet_rows(path), key=lambda row: row["draws"], reverse=True)
    assert (drawn_row["text"], drawn_row["doubt"], drawn_row["draws"]) == ("ct thorax", None, "1")
    assert (doubted["text"], doubted["draws"]) == ("ct kopf", "0")
    assert doubted["doubt"] == "dose 1234 at F1"


def test_a_sheet_has_no_more_names_than_are_decided(lake: Lake) -> None:
    from transforms.warehouse.reading import open_warehouse

    with open_warehouse(lake) as built:
        assert built is not None
        sheet = check_sheet(built, load_procedures(), size=5000)
    assert (sheet.n_names, sheet.n_decided) == (3, 3)
