"""A rules file is checked as a whole when loaded; every problem has its row and column."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.support.sql_models import SqlModels
from transforms.cli.__main__ import app
from transforms.dbt_build.warehouse import build
from transforms.errors import UsageError
from transforms.mapping.rules import COLUMNS, PACKAGED_RULES, load_rules, rules_csv
from transforms.mapping.word_boundaries import BOUNDARY, refuse_new_boundaries, version_of
from transforms.settings import Settings

GOOD = {
    "rule_id": "F001.chest",
    "rule_version": "1",
    "scope": "F001",
    "modality": "CT",
    "field": "study_description",
    "match_type": "exact",
    "pattern": "thx nativ",
    "procedure_id": "ct_chest",
    "priority": "1",
    "author": "A. Physicist",
    "reviewer": "",
    "valid_from": "2024-01-01",
    "valid_to": "",
    "note": "",
}
SECOND = {"rule_id": "F001.other", "pattern": "thx km"}


def write(folder: Path, *changes: dict[str, str]) -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows({**GOOD, **change} for change in changes)
    path = folder / "rules.csv"
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def problems(folder: Path, *changes: dict[str, str]) -> list[str]:
    with pytest.raises(UsageError) as caught:
        load_rules(write(folder, *changes))
    return str(caught.value).splitlines()[1:]


def test_the_packaged_rules_have_no_problem_and_are_written_as_they_stand() -> None:
    rules = load_rules(PACKAGED_RULES)
    assert rules_csv(rules) == PACKAGED_RULES.read_text(encoding="utf-8")


def test_a_facility_that_is_not_known_yet_is_allowed(tmp_path: Path) -> None:
    (rule,) = load_rules(write(tmp_path, {"scope": "NOBODY-YET"}))
    assert rule.scope == "NOBODY-YET"


def test_a_rule_may_apply_to_a_model_of_devices(tmp_path: Path) -> None:
    (rule,) = load_rules(write(tmp_path, {"scope": "model:Maker AG|Scan 2000"}))
    assert rule.scope == "model:Maker AG|Scan 2000"


@pytest.mark.parametrize(
    ("change", "column", "says"),
    [
        ({"procedure_id": "ct_knee"}, "procedure_id", "'ct_knee' is not in procedures.csv"),
        ({"modality": "MG"}, "procedure_id", "is a procedure of CT"),
        ({"match_type": "pattern", "pattern": "(thx"}, "pattern", "is not an RE2 pattern"),
        ({"match_type": "pattern", "pattern": "thx(?=km)"}, "pattern", "is not an RE2 pattern"),
        ({"match_type": "pattern", "pattern": r"\bTHX\b"}, "pattern", "in lower case"),
        ({"pattern": "Thx nativ"}, "pattern", "normalised to 'thx nativ'"),
        ({"pattern": "thx/nativ"}, "pattern", "normalised to 'thx nativ'"),
        ({"field": "procedure_code", "match_type": "code", "pattern": "24725"}, "pattern", "schem"),
        ({"match_type": "code"}, "match_type", "procedure_code"),
        ({"field": "procedure_code"}, "match_type", "must be 'code'"),
        ({"field": "series"}, "field", "must be one of procedure_code"),
        ({"scope": "F 001"}, "scope", "facility id"),
        ({"scope": "model:Maker"}, "scope", "model:MANUFACTURER|MODEL"),
        ({"scope": "model: |One"}, "scope", "model:MANUFACTURER|MODEL"),
        ({"priority": "0"}, "priority", "of at least 1"),
        ({"rule_version": "one"}, "rule_version", "of at least 1"),
        ({"author": ""}, "author", "must be given"),
        ({"reviewer": "A. Physicist"}, "reviewer", "name another person"),
        ({"valid_from": "01.01.2024"}, "valid_from", "2026-03-31"),
        ({"valid_to": "2023-12-30"}, "valid_to", "lies before"),
    ],
)
def test_a_bad_cell_is_named_with_its_row_and_column(
    tmp_path: Path, change: dict[str, str], column: str, says: str
) -> None:
    found = problems(tmp_path, {"pattern": "ct", "rule_id": "ok", "priority": "9"}, change)
    assert any(one.startswith(f"row 3, column {column!r}: ") and says in one for one in found)
    assert all(one.startswith("row 3,") for one in found)


def test_all_problems_are_told_at_once(tmp_path: Path) -> None:
    found = problems(tmp_path, {"priority": "x", "author": ""}, {"field": "x"})
    assert [one.split(":")[0] for one in found] == [
        "row 2, column 'priority'",
        "row 2, column 'author'",
        "row 3, column 'field'",
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"priority": "1"}, "row 3, column 'priority': is also in row 2"),
        ({"priority": "1", "valid_from": "2025-01-01"}, "row 3, column 'priority'"),
        ({"priority": "1", "scope": "F002"}, None),
        ({"priority": "1", "valid_from": "2023-01-01", "valid_to": "2023-12-31"}, None),
        ({"priority": "1", "valid_from": "2024-01-01", "valid_to": "2023-12-31"}, None),
        ({"priority": "2", "rule_id": "F001.chest"}, "row 3, column 'rule_version': is used twice"),
        (
            {"priority": "2", "rule_id": "F001.chest", "rule_version": "2"},
            "row 3, column 'valid_from': lies within the validity of row 2",
        ),
    ],
)
def test_nothing_but_priority_and_validity_decides_between_rules(
    tmp_path: Path, change: dict[str, str], fault: str | None
) -> None:
    rows = ({}, {**SECOND, **change})
    if fault is None:
        assert len(load_rules(write(tmp_path, *rows))) == 2
    else:
        assert any(one.startswith(fault) for one in problems(tmp_path, *rows))


def test_a_build_with_bad_rules_ends_before_it_begins(tmp_path: Path) -> None:
    path = write(tmp_path, {"procedure_id": "ct_knee"})
    settings = Settings.from_environ({"DRLAKE_RULES": str(path)}, lake=str(tmp_path / "lake"))
    with pytest.raises(UsageError, match="row 2, column 'procedure_id'"):
        build(settings, echo=lambda line: None)
    assert not (tmp_path / "lake" / "warehouse" / "drl.duckdb").exists()


def test_the_check_command_tells_of_rules_and_reviewers(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        app, ["mapping", "check", str(write(tmp_path, {})), "--lake", str(tmp_path), "--json"]
    )
    assert json.loads(done.stdout) == {
        "command": "mapping check",
        "rules": 1,
        "unreviewed": 1,
        "word_boundaries": [],
    }


BOUNDED = {"match_type": "pattern", "pattern": r"\bthx\b", "priority": "2", "rule_id": "F001.b"}


def test_a_new_pattern_with_a_word_boundary_is_refused_with_its_replacement(
    tmp_path: Path,
) -> None:
    path = write(tmp_path, {}, BOUNDED)
    assert len(load_rules(path)) == 2
    done = CliRunner().invoke(app, ["mapping", "check", str(path), "--lake", str(tmp_path)])
    assert isinstance(done.exception, UsageError)
    assert "row 3, column 'pattern': uses \\b" in str(done.exception)
    assert "(^| ) before and ( |$) behind" in str(done.exception)


def test_patterns_that_were_loaded_earlier_are_listed_and_work(tmp_path: Path) -> None:
    rules = load_rules(write(tmp_path, {}, BOUNDED))
    earlier = {version_of(rule) for rule in rules}
    (listed,) = refuse_new_boundaries(tmp_path / "rules.csv", rules, earlier)
    assert listed == (3, rules[1])
    shipped = write(tmp_path, {**BOUNDED, "author": "drlake"})
    done = CliRunner().invoke(
        app, ["mapping", "check", str(shipped), "--lake", str(tmp_path), "--json"]
    )
    assert json.loads(done.stdout)["word_boundaries"] == ["F001.b"]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [(r"\bthx", True), (r"thx\B", True), (r"\\bthx", False), ("(^| )thx( |$)", False)],
)
def test_a_word_boundary_is_told_from_a_backslash(pattern: str, found: bool) -> None:
    assert bool(BOUNDARY.search(pattern)) is found


def test_hospital_text_reaches_no_other_model() -> None:
    project = SqlModels("unmapped_names").project
    users = {name for name, refs in project.refs.items() if "unmapped_names" in refs}
    assert users == set()
    users = {name for name, refs in project.refs.items() if "int_unmapped_texts" in refs}
    assert users == {"unmapped_names", "mapping_coverage"}
    restricted = {"fct_name_statistics": {"doubtful_names"}, "doubtful_names": set()}
    for model, readers in restricted.items():
        assert {name for name, refs in project.refs.items() if model in refs} == readers


@pytest.mark.parametrize(
    ("text", "withheld"),
    [
        ("thorax mit km", False),
        ("ct 3 phasen 120 kv", False),
        ("thorax 12345", False),
        ("thorax 123456", True),
        ("thorax 24 12 1961", True),
        ("thorax 1961 12 24", True),
        ("thorax dr smith", True),
        ("frau mueller thorax", True),
        ("patient doe", True),
        ("geb 24", True),
    ],
)
def test_a_text_with_the_form_of_an_identifier_is_withheld(text: str, withheld: bool) -> None:
    models = SqlModels("unmapped_names")
    query = "select {{ reads_like_an_identifier('?') }}"
    assert models.rows(models.project.render_text(query), text) == [(withheld,)]
