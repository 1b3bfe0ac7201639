"""Small lakes for tests of the warehouse: rows written as the pipeline writes them.

lake_rows = LakeRows(Lake(str(folder))) lake_rows.submission("F001", [report("S1",
[event(ctdivol=8)], study_description="CT Chest")])

Every submission is complete: outcomes of the three stages, `submission`, and the tables of its
decoded reports, which are also in `accepted/` unless the submission is held. All values are
invented; none is from a real facility.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from transforms.lake.lake import Lake, parquet_bytes
from transforms.ledger.statements import write_statement
from transforms.tables import (
    CT_IRRADIATION_EVENT,
    DOSE_REPORT,
    FACILITY_SUMMARY,
    FINDING,
    RADIOPHARMACEUTICAL_ADMINISTRATION,
    REPORT_TABLES,
    SUBMISSION,
    XRAY_ACCUMULATED_DOSE,
    XRAY_IRRADIATION_EVENT,
)
from transforms.tables.schema import Table

Row = dict[str, Any]
ADULT_DAYS = 20_000


@dataclass(frozen=True)
class Report:
    """A dose report: its row of `dose_report`, and its rows of the other tables by name."""

    row: Row
    tables: Mapping[str, Sequence[Row]]


def event(
    key: str | None = None,
    *,
    ctdivol: float | None = 10.0,
    dlp: float | None = 300.0,
    kind: str | None = "spiral",
    protocol: str | None = None,
    phantom: str | None = "body_32cm",
) -> Row:
    """One CT event; `key` None means that the report gives no event UID."""
    return {
        "event_key": key,
        "mean_ctdivol_mgy": ctdivol,
        "dlp_mgy_cm": dlp,
        "ct_acquisition_type": kind,
        "acquisition_protocol": protocol,
        "ctdiw_phantom": phantom,
    }


def report(study: str, events: Sequence[Row], *, key: str | None = None, **columns: Any) -> Report:
    """One dose report of an adult; `columns` are further columns of `dose_report`."""
    row = {
        "study_key": study,
        "report_key": key or f"{study}-report",
        "sop_class_uid": "1.2.840.10008.5.1.4.1.1.88.67",
        "modality": "CT",
        "study_date": datetime.date(2025, 3, 1),
        "patient_age_days": ADULT_DAYS,
    }
    return Report({**row, **columns}, {CT_IRRADIATION_EVENT.name: events})


def projection(
    study: str,
    events: Sequence[Row] = (),
    totals: Sequence[Row] = (),
    *,
    administrations: Sequence[Row] = (),
    modality: str = "RF",
    **columns: Any,
) -> Report:
    """A report of another modality than CT; events, totals and administrations are rows."""
    made = report(study, (), modality=modality, **columns)
    tables = {
        XRAY_IRRADIATION_EVENT.name: events,
        XRAY_ACCUMULATED_DOSE.name: totals,
        RADIOPHARMACEUTICAL_ADMINISTRATION.name: administrations,
    }
    return Report(made.row, tables)


def summary(facility_id: str, **columns: Any) -> Row:
    """One row of `facility_summary`: DLP of a chest CT of adults, 20 examinations."""
    row = {
        "facility_id": facility_id,
        "period": 2025,
        "scope": "examination",
        "procedure_id": "ct_chest",
        "patient_group_id": "adult",
        "drl_quantity": "dlp",
        "unit": "mGy.cm",
        "stated_unit": "mGy.cm",
        "n_examinations": 20,
        "n_values": 20,
        "minimum": 100.0,
        "p25": 200.0,
        "p50": 300.0,
        "p75": 400.0,
        "maximum": 500.0,
        "mean": 310.0,
        "n_derived": 0,
        "n_weight_known": 0,
        "sequence_number": 1,
        "file_sha256": "0" * 64,
    }
    return {**row, **columns}


@dataclass
class LakeRows:
    """Writes submissions into a lake, numbering objects so that no two have equal bytes."""

    lake: Lake
    _numbers: Any = field(default_factory=lambda: count(1))

    def __post_init__(self) -> None:
        self.lake.prepare()

    def submission(
        self,
        facility_id: str,
        reports: Sequence[Report],
        *,
        duplicates: int = 0,
        refused: Sequence[str] = (),
        held: str | None = None,
    ) -> str:
        """Write one submission and return its id.

        `refused` are reason codes of objects quarantined when decoded; `held` is the sentence
        of the finding that holds the submission as a whole.
        """
        submission_id = f"{facility_id}.{next(self._numbers):016x}"
        ids = {"facility_id": facility_id, "submission_id": submission_id}
        decoded = [self._object(ids, index) for index, _ in enumerate(reports, start=1)]
        lost = [self._object(ids, len(reports) + index) for index, _ in enumerate(refused, start=1)]
        copies = [
            {**decoded[0], "object_index": len(reports) + len(refused) + index}
            for index in range(1, duplicates + 1)
        ]
        self._outcomes(submission_id, decoded, lost, copies, refused, held)
        self._tables(ids, reports, decoded, held, len(decoded) + len(lost) + len(copies))
        return submission_id

    def state(
        self, facility_id: str, statement: str, sha256: str, other: str | None = None, **said: Any
    ) -> str:
        """Write a statement of a facility about an object; returns its id."""
        said |= {"statement": statement, "object_sha256": sha256, "other_object_sha256": other}
        return write_statement(self.lake, {"facility_id": facility_id, **said})

    def withdraw(self, facility_id: str, statement_id: str, sha256: str) -> None:
        """Write that a facility withdraws a statement about an object."""
        self.state(facility_id, "withdrawn", sha256, withdrawn_statement_id=statement_id)

    def summaries(self, *rows: Row) -> None:
        """Write a form of one facility and year."""
        said = rows[0]
        name = f"{said['facility_id']}.{said['period']}.{said['sequence_number']:06}"
        self.lake.write_bytes(self.lake.summaries_path(name), parquet_bytes(FACILITY_SUMMARY, rows))

    def objects(self, submission_id: str) -> list[str]:
        """SHA-256 of a submission's decoded objects, in their order."""
        rows = self.lake.read_outcomes("validate", submission_id).to_pylist()
        return [row["object_sha256"] for row in rows]

    def _object(self, ids: Row, index: int) -> Row:
        number = next(self._numbers)
        sha256 = hashlib.sha256(str(number).encode()).hexdigest()
        return {**ids, "object_sha256": sha256, "object_index": index, "name_key": f"n{number}"}

    def _start(self) -> Row:
        """Start time: different for each report unless a test sets it, else they are one
        examination.
        """
        moment = datetime.datetime(2025, 3, 1) + datetime.timedelta(seconds=next(self._numbers))
        return {"irradiation_started_at": moment.isoformat()}

    def _outcomes(
        self,
        submission_id: str,
        decoded: Sequence[Row],
        lost: Sequence[Row],
        copies: Sequence[Row],
        refused: Sequence[str],
        held: str | None,
    ) -> None:
        verdict = (
            _outcome_columns("held", "submission_held") if held else _outcome_columns("accepted")
        )
        stages = {
            "receive": [
                *({**row, **_outcome_columns("received")} for row in (*decoded, *lost)),
                *(
                    {**row, **_outcome_columns("duplicate", "duplicate_in_submission")}
                    for row in copies
                ),
            ],
            "decode": [
                *({**row, **_outcome_columns("decoded")} for row in decoded),
                *(
                    {**r, **_outcome_columns("quarantined", why)}
                    for r, why in zip(lost, refused, strict=True)
                ),
            ],
            "validate": [{**row, **verdict} for row in decoded],
        }
        for stage, rows in stages.items():
            self.lake.write_outcomes(
                stage, submission_id, [{"detail": None, **row, "stage": stage} for row in rows]
            )

    def _tables(
        self,
        ids: Row,
        reports: Sequence[Report],
        decoded: Sequence[Row],
        held: str | None,
        received: int,
    ) -> None:
        rows: dict[str, list[Row]] = {table.name: [] for table in REPORT_TABLES}
        for each, keys in zip(reports, decoded, strict=True):
            device = {"device_key": f"{ids['facility_id']}-CT1"}
            own = {
                **ids,
                **device,
                "object_sha256": keys["object_sha256"],
                **self._start(),
                **each.row,
            }
            rows[DOSE_REPORT.name].append(own)
            for name, children in each.tables.items():
                rows[name] += [
                    {**own, **values, "event_index": index, "plane_index": index}
                    for index, values in enumerate(children, start=1)
                ]
        for table in REPORT_TABLES:
            self._write(table, ids["submission_id"], rows[table.name], held)
        days = [each.row["study_date"] for each in reports if each.row["study_date"]]
        summary = {
            **ids,
            "objects_received": received,
            "bytes_received": 1000 * received,
            "objects_decoded": len(reports),
            "first_study_date": min(days, default=None),
            "last_study_date": max(days, default=None),
        }
        self._write(SUBMISSION, ids["submission_id"], [summary], held)
        if held:
            finding = {**ids, "finding_index": 1, "table_name": DOSE_REPORT.name}
            finding |= {"expectation": "made_up", "severity": "hold", "reason": held}
            self.lake.write_table("validated", FINDING, ids["submission_id"], [finding])

    def _write(self, table: Table, submission_id: str, rows: list[Row], held: str | None) -> None:
        for zone in ("decoded", "validated") if table is SUBMISSION else ("decoded",):
            self.lake.write_table(zone, table, submission_id, rows)
        if not held:
            self.lake.write_table("accepted", table, submission_id, rows)


def _outcome_columns(outcome: str, reason_code: str | None = None) -> Row:
    return {"outcome": outcome, "reason_code": reason_code}
