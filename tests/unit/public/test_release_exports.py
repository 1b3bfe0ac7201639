"""The public tables in every format: the same rows, and no hospital text has an effect in any."""

from __future__ import annotations

import codecs
import csv
import io
import json
from pathlib import Path

import pyarrow as pa
import pytest
from openpyxl import load_workbook

from tests.support.lakes.report_lake import ADULT, CTDIVOL, HEAD, METHOD, lay_lake
from transforms.errors import UsageError
from transforms.public.exports import export
from transforms.settings import Settings
from transforms.sheets.write import european_csv, table_csv, table_json

LIVE = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1:A9)", "\t=1+1", "\r=1+1"]
TEXTS = [
    *LIVE,
    "a;b,c\"d'",
    "two\nlines",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "x\u202ey\x1b[2J",
]
ROWS = pa.table(
    {
        "text": [*TEXTS, None],
        "dose": [1.5, -0.25, 1e-07, 1234567.0, None, 0.0, 1.0, 2.0, 3.0, 0.1, 0.3, None],
        "count": pa.array([*range(-1, 10), None], pa.int64()),
        "is_met": [True, False, None, *[True] * 9],
    }
)


def read_back(data: bytes, delimiter: str) -> list[list[str]]:
    text = data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


@pytest.mark.parametrize(("write", "delimiter"), [(table_csv, ","), (european_csv, ";")])
def test_no_cell_of_csv_begins_as_a_formula(write: object, delimiter: str) -> None:
    header, *rows = read_back(write(ROWS), delimiter)  # type: ignore[operator]
    assert header == ROWS.column_names
    texts = [row[0] for row in rows]
    assert texts == [*(f"'{one}" for one in LIVE), *TEXTS[len(LIVE) :], ""]
    assert not [text for text in texts if text.startswith(tuple("=+-@\t\r"))]
    assert [row[2] for row in rows] == [*map(str, range(-1, 10)), ""]


def test_european_csv_has_a_mark_semicolons_and_decimal_commas_and_the_same_numbers() -> None:
    data = european_csv(ROWS)
    assert data.startswith(codecs.BOM_UTF8)
    assert data.count(b"\r\n") == ROWS.num_rows + 1
    doses = [row[1] for row in read_back(data, ";")[1:]]
    assert doses[:5] == ["1,5", "-0,25", "1e-07", "1234567,0", ""]
    found = [float(dose.replace(",", ".")) if dose else None for dose in doses]
    assert found == ROWS.column("dose").to_pylist()


def test_json_gives_back_every_value_and_has_no_markup_or_unseen_sign() -> None:
    data = table_json(ROWS)
    assert json.loads(data) == ROWS.to_pylist()
    text = data.decode("utf-8")
    assert not [sign for sign in text if sign in "<>&" or not (sign.isprintable() or sign == "\n")]


HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> {{7*7}} \"' \u202e"
LEVEL = {"modality": "CT", "national_drl": 60.5, "disclosure": "shown", "status": "ndrl"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A lake with a label taken from a hospital, and a modality without rows."""
    shown = METHOD | ADULT | CTDIVOL | HEAD | LEVEL | {"procedure_label": HOSTILE}
    withheld = shown | {"modality": "NM", "disclosure": "suppressed", "procedure_id": "nm"}
    indicator = {"indicator_id": "modulation_use", "value": 0.125, "share_unknown": 0.5}
    world = {
        "public.public_national_drls": [shown, withheld],
        "public.public_commitment_indicators": [indicator],
    }
    return Settings(lake=str(lay_lake(tmp_path / "lake", world)))


def test_export_writes_every_form_and_nothing_in_them_is_live(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    paths = {str(Path(path).relative_to(folder)) for path in export(settings, folder)}
    names = {path.removeprefix("json/").removesuffix(".json") for path in paths if "json/" in path}
    forms = {f"{place}{name}.csv" for name in names for place in ("", "csv_excel/")}
    others = {"drlake.xlsx", "public.duckdb", "dictionary.csv"}
    assert paths == forms | others | {f"json/{name}.json" for name in names}
    for place, delimiter in (("", ","), ("csv_excel/", ";")):
        data = (folder / f"{place}national_drls.csv").read_bytes()
        labels = [row[7] for row in read_back(data, delimiter)[1:]]
        assert labels == [f"'{HOSTILE}"] * 2
    said = json.loads((folder / "json" / "national_drls.json").read_bytes())
    assert said[0]["procedure_label"] == HOSTILE


def test_the_workbook_has_sheets_by_modality_formats_frozen_heads_and_no_formula(
    settings: Settings, tmp_path: Path
) -> None:
    export(settings, tmp_path / "out")
    book = load_workbook(tmp_path / "out" / "drlake.xlsx")
    assert book.sheetnames[:4] == ["README", "dictionary", "levels CT", "levels NM"]
    assert book["levels CT"]["B2"].value == f"'{HOSTILE}"
    assert book["levels NM"].max_row == 1
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "b"}
    assert not [cell for cell in cells if cell.hyperlink]
    assert {sheet.freeze_panes for sheet in book} == {"A2"}
    formats = {
        head.value: cell.number_format
        for head, cell in zip(*book["commitment_indicators"].iter_rows(max_row=2), strict=True)
    }
    assert (formats["value"], formats["share_unknown"]) == ("General", "0.0 %")
    about = " ".join(str(row[0].value) for row in book["README"].iter_rows())
    assert "Not a release" in about
    assert "levels CT, levels NM" in about


def test_export_writes_into_a_new_folder_alone(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    with pytest.raises(UsageError, match="Name a new folder or an empty one"):
        export(settings, tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]
