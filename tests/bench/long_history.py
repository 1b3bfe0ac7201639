"""Writes a facility with years of daily submissions as ingest and validation leave it, without any
DICOM: outcomes of all stages and decoded, accepted and validated tables, a file per submission.

The last days are also in its export, as files whose signatures the outcomes have.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.lake.lake import Lake, parquet_bytes
from transforms.lake.pseudonyms import Pseudonyms
from transforms.receive.exports.local_folder import LocalRemote
from transforms.receive.fetch_job import signature_key
from transforms.tables import (
    CT_ACCUMULATED_DOSE,
    CT_IRRADIATION_EVENT,
    DOSE_REPORT,
    FINDING,
    OBJECT_OUTCOME,
    REPORT_TABLES,
    SUBMISSION,
)
from transforms.tables.object_outcome import STAGES
from transforms.tables.schema import Table

Row = dict[str, Any]
OUTCOMES = dict(zip(STAGES, ("received", "decoded", "accepted"), strict=True))
ADULT_DAYS = 20_000


@dataclass(frozen=True, slots=True)
class History:
    """How much a facility has sent: a submission a day until `last_day`."""

    days: int = 3_650
    objects: int = 10
    events: int = 3
    days_in_export: int = 30
    only_outcomes: bool = False
    last_day: dt.date = dt.date(2026, 11, 29)


def write_history(
    lake: Lake, facility_id: str, export: Path, key: Pseudonyms, size: History
) -> None:
    """Write one facility; the files of its last days are in `export`, which is a new folder."""
    export.mkdir(parents=True)
    empty = {table.name: parquet_bytes(table, []) for table in (*REPORT_TABLES, FINDING)}
    with lake.writing_many() as write:
        for number in range(size.days):
            day = size.last_day - dt.timedelta(days=size.days - 1 - number)
            names = [f"{number:05}-{one:03}.dcm" for one in range(size.objects)]
            if number >= size.days - size.days_in_export:
                for name in names:
                    (export / name).write_bytes(_object(facility_id, name))
            rows = list(_object_rows(facility_id, names, export, key))
            tables = {**empty, **dict(_table_bytes(facility_id, rows, day, size.events))}
            for path, data in _files(lake, rows, tables, only_outcomes=size.only_outcomes):
                write(path, data)


def _object(facility_id: str, name: str) -> bytes:
    return f"{facility_id} {name}".encode()


def _object_rows(
    facility_id: str, names: list[str], export: Path, key: Pseudonyms
) -> Iterator[Row]:
    """Outcome rows without stage and outcome."""
    known = LocalRemote(str(export)).stat_files(names)
    digest = hashlib.sha256(" ".join(names).encode()).hexdigest()[:16]
    for index, name in enumerate(names, start=1):
        data = _object(facility_id, name)
        entry = known.get(name)
        yield {
            "facility_id": facility_id,
            "submission_id": f"{facility_id}.{digest}",
            "object_sha256": hashlib.sha256(data).hexdigest(),
            "object_index": index,
            "name_key": key.of("name", facility_id, name),
            "signature_key": signature_key(key, facility_id, entry)
            if entry
            else key.of("signature", facility_id, name),
            "object_bytes": len(data),
        }


def _table_bytes(
    facility_id: str, objects: list[Row], day: dt.date, n_events: int
) -> Iterator[tuple[str, bytes]]:
    """The tables of a submission that have rows, as files."""
    reports = [
        {
            **{name: row[name] for name in ("facility_id", "submission_id", "object_sha256")},
            "report_key": row["object_sha256"][:32],
            "study_key": row["object_sha256"][32:],
            "device_key": f"{facility_id}-CT1",
            "sop_class_uid": "1.2.840.10008.5.1.4.1.1.88.67",
            "modality": "CT",
            "study_date": day,
            "study_description": "CT Chest",
            "patient_age_days": ADULT_DAYS,
            "irradiation_started_at": f"{day}T{index % 24:02}:00:00",
        }
        for index, row in enumerate(objects)
    ]
    events = [
        {
            **report,
            "event_key": f"{report['report_key'][:24]}{index:08}",
            "event_index": index,
            "ct_acquisition_type": "spiral",
            "mean_ctdivol_mgy": 5.0 + index + number / 10,
            "dlp_mgy_cm": 300.0 + number,
            "ctdiw_phantom": "body_32cm",
        }
        for number, report in enumerate(reports)
        for index in range(1, n_events + 1)
    ]
    summary = {
        **{name: objects[0][name] for name in ("facility_id", "submission_id")},
        "objects_received": len(objects),
        "bytes_received": sum(row["object_bytes"] for row in objects),
        "objects_decoded": len(objects),
        "first_study_date": day,
        "last_study_date": day,
    }
    yield DOSE_REPORT.name, parquet_bytes(DOSE_REPORT, reports)
    yield CT_IRRADIATION_EVENT.name, parquet_bytes(CT_IRRADIATION_EVENT, events)
    yield CT_ACCUMULATED_DOSE.name, parquet_bytes(CT_ACCUMULATED_DOSE, reports)
    yield SUBMISSION.name, parquet_bytes(SUBMISSION, [summary])


def _files(
    lake: Lake, rows: list[Row], tables: Mapping[str, bytes], *, only_outcomes: bool
) -> Iterator[tuple[str, bytes]]:
    """Every file of a submission with its path, or its outcomes and its row of `submission`."""
    submission_id = rows[0]["submission_id"]

    def path(zone: str, table: Table) -> str:
        return lake.table_path(zone, table, submission_id)

    yield path("decoded", SUBMISSION), tables[SUBMISSION.name]
    if not only_outcomes:
        for zone in ("decoded", "accepted"):
            yield from ((path(zone, table), tables[table.name]) for table in REPORT_TABLES)
        yield path("accepted", SUBMISSION), tables[SUBMISSION.name]
        for table in (SUBMISSION, FINDING):
            yield path("validated", table), tables[table.name]
    for stage, outcome in OUTCOMES.items():
        said = [{**row, "stage": stage, "outcome": outcome} for row in rows]
        yield lake.outcomes_path(stage, submission_id), parquet_bytes(OBJECT_OUTCOME, said)
