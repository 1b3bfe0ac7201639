"""Mapping commands: work-lists, loading them, and the effect of a change of rules."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from tests.support.lakes.lake_rows import LakeRows, event, report
from transforms.cli.__main__ import app
from transforms.errors import DrlakeError, UsageError
from transforms.lake.lake import Lake
from transforms.mapping.effect import effect_of
from transforms.mapping.filled_worklist import KIND, load_worklist, need_signature
from transforms.mapping.rules import PACKAGED_RULES, Rule, load_rules, rules_csv
from transforms.mapping.worklist import COLUMNS, PAGE
from transforms.sheets.read import read_bytes, sheet_of
from transforms.sheets.write import sheet_bytes
from transforms.warehouse.reading import open_warehouse

SIGNED = need_signature("A. Physicist", None, "2000-01-01")
SPINE = "ct_lumbar_spine"
ODD = "Sonderprotokoll 7"
"""A name that no rule maps."""


@dataclass(frozen=True)
class World:
    """A lake, the rules of an authority that its warehouse was built with, and the warehouse."""

    lake: Lake
    rules: tuple[Rule, ...]
    warehouse: Any

    @property
    def n_examinations(self) -> int:
        """All that the warehouse has found, of every module."""
        found = "counted = 'examination' and step = 'found'"
        ((n,),) = self.warehouse.rows(f"select sum(n) from marts.attrition where {found}")  # noqa: S608
        return int(n)


def put_rows(lake_rows: LakeRows) -> None:
    """Ten facilities with CT of the lumbar spine (CTDIvol 1 … 10), in no other module's rows.

    M01 has odd names at CTDIvol 100 besides. M02 has a name of its own for all of its
    examinations, and a rule for it.
    """
    for number in range(1, 11):
        name = "Eigenname" if number == 2 else "CT Lumbar Spine"
        made = [
            report(f"map{number}-{n}", [event(ctdivol=float(number))], study_description=name)
            for n in range(10)
        ]
        if number == 1:
            made += [
                report(f"odd-{n}", [event(ctdivol=100.0)], study_description=ODD) for n in range(11)
            ]
            made += [report("named", [event()], study_description="Thorox Frau Muster")]
        lake_rows.submission(f"M{number:02}", made)


def mapping_rules(folder: Path) -> tuple[Rule, ...]:
    """The packaged rules, and M02's own."""
    own = filled_worklist(folder, {"scope": "M02", "text": "eigenname"})
    return load_worklist(own, load_rules(PACKAGED_RULES), SIGNED).rules


@pytest.fixture
def world(warehouse: Any, tmp_path: Path) -> World:
    return World(Lake(str(warehouse.lake)), mapping_rules(tmp_path), warehouse)


@pytest.fixture
def lake(world: World) -> Lake:
    return world.lake


def drlake(*arguments: object) -> Any:
    return CliRunner().invoke(app, [str(one) for one in arguments])


def filled_worklist(folder: Path, *rows: dict[str, str], name: str = "names.csv") -> Path:
    """A filled work-list; the cells not given are those of the odd name."""
    base = {
        **dict.fromkeys(COLUMNS, ""),
        "scope": "M01",
        "modality": "CT",
        "field": "study_description",
        "text": "sonderprotokoll 7",
        "examinations": "11",
        "procedure_id": SPINE,
    }
    path = folder / name
    lines = [list({**base, **row}.values()) for row in rows]
    path.write_bytes(sheet_bytes(path, {PAGE: [COLUMNS, *lines]}))
    return path


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_work_list_goes_out_is_filled_and_comes_back(
    lake: Lake, tmp_path: Path, ending: str
) -> None:
    out, rules = tmp_path / f"names.{ending}", tmp_path / "rules.csv"
    assert drlake("mapping", "worklist", out, "--lake", lake.url).exit_code == 0
    header, rows = sheet_of(out, read_bytes(out, KIND), KIND)
    assert header.cells == COLUMNS
    told = [dict(zip(COLUMNS, row.cells, strict=True)) for row in rows]
    (odd,) = [row for row in told if row["text"] == "sonderprotokoll 7"]
    assert (odd["examinations"], odd["facilities"], odd["median_dose"]) == ("11", "1", "300 mGy.cm")
    assert odd["reading"] == "nothing; not understood: sonderprotokoll"
    assert (odd["scope"], odd["procedure_id"], odd["note"]) == (None, None, None)
    assert filled_worklist(tmp_path, {}, name=out.name) == out
    author = ("--author", "A. Physicist", "--reviewer", "B. Physicist")
    done = drlake("mapping", "load", out, "--rules", rules, *author, "--json")
    assert json.loads(done.stdout)["added"] == 1
    *packaged, rule = load_rules(rules)
    assert tuple(packaged) == load_rules(PACKAGED_RULES)
    assert (rule.scope, rule.match_type, rule.pattern) == ("M01", "exact", "sonderprotokoll 7")
    assert (rule.author, rule.reviewer, rule.rule_version) == ("A. Physicist", "B. Physicist", 1)


def test_the_effect_of_a_rule_is_told_for_examinations_facilities_and_the_nation(
    world: World, tmp_path: Path
) -> None:
    after = load_worklist(filled_worklist(tmp_path, {}), world.rules, SIGNED).rules
    effect = effect_of(world.lake, world.rules, after)
    assert (effect.n_examinations, effect.n_changed) == (world.n_examinations, 11)
    (change,) = effect.examinations
    assert (change["facility_id"], change["from_procedure"], change["to_procedure"]) == (
        "M01",
        None,
        SPINE,
    )
    assert change["to_rule"] == after[-1].rule_id
    typical = {row["drl_quantity"]: row for row in effect.facility_values}["ctdivol"]
    assert (typical["facility_id"], typical["before"], typical["after"]) == ("M01", 1.0, 100.0)
    national = {row["drl_quantity"]: row for row in effect.national_values}["ctdivol"]
    # medians 1 … 10 have P75 7.75; 2 … 10 and 100 have 8.75
    assert (national["before"], national["after"]) == (7.75, 8.75)
    assert national["ratio"] == pytest.approx(8.75 / 7.75)


def test_the_effect_is_shown_as_tables_and_as_one_document(world: World, tmp_path: Path) -> None:
    before, after = tmp_path / "before.csv", tmp_path / "after.csv"
    before.write_text(rules_csv(world.rules), encoding="utf-8")
    loaded = load_worklist(filled_worklist(tmp_path, {}), world.rules, SIGNED)
    after.write_text(rules_csv(loaded.rules), encoding="utf-8")
    told = drlake("mapping", "diff", before, after, "--lake", world.lake.url).stdout
    assert told.startswith(f"11 of {world.n_examinations} examinations change procedure.")
    assert "7.75" in told and "8.75" in told and "sonderprotokoll" not in told
    document = drlake("mapping", "diff", before, after, "--lake", world.lake.url, "--json").stdout
    assert json.loads(document)["n_changed"] == 11


def test_equal_rules_have_no_effect_and_the_values_before_are_those_of_the_build(
    world: World,
) -> None:
    lake, rules = world.lake, world.rules
    effect = effect_of(lake, rules, rules)
    assert not (effect.examinations or effect.facility_values or effect.national_values)
    gone = effect_of(lake, rules, [rule for rule in rules if rule.procedure_id != SPINE])
    with open_warehouse(lake) as built:
        assert built is not None
        first_line = "method_id = 'drlake_first_line' and drl_quantity = 'ctdivol'"
        spine = f"procedure_id = '{SPINE}' and {first_line}"
        (row,) = built.rows(f"select p75 from marts.national_drls where {spine}")  # noqa: S608
    told = [one for one in gone.national_values if one["drl_quantity"] == "ctdivol"]
    # M02's name is read as nothing: without its rule the facilities at 1 and 3 to 10 mGy are left
    assert row["p75"] == 7.75
    assert [(one["before"], one["after"], one["ratio"]) for one in told] == [
        (7.75, 8.0, pytest.approx(8.0 / 7.75))
    ]


def test_coverage_counts_what_is_mapped_and_what_is_withheld(lake: Lake) -> None:
    shown = drlake("mapping", "coverage", "--lake", lake.url, "--json")
    coverage = json.loads(shown.stdout)["coverage"]
    first, second = (row for row in coverage if row["facility_id"] in ("M01", "M02"))
    assert (first["n_examinations"], first["n_mapped"], first["n_undecided"]) == (22, 10, 12)
    assert first["mapped_share"] == pytest.approx(10 / 22)
    assert (first["n_mapped_by_reading"], first["n_names_withheld"]) == (10, 1)
    assert (second["mapped_share"], second["n_names_withheld"]) == (1.0, 0)
    assert (second["n_mapped_by_facility_rule"], second["n_mapped_by_exact_text"]) == (10, 10)


def test_a_change_closes_the_old_version_and_never_edits_it(tmp_path: Path) -> None:
    first = load_worklist(filled_worklist(tmp_path, {}), load_rules(PACKAGED_RULES), SIGNED)
    later = need_signature("C. Physicist", None, "2025-07-01")
    changed = filled_worklist(tmp_path, {"procedure_id": "none"})
    second = load_worklist(changed, first.rules, later)
    assert (second.added, second.closed) == (1, 1)
    old, new = second.rules[-2:]
    assert (old.procedure_id, old.rule_version, old.valid_to) == (
        SPINE,
        1,
        date(2025, 6, 30),
    )
    assert (new.procedure_id, new.rule_version, new.valid_to) == (None, 2, None)
    assert (new.rule_id, new.author) == (old.rule_id, "C. Physicist")
    again = load_worklist(changed, second.rules, later)
    assert (again.added, again.unchanged, again.rules) == (0, 1, second.rules)


def test_a_rule_that_was_wrong_from_the_start_is_withdrawn(tmp_path: Path) -> None:
    first = load_worklist(filled_worklist(tmp_path, {}), load_rules(PACKAGED_RULES), SIGNED)
    wrong = filled_worklist(tmp_path, {"procedure_id": "ct_neck"})
    old, new = load_worklist(wrong, first.rules, SIGNED).rules[-2:]
    assert old.is_withdrawn and not new.is_withdrawn
    assert (old.procedure_id, new.procedure_id, new.rule_version) == (
        SPINE,
        "ct_neck",
        2,
    )


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_every_bad_row_is_named_and_nothing_is_written(tmp_path: Path, ending: str) -> None:
    rows = [
        {"procedure_id": "ct_knee"},
        {"scope": "F 01"},
        {"modality": "MG"},
        {"field": "series"},
        {"text": "Sonderprotokoll 7"},
        {"text": "sonderprotokoll 8"},
        {"text": "sonderprotokoll 8"},
        {"field": "procedure_code", "text": "123"},
        {"text": "not decided", "procedure_id": ""},
    ]
    path, rules = filled_worklist(tmp_path, *rows, name=f"names.{ending}"), tmp_path / "rules.csv"
    with pytest.raises(UsageError) as caught:
        load_worklist(path, load_rules(PACKAGED_RULES), SIGNED)
    told = [line.split(":")[0] for line in str(caught.value).splitlines()[1:]]
    assert told == [
        "row 2, column 'procedure_id'",
        "row 3, column 'scope'",
        "row 5, column 'field'",
        "row 4, column 'procedure_id'",
        "row 6, column 'text'",
        "row 8, column 'text'",
        "row 9, column 'text'",
    ]
    done = drlake("mapping", "load", path, "--rules", rules, "--author", "A")
    assert isinstance(done.exception, UsageError) and not rules.exists()


def test_without_a_warehouse_the_cure_is_named(tmp_path: Path) -> None:
    rules = load_rules(PACKAGED_RULES)
    with pytest.raises(DrlakeError, match="drlake build"):
        effect_of(Lake(str(tmp_path)), rules, rules)
    assert isinstance(drlake("mapping", "coverage", "--lake", tmp_path).exception, DrlakeError)


def test_dbt_writes_only_in_its_own_folder_also_with_rules_of_an_authority(warehouse: Any) -> None:
    """The lake has another depth than the installed models, which dbt's paths must not follow."""
    folder = warehouse.lake / "warehouse" / "dbt"
    written = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    assert written == {"logs", "target", "sql", "reference"}
    assert {path.name for path in (folder / "target" / "run").iterdir()} == {"drlake", "reference"}
