"""Marts in, `report/index.html` and `report/national_drls.csv` out."""

from __future__ import annotations

from pathlib import Path

from transforms.lake import Lake
from transforms.report.marts import read_mart, read_marts
from transforms.report.page import render_page
from transforms.report.reference import REFERENCE, read_reference
from transforms.settings import Settings
from transforms.sheets.write import table_csv


def write_report(settings: Settings, reference_folder: Path = REFERENCE) -> list[str]:
    """Write the page and the CSV from the exported marts; return their paths.

    Same marts and reference tables, same bytes. Raises DrlakeError where a mart or a
    reference table is missing or lacks a column, LedgerError where the attrition does not
    add up: such a page would be believed.
    """
    lake = Lake(settings.lake)
    page = render_page(read_marts(lake), read_reference(reference_folder))
    national = table_csv(read_mart(lake, "national_drls"))
    files = {"index.html": page.encode("utf-8"), "national_drls.csv": national}
    paths = []
    for name, data in files.items():
        path = lake.path("report", name)
        lake.write_bytes(path, data)
        paths.append(path)
    return paths
