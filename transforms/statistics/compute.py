"""Computes the statistics of some facilities in one DuckDB connection and writes them.

A facility's rows do not depend on the other facilities of the connection: their number changes the
duration only. Each model costs a hundredth of a second for planning, so several small facilities
are computed together.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from transforms.lake.duckdb_reader import LakeReader
from transforms.lake.lake import Lake, table_bytes
from transforms.statistics.inputs import LakeInputs
from transforms.statistics.models import OUTCOME_FILES, FacilityModels
from transforms.warehouse.checks import run_checks
from transforms.warehouse.sql_project import Model

FOLDER = "statistics"


@dataclass(frozen=True, slots=True)
class Work:
    """Facilities to compute together, each with the digest under which it is kept."""

    digests: Mapping[str, str]

    @property
    def facility_ids(self) -> list[str]:
        """The facilities in order."""
        return sorted(self.digests)


def statistics_path(lake: Lake, digest: str, table: str, facility_id: str) -> str:
    """`<lake>/statistics/<digest>/<table>/<facility_id>.parquet`."""
    return lake.path(FOLDER, digest, table, f"{facility_id}.parquet")


def manifest_path(lake: Lake, digest: str, facility_id: str) -> str:
    """`<lake>/statistics/<digest>/<facility_id>.json`: the tables written, with their SHA-256."""
    return lake.path(FOLDER, digest, f"{facility_id}.json")


def compute_statistics(
    lake: Lake, inputs: LakeInputs, models: FacilityModels, work: Work, memory_gib: int
) -> None:
    """Run the models for these facilities, check the results, and write them to the lake.

    Raises ChecksFailed where a check of the data fails; then nothing is written. A facility's
    manifest is written last: without it the statistics do not exist.
    """
    reader = LakeReader(lake)
    with reader.connect(threads=1, memory_limit=f"{memory_gib}GiB") as connection:
        run_models(connection, reader, inputs, models, work.facility_ids)
        run_checks(connection, models.checks)
        written: dict[str, dict[str, str]] = {one: {} for one in work.facility_ids}
        with lake.writing_many() as write:
            for model in models.kept:
                for facility_id, rows in _by_facility(connection, models, model, work.facility_ids):
                    path = statistics_path(lake, work.digests[facility_id], model.name, facility_id)
                    data = table_bytes(rows)
                    write(path, data)
                    written[facility_id][model.name] = hashlib.sha256(data).hexdigest()
    for facility_id, tables in written.items():
        path = manifest_path(lake, work.digests[facility_id], facility_id)
        lake.write_bytes(path, json.dumps(tables, indent=1).encode(), flush=False)


def run_models(
    connection: Any,
    reader: LakeReader,
    inputs: LakeInputs,
    models: FacilityModels,
    facility_ids: Sequence[str],
) -> None:
    """Create a table of each model, from the files of these facilities only."""
    for query in models.seed_queries():
        connection.execute(query)
    add_sources(connection, reader, inputs, models.tables, facility_ids)
    for name in models.order:
        connection.execute(models.statement(name))


def add_sources(
    connection: Any,
    reader: LakeReader,
    inputs: LakeInputs,
    tables: Sequence[str],
    facility_ids: Sequence[str],
) -> None:
    """Create a view of each table of the lake, over the files listed and no other."""
    connection.execute("create schema if not exists lake")
    for table in tables:
        paths = inputs.files_of(facility_ids, table)
        connection.execute(f"create view lake.{table} as from {reader.rows(paths)}")
    add_validated(connection, inputs.validated(facility_ids))


def add_validated(connection: Any, submission_ids: Sequence[str]) -> None:
    """Create the table in which models look up the submissions that are validated.

    It has names of files, as the models find them in a folder without it.
    """
    connection.execute("create schema if not exists lake")
    connection.execute(f"create table {OUTCOME_FILES} (file varchar)")
    files = [f"{name}.parquet" for name in submission_ids]
    connection.execute(f"insert into {OUTCOME_FILES} select unnest(?)", [files])


def _by_facility(
    connection: Any, models: FacilityModels, model: Model, facility_ids: Sequence[str]
) -> Iterator[tuple[str, pa.Table]]:
    """The rows of each facility in an order that depends on the rows only: that of their key."""
    order = ", ".join(models.key_of(model)) or "all nulls first"
    rows = connection.sql(
        f"select * from main.{model.name} order by {order}"  # noqa: S608 - names of sql/
    ).to_arrow_table()
    column = rows["facility_id"].combine_chunks()
    for facility_id in facility_ids:
        yield facility_id, rows.filter(pc.equal(column, facility_id))
