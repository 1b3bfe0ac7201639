"""Summaries of local audits: a form is loaded as a whole, or every problem is named."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from transforms.errors import UsageError
from transforms.forms.summaries.form import HEADER
from transforms.forms.summaries.lists import read_lists
from transforms.forms.summaries.load import load_summaries
from transforms.forms.summaries.template import write_template
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import load_pseudonyms
from transforms.receive.registry import Device, Facility
from transforms.settings import Settings

Cells = Mapping[str, Any]
HEAD = {
    "facility_id": "F001",
    "period": 2025,
    "scope": "examination",
    "procedure_id": "ct_head",
    "patient_group_id": "adult",
    "drl_quantity": "dlp",
    "unit": "mGy.cm",
    "n_examinations": 112,
    "minimum": 310.5,
    "p25": 700,
    "p50": 812.25,
    "p75": 900.0,
    "maximum": 1410,
    "mean": 820.125,
}
"""One row of a form; what it leaves out is optional."""


def form(folder: Path, *rows: Cells, header: tuple[str, ...] = HEADER, mark: str = ",") -> Path:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=mark)
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    path = folder / "form.csv"
    path.write_text(text.getvalue(), encoding="utf-8")
    return path


def workbook(folder: Path, *rows: Cells) -> Path:
    book = Workbook()
    book.active.append(list(HEADER))
    for row in rows:
        book.active.append([row.get(name) for name in HEADER])
    path = folder / "form.xlsx"
    book.save(path)
    return path


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    return Lake(str(tmp_path / "lake"))


def stored_rows(lake: Lake, period: int = 2025) -> list[list[dict[str, Any]]]:
    return [lake.read_rows(path) for path in lake.summary_files("F001", period)]


def refusal_text(lake: Lake, path: Path, **given: Any) -> str:
    with pytest.raises(UsageError) as caught:
        load_summaries(lake, path, **given)
    assert not lake.parquet_files("summaries")
    return str(caught.value)


@pytest.mark.parametrize("write", [form, workbook])
def test_a_form_is_stored_as_it_says(
    lake: Lake, tmp_path: Path, write: Callable[..., Path]
) -> None:
    (loaded,) = load_summaries(lake, write(tmp_path, HEAD))
    ((row,),) = stored_rows(lake)
    assert (loaded.rows, loaded.sequence_number, loaded.is_new) == (1, 1, True)
    assert {name: row[name] for name in HEAD} == HEAD
    assert (row["device_key"], row["n_values"], row["n_weight_known"]) == (None, 112, 0)


def test_semicolons_may_part_the_cells(lake: Lake, tmp_path: Path) -> None:
    load_summaries(lake, form(tmp_path, HEAD, mark=";"))
    assert stored_rows(lake)[0][0]["p50"] == 812.25


def test_other_units_become_the_unit_of_the_levels(lake: Lake, tmp_path: Path) -> None:
    ctdivol = {"drl_quantity": "ctdivol", "unit": "cGy", "minimum": 1, "p25": 4.1, "p50": 5.2}
    high = {"p75": 6.3, "maximum": 7, "mean": 5.3}
    load_summaries(lake, form(tmp_path, {**HEAD, **ctdivol, **high}))
    ((row,),) = stored_rows(lake)
    assert (row["unit"], row["stated_unit"]) == ("mGy", "cGy")
    assert (row["p25"], row["p50"], row["p75"]) == (41.0, 52.0, 63.0)


def test_a_later_form_supersedes_and_the_former_stays(lake: Lake, tmp_path: Path) -> None:
    load_summaries(lake, form(tmp_path, HEAD))
    (again,) = load_summaries(lake, form(tmp_path, {**HEAD, "p50": 800}))
    assert (again.sequence_number, again.is_new) == (2, True)
    assert [rows[0]["p50"] for rows in stored_rows(lake)] == [812.25, 800]


def test_a_form_of_another_year_supersedes_nothing(lake: Lake, tmp_path: Path) -> None:
    load_summaries(lake, form(tmp_path, HEAD))
    load_summaries(lake, form(tmp_path, {**HEAD, "period": 2026}))
    assert [len(stored_rows(lake, year)) for year in (2025, 2026)] == [1, 1]


def test_saying_the_same_again_changes_nothing(lake: Lake, tmp_path: Path) -> None:
    load_summaries(lake, form(tmp_path, HEAD))
    (again,) = load_summaries(lake, workbook(tmp_path, HEAD))
    assert not again.is_new
    assert len(stored_rows(lake)) == 1


def test_saying_what_was_superseded_again_puts_it_in_force(lake: Lake, tmp_path: Path) -> None:
    for median in (812.25, 800, 812.25):
        load_summaries(lake, form(tmp_path, {**HEAD, "p50": median}))
    assert [rows[0]["p50"] for rows in stored_rows(lake)] == [812.25, 800, 812.25]


@pytest.mark.parametrize(
    ("column", "cell", "said"),
    [
        ("facility_id", "", "is empty"),
        ("facility_id", "../F001", "is not usable"),
        ("period", "twenty", "is not a number"),
        ("period", "1999", "must be 2000 or more"),
        ("period", "2025.5", "must be a whole number"),
        ("scope", "series", "State examination or acquisition"),
        ("procedure_id", "ct_brain", "is not in the list"),
        ("patient_group_id", "grown", "is not in the list"),
        ("patient_group_id", "body_5_15kg", "is not a group for this procedure's body region"),
        ("drl_quantity", "dose", "is not in the list"),
        ("drl_quantity", "kap", "is not a quantity of this procedure"),
        ("unit", "mSv", "does not convert to mGy.cm"),
        ("unit", "", "is empty"),
        ("n_examinations", "0", "must be 1 or more"),
        ("n_examinations", "10.5", "must be a whole number"),
        ("p50", "", "is empty"),
        ("p50", "NaN", "is not a number"),
        ("p50", "inf", "is not a number"),
        ("p50", "1e999", "is not finite"),
        ("p50", "-800", "is not a number"),
        ("p50", "812,25", "is not a number"),
        ("p50", "1 000", "is not a number"),
        ("p50", "=1+1", "is not a number"),
        ("minimum", "0", "is not above zero"),
        ("p25", "900", "is less than p25"),
        ("maximum", "899", "is less than p75"),
        ("p95", "899", "is less than p75"),
        ("mean", "300", "lies outside of minimum and maximum"),
        ("mean", "1411", "lies outside of minimum and maximum"),
        ("p50_lower", "800", "State both or neither"),
        ("n_values", "111", "is not n_examinations"),
        ("n_weight_known", "113", "is greater than the number of values"),
        ("weight_mean_kg", "70", "must be given together with n_weight_known"),
        ("device_key", "Dr. Smith's scanner", "is not usable"),
    ],
)
def test_each_problem_is_named_and_nothing_is_written(
    lake: Lake, tmp_path: Path, column: str, cell: str, said: str
) -> None:
    good = {**HEAD, "procedure_id": "ct_chest"}
    message = refusal_text(lake, form(tmp_path, good, {**HEAD, column: cell}))
    assert "row 3, column" in message
    assert said in message
    assert "Smith" not in message


def test_acquisitions_are_counted_beside_examinations(lake: Lake, tmp_path: Path) -> None:
    helix = {**HEAD, "scope": "acquisition"}
    assert "n_values" in refusal_text(lake, form(tmp_path, helix))
    assert "less than n_examinations" in refusal_text(
        lake, form(tmp_path, {**helix, "n_values": 9})
    )
    load_summaries(lake, form(tmp_path, {**helix, "n_values": 130}))
    assert stored_rows(lake)[0][0]["n_values"] == 130


def test_the_dose_of_a_breast_is_stated_for_views(lake: Lake, tmp_path: Path) -> None:
    breast = {**HEAD, "procedure_id": "mg_mammography", "patient_group_id": "mg_50_60mm"}
    breast |= {"drl_quantity": "agd", "unit": "mGy"}
    assert "is not a scope of agd. State view." in refusal_text(lake, form(tmp_path, breast))
    view = {**breast, "scope": "view"}
    assert "State the number of views" in refusal_text(lake, form(tmp_path, view))
    load_summaries(lake, form(tmp_path, {**view, "n_values": 448}))
    assert stored_rows(lake)[0][0]["n_values"] == 448


def test_all_problems_are_named_at_once(lake: Lake, tmp_path: Path) -> None:
    bad = {**HEAD, "unit": "mSv", "mean": 1}
    message = refusal_text(lake, form(tmp_path, bad, {**HEAD, "p50": "x"}))
    for place in ("row 2, column 'unit'", "row 2, column 'mean'", "row 3, column 'p50'"):
        assert place in message


def test_the_same_key_twice_is_refused(lake: Lake, tmp_path: Path) -> None:
    message = refusal_text(lake, form(tmp_path, HEAD, {**HEAD, "p50": 800}))
    assert "row 3" in message
    assert "row 2 has the same" in message


def test_two_devices_are_two_keys(lake: Lake, tmp_path: Path) -> None:
    rows = [{**HEAD, "device_key": name} for name in ("CT1", "CT2")]
    assert load_summaries(lake, form(tmp_path, *rows))[0].rows == 2


def test_a_row_says_which_device_it_covers(lake: Lake, tmp_path: Path) -> None:
    """Only the key that the device has in dose reports is stored, not its serial number."""
    row = {**HEAD, "device_key": "CT1", "covered_device": "Maker|Model|4711"}
    load_summaries(lake, form(tmp_path, row, {**HEAD, "device_key": "CT2"}))
    ((first, second),) = stored_rows(lake)
    pseudonyms = load_pseudonyms(Settings(lake=lake.url), lake)
    key = Device("Maker", "Model", "4711").device_key("F001", pseudonyms)
    assert (first["covered_device_key"], second["covered_device_key"]) == (key, None)
    assert "4711" not in str(first)


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"covered_device": "Maker|Model|4711"}, "Name the device that the statistic covers"),
        ({"covered_device": "4711", "device_key": "CT1"}, "must be manufacturer|model|serial"),
        ({"covered_device": "A|B|1; A|B|2", "device_key": "CT1"}, "must be one device"),
    ],
)
def test_a_covered_device_that_is_none_is_refused(
    lake: Lake, tmp_path: Path, cells: Cells, said: str
) -> None:
    assert said in refusal_text(lake, form(tmp_path, {**HEAD, **cells}))


def test_a_column_that_lacks_or_is_none_of_the_form_is_named(lake: Lake, tmp_path: Path) -> None:
    header = (*(name for name in HEADER if name != "p25"), "operator")
    message = refusal_text(lake, form(tmp_path, HEAD, header=header))
    assert "row 1, column 'p25': is missing" in message
    assert f"row 1, column {len(header)}: is unknown" in message


def test_optional_columns_may_be_left_out(lake: Lake, tmp_path: Path) -> None:
    load_summaries(lake, form(tmp_path, HEAD, header=tuple(HEAD)))
    assert len(stored_rows(lake)) == 1


def test_a_facility_outside_of_the_registry_is_refused(lake: Lake, tmp_path: Path) -> None:
    path = form(tmp_path, HEAD)
    assert "not in the facility registry" in refusal_text(
        lake, path, facilities=(facility("F002"),)
    )
    load_summaries(lake, path, (facility("F001"),))
    assert len(stored_rows(lake)) == 1


def facility(name: str) -> Facility:
    words = (name, name, "SE", "North", "hospital", f"file:///exports/{name}", "daily", "nobody")
    return Facility(*words, (), frozenset(), date(2025, 1, 1), None)


def test_a_formula_in_a_workbook_is_refused(lake: Lake, tmp_path: Path) -> None:
    message = refusal_text(lake, workbook(tmp_path, {**HEAD, "p50": "=800+12.25"}))
    assert "row 2, column 'p50': contains a formula" in message


def test_a_number_beyond_every_double_is_refused(lake: Lake, tmp_path: Path) -> None:
    path = workbook(tmp_path, HEAD)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data.replace(b"<v>812.25</v>", b"<v>1" + b"0" * 400 + b"</v>"))
    message = refusal_text(lake, path)
    assert "row 2, column 'p50': is not finite" in message


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no archive"])
def test_a_file_that_is_no_workbook_is_refused(lake: Lake, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "form.xlsx"
    path.write_bytes(data)
    assert "is not an .xlsx file" in refusal_text(lake, path)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"facility_id\n\xff", "is not in UTF-8"),
        (b'"facility_id', "is not valid CSV"),
    ],
)
def test_a_file_that_is_no_csv_is_refused(
    lake: Lake, tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "form.csv"
    path.write_bytes(data)
    assert said in refusal_text(lake, path)


def test_a_workbook_that_unpacks_to_too_much_is_not_opened(lake: Lake, tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(130 * 1024**2))
    assert "is too large when unpacked" in refusal_text(lake, path)


def test_a_workbook_with_entities_is_not_opened(lake: Lake, tmp_path: Path) -> None:
    path = workbook(tmp_path, HEAD)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/more.xml", '<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>')
    assert "declares XML entities" in refusal_text(lake, path)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_the_form_that_is_handed_out_can_be_filled_and_loaded(
    lake: Lake, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"empty.{ending}"
    lines = write_template(path, "F001")
    assert "no row has a number in it" in refusal_text(lake, path)
    fill = {"csv": filled_csv, "xlsx": filled_workbook}[ending]
    (loaded,) = load_summaries(lake, fill(path))
    lists = read_lists()
    of_each = [len(lists.quantities_of(one)) for one in lists.procedures.values()]
    assert (lines, loaded.rows) == (sum(of_each), 1)


def filled_csv(path: Path) -> Path:
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if (row["procedure_id"], row["drl_quantity"]) == ("ct_head", "dlp"):
            row.update({name: str(value) for name, value in HEAD.items()})
    return form(path.parent, *rows)


def filled_workbook(path: Path) -> Path:
    book = load_workbook(path)
    sheet = book["summaries"]
    for row in sheet.iter_rows(min_row=2):
        cells = dict(zip(HEADER, row, strict=True))
        if (cells["procedure_id"].value, cells["drl_quantity"].value) == ("ct_head", "dlp"):
            for name, value in HEAD.items():
                cells[name].value = value
    book.save(path)
    return path


def test_no_cell_of_the_form_is_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_template(path, "F001")
    cells = [cell for sheet in load_workbook(path) for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells if cell.value is not None} == {"s"}


def test_a_form_has_one_of_two_endings(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.csv or \.xlsx"):
        write_template(tmp_path / "form.txt")
