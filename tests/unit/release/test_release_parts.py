"""Change log, guard and manifests of a release: small tables in, sentences out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from transforms.cli.__main__ import _exit_code
from transforms.dbt_build.dbt import _failure
from transforms.errors import DisclosureError, DrlakeError
from transforms.public.declaration import PublicColumn, PublicTable
from transforms.public.dictionary import dictionary_rows
from transforms.public.guard import check_columns, check_rows
from transforms.public.workbook import differing_cells, workbook_bytes
from transforms.release.changes import is_beyond_limits, public_changes, restricted_changes
from transforms.release.files import check_manifest, write_manifest
from transforms.release.metadata import csvw
from transforms.release.recipe import Recipe

RECIPE = Recipe(
    release_id="2026-r2",
    year=2026,
    profile="strict",
    methods=(),
    note="",
    date="",
    previous="2026-r1",
    versions={"duckdb": "2.0.0"},
    digests={"procedure_rules.csv": "a"},
)
BEFORE = replace(RECIPE, release_id="2026-r1", previous="")


def level(value: float | None, lower: float | None, upper: float | None, **key: Any) -> Any:
    """A row of public_national_drls."""
    return {
        "period": 2025,
        "procedure_id": "ct_chest",
        "patient_group_id": "adult",
        "drl_quantity": "dlp",
        "method_id": "m",
        "method_version": 1,
        "unit": "mGy.cm",
        "n_facilities": 15,
        "national_drl": value,
        "national_drl_lower": lower,
        "national_drl_upper": upper,
        **key,
    }


@pytest.mark.parametrize(
    ("was", "now", "beyond"),
    [
        (level(400, 380, 420), level(450, 430, 470), True),
        (level(400, 380, 420), level(410, 390, 430), False),
        (level(400, 380, 420), level(430, 390, 470), False),  # the old one is within the new limits
        (level(400, 380, None), level(450, 430, 470), False),  # no upper limit, so nothing is known
        (level(400, None, None), level(450, None, None), False),
    ],
)
def test_a_level_has_changed_where_each_lies_outside_the_limits_of_the_other(
    was: Any, now: Any, beyond: bool
) -> None:
    assert is_beyond_limits(was, now) is beyond


def test_the_change_log_lists_new_gone_and_changed_levels() -> None:
    was = [
        level(400, 380, 420),
        level(50, 40, 60, procedure_id="ct_head"),
        level(70, 60, 80, procedure_id="ct_neck"),
    ]
    now = [
        level(450, 430, 470),
        level(52, 40, 60, procedure_id="ct_head"),
        level(None, None, None, procedure_id="ct_neck"),
        level(9, 8, 10, procedure_id="ct_sinuses"),
    ]
    text = public_changes(RECIPE, now, BEFORE, was)
    key = "adult, dlp, m, 1"
    assert f"## New levels: 1\n\n- 2025, ct_sinuses, {key}: 9 (8 to 10) mGy.cm\n" in text
    assert f"## Levels no longer published: 1\n\n- 2025, ct_neck, {key}: 70 (60 to 80)" in text
    assert "## Levels changed beyond their limits: 1\n" in text
    assert f"- 2025, ct_chest, {key}: 400 (380 to 420) → 450 (430 to 470) mGy.cm\n" in text
    assert f"## Other levels changed: 1\n\n- 2025, ct_head, {key}: 50 (40 to 60) → 52" in text


def test_the_change_log_says_what_it_was_made_with() -> None:
    changed = replace(
        RECIPE,
        profile="ons_10",
        versions={"duckdb": "2.0.1"},
        digests={"procedure_rules.csv": "b"},
    )
    text = public_changes(changed, [level(1, 1, 1, method_version=2)], BEFORE, [level(1, 1, 1)])
    assert "- new method m, version 2\n- method no longer used: m, version 1\n" in text
    assert "- disclosure profile strict became ons_10\n" in text
    assert "- procedure_rules.csv changed\n- duckdb 2.0.0 became 2.0.1\n" in text


def test_facilities_stand_in_the_restricted_change_log() -> None:
    text = restricted_changes(RECIPE, {"F01.1", "F02.1"}, BEFORE, {"F01.1", "F03.1"})
    assert "- facilities: 2 (before: 2)" in text
    assert "## Facilities that are new: 1\n\n- F02\n" in text
    assert "## Facilities that are gone: 1\n\n- F03\n" in text


# --- when disclosure control blocks --------------------------------------------------------


def table_with(*columns: str) -> PublicTable:
    listed = tuple(PublicColumn(name, "varchar", "It is.", "none", "made up") for name in columns)
    return PublicTable("national_drls", "One row.", columns[:1], listed)


@pytest.mark.parametrize("name", ["facility_id", "device_key", "submission_id", "object_sha256"])
def test_a_key_of_a_facility_blocks(name: str) -> None:
    check_columns([table_with("procedure_id")])
    with pytest.raises(DisclosureError, match=rf"public_national_drls\.{name}"):
        check_columns([table_with("procedure_id", name)])


def national(*rows: tuple[str, str]) -> dict[str, pa.Table]:
    profile, disclosure = zip(*rows, strict=True) if rows else ((), ())
    columns = {"disclosure_profile": list(profile), "disclosure": list(disclosure)}
    schema = pa.schema([("disclosure_profile", pa.string()), ("disclosure", pa.string())])
    return {"national_drls": pa.table(columns, schema=schema)}


def test_a_row_that_follows_another_profile_blocks() -> None:
    with pytest.raises(DisclosureError, match="the profile ons_10, not strict as requested"):
        check_rows("strict", national(("strict", "shown"), ("ons_10", "shown")))


def test_a_release_of_nothing_is_blocked() -> None:
    check_rows("strict", national(("strict", "shown"), ("strict", "suppressed")))
    with pytest.raises(DisclosureError, match="no national level"):
        check_rows("strict", national(("strict", "suppressed")))
    with pytest.raises(DisclosureError, match="no national level"):
        check_rows("strict", national())


def test_disclosure_control_ends_with_5() -> None:
    assert _exit_code(DisclosureError("")) == 5


@pytest.mark.parametrize(
    ("nodes", "blocks"),
    [
        ([("test.drlake.unique_key_public_national_drls_method_id.f5c1", "fail")], True),
        ([("test.drlake.disclosure_profiles_are_sound", "fail")], True),
        ([("model.drlake.public_national_drls", "error")], False),  # broken, not blocked
        (
            [
                ("test.drlake.disclosure_profiles_are_sound", "fail"),
                ("test.drlake.unique_procedures_procedure_id.f5c1", "fail"),
            ],
            False,
        ),
    ],
)
def test_only_failing_tests_of_what_is_public_block(
    tmp_path: Path, nodes: list[tuple[str, str]], blocks: bool
) -> None:
    import json

    file = tmp_path / "run_results.json"
    rows = [{"unique_id": node, "status": status} for node, status in nodes]
    file.write_text(json.dumps({"results": rows}), encoding="utf-8")
    error = _failure(file, tmp_path / "none", [])
    assert isinstance(error, DrlakeError)
    assert isinstance(error, DisclosureError) is blocks


# --- files ---------------------------------------------------------------------------------


def test_a_manifest_names_what_is_missing_changed_or_too_much(tmp_path: Path) -> None:
    folder = tmp_path / "public"
    folder.mkdir()
    for name in ("a.csv", "b.csv"):
        (folder / name).write_text(name)
    write_manifest(folder)
    assert check_manifest(folder) == []
    (folder / "a.csv").write_text("other")
    (folder / "b.csv").unlink()
    (folder / "c.csv").write_text("c")
    assert check_manifest(folder) == [
        "public/a.csv has another SHA-256 than MANIFEST.sha256 states",
        "public/b.csv is missing",
        "public/c.csv does not belong to this release",
    ]


def test_a_workbook_has_the_same_bytes_each_time_and_shows_where_another_differs(
    tmp_path: Path,
) -> None:
    table = table_with("procedure_id")

    def workbook_of(procedure_id: str) -> bytes:
        rows = {"national_drls": pa.table({"procedure_id": [procedure_id]})}
        return workbook_bytes("title", ["about"], [table], rows)

    one = workbook_of("a")
    same = workbook_of("a")
    other = workbook_of("b")
    assert one == same
    (tmp_path / "one.xlsx").write_bytes(one)
    (tmp_path / "other.xlsx").write_bytes(other)
    found = differing_cells(tmp_path / "one.xlsx", tmp_path / "other.xlsx")
    assert found == ["sheet national_drls, cell A2"]


def test_dictionary_and_csvw_mark_the_key() -> None:
    table = table_with("procedure_id", "label")
    assert [row[-1] for row in dictionary_rows([table])] == ["part_of_key", "yes", "no"]
    columns = csvw(table)["tableSchema"]["columns"]
    assert [column["required"] for column in columns] == [True, False]
