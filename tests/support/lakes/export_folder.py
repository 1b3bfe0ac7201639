"""One hospital with an export folder and a lake beside it, for tests of receiving."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import Pseudonyms
from transforms.pipeline.report_workers import report_workers
from transforms.receive.exports.location import Clock
from transforms.receive.registry import COLUMNS
from transforms.receive.submission import receive_facility
from transforms.receive.visit import place_of
from transforms.settings import Settings
from transforms.workers.pool import WorkPool

KEYS = Pseudonyms(b"a key of the tests")


@dataclass
class Hospital:
    """The export folder of facility H1 and the lake that receives it."""

    folder: Path
    settings: Settings
    lake: Lake
    pool: WorkPool

    def receive(self, clock: Clock | None = None) -> list[tuple[str, str | None]]:
        """Visit once; returns all outcomes in the lake, in the order of the objects."""
        place = place_of(self.settings, None, "H1")
        receive_facility(self.settings, self.lake, place, KEYS, self.pool, clock)
        return self.outcomes()

    def rows(self) -> list[dict[str, Any]]:
        """Every outcome row of stage receive, first submission first as far as names show it."""
        return [
            row
            for submission_id in self._by_age()
            for row in self.lake.read_outcomes("receive", submission_id).to_pylist()
        ]

    def _by_age(self) -> list[str]:
        ids = self.lake.submissions("receive", "H1")
        written = {one: Path(self.lake.outcomes_path("receive", one)).stat() for one in ids}
        return sorted(ids, key=lambda one: written[one].st_mtime_ns)

    def outcomes(self) -> list[tuple[str, str | None]]:
        """Outcome and reason of every object."""
        return [(row["outcome"], row["reason_code"]) for row in self.rows()]

    def pull(self) -> dict[str, Any]:
        """The row of `facility_pull`."""
        import pyarrow.parquet as pq

        path = self.lake.path("outcomes", "pull", "H1.parquet")
        (row,) = pq.ParquetFile(path).read().to_pylist()
        return dict(row)


@pytest.fixture
def hospital(tmp_path: Path) -> Iterator[Hospital]:
    folder = tmp_path / "exports" / "H1"
    folder.mkdir(parents=True)
    settings = Settings(lake=str(tmp_path / "lake"), exports=str(tmp_path / "exports"))
    lake = Lake(settings.lake)
    lake.prepare()
    with report_workers(1) as pool:
        yield Hospital(folder, settings, lake, pool)


def write_registry(
    path: Path, urls: Mapping[str, str], devices: Mapping[str, str] | None = None
) -> None:
    """A registry of facilities at these URLs, with an agreement on serial numbers."""
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        for facility_id, url in urls.items():
            writer.writerow(
                {
                    **dict.fromkeys(COLUMNS, ""),
                    **{"facility_id": facility_id, "name": facility_id, "country": "SE"},
                    **{"region": "North", "facility_type": "hospital", "cadence": "daily"},
                    **{"contact": "dose@hospital.example", "since": "2025-01-01"},
                    **{"export_url": url, "devices": (devices or {}).get(facility_id, "")},
                    **{"allows": "serial_number"},
                }
            )
