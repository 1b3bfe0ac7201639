"""Finds what several facilities have sent, before dbt computes anything of a facility.

An object, report or event that two facilities have sent counts at one of them. To find it, the rows
of all facilities are compared once, by keyed hashes. The result is a small table of the lake, which
the models of each facility read like reference data. The queries are in `sql/between_facilities`.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from transforms.lake.duckdb_reader import LakeReader
from transforms.lake.lake import EMPTY, Lake, parquet_bytes
from transforms.ledger.entries import attempt_number
from transforms.statistics.compute import add_validated
from transforms.statistics.models import OUTCOME_FILES
from transforms.tables import OBJECT_OUTCOME, SHARED_REPORT
from transforms.warehouse.sql_project import SQL, SqlProject

FOLDER = "between_facilities"
STAGED = (
    *("stg_lake__dose_reports", "stg_lake__statements"),
    *("stg_lake__ct_irradiation_events", "stg_lake__xray_irradiation_events"),
    "stg_lake__radiopharmaceutical_administrations",
    *("stg_lake__declared_devices", "stg_lake__device_statements"),
)
"""Models of staging that the queries read."""

STEPS = (
    ("compared_reports", "table"),
    ("compared_events", "view"),
    ("shared_keys", "table"),
    ("claims", "table"),
    ("decided_parts", "table"),
    ("parted_examinations", "table"),
)
"""Queries in their order, each kept as a table or a view; `shared_reports` is the result."""


def write_shared_reports(lake: Lake, project: Path = SQL, threads: int = 2) -> int:
    """Write table `shared_report` of the lake anew, a file per facility; returns its rows.

    Files that would not change are left alone, and those of facilities without rows are removed.
    """
    rows = shared_reports(lake, project, threads)
    of_facilities: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        of_facilities[row["facility_id"]].append(row)
    wanted = {
        lake.table_path("shared", SHARED_REPORT, facility_id): parquet_bytes(SHARED_REPORT, own)
        for facility_id, own in of_facilities.items()
    }
    kept = lake.table_path("shared", SHARED_REPORT, EMPTY)
    for path in lake.files("shared", SHARED_REPORT.name, "*.parquet"):
        if path != kept and path not in wanted:
            lake.remove(path)
    for path, data in lake.read_found(wanted):
        if data != wanted[path]:
            lake.write_bytes(path, wanted[path])
    return len(rows)


def shared_reports(lake: Lake, project: Path = SQL, threads: int = 2) -> list[dict[str, Any]]:
    """The rows of `shared_report`, computed from the accepted reports of the lake."""
    reader = LakeReader(lake)
    environment = {"DRLAKE_OUTCOME_FILES": OUTCOME_FILES}
    models = SqlProject(project, environment, staging=True, source=reader.table)
    with reader.connect(threads=threads) as connection:
        add_validated(connection, lake.submissions("validate"))
        for name in STAGED:
            connection.execute(f"create view {name} as {models.render_model(name)}")
        _add_repeated_objects(connection, lake)
        for name, kind in STEPS:
            connection.execute(f"create {kind} {name} as {_query(models, project, name)}")
        found = connection.sql(_query(models, project, "shared_reports")).to_arrow_table()
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def _add_repeated_objects(connection: Any, lake: Lake) -> None:
    """Table of the objects that were decoded again, of validated attempts only.

    Such attempts are few and known by their names, so that not every file of outcomes is opened.
    """
    names = [name for name in lake.submissions("validate") if attempt_number(name)]
    tables = lake.read_many_outcomes("receive", names)
    rows = pa.concat_tables([OBJECT_OUTCOME.arrow_schema().empty_table(), *tables])
    connection.register("repeated_objects", rows)


def _query(models: SqlProject, project: Path, name: str) -> str:
    text = (project / FOLDER / f"{name}.sql").read_text(encoding="utf-8")
    return models.render_text(text)
