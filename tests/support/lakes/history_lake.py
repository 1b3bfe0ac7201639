"""A lake in memory that runs a history: facilities send and state, and faults happen.

Receiving, attempts, statements and the ledger are the project's own code. Decoding is a table: an
object is a report of a small universe, so that copies, versions, corrections and examinations sent
again are frequent.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from unittest import mock
from uuid import uuid4

import pyarrow as pa
from fsspec.implementations.memory import MemoryFileSystem

from transforms.lake.lake import Lake, arrow_table
from transforms.lake.pseudonyms import Pseudonyms
from transforms.ledger.entries import Entry, arrivals, attempts, endings, entries
from transforms.ledger.statements import statement_id_of, write_statement
from transforms.pipeline.decode_job import decode_outcome
from transforms.pipeline.retry_quarantined import write_attempt
from transforms.receive.exports.location import Place
from transforms.receive.fetch_job import ReceivedObject
from transforms.receive.submission import receive_facility
from transforms.receive.visit import VisitResult
from transforms.settings import Settings
from transforms.tables import (
    CT_IRRADIATION_EVENT,
    DOSE_REPORT,
    OBJECT_OUTCOME,
    STATEMENT,
    SUBMISSION,
)

Row = dict[str, Any]
STUDY_DAYS = (datetime.date(2025, 3, 1), datetime.date(2025, 3, 2))


class Thing(NamedTuple):
    """One object of the universe: a dose report, or other bytes (`report` 0).

    The report and the study number represent their UIDs, `examination` the time and the patient.
    Events are pairs of a number and a DLP.
    """

    report: int
    study: int
    examination: int
    events: tuple[tuple[int, float], ...]
    is_new_word: bool
    padding: int = 0  # bytes without any content

    @property
    def sha256(self) -> str:
        """Checksum of its content."""
        return hashlib.sha256(repr(tuple(self)).encode()).hexdigest()

    def rows(self, ids: Row) -> tuple[Row, list[Row]]:
        """Its rows of `dose_report` and `ct_irradiation_event`."""
        shared = ids | {"report_key": f"R{self.report}", "study_key": f"S{self.study}"}
        report = {
            "modality": "CT",
            "device_key": "D1",
            "study_date": STUDY_DAYS[self.examination % 2],
            "irradiation_started_at": f"2025-03-01T12:00:0{self.examination}",
            "patient_age_days": 20_000,
            "study_description": "CT Chest",
        }
        events = [
            {
                "event_key": f"E{self.study}.{number}",
                "event_index": index,
                "ct_acquisition_type": "spiral",
                "ctdiw_phantom": "body_32cm",
                "mean_ctdivol_mgy": 10.0,
                "dlp_mgy_cm": dlp,
            }
            for index, (number, dlp) in enumerate(self.events, start=1)
        ]
        return shared | report, [shared | event for event in events]


class World:
    """One facility with a lake of its own; it may send each file by itself."""

    def __init__(
        self, facility_id: str, universe: Sequence[Thing], one_by_one: bool = False
    ) -> None:
        self.facility_id = facility_id
        self.one_by_one = one_by_one
        self.lake = Lake(f"memory://{uuid4().hex}")
        self.knows_new_words = False
        self.things = {thing.sha256: thing for thing in universe}
        self.sent: set[tuple[str, str]] = set()
        self._reports: dict[str, tuple[list[Row], list[Row]]] = {}

    # --- events ------------------------------------------------------------------------------

    def submit(self, files: Iterable[tuple[str, Thing]]) -> None:
        """Visit an export with these files, by name; files that are still there are not new."""
        found = [ReceivedObject(name, thing.sha256) for name, thing in files]
        self.sent |= {(one.name_key, str(one.sha256)) for one in found}
        for pull in [[one] for one in found] if self.one_by_one else [found]:
            self._receive(pull)

    def _receive(self, found: list[ReceivedObject]) -> None:
        settings, pseudonyms = Settings(lake=self.lake.url), Pseudonyms(b"history")
        visited = VisitResult(found, len(found), len(found), 0, 0)
        with (
            mock.patch("transforms.receive.submission.fetch", return_value=visited),
            mock.patch("transforms.receive.submission.keep_objects"),  # they have no bytes
        ):
            pool: Any = None  # `fetch` alone would use it
            place = Place(self.facility_id, "memory://", {})
            receive_facility(settings, self.lake, place, pseudonyms, pool)

    def learn(self) -> None:
        """Extend the vocabulary: reports with a new word are decoded from now on."""
        self.knows_new_words = True

    def retry(self) -> None:
        """`drlake quarantine retry --reason code_unknown`, without decoding yet."""
        validated = set(self.lake.submissions("validate"))
        tried = attempts(self.lake)
        for arrival in arrivals(self.lake):
            ends = endings(self.lake, arrival, tried[arrival])
            wanted = [end for end in ends if end.reason_code == "code_unknown"]
            if wanted and arrival in validated:
                write_attempt(self.lake, arrival, wanted)

    def state(
        self, statement: str, thing: Thing, other: Thing | None = None, repetition: int = 0
    ) -> None:
        """Make a statement of the facility, possibly before its object arrives."""
        write_statement(self.lake, self._statement_row(statement, thing, other, repetition))

    def withdraw(
        self, statement: str, thing: Thing, other: Thing | None = None, repetition: int = 0
    ) -> None:
        """Withdraw such a statement, possibly before it is made."""
        named = statement_id_of(self._statement_row(statement, thing, other, repetition))
        row = self._statement_row("withdrawn", thing, None, 0)
        write_statement(self.lake, {**row, "withdrawn_statement_id": named})

    def _statement_row(
        self, statement: str, thing: Thing, other: Thing | None, repetition: int
    ) -> Row:
        return {
            "facility_id": self.facility_id,
            "statement": statement,
            "object_sha256": thing.sha256,
            "other_object_sha256": other.sha256 if other else None,
            "repetition": repetition,
        }

    def in_force(self) -> list[Row]:
        """Statements that are not withdrawn, computed without SQL."""
        made = self.staging_rows()["statement"]
        back = {row["withdrawn_statement_id"] for row in made}
        return [row for row in made if row["statement_id"] not in back]

    def work(self, commits: int) -> None:
        """Decode and validate waiting submissions, and be killed after this many commits."""
        for stage, before, do in (
            ("decode", "receive", self._decode),
            ("validate", "decode", self._validate),
        ):
            done = set(self.lake.submissions(stage))
            for name in self.lake.submissions(before):
                if name not in done and commits > 0:
                    do(name)
                    commits -= 1

    def again(self) -> None:
        """`drlake ingest --again`: every submission once more, with today's rules."""
        for name in self.lake.submissions("decode"):
            self._decode(name)
        for name in self.lake.submissions("validate"):
            self._validate(name)

    def finish(self) -> None:
        """Process everything that waits, and retry what a new rule accepts."""
        self.work(commits=10_000)
        if self.knows_new_words:
            self.retry()
            self.work(commits=10_000)

    def forget(self) -> None:
        """Free its memory: each listing searches all files in memory, of every lake."""
        fs = MemoryFileSystem()
        if fs.exists(self.lake.path()):
            fs.rm(self.lake.path(), recursive=True)

    # --- content -------------------------------------------------------------------------------

    def entries(self) -> list[Entry]:
        """The ledger as the project reads it."""
        return entries(self.lake)

    def staging_rows(self) -> dict[str, list[Row]]:
        """The rows that dbt would read, by table."""
        validated = self.lake.submissions("validate")
        outcomes = [
            row
            for stage in ("receive", "decode", "validate")
            for name in validated
            for row in self.lake.read_outcomes(stage, name).to_pylist()
        ]
        statements = [
            row
            for path in self.lake.statement_files(self.facility_id)
            for row in self.lake.read_rows(path)
        ]
        return {
            DOSE_REPORT.name: [row for n in validated for row in self._reports[n][0]],
            CT_IRRADIATION_EVENT.name: [row for n in validated for row in self._reports[n][1]],
            OBJECT_OUTCOME.name: outcomes,
            STATEMENT.name: statements,
            SUBMISSION.name: [],
        }

    def _decode(self, name: str) -> None:
        reports: list[Row] = []
        events: list[Row] = []
        outcomes = []
        for row in self.lake.read_outcomes("receive", name).to_pylist():
            if row["outcome"] == "received":
                thing = self.things[row["object_sha256"]]
                reason = self._reason(thing)
                outcomes.append(decode_outcome(row, reason, None))
                if reason is None:
                    keys = ("facility_id", "submission_id", "object_sha256")
                    report, own = thing.rows({key: row[key] for key in keys})
                    reports.append(report)
                    events += own
        self._reports[name] = (reports, events)
        self.lake.write_outcomes("decode", name, outcomes)

    def _reason(self, thing: Thing) -> str | None:
        if thing.report == 0:
            return "not_dicom"
        return "code_unknown" if thing.is_new_word and not self.knows_new_words else None

    def _validate(self, name: str) -> None:
        rows = self.lake.read_outcomes("decode", name).to_pylist()
        said = {"stage": "validate", "outcome": "accepted"}
        decoded = [{**row, **said} for row in rows if row["outcome"] == "decoded"]
        self.lake.write_outcomes("validate", name, decoded)


def staging_tables_of(worlds: Iterable[World]) -> dict[str, pa.Table]:
    """The rows of several facilities as the tables of one lake."""
    tables = {t.name: t for t in (DOSE_REPORT, CT_IRRADIATION_EVENT, OBJECT_OUTCOME, STATEMENT)}
    found = [world.staging_rows() for world in worlds]
    return {
        name: arrow_table(table, [row for rows in found for row in rows[name]])
        for name, table in tables.items()
    }
