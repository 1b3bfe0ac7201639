"""The public tables in formats that people open: two kinds of CSV, JSON, and workbook sheets.

<table>.csv              RFC 4180: UTF-8, commas, decimal points
csv_excel/<table>.csv    for Excel in most of Europe: semicolons and decimal commas
json/<table>.json        one array of objects
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from transforms.errors import UsageError
from transforms.lake.lake import Lake
from transforms.public.database import DATABASE
from transforms.public.dictionary import DICTIONARY, EXCEL, JSON, dictionary_csv
from transforms.public.guard import NATIONAL, check_columns
from transforms.public.of_the_lake import public_rows, write_public_database
from transforms.public.workbook import WORKBOOK, workbook_bytes
from transforms.settings import Settings
from transforms.sheets.write import european_csv, table_csv, table_json

LEVELS = "reference_levels"
TITLE = "National diagnostic reference levels, public tables"
ABOUT = (TITLE, "Not a release: it has no number, nothing is frozen, and the next build differs.")
"""First lines of the workbook of a lake."""


def write_forms(folder: Path, name: str, rows: pa.Table) -> None:
    """Write one table in every text format."""
    for place, data in (
        (f"{name}.csv", table_csv(rows)),
        (f"{EXCEL}/{name}.csv", european_csv(rows)),
        (f"{JSON}/{name}.json", table_json(rows)),
    ):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_bytes(data)


def level_sheets(database: Path, rows: Mapping[str, pa.Table]) -> dict[str, pa.Table]:
    """Return one sheet of reference levels per modality that has national levels.

    The rows are those of the view; empty where the release's models have no such view.
    """
    if NATIONAL not in rows or "modality" not in rows[NATIONAL].column_names:
        return {}
    modalities = sorted(set(rows[NATIONAL].column("modality").to_pylist()))
    with duckdb.connect(str(database), read_only=True) as connection:
        if not _has_view(connection):
            return {}
        query = f"select * from {LEVELS} where modality = ?"  # noqa: S608 - our own name
        return {
            f"levels {modality}": connection.sql(query, params=[modality]).to_arrow_table()
            for modality in modalities
        }


def _has_view(connection: Any) -> bool:
    found = connection.execute("select 1 from duckdb_views() where view_name = ?", [LEVELS])
    return bool(found.fetchall())


def export(settings: Settings, folder: Path) -> list[str]:
    """Write the public tables of a lake into a folder, as a release does but without a number.

    Returns the paths. UsageError where the folder is not empty.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise UsageError(f"{folder} is not an empty folder. Name a new folder or an empty one.")
    lake = Lake(settings.lake)
    tables, rows = public_rows(lake)
    check_columns(tables)
    database = write_public_database(lake)
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(database, folder / DATABASE)
    for name, found in rows.items():
        write_forms(folder, name, found)
    sheets = level_sheets(folder / DATABASE, rows)
    (folder / WORKBOOK).write_bytes(workbook_bytes(TITLE, ABOUT, tables, rows, sheets))
    (folder / DICTIONARY).write_bytes(dictionary_csv(tables).encode("utf-8"))
    return sorted(str(path) for path in folder.rglob("*") if path.is_file())
