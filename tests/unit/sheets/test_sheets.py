"""CSV and XLSX, checked when read and written as text: small files in, cells or a refusal out."""

from __future__ import annotations

import csv
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from transforms.errors import UsageError
from transforms.sheets.cells import Sheet, escape_formula, unescape_formula
from transforms.sheets.checked_rows import read_rows, text_of
from transforms.sheets.read import MAXIMUM_COLUMNS, Kind, read_bytes, read_csv, sheet_of
from transforms.sheets.write import sheet_bytes

KIND = Kind("The list", file_bytes=100_000, unpacked_bytes=10**6, rows=3, page="names")


def workbook(folder: Path, *rows: list[Any]) -> Path:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(folder / "names.xlsx")
    return folder / "names.xlsx"


def text_file(folder: Path, text: str) -> Path:
    path = folder / "names.csv"
    path.write_text(text, encoding="utf-8")
    return path


def read_sheet(path: Path) -> Sheet:
    return sheet_of(path, read_bytes(path, KIND), KIND)


def problems(path: Path) -> list[str]:
    told: list[str] = []
    read_rows(read_sheet(path), {"a": str, "b": str}, told)
    return told


@pytest.mark.parametrize(
    "text", ["=1+1", "+49", "-x", "@sum", "\tx", " =1", "'=1", "''=1", "' =1", "''", "'", "plain"]
)
def test_a_cell_is_no_formula_and_comes_back_as_it_was(text: str) -> None:
    assert not escape_formula(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t"))
    assert unescape_formula(escape_formula(text)) == text


def test_an_apostrophe_before_no_formula_is_left_alone() -> None:
    assert escape_formula("'s-Hertogenbosch") == "'s-Hertogenbosch"


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_hospital_text_is_no_formula_and_keeps_its_zeros(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"names.{ending}"
    rows = [("=HYPERLINK(0)", "007"), ("https://x", "{=1}")]
    pages = {"names": [("a", "b"), *rows], "b": [["b"], ["007"], ["=x"]]}
    path.write_bytes(sheet_bytes(path, pages))
    assert [row.cells for row in read_sheet(path).rows] == rows
    if ending == "xlsx":
        sheets = load_workbook(path).worksheets
        kinds = {cell.data_type for sheet in sheets for row in sheet.iter_rows() for cell in row}
        assert kinds == {"s"}
        (listed,) = sheets[0].data_validations.dataValidation
        assert (str(listed.sqref), listed.type) == ("B2:B3", "list")
        assert listed.formula1 == "'b'!$A$2:$A$3"
    else:
        raw = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
        assert raw[1][0] == "'=HYPERLINK(0)"


def test_a_csv_that_is_kept_as_written_is_read_as_written(tmp_path: Path) -> None:
    path = text_file(tmp_path, "a\n'=x\n")
    assert (read_sheet(path).rows[0].cells, read_csv(path, KIND).rows[0].cells) == (
        ("=x",),
        ("'=x",),
    )


@pytest.mark.parametrize("text", ["a;b\n\n1,5;x\n", 'a,b\n\n"1,5",x\n'])
def test_rows_keep_their_numbers_and_semicolons_may_part_the_cells(
    tmp_path: Path, text: str
) -> None:
    ((number, cells),) = read_sheet(text_file(tmp_path, text)).rows
    assert (number, cells) == (3, ("1,5", "x"))


def test_a_line_separator_within_a_cell_begins_no_row(tmp_path: Path) -> None:
    (row,) = read_sheet(text_file(tmp_path, "a,b\nx\u2028y,z\n")).rows
    assert row.cells == ("x\u2028y", "z")


@pytest.mark.parametrize(
    ("cell", "said"),
    [("=1+1", "contains a formula"), (date(2026, 1, 2), "contains a date or a logical")],
)
def test_what_is_neither_text_nor_number_is_named_and_the_rest_is_told_too(
    tmp_path: Path, cell: object, said: str
) -> None:
    (first, second) = problems(workbook(tmp_path, ["a", "b"], [None, cell], ["x", "y", "z"]))
    assert first.startswith(f"row 2, column 'b': {said}")
    assert second == "row 3: has 3 cells, the header has 2"


def test_a_formula_in_the_header_is_no_column(tmp_path: Path) -> None:
    assert problems(workbook(tmp_path, ["a", "b", "=1+1"])) == [
        "row 1, column 3: is unknown. Remove it."
    ]


def test_whole_numbers_are_their_digits_as_text_and_no_others(tmp_path: Path) -> None:
    assert problems(workbook(tmp_path, ["a", "b"], [12, 1.5])) == [
        "row 2, column 'b': is a decimal number. Enter it as text."
    ]
    assert text_of(12.0) == "12"


def test_a_cut_off_row_of_a_csv_is_refused_and_empty_ends_of_a_workbook_are_not(
    tmp_path: Path,
) -> None:
    assert problems(text_file(tmp_path, "a,b\nx\n")) == ["row 2: has 1 cells, the header has 2"]
    assert problems(workbook(tmp_path, ["a", "b"], ["x", None])) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a\n" + "x\n" * 3, "more than 3 rows"),
        ("a\n" + "x" * 100_000, "larger than 100000 bytes"),
        ("a\n" + "," * MAXIMUM_COLUMNS + "x", "columns"),
        ("", "is empty"),
        ('a\n"x', "is not valid CSV"),
    ],
)
def test_a_file_beyond_its_limits_or_cut_off_is_refused(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        read_sheet(text_file(tmp_path, text))


def test_one_cell_far_to_the_right_does_not_fill_the_memory(tmp_path: Path) -> None:
    far = ["a", *[None] * 10_000, "b"]
    with pytest.raises(UsageError, match="columns"):
        read_sheet(workbook(tmp_path, far))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities_is_not_opened(tmp_path: Path, encoding: str) -> None:
    path = workbook(tmp_path, ["a"], ["x"])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/x.xml", '<!DOCTYPE x [<!ENTITY y "z">]><x>&y;</x>'.encode(encoding))
    with pytest.raises(UsageError, match="declares XML entities"):
        read_sheet(path)


def test_a_workbook_that_unpacks_to_too_much_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "names.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", bytes(10**6 + 1))
    with pytest.raises(UsageError, match="is too large when unpacked"):
        read_sheet(path)


def test_what_is_no_spreadsheet_is_told_as_that(tmp_path: Path) -> None:
    path = tmp_path / "names.xlsx"
    path.write_bytes(b"no zip")
    with pytest.raises(UsageError, match=r"is not an \.xlsx file"):
        read_sheet(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x", "x")
    with pytest.raises(UsageError, match="cannot be read as a workbook"):
        read_sheet(path)
    with pytest.raises(UsageError, match=r"neither \.csv nor \.xlsx"):
        sheet_of(tmp_path / "names.ods", b"", KIND)
    with pytest.raises(UsageError, match="cannot be read"):
        read_bytes(tmp_path / "none.csv", KIND)


def test_a_text_that_does_not_fit_is_not_cut_off(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="do not fit"):
        sheet_bytes(tmp_path / "names.xlsx", {"names": [["a"], ["x" * 32_768]]})
