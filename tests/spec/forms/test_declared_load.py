"""Declared data in the lake: a form is loaded whole or not, and the newest load is in force."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from tests.support.lakes.declared_forms import EXAMPLES, HEADERS, csv_form, example, good, xlsx_form
from transforms.cli.__main__ import app
from transforms.errors import UsageError
from transforms.forms.declared.load import checked_form, load_declared, loads_in_force
from transforms.forms.declared.template import LINES, write_template
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import Pseudonyms
from transforms.receive.registry import Device
from transforms.release.frozen import freeze
from transforms.settings import Settings
from transforms.sheets.write import sheet_bytes
from transforms.tables.declared import KINDS
from transforms.tables.declared.common import OF_A_LOAD
from transforms.tables.generated_files import LOCATIONS
from transforms.warehouse.sql_project import SQL, model_path

KEY = "5e" * 32
SOURCE = re.compile(r"\{\{ source\('lake', '(\w+)'\) \}\}")
STAGED = {
    kind: f"stg_lake__declared_{kind[:-1]}ies" if kind[-1] == "y" else f"stg_lake__declared_{kind}s"
    for kind in KINDS
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    key = tmp_path / "uid.key"
    key.write_text(KEY, encoding="utf-8")
    return Settings(lake=str(tmp_path / "lake"), uid_key_file=str(key))


def staging_rows(settings: Settings, kind: str) -> list[dict[str, Any]]:
    """Rows of the staging model of a kind."""
    text = model_path(STAGED[kind]).read_text(encoding="utf-8")
    (table,) = SOURCE.findall(text)
    where = f"read_parquet('{settings.lake}/{LOCATIONS[table]}/*.parquet')"
    with duckdb.connect() as connection:
        rows = connection.sql(SOURCE.sub(where, text)).to_arrow_table()
    assert rows.column_names == list(KINDS[kind].column_names)
    return rows.to_pylist()


def ran(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["declared", *(str(one) for one in arguments)])


@pytest.mark.parametrize("write", [csv_form, xlsx_form])
def test_a_form_is_stored_as_it_says(
    settings: Settings, tmp_path: Path, write: Callable[..., Path]
) -> None:
    loaded = load_declared(settings, "model", write(tmp_path, "model", good("model")))
    assert (loaded.rows, loaded.rows_before, loaded.sequence_number, loaded.is_new) == (
        1,
        0,
        1,
        True,
    )
    (row,) = staging_rows(settings, "model")
    assert {name: str(row[name] or "") for name in HEADERS["model"]} == good("model")
    assert (row["market_year"], row["declared_on"]) == (2009, date(2026, 1, 15))


def test_of_a_serial_number_only_the_key_that_its_reports_have_is_stored(
    settings: Settings, tmp_path: Path
) -> None:
    serial = "SERIAL-4711-QQ"
    load_declared(
        settings, "device", csv_form(tmp_path, "device", good("device", serial_number=serial))
    )
    (row,) = staging_rows(settings, "device")
    device = Device("SIEMENS", "Somatom FORCE", serial)
    assert row["device_key"] == device.device_key("F001", Pseudonyms(bytes.fromhex(KEY)))
    lake = [path for path in Path(settings.lake).rglob("*") if path.is_file()]
    assert lake
    assert not any(serial.encode() in path.read_bytes() for path in lake)
    assert serial not in json.dumps(row, default=str)


def test_a_later_load_takes_the_place_of_all_before_and_they_stay(
    settings: Settings, tmp_path: Path
) -> None:
    rows = [good("facility", facility_id=name) for name in ("F001", "F002")]
    load_declared(settings, "facility", csv_form(tmp_path, "facility", *rows))
    again = load_declared(settings, "facility", csv_form(tmp_path, "facility", rows[1]))
    assert (again.rows, again.rows_before, again.sequence_number) == (1, 2, 2)
    assert [row["facility_id"] for row in staging_rows(settings, "facility")] == ["F002"]
    back = load_declared(settings, "facility", csv_form(tmp_path, "facility", *rows))
    assert back.sequence_number == 3
    assert [row["facility_id"] for row in staging_rows(settings, "facility")] == ["F001", "F002"]
    lake = Lake(settings.lake)
    files = lake.declared_files(KINDS["facility"])
    assert [len(lake.read_rows(path)) for path in files] == [2, 1, 2]


def test_a_load_of_one_kind_leaves_the_others(settings: Settings) -> None:
    for kind in ("training", "deliverable"):
        load_declared(settings, kind, example(kind))
    counted = {one.kind: (one.loads, one.rows) for one in loads_in_force(Lake(settings.lake))}
    assert counted == dict.fromkeys(KINDS, (0, 0)) | {"training": (1, 4), "deliverable": (1, 5)}
    assert [len(staging_rows(settings, kind)) for kind in ("training", "device")] == [4, 0]


def test_saying_the_same_in_another_order_is_no_new_load(
    settings: Settings, tmp_path: Path
) -> None:
    rows = [good("device", serial_number=serial) for serial in ("1", "2", "3")]
    load_declared(settings, "device", csv_form(tmp_path, "device", *rows))
    again = load_declared(settings, "device", xlsx_form(tmp_path, "device", *reversed(rows)))
    assert (again.sequence_number, again.is_new) == (1, False)
    assert len(Lake(settings.lake).declared_files(KINDS["device"])) == 1


def test_the_same_forms_give_the_same_bytes(settings: Settings, tmp_path: Path) -> None:
    other = Settings(lake=str(tmp_path / "other"), uid_key_file=settings.uid_key_file)
    for kind, table in KINDS.items():
        paths = []
        for one in (settings, other):
            load_declared(one, kind, example(kind))
            paths += Lake(one.lake).declared_files(table)
        first, second = (Path(path).read_bytes() for path in paths)
        assert first == second
    loaded = [one for one in loads_in_force(Lake(settings.lake)) if one.loads == 1]
    assert [one.kind for one in loaded] == list(KINDS)


def test_of_a_form_with_a_problem_nothing_is_loaded(settings: Settings, tmp_path: Path) -> None:
    path = csv_form(tmp_path, "device", good("device"), good("device", modality="X"))
    with pytest.raises(UsageError, match=r"device\.csv is not loaded"):
        load_declared(settings, "device", path)
    assert not Path(settings.lake).exists()


def test_hostile_text_comes_back_from_a_sheet_of_ours_and_is_no_formula(
    settings: Settings, tmp_path: Path
) -> None:
    texts = ("=cmd|' /C calc'!A0", "'=1+1", "<script>alert(1)</script>", "{{7*7}}", 'a "b" ; c')
    rows = [good("training", course=text) for text in texts]
    lines = [HEADERS["training"], *([row[n] or None for n in HEADERS["training"]] for row in rows)]
    for name in ("form.csv", "form.xlsx"):
        path = tmp_path / name
        path.write_bytes(sheet_bytes(path, {"declared_training": lines}))
        load_declared(settings, "training", path)
        assert {row["course"] for row in staging_rows(settings, "training")} == set(texts)
    assert b",=" not in (tmp_path / "form.csv").read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_form_that_is_handed_out_holds_text_only_and_can_be_filled(
    tmp_path: Path, kind: str
) -> None:
    for ending in ("csv", "xlsx"):
        assert write_template(kind, tmp_path / f"form.{ending}") == len(HEADERS[kind])
    with (tmp_path / "form.csv").open("a", encoding="utf-8") as file:
        file.write(example(kind).read_text(encoding="utf-8").partition("\n")[2])
    book = load_workbook(tmp_path / "form.xlsx")
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}
    for place, name in enumerate(HEADERS[kind], start=1):
        book[KINDS[kind].name].cell(2, place, good(kind)[name] or None)
    book.save(tmp_path / "form.xlsx")
    by_hand = checked_form(kind, tmp_path / "form.xlsx").rows
    assert by_hand == checked_form(kind, tmp_path / "form.csv").rows[:1]


def test_words_can_be_chosen_in_every_line_of_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_template("feature", path)
    book = load_workbook(path)
    validations = book["declared_feature"].data_validations.dataValidation
    assert {one.formula1.split("!")[0] for one in validations} == {"'feature_id'", "'status'"}
    assert {str(one.sqref).split(":")[1][1:] for one in validations} == {str(LINES + 1)}
    assert [cell.value for cell in book["status"]["A"]][1:] == [
        *("standard", "option", "upgrade", "not_available", "unknown")
    ]


def test_a_form_has_one_of_two_endings(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.csv or \.xlsx"):
        write_template("device", tmp_path / "form.txt")


def test_what_is_declared_is_frozen_into_a_release(settings: Settings, tmp_path: Path) -> None:
    load_declared(settings, "facility", example("facility"))
    freeze(settings, tmp_path / "restricted")
    (path,) = Lake(settings.lake).declared_files(KINDS["facility"])
    frozen = tmp_path / "restricted" / "frozen" / "lake" / "declared" / "declared_facility"
    assert (frozen / "000001.parquet").read_bytes() == Path(path).read_bytes()
    for table in KINDS.values():
        assert (frozen.parent / table.name / "_empty.parquet").is_file()
    listed = (tmp_path / "restricted" / "frozen.csv").read_text(encoding="utf-8")
    assert "lake/declared/declared_facility/000001.parquet," in listed


def test_no_example_is_a_seed_of_the_warehouse() -> None:
    seeds = yaml.safe_load((SQL / "dbt_project.yml").read_text(encoding="utf-8"))["seeds"]["drlake"]
    assert seeds["declared"] == {"+enabled": False}
    assert {path.name for path in EXAMPLES.glob("*.csv")} == {f"{k}.example.csv" for k in KINDS}


def test_every_table_of_declared_data_says_which_load_a_row_is_of() -> None:
    for table in KINDS.values():
        assert table.columns[-2:] == OF_A_LOAD
        assert table.key[-1] == "sequence_number"
        assert set(table.key) <= set(table.column_names)


def test_the_commands_say_what_they_did(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert "10 columns in" in ran("template", "device", tmp_path / "form.csv").stdout
    checked = ran("check", "device", example("device"))
    assert checked.stdout.strip() == "device: 8 rows, no problem"
    assert not lake.exists()
    loaded = ran("load", "device", example("device"), "--lake", lake)
    assert loaded.stdout.strip() == "device: 8 rows, load 1, replaces 0 rows"
    again = ran("load", "device", example("device"), "--lake", lake)
    assert again.stdout.strip() == "device: 8 rows, nothing new"
    listed = json.loads(ran("list", "--lake", lake, "--json").stdout)["kinds"]
    assert [(one["kind"], one["rows"]) for one in listed if one["rows"]] == [("device", 8)]


def test_a_form_that_is_not_whole_ends_the_command_as_a_usage_error(tmp_path: Path) -> None:
    path = csv_form(tmp_path, "model", good("model", xr_25="perhaps"))
    for command in (["check", "model", path], ["load", "model", path, "--lake", tmp_path / "lake"]):
        failed = ran(*command)
        assert isinstance(failed.exception, UsageError)
        assert "row 2, column 'xr_25': must be one of yes, no, unknown." in str(failed.exception)
        assert "perhaps" not in str(failed.exception)


def test_the_forms_of_a_folder_are_loaded_and_a_wrong_one_stops_no_other(tmp_path: Path) -> None:
    folder, lake = tmp_path / "forms", tmp_path / "lake"
    folder.mkdir()
    shutil.copy(example("device"), folder / "device.csv")
    csv_form(folder, "model", good("model", xr_25="perhaps")).rename(folder / "model.csv")
    shutil.copy(example("training"), folder / "training.csv")
    failed = ran("load-all", folder, "--lake", lake)
    assert isinstance(failed.exception, UsageError)
    assert "model: " in str(failed.exception)
    assert "must be one of yes, no, unknown." in str(failed.exception)
    listed = json.loads(ran("list", "--lake", lake, "--json").stdout)["kinds"]
    assert {one["kind"] for one in listed if one["rows"]} == {"device", "training"}


def test_a_folder_of_forms_has_one_form_of_a_kind_and_at_least_one(tmp_path: Path) -> None:
    nothing = ran("load-all", tmp_path, "--lake", tmp_path / "lake")
    assert "has no form. Name each file after its kind: device, " in str(nothing.exception)
    for ending in (".csv", ".xlsx"):
        (tmp_path / f"device{ending}").write_text("")
    twice = ran("load-all", tmp_path, "--lake", tmp_path / "lake")
    assert "has two forms of device. Keep one of each kind." in str(twice.exception)
