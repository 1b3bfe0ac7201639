"""Forms of declared data: every problem is named with row, column and cure, never with its text."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from tests.support.lakes.declared_forms import HEADERS, csv_form, example, good, problems, xlsx_form
from transforms.errors import UsageError
from transforms.forms.declared.load import checked_form
from transforms.forms.declared.template import write_template
from transforms.receive.registry import Facility, load_registry
from transforms.tables.declared import KINDS, form_columns
from transforms.tables.schema import Column

ALL = pytest.mark.parametrize("kind", KINDS)
MARK = "QQMARKQQ"
"""Text of bad cells: no problem may repeat it."""

WITH_A_FORM = {
    *("facility_id", "country", "feature_id", "curriculum_id", "wording_version"),
    *("deliverable_id", "evidence_uri", "report_uri"),
}
HOSTILE = (
    "=cmd|' /C calc'!A0",
    "+49 30 1234",
    "@SUM(A1)",
    "-1+1",
    "<script>alert(1)</script>",
    "{{7*7}} {% raw %}",
    'O\'Brien "the quoted", Ltd; drop table x --',
    "قسم الأشعة",
    "../../keys/uid.key",
)


def columns_of(kind: str, wanted: Callable[[Column], bool]) -> list[str]:
    return [column.name for column in form_columns(KINDS[kind]) if wanted(column)]


def is_free_text(column: Column) -> bool:
    is_text = pa.types.is_string(column.type) and not column.allowed
    return is_text and column.name not in WITH_A_FORM


def is_number(column: Column) -> bool:
    return pa.types.is_integer(column.type) or pa.types.is_floating(column.type)


def assert_named(kind: str, folder: Path, names: list[str], cell: Any, said: str) -> None:
    """Check one row for each of these columns: each has its problem, and no cell is quoted."""
    found = problems(kind, csv_form(folder, kind, *(good(kind, **{n: cell}) for n in names)))
    for number, name in enumerate(names, start=2):
        mine = [p for p in found if p.startswith(f"row {number}, column {name!r}: ") and said in p]
        assert mine, (number, name, found)
        assert mine[0].endswith(".")
    assert MARK not in "".join(found)


@ALL
def test_what_must_be_stated_is_asked_for(tmp_path: Path, kind: str) -> None:
    assert_named(kind, tmp_path, columns_of(kind, lambda c: not c.nullable), "", "is empty. State ")


@ALL
def test_what_may_be_open_may_be_left_out_as_a_column(tmp_path: Path, kind: str) -> None:
    needed = columns_of(kind, lambda c: not c.nullable)
    form = checked_form(kind, csv_form(tmp_path, kind, good(kind), header=needed))
    open_ones = set(HEADERS[kind]) - set(needed)
    assert [{row[name] for name in open_ones} for row in form.rows] == [
        {None} if open_ones else set()
    ]


@ALL
def test_words_come_from_their_lists(tmp_path: Path, kind: str) -> None:
    listed = {"feature_id", "curriculum_id", "wording_version"}
    names = columns_of(kind, lambda c: bool(c.allowed) or c.name in listed)
    assert_named(kind, tmp_path, names, MARK, "must be one of ")


@ALL
def test_days_are_written_as_days(tmp_path: Path, kind: str) -> None:
    names = columns_of(kind, lambda c: pa.types.is_date(c.type))
    for cell in ("31.12.2025", "2025-13-01", "2025-02-30", "20250101", MARK):
        assert_named(kind, tmp_path, names, cell, "must be a date, for example 2026-03-31.")
    for cell in ("1899-12-31", "2100-01-01"):
        assert_named(kind, tmp_path, names, cell, "must lie between the years 1960 and 2099.")


@ALL
def test_numbers_are_numbers_within_their_limits(tmp_path: Path, kind: str) -> None:
    for cell in (MARK, "1,5", "1 000", "NaN", "inf", "12 mm", "=1+1"):
        assert_named(kind, tmp_path, columns_of(kind, is_number), cell, "is not a number.")
    for cell in ("1e300", "2000000000"):
        assert_named(kind, tmp_path, columns_of(kind, is_number), cell, " at most.")
    assert_named(kind, tmp_path, columns_of(kind, is_number), "1e999", "is not finite.")
    whole = columns_of(kind, lambda c: pa.types.is_integer(c.type) and (c.minimum or 0) < 2)
    assert_named(kind, tmp_path, whole, "2.5", "must be a whole number.")


@ALL
def test_addresses_run_nothing_and_name_nobody(tmp_path: Path, kind: str) -> None:
    names = columns_of(kind, lambda c: c.name.endswith("_uri"))
    for cell in (
        *("javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", f"see {MARK}"),
        *(f"https://{MARK}:secret@example.org/", 'https://example.org/"><script>', "https:///x"),
    ):
        assert_named(kind, tmp_path, names, cell, "is not an address.")
    for cell in ("https://example.org/a?b=c#d", "http://example.org:8080", "doi:10.1000/182"):
        rows = (good(kind, **{name: cell}) for name in names)
        assert all(not problems(kind, csv_form(tmp_path, kind, row)) for row in rows)


@ALL
@pytest.mark.parametrize("write", [csv_form, xlsx_form])
def test_text_is_data_whatever_it_says(
    tmp_path: Path, kind: str, write: Callable[..., Path]
) -> None:
    names = columns_of(kind, is_free_text)
    for text in HOSTILE:
        path = write(tmp_path, kind, good(kind, **dict.fromkeys(names, text)))
        (row,) = checked_form(kind, path).rows
        assert {row[name] for name in names} <= {text}


@ALL
def test_text_that_cannot_be_seen_or_has_no_end_is_refused(tmp_path: Path, kind: str) -> None:
    names = columns_of(kind, is_free_text)
    for cell in (f"{MARK}\nx", f"{MARK}\rx", f"a\u202e{MARK}", f"a\u200b{MARK}", f"a\x07{MARK}"):
        assert_named(
            kind, tmp_path, names, cell, "that is not visible. Type it again, on one line."
        )
    assert_named(kind, tmp_path, names, MARK * 200, "has more than 1000 characters. Shorten it.")


@ALL
def test_what_is_stated_twice_is_refused(tmp_path: Path, kind: str) -> None:
    row = good(kind)
    again = {**row, **{n: row[n].upper() for n in ("manufacturer", "model_name") if n in row}}
    (found,) = problems(kind, csv_form(tmp_path, kind, row, again))
    assert found.startswith("row 3, column ")
    assert "row 2 has the same " in found
    assert found.endswith("Remove one of the two.")


@ALL
def test_columns_are_those_of_the_form(tmp_path: Path, kind: str) -> None:
    missing = next(iter(columns_of(kind, lambda c: not c.nullable)))
    header = (*(name for name in HEADERS[kind] if name != missing), MARK)
    found = problems(kind, csv_form(tmp_path, kind, good(kind), header=header))
    assert found == [
        f"row 1, column {missing!r}: is missing. Add it with its values.",
        f"row 1, column {len(header)}: is unknown. Remove it.",
    ]


@ALL
def test_a_formula_in_a_workbook_is_refused(tmp_path: Path, kind: str) -> None:
    from openpyxl import load_workbook

    path = xlsx_form(tmp_path, kind, good(kind))
    book = load_workbook(path)
    book.active["A2"] = "=1+1"
    book.save(path)
    (found,) = problems(kind, path)
    assert found.startswith(f"row 2, column {HEADERS[kind][0]!r}: contains a formula.")


@pytest.mark.parametrize(
    ("kind", "cells", "column", "said"),
    [
        ("device", {"installed_on": "2018-11-04"}, "installed_on", "lies before manufactured_on"),
        ("device", {"refurbished_on": "2019-02-17"}, "refurbished_on", "lies before installed_on"),
        ("device", {"decommissioned_on": "2019-01-01"}, "decommissioned_on", "before installed_on"),
        (
            "device",
            {"refurbished_on": "2024-05-01", "decommissioned_on": "2024-04-30"},
            "decommissioned_on",
            "lies before refurbished_on",
        ),
        ("device", {"country": "Sweden"}, "country", "two capital letters"),
        ("device", {"facility_id": "../F001"}, "facility_id", "is not usable"),
        ("model", {"end_of_support_year": "2008"}, "end_of_support_year", "before market_year"),
        ("benchmark", {"figure_of_merit_lower": ""}, "figure_of_merit_lower", "both or neither"),
        ("benchmark", {"figure_of_merit_upper": ""}, "figure_of_merit_upper", "both or neither"),
        ("benchmark", {"figure_of_merit_upper": "2"}, "figure_of_merit_value", "own limits"),
        ("benchmark", {"figure_of_merit_lower": "2.2"}, "figure_of_merit_value", "own limits"),
        ("benchmark", {"ctdivol_mgy": "0"}, "ctdivol_mgy", "must be 0.001 or more"),
        ("benchmark", {"kvp_kv": "1200"}, "kvp_kv", "200 at most"),
        ("training", {"n_participants": "-1"}, "n_participants", "is not a number"),
        ("training", {"n_sessions": "0"}, "n_participants", "above zero without a session"),
        ("training", {"year": "1999"}, "year", "must be 2000 or more"),
        ("deliverable", {"commitment_number": "5"}, "commitment_number", "4 at most"),
        (
            "deliverable",
            {"commitment_number": "2", "wording_version": "2013-12"},
            "wording_version",
            "does not belong to this commitment. State 2011.",
        ),
        ("deliverable", {"status": "ongoing"}, "delivered_on", "the status is not achieved"),
        ("deliverable", {"delivered_on": "2026-02-01"}, "delivered_on", "lies after status_on"),
        ("deliverable", {"deliverable_id": "a b"}, "deliverable_id", "is not usable"),
        ("facility", {"n_examinations": "12.5"}, "n_examinations", "must be a whole number"),
    ],
)
def test_what_does_not_go_together_is_named(
    tmp_path: Path, kind: str, cells: dict[str, str], column: str, said: str
) -> None:
    (found,) = problems(kind, csv_form(tmp_path, kind, good(kind, **cells)))
    assert found.startswith(f"row 2, column {column!r}: ")
    assert said in found


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    bad = good("device", modality="XX", country="se"), good("device", installed_on="yesterday")
    found = problems("device", csv_form(tmp_path, "device", *bad))
    assert [line.partition(": ")[0] for line in found] == [
        "row 2, column 'modality'",
        "row 2, column 'country'",
        "row 3, column 'installed_on'",
    ]


def test_a_negative_contrast_is_a_number(tmp_path: Path) -> None:
    path = csv_form(tmp_path, "benchmark", good("benchmark", insert_contrast_hu="-10.5"))
    assert checked_form("benchmark", path).rows[0]["insert_contrast_hu"] == -10.5


def test_a_workbook_may_hold_days_as_days_and_years_as_numbers(tmp_path: Path) -> None:
    cells = {"installed_on": date(2019, 2, 18), "manufactured_on": datetime(2018, 11, 5)}
    (row,) = checked_form("device", xlsx_form(tmp_path, "device", good("device", **cells))).rows
    assert (row["installed_on"], row["manufactured_on"]) == (date(2019, 2, 18), date(2018, 11, 5))
    path = xlsx_form(tmp_path, "training", good("training", year=2025, n_sessions=6.0))
    (row,) = checked_form("training", path).rows
    assert (row["year"], row["n_sessions"]) == (2025, 6)


def test_a_day_elsewhere_or_with_a_time_is_refused(tmp_path: Path) -> None:
    cells = {"serial_number": date(2026, 4, 3), "installed_on": datetime(2019, 2, 18, 12, 30)}
    found = problems("device", xlsx_form(tmp_path, "device", good("device", **cells)))
    assert [line.partition(". ")[0] for line in found] == [
        "row 2, column 'serial_number': contains a date or a logical value",
        "row 2, column 'installed_on': contains a date or a logical value",
    ]


def test_facilities_and_their_countries_are_those_of_the_registry(tmp_path: Path) -> None:
    words = ("F002", "F002", "NO", "North", "hospital", "file:///exports/F002", "daily", "nobody")
    known = (Facility(*words, (), frozenset(), date(2025, 1, 1), None),)
    rows = good("device"), good("device", facility_id="F002")
    found = problems("device", csv_form(tmp_path, "device", *rows), facilities=known)
    assert found == [
        "row 2, column 'facility_id': is not in the facility registry. Correct it, or register it.",
        "row 3, column 'country': is not the facility's country in the registry. Correct one of "
        "them.",
    ]
    (found_too,) = problems("facility", example("facility"), facilities=known)[:1]
    assert "is not in the facility registry" in found_too


@ALL
def test_each_example_is_a_form_without_a_problem(kind: str) -> None:
    registry = load_registry(example("x").parent.parent / "facilities.example.csv")
    form = checked_form(kind, example(kind), registry)
    assert len(form.rows) >= 4
    assert tuple(form.rows[0]) == HEADERS[kind]


def test_a_form_that_nobody_has_filled_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_template("model", path)
    assert problems("model", path) == ["no row is filled in. Fill the form first."]


def test_a_kind_that_there_is_not_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a kind of form"):
        checked_form("devices", example("device"))
