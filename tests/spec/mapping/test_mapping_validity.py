"""The rule version that decides a study: by scope, priority and study date."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pytest

from transforms.mapping.readings import Named, read_names
from transforms.mapping.rules import COLUMNS
from transforms.reference.files import REFERENCE
from transforms.warehouse.sql_project import SqlProject, seed_query, seed_types

NAME = "thx nativ"
ALWAYS = ("2000-01-01", None)
NO_READINGS = """
create table int_name_readings (
    modality varchar, examination_name varchar, concepts varchar[], other_concepts varchar[],
    unread_words varchar[], is_excluded boolean, is_default boolean
)
"""


def mapping_decision(
    study_date: str | None, *rules: tuple[object, ...]
) -> tuple[object, ...] | None:
    """Rule, version and procedure of one study of F001; a rule is (id, version, scope, procedure,
    priority, valid_from, valid_to)."""
    project = SqlProject()
    with duckdb.connect() as connection:
        connection.execute(
            "create table int_examination_texts as select 'F001' as facility_id, 'S1' as study_key,"
            " 'CT' as modality, 'study_description' as field, ? as compared_text, "
            "cast(null as varchar) as examination_name",
            [NAME],
        )
        connection.execute(
            "create table int_examination_reports as select 'F001' as facility_id, "
            "'S1' as study_key, 'CT' as modality, cast(? as date) as study_date, "
            "'Maker ' as manufacturer, 'One' as model_name",
            [study_date],
        )
        kinds = {"rule_version": "int", "priority": "int", "valid_from": "date", "valid_to": "date"}
        columns = ", ".join(f"{name} {kinds.get(name, 'varchar')}" for name in COLUMNS)
        connection.execute(f"create table procedure_rules ({columns})")
        for rule_id, version, scope, procedure, priority, valid_from, valid_to in rules:
            row = [rule_id, version, scope, "CT", "study_description", "exact", NAME, procedure]
            row += [priority, "author", None, valid_from, valid_to, None]
            marks = ", ".join("?" for _ in COLUMNS)
            connection.execute(f"insert into procedure_rules values ({marks})", row)  # noqa: S608
        connection.execute(NO_READINGS)
        for seed in ("concept_procedures", "procedures"):
            path = REFERENCE / f"{seed}.csv"
            connection.execute(seed_query(seed, path, seed_types()[seed]))
        model = "int_examination_procedures"
        connection.execute(f"create table {model} as {project.render_model(model)}")
        query = "select rule_id, rule_version, procedure_id from int_examination_procedures"
        return connection.execute(query).fetchone()


OLD = ("chest", 1, "F001", "ct_chest", 1, "2000-01-01", "2024-12-31")
NEW = ("chest", 2, "F001", "ct_neck", 1, "2025-01-01", None)
WITHDRAWN = ("chest", 1, "F001", "ct_chest", 1, "2000-01-01", "1999-12-31")


@pytest.mark.parametrize(
    ("study_date", "expected"),
    [
        ("2024-12-31", ("chest", 1, "ct_chest")),
        ("2025-01-01", ("chest", 2, "ct_neck")),
        (None, ("chest", 2, "ct_neck")),  # a study without a date uses rules without an end
    ],
)
def test_the_version_that_holds_on_the_day_of_the_study_decides(
    study_date: str | None, expected: tuple[object, ...]
) -> None:
    assert mapping_decision(study_date, OLD, NEW) == expected


@pytest.mark.parametrize("study_date", ["1999-12-31", "2000-01-01", "2025-01-01", None])
def test_a_withdrawn_rule_decides_nothing(study_date: str | None) -> None:
    assert mapping_decision(study_date, WITHDRAWN) is None


def test_the_rule_of_the_facility_wins_then_the_lowest_priority() -> None:
    nation = ("nation", 1, "national", "ct_head", 1, *ALWAYS)
    own, later = ("own", 1, "F001", "ct_chest", 7, *ALWAYS), ("z", 1, "F001", "ct_neck", 8, *ALWAYS)
    foreign = ("foreign", 1, "F002", "ct_sinuses", 1, *ALWAYS)
    assert mapping_decision("2025-01-01", nation, later, own, foreign) == ("own", 1, "ct_chest")
    assert mapping_decision("2025-01-01", nation, foreign) == ("nation", 1, "ct_head")


def test_a_rule_of_a_model_comes_after_the_facility_and_before_the_nation() -> None:
    nation = ("nation", 1, "national", "ct_head", 1, *ALWAYS)
    model = ("model", 1, "model:Maker|One", "ct_neck", 9, *ALWAYS)
    other = ("other", 1, "model:Maker|Two", "ct_sinuses", 1, *ALWAYS)
    own = ("own", 1, "F001", "ct_chest", 9, *ALWAYS)
    assert mapping_decision("2025-01-01", nation, model, other) == ("model", 1, "ct_neck")
    assert mapping_decision("2025-01-01", nation, model, own) == ("own", 1, "ct_chest")
    assert mapping_decision("2025-01-01", nation, other) == ("nation", 1, "ct_head")


def test_a_rule_may_say_that_a_study_belongs_to_no_procedure() -> None:
    nation = ("nation", 1, "national", "ct_head", 1, *ALWAYS)
    assert mapping_decision("2025-01-01", nation, ("none", 1, "F001", None, 1, *ALWAYS)) == (
        "none",
        1,
        None,
    )


def test_a_code_of_the_nation_decides_before_a_text_of_the_facility() -> None:
    code = "99NATION:CT-201"
    named = Named("CT", "CT Thorax", procedure_code=code)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rules.csv"
        path.write_text(CODE_AND_TEXT, encoding="utf-8")
        (found,) = read_names([named], path)
    assert (found.rule_id, found.procedure_id) == ("code", "ct_neck")


CODE_AND_TEXT = f"""{",".join(COLUMNS)}
text,1,F,CT,study_description,exact,ct thorax,ct_head,1,A,,2000-01-01,,
code,1,national,CT,procedure_code,code,99NATION:CT-201,ct_neck,9,A,,2000-01-01,,
"""


@pytest.mark.parametrize("pattern", ["(^| )bauch( |$)", "^bauch", r"\bbauch", r"\Abauch", "bauch$"])
def test_a_pattern_is_searched_in_each_text_alone(pattern: str) -> None:
    """All texts of a field are searched together, and none lends its words to the next."""
    rule = f"own,1,F,CT,study_description,pattern,{pattern},ct_head,1,A,,2000-01-01,,"
    names = ["CT kopf", "Bauch", "CT unterbauch 2", "Oberbauch"]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rules.csv"
        path.write_text(f"{','.join(COLUMNS)}\n{rule}\n", encoding="utf-8")
        found = read_names([Named("CT", name) for name in names], path)
    by_rule = {name for name, one in zip(names, found, strict=True) if one.rule_id == "own"}
    assert by_rule == ({"Bauch", "Oberbauch"} if pattern == "bauch$" else {"Bauch"})


def test_a_pattern_over_two_words_does_not_reach_the_next_text() -> None:
    rule = r"own,1,F,CT,study_description,pattern,thorax\s+abdomen,ct_head,1,A,,2000-01-01,,"
    names = ["CT thorax", "Abdomen", "thorax abdomen"]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rules.csv"
        path.write_text(f"{','.join(COLUMNS)}\n{rule}\n", encoding="utf-8")
        found = read_names([Named("CT", name) for name in names], path)
    assert [one.rule_id == "own" for one in found] == [False, False, True]
