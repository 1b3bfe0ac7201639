"""Decodes a chunk of stored objects into part files; one job of a worker."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

from transforms.decode.report import decode
from transforms.dicom.identity.policy import DEFAULT_POLICY, IdentityPolicy
from transforms.dicom.reader import ReportReader
from transforms.errors import ObjectRefused, WorkerError
from transforms.lake.packs import Pack
from transforms.lake.parts import write_part
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, Row, report_rows
from transforms.tables import DOSE_REPORT, OBJECT_OUTCOME, REPORT_TABLES
from transforms.workers.worker import EXIT_OUT_OF_MEMORY, time_limit

ObjectDecoder = Callable[[bytes, ObjectKeys, Pseudonyms, ReportReader], Mapping[str, Sequence[Row]]]
"""Function from the bytes of an object to its rows by table; ObjectRefused if it cannot be used."""

SECONDS_PER_OBJECT = 30.0
"""Wall time; the largest accepted report (64 MB) needs a few seconds, so more than this is a
hang."""

SECONDS_PER_READ = 30.0
"""Wall time within which the lake must return an object."""

REASON_BY_EXIT = {
    -signal.SIGALRM: "decoder_timed_out",
    -signal.SIGKILL: "decoder_out_of_memory",  # sent by the kernel when memory is exhausted
    EXIT_OUT_OF_MEMORY: "decoder_out_of_memory",
}
"""Reason code by exit status of a worker; any other status is a crash."""


def decode_object(
    data: bytes, keys: ObjectKeys, pseudonyms: Pseudonyms, reader: ReportReader
) -> Mapping[str, Sequence[Row]]:
    """Rows of one object; an exception of the decoder becomes the reason decoder_failed."""
    try:
        return report_rows(decode(data, reader), keys, pseudonyms)
    except (ObjectRefused, MemoryError):
        raise
    except Exception as fault:
        # The message of the exception may quote the object, so only its type is kept.
        raise ObjectRefused("decoder_failed", type(fault).__name__) from None


@dataclass(frozen=True, slots=True)
class FacilityTerms:
    """Settings for the objects of one facility.

    `foreign_devices` are keys of devices registered to other facilities.
    """

    foreign_devices: frozenset[str] = frozenset()
    identity: IdentityPolicy = DEFAULT_POLICY


DEFAULT_TERMS = FacilityTerms()


@dataclass(frozen=True, slots=True)
class DecodeTask:
    """Data shared by all jobs of a submission: its pack, and the folder for the parts."""

    pack: Path
    folder: Path
    pseudonyms: Pseudonyms
    seconds_per_object: float = SECONDS_PER_OBJECT
    decode_one: ObjectDecoder = decode_object
    terms: FacilityTerms = DEFAULT_TERMS


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """The counts of one job; its rows are in its part files."""

    part: tuple[int, int]
    decoded: int
    quarantined: int
    bytes_read: int
    first_study_date: date | None = None
    last_study_date: date | None = None


@dataclass(frozen=True, slots=True)
class DecodeJob:
    """A job that decodes objects of one submission, given as their outcome rows of stage receive.

    `chunk` and `position` order the parts; `alone` marks an object that is tried separately.
    """

    task: DecodeTask
    chunk: int
    position: int
    rows: tuple[Mapping[str, Any], ...]
    alone: bool = False

    @property
    def part(self) -> tuple[int, int]:
        """Name of the job's part files."""
        return self.chunk, self.position

    def work(self, reader: ReportReader) -> ChunkResult:
        """Read, decode and write the objects. OSError if the lake fails."""
        found = ChunkRows()
        reader = reader.for_policy(self.task.terms.identity)
        pack = Pack(self.task.pack)
        for row in self.rows:
            keys = ObjectKeys(row["facility_id"], row["submission_id"], row["object_sha256"])
            try:
                with time_limit(self.task.seconds_per_object):
                    data = pack.read(keys.object_sha256)
                    found.bytes_read += len(data)
                    rows = self.task.decode_one(data, keys, self.task.pseudonyms, reader)
                if self.task.terms.foreign_devices:
                    refuse_foreign_device(rows, self.task.terms.foreign_devices)
                found.keep(row, rows)
            except ObjectRefused as refusal:
                found.refuse(row, refusal.reason.code, refusal.detail)
        return found.write(self.task.folder, self.part)

    def split(self) -> Sequence[DecodeJob]:
        """One job per object."""
        if self.alone:
            return ()
        return [
            replace(self, position=position, rows=(row,), alone=True)
            for position, row in enumerate(self.rows)
        ]

    def outcome_of_crash(self, exit_code: int) -> ChunkResult:
        """The outcome of an object that ended two workers; WorkerError if the lake hung."""
        reason = REASON_BY_EXIT.get(exit_code, "object_crashed_decoder")
        found = ChunkRows()
        for row in self.rows:
            found.bytes_read += bytes_read_in_time(self.task.pack, row)
            found.refuse(row, reason, f"worker ended with {exit_code}")
        return found.write(self.task.folder, self.part)


def refuse_foreign_device(rows: Mapping[str, Sequence[Row]], foreign: frozenset[str]) -> None:
    """ObjectRefused if the report's device is registered to another facility."""
    if any(row["device_key"] in foreign for row in rows[DOSE_REPORT.name]):
        raise ObjectRefused("device_of_another_facility", "device_key")


def bytes_read_in_time(pack: Path, row: Mapping[str, Any]) -> int:
    """Read an object and return its size; WorkerError if the lake does not answer in time.

    The time limit of an object includes reading it, so its worker may have ended while waiting for
    the lake; then the object is not the cause.
    """
    sizes: list[int] = []

    def read() -> None:
        sizes.append(len(Pack(pack).read(row["object_sha256"])))

    reading = Thread(target=read, daemon=True)
    reading.start()
    reading.join(SECONDS_PER_READ)
    if not sizes:
        raise WorkerError(
            f"The lake does not answer when object {row['object_index']} of "
            f"{row['submission_id']} is read. Check its disk or network, then run again."
        )
    return sizes[0]


class ChunkRows:
    """Collects the rows and outcomes of a job, object by object."""

    def __init__(self) -> None:
        self.tables: dict[str, list[Row]] = {table.name: [] for table in REPORT_TABLES}
        self.outcomes: list[dict[str, Any]] = []
        self.bytes_read = 0

    def keep(self, row: Mapping[str, Any], rows: Mapping[str, Sequence[Row]]) -> None:
        """Add the rows of a decoded object."""
        for name, found in rows.items():
            self.tables[name].extend(found)
        self.outcomes.append(decode_outcome(row, None, None))

    def refuse(self, row: Mapping[str, Any], reason_code: str, detail: str) -> None:
        """Add the reason why an object was not decoded."""
        self.outcomes.append(decode_outcome(row, reason_code, detail))

    def write(self, folder: Path, part: tuple[int, int]) -> ChunkResult:
        """Write the part files; returns the counts."""
        for table in REPORT_TABLES:
            write_part(folder, table, part, self.tables[table.name])
        write_part(folder, OBJECT_OUTCOME, part, self.outcomes)
        days = [row["study_date"] for row in self.tables["dose_report"] if row["study_date"]]
        decoded = sum(outcome["outcome"] == "decoded" for outcome in self.outcomes)
        return ChunkResult(
            part=part,
            decoded=decoded,
            quarantined=len(self.outcomes) - decoded,
            bytes_read=self.bytes_read,
            first_study_date=min(days, default=None),
            last_study_date=max(days, default=None),
        )


def decode_outcome(
    row: Mapping[str, Any], reason_code: str | None, detail: str | None
) -> dict[str, Any]:
    """The outcome row of stage decode for a received object."""
    outcome = "decoded" if reason_code is None else "quarantined"
    said = {"stage": "decode", "outcome": outcome, "reason_code": reason_code, "detail": detail}
    return {**row, **said}
