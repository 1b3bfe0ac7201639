"""The lake: paths of all its files, and the only code that writes Parquet into it.

A path depends only on the submission, so running again overwrites the same file with the same
bytes. Names are made here; text from a hospital never becomes part of a path.
"""

from __future__ import annotations

import errno
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.errors import UsageError
from transforms.lake import commit_points
from transforms.lake.commit_points import CommitPoint
from transforms.lake.lake_format import begin, check_number
from transforms.lake.stored_tables import (
    StoredTables,
    table_of_bytes,
)
from transforms.tables import (
    DECLARED_TABLES,
    DEVICE_STATEMENT,
    FACILITY,
    FACILITY_PULL,
    FACILITY_SUMMARY,
    FINDING,
    NAME_REVIEW,
    OBJECT_OUTCOME,
    REPORT_TABLES,
    SHARED_REPORT,
    STATEMENT,
    SUBMISSION,
)
from transforms.tables.facility_pull import PULL_STAGE
from transforms.tables.object_outcome import STAGES
from transforms.tables.schema import Table

FACILITY_ID_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")

ZONES: Mapping[str, tuple[Table, ...]] = {
    "decoded": (*REPORT_TABLES, SUBMISSION),
    "accepted": (*REPORT_TABLES, SUBMISSION),
    "validated": (FINDING, SUBMISSION),
    "registry": (FACILITY,),
    "declared": DECLARED_TABLES,
    "stated": (DEVICE_STATEMENT, NAME_REVIEW),
    "shared": (SHARED_REPORT,),
}
EMPTY = "_empty"
"""Name (without suffix) of the empty file with which DuckDB can read a zone that has no
submission."""


PARQUET_OPTIONS: Mapping[str, Any] = {"compression": "zstd", "compression_level": 1}
"""Options with which every Parquet file of a lake is written."""


@dataclass(frozen=True, slots=True)
class Lake(StoredTables):
    """A lake at a folder or fsspec URL."""

    def table_path(self, zone: str, table: Table, name: str) -> str:
        """`<lake>/<zone>/<table>/facility=<facility_id>/<submission_id>.parquet`."""
        return self.parquet_path(zone, table.name, name=name)

    def outcomes_path(self, stage: str, name: str) -> str:
        """`<lake>/outcomes/<stage>/facility=<facility_id>/<submission_id>.parquet`."""
        return self.parquet_path("outcomes", stage, name=name)

    def statements_path(self, name: str) -> str:
        """`<lake>/statements/facility=<facility_id>/<facility_id>.<digest>.parquet`."""
        return self.parquet_path("statements", name=name)

    def summaries_path(self, name: str) -> str:
        """`<lake>/summaries/facility=…/<facility_id>.<period>.<sequence number>.parquet`."""
        return self.parquet_path("summaries", name=name)

    def declared_path(self, table: Table, number: int) -> str:
        """`<lake>/declared/<table>/<sequence number>.parquet`."""
        return self.table_path("declared", table, f"{number:06}")

    def prepare(self) -> None:
        """Create all folders with an empty Parquet file per table; remove abandoned files.

        UsageError if another version of drlake wrote the lake.
        """
        if check_number(self) is None:
            begin(self)
        self.remove_abandoned()
        wanted = {path: parquet_bytes(table, []) for path, table in self._empty_files()}
        lacking = {path for path, data in self.read_found(wanted) if data != wanted[path]}
        if self.is_local:
            for path in sorted(lacking):
                self.write_bytes(path, wanted[path])
        else:
            with self.writing_many() as write:
                for path in sorted(lacking):
                    write(path, wanted[path])
        self.make_private_folder(self.path("received"))
        if self.is_local:
            Path(self.path("received")).chmod(0o700)

    def _empty_files(self) -> Iterator[tuple[str, Table]]:
        """The empty file of each table, which also has the columns of this version."""
        for zone, tables in ZONES.items():
            yield from ((self.table_path(zone, table, EMPTY), table) for table in tables)
        for stage in STAGES:
            yield self.outcomes_path(stage, EMPTY), OBJECT_OUTCOME
        yield self.outcomes_path(PULL_STAGE, EMPTY), FACILITY_PULL
        yield self.statements_path(EMPTY), STATEMENT
        yield self.summaries_path(EMPTY), FACILITY_SUMMARY

    def write_table(
        self,
        zone: str,
        table: Table,
        submission_id: str,
        rows: Iterable[Mapping[str, Any]],
        flush: bool = True,
    ) -> None:
        """Write a submission's rows of one table atomically."""
        data = parquet_bytes(table, rows)
        self.write_bytes(self.table_path(zone, table, submission_id), data, flush=flush)

    def write_outcomes(
        self, stage: str, submission_id: str, rows: Iterable[Mapping[str, Any]]
    ) -> None:
        """Write a submission's object outcomes of one stage."""
        data = parquet_bytes(OBJECT_OUTCOME, rows)
        self.write_bytes(self.outcomes_path(stage, submission_id), data)

    def withdraw_outcomes(self, stage: str, submission_id: str) -> None:
        """Remove the outcomes of a stage (flushed to disk) before its tables are replaced."""
        path = self.outcomes_path(stage, submission_id)
        if self.exists(path):
            with self.flush_at_end():
                self.remove(path)
            commit_points.announce(CommitPoint.OUTCOMES_WITHDRAWN)

    def read_table(self, zone: str, table: Table, submission_id: str) -> pa.Table:
        """A submission's rows of one table."""
        return self.stored_rows(f"{zone}/{table.name}", submission_id)

    def has_table(self, zone: str, table: Table, submission_id: str) -> bool:
        """Whether a submission has this table, perhaps without rows."""
        return self.has_rows(f"{zone}/{table.name}", submission_id)

    def read_outcomes(self, stage: str, submission_id: str) -> pa.Table:
        """A submission's object outcomes of one stage."""
        return self.stored_rows(f"outcomes/{stage}", submission_id)

    def has_outcomes(self, stage: str, submission_id: str) -> bool:
        """Whether a submission has passed a stage."""
        return self.has_rows(f"outcomes/{stage}", submission_id)

    def received_at(self, submission_id: str) -> datetime:
        """When a submission was received (UTC). It is in no data."""
        return self.stored_at("outcomes/receive", submission_id)

    def read_many_outcomes(self, stage: str, submission_ids: Iterable[str]) -> Iterator[pa.Table]:
        """The object outcomes of one stage of each of these submissions."""
        return self.read_outcomes_of((stage, one) for one in submission_ids)

    def read_outcomes_of(self, passed: Iterable[tuple[str, str]]) -> Iterator[pa.Table]:
        """The outcomes of each stage and submission; FileNotFoundError where there are none."""
        keys = [(f"outcomes/{stage}", name) for stage, name in passed]
        for (place, name), rows in zip(keys, self.find_rows(keys), strict=True):
            if rows is None:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), f"{place} {name}")
            yield rows

    def read_found_outcomes(
        self, stages: Sequence[str], submission_ids: Iterable[str]
    ) -> Iterator[pa.Table]:
        """The object outcomes of these stages of each submission, where it has passed the stage."""
        keys = [(f"outcomes/{stage}", one) for one in submission_ids for stage in stages]
        return (rows for rows in self.find_rows(keys) if rows is not None)

    def statement_files(self, facility_id: str | None = None) -> list[str]:
        """Sorted paths of the statements of one facility, or of all."""
        return self.parquet_files("statements", facility_id=facility_id)

    def summary_files(self, facility_id: str, period: int | None = None) -> list[str]:
        """Paths of a facility's summaries of one year, or of all; a year's last is in force."""
        files = self.parquet_files("summaries", facility_id=facility_id)
        start = f"{facility_id}.{period or ''}"
        return [path for path in files if PurePosixPath(path).name.startswith(start)]

    def declared_files(self, table: Table) -> list[str]:
        """Paths of the loads of one kind of declared data; the last one is in force."""
        return self.files("declared", table.name, "[0-9]*.parquet")

    def read_rows(self, path: str) -> list[dict[str, Any]]:
        """The rows of one Parquet file of the lake."""
        rows: list[dict[str, Any]] = table_of_bytes(self.read_bytes(path)).to_pylist()
        return rows

    def submissions(self, stage: str, facility_id: str | None = None) -> list[str]:
        """Submissions that have passed a stage, in order of their ids."""
        return self.stored(f"outcomes/{stage}", facility_id)

    def waiting_submissions(self, stage: str, facility_id: str | None = None) -> list[str]:
        """Submissions that have passed the previous stage but not this one."""
        before = STAGES[STAGES.index(stage) - 1]
        done = set(self.submissions(stage, facility_id))
        return [one for one in self.submissions(before, facility_id) if one not in done]

    def submissions_to_do(self, stage: str, facility_id: str, *, again: bool) -> list[str]:
        """Submissions of a facility that wait for a stage; `again` also those that passed it."""
        if again:
            return self.submissions(STAGES[STAGES.index(stage) - 1], facility_id)
        return self.waiting_submissions(stage, facility_id)

    def journal_files(self, facility_id: str) -> list[str]:
        """Paths of a facility's journal files (see `receive/journal.py`)."""
        return self.files("journal", facility_id, "*")


def parquet_bytes(table: Table, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as a Parquet file with the table's schema. Equal rows give equal bytes."""
    return table_bytes(arrow_table(table, list(rows)))


def table_bytes(table: pa.Table) -> bytes:
    """An Arrow table as a Parquet file. Equal tables give equal bytes."""
    buffer = io.BytesIO()
    pq.write_table(table.combine_chunks(), buffer, **PARQUET_OPTIONS)
    return buffer.getvalue()


def arrow_table(table: Table, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table; a column that a row lacks is NULL."""
    schema = table.arrow_schema()
    arrays = [pa.array([row.get(field.name) for row in rows], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def check_facility_id(facility_id: str) -> str:
    """Return the id if it is a safe folder name, else raise UsageError."""
    if not FACILITY_ID_PATTERN.fullmatch(facility_id):
        raise UsageError(
            f"{facility_id!r} cannot be a facility id. Rename the export folder: 1 to 32 letters, "
            "digits, '-' or '_', beginning with a letter or digit."
        )
    return facility_id
