"""Finds hostile names that would have an effect: on pages, in CSV, in workbooks."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from openpyxl import load_workbook

from tests.end_to_end.conftest import Nation
from tests.support.in_process import drlake

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Characters with which a spreadsheet begins a formula."""
SCRIPTS = ("<script", "javascript:")
TURNING = "\u202a\u202b\u202d\u202e\u2066\u2067\u2068"


def everything_written(nation: Nation, folder: Path) -> Path:
    """Write the work-lists, the public tables in every format, and query results to this folder."""
    lake = ("--lake", nation.lake.url)
    for name in ("names.csv", "names.xlsx"):
        assert drlake("mapping", "worklist", str(folder / name), *lake).returncode == 0
    assert drlake("export", str(folder / "public"), *lake).returncode == 0
    question = "from marts.unmapped_names"
    asked = drlake("sql", question, "--restricted", "--format", "csv", *lake)
    assert asked.returncode == 0, asked.stderr[-500:]
    (folder / "asked.csv").write_text(asked.stdout, encoding="utf-8")
    return folder


def live_on_pages(report: Path) -> list[tuple[str, str]]:
    """Page and text that would run on it, or reverse its lines."""
    found = []
    for page in sorted(report.rglob("*.html")):
        text = page.read_text(encoding="utf-8").lower()
        found += [(page.name, sign) for sign in (*SCRIPTS, *TURNING) if sign in text]
    return found


def live_in_csv(folder: Path) -> list[tuple[str, str]]:
    """File and cell that a spreadsheet would read as a formula."""
    found = []
    for file in sorted(folder.rglob("*.csv")):
        text = io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")
        rows = csv.reader(text, delimiter=";" if file.parent.name == "csv_excel" else ",")
        cells = [cell for row in rows for cell in row if cell.startswith(FORMULA)]
        found += [(file.name, cell) for cell in cells if not is_number(cell)]
    return found


def live_in_workbooks(folder: Path) -> list[tuple[str, str]]:
    """Workbook and coordinate of each formula."""
    return [
        (file.name, cell.coordinate)
        for file in sorted(folder.rglob("*.xlsx"))
        for sheet in load_workbook(file)
        for row in sheet.rows
        for cell in row
        if cell.data_type == "f"
    ]


def is_number(text: str) -> bool:
    """Whether the cell is a negative number, with a point or a comma."""
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
