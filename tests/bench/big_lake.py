"""Writes a lake of millions of CT events as Parquet, without any DICOM file.

python -m tests.bench.big_lake FOLDER --events 5000000

`accepted/` has one file per table, facility and year, rows in the order of device, procedure and
day, row groups of 122,880. Outcomes are one file per submission and stage, as everywhere.
`truth.parquet` holds the expected medians.
"""

from __future__ import annotations

import argparse
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tests.bench.big_nation import Examinations, Site, doses_of, examinations_of_year, site
from tests.bench.big_rows import (
    SHA256_HEX_DIGITS,
    given_columns,
    hex_keys,
    rows_of,
    with_declared_schema,
)
from transforms.lake.lake import PARQUET_OPTIONS, Lake
from transforms.lake.pseudonyms import PSEUDONYM_HEX_DIGITS
from transforms.tables import (
    CT_ACCUMULATED_DOSE,
    CT_IRRADIATION_EVENT,
    DOSE_REPORT,
    OBJECT_OUTCOME,
    SUBMISSION,
)

ROWS_PER_GROUP = 122_880
SUBMISSIONS_PER_YEAR = 4
REFUSED_SHARE, DUPLICATE_SHARE = 0.003, 0.002
DEVICES_AT_MOST = 2
BYTES_PER_OBJECT = 30_000
REPORT_TABLES = (DOSE_REPORT, CT_IRRADIATION_EVENT, CT_ACCUMULATED_DOSE)
TRUTH = "truth.parquet"


@dataclass(frozen=True, slots=True)
class Size:
    """Requested size of the lake; `events` is met to about one percent."""

    events: int
    facilities: int = 200
    years: tuple[int, ...] = (2021, 2022, 2023, 2024, 2025)
    seed: int = 1


@dataclass(slots=True)
class BigLake:
    """Writes one facility and year after another, and keeps the expected results."""

    lake: Lake
    size: Size
    truth: list[dict[str, Any]] = field(default_factory=list)

    def write(self) -> int:
        """Write everything; returns the number of events."""
        self.lake.prepare()
        sites = [site(n, self.size.facilities, self.size.seed) for n in self._numbers()]
        per_year = sum(one.events_per_year() for one in sites) * len(self.size.years)
        events = sum(
            self._write_year(year, sites, self.size.events / per_year) for year in self.size.years
        )
        pq.write_table(pa.Table.from_pylist(self.truth), self.lake.path(TRUTH))
        return events

    def _numbers(self) -> range:
        return range(1, self.size.facilities + 1)

    def _write_year(self, year: int, sites: Sequence[Site], mean: float) -> int:
        events = 0
        for number, one in zip(self._numbers(), sites, strict=True):
            blocks = list(examinations_of_year(one, year, mean, self.size.seed, number))
            self.truth += truth_rows(blocks)
            tables = self._write_facility_year(number, year, blocks)
            for table in REPORT_TABLES:
                path = self.lake.table_path("accepted", table, f"F{number:03d}.{year}")
                self._put(path, tables[table.name])
            events += len(tables[CT_IRRADIATION_EVENT.name])
        return events

    def _write_facility_year(
        self, number: int, year: int, blocks: Sequence[Examinations]
    ) -> dict[str, pa.Table]:
        """The rows of one facility in a year; its submissions and outcomes are written here."""
        rng = np.random.Generator(
            np.random.PCG64(np.random.SeedSequence([self.size.seed, number, year, 1]))
        )
        ids = [f"F{number:03d}.{rng.bytes(8).hex()}" for _ in range(SUBMISSIONS_PER_YEAR)]
        device_keys = self._device_keys(number, blocks)
        made = [rows_of(b, device_keys[b.device.uid], ids, rng) for b in blocks]
        tables = {
            table.name: with_declared_schema(
                table, pa.concat_tables(each[table.name] for each in made)
            )
            for table in REPORT_TABLES
        }
        for submission_id in ids:
            self._write_submission(submission_id, tables[DOSE_REPORT.name], rng)
        return tables

    def _put(self, path: str, rows: pa.Table) -> None:
        buffer = io.BytesIO()
        pq.write_table(rows, buffer, row_group_size=ROWS_PER_GROUP, **PARQUET_OPTIONS)
        self.lake.write_bytes(path, buffer.getvalue(), flush=False)

    def _device_keys(self, number: int, blocks: Sequence[Examinations]) -> dict[str, str]:
        """Key of each device by its UID, the same in every year."""
        rng = np.random.Generator(np.random.PCG64([self.size.seed, number, 2]))
        keys = [rng.bytes(PSEUDONYM_HEX_DIGITS // 2).hex() for _ in range(DEVICES_AT_MOST)]
        devices = blocks[0].site.place.devices if blocks else ()
        return {device.uid: key for device, key in zip(devices, keys, strict=False)}

    def _write_submission(
        self, submission_id: str, reports: pa.Table, rng: np.random.Generator
    ) -> None:
        """Outcomes of one submission in every stage, and its row of `submission`."""
        own = reports.filter(pc.equal(reports["submission_id"], submission_id))
        if not len(own):
            return
        stages = outcome_tables(submission_id, own["object_sha256"].combine_chunks(), rng)
        for stage, rows in stages.items():
            path = self.lake.outcomes_path(stage, submission_id)
            self._put(path, rows)
        row = {
            "facility_id": submission_id.split(".")[0],
            "submission_id": submission_id,
            "objects_received": len(stages["receive"]),
            "bytes_received": BYTES_PER_OBJECT * len(stages["receive"]),
            "objects_decoded": len(own),
            "first_study_date": pc.min(own["study_date"]).as_py(),
            "last_study_date": pc.max(own["study_date"]).as_py(),
        }
        for zone in ("decoded", "validated", "accepted"):
            self.lake.write_table(zone, SUBMISSION, submission_id, [row], flush=False)


def outcome_tables(
    submission_id: str, decoded: pa.Array, rng: np.random.Generator
) -> dict[str, pa.Table]:
    """Outcomes per stage: all reports accepted, a few objects refused, a few duplicates."""
    refused = hex_keys(rng, int(rng.poisson(REFUSED_SHARE * len(decoded))), SHA256_HEX_DIGITS)
    copies = decoded.slice(0, int(rng.poisson(DUPLICATE_SHARE * len(decoded))))
    objects = pa.concat_arrays([decoded, refused, copies])
    names = hex_keys(rng, len(objects))
    kept, lost = len(decoded), len(refused)
    ends = {
        "receive": [("received", None)] * (kept + lost)
        + [("duplicate", "duplicate_in_submission")] * len(copies),
        "decode": [("decoded", None)] * kept + [("quarantined", "structure_truncated")] * lost,
        "validate": [("accepted", None)] * kept,
    }
    return {
        stage: with_declared_schema(
            OBJECT_OUTCOME, _outcomes(submission_id, stage, objects, names, said)
        )
        for stage, said in ends.items()
    }


def _outcomes(
    submission_id: str,
    stage: str,
    objects: pa.Array,
    names: pa.Array,
    said: Sequence[tuple[str, str | None]],
) -> pa.Table:
    """Outcomes of the first objects of a submission in one stage."""
    number = len(said)
    columns = {
        "facility_id": submission_id.split(".")[0],
        "submission_id": submission_id,
        "object_sha256": objects.slice(0, number),
        "object_index": np.arange(1, number + 1, dtype=np.int32),
        "name_key": names.slice(0, number),
        "stage": stage,
        "outcome": pa.array([outcome for outcome, _ in said], pa.string()),
        "reason_code": pa.array([reason for _, reason in said], pa.string()),
    }
    return given_columns(OBJECT_OUTCOME, columns, number)


def truth_rows(blocks: Sequence[Examinations]) -> Iterator[dict[str, Any]]:
    """Median per procedure, patient group and quantity of a facility in a year."""
    by_procedure: defaultdict[Any, list[Examinations]] = defaultdict(list)
    for one in blocks:
        by_procedure[one.procedure].append(one)
    for procedure, same in by_procedure.items():
        for quantity, values in doses_of(same).items():
            yield {
                "facility_id": same[0].site.place.facility_id,
                "period": same[0].year,
                "procedure_id": procedure.procedure_id,
                "patient_group_id": procedure.patient,
                "drl_quantity": quantity,
                "n_examinations": len(values),
                "typical_value": float(np.median(values)) if len(values) else None,
            }


def write_big_lake(folder: str, size: Size) -> int:
    """Write a lake into this folder; returns the number of events."""
    return BigLake(Lake(folder), size).write()


def main() -> None:
    """Write one lake from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--facilities", type=int, default=200)
    given = parser.parse_args()
    print(write_big_lake(given.folder, Size(given.events, given.facilities)), "events")  # noqa: T201


if __name__ == "__main__":
    main()
