"""Measures what a visit to idle facilities costs: CPU seconds and requests of each step.

python -m tests.bench.idle_visit [FOLDER] [--s3] [--days 3650] [--facilities 2] [--compact]

The facilities have sent a submission a day, and nothing since. One process visits all of them. The
first visit is not counted: it makes what later visits use. With `--s3` the lake is on a mock of S3
(moto) in a process of its own, whose CPU time is not counted. A lake that FOLDER has is used
again.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.counted_store import counted_store
from tests.bench.long_history import History, write_history
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import Pseudonyms
from transforms.settings import Settings

KEY = "00112233445566778899aabbccddeeff" * 2


@dataclass
class Cost:
    """CPU seconds of this process and its children, and requests by method."""

    cpu: float = 0.0
    requests: Counter[str] = field(default_factory=Counter)

    @property
    def n_requests(self) -> int:
        """All requests."""
        return self.requests.total()


def cpu_seconds() -> float:
    """CPU time of this process and of the children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


@contextmanager
def measured(requests: Callable[[], Counter[str]]) -> Iterator[Cost]:
    """The cost of what happens inside."""
    cost, before = Cost(), requests()
    started = cpu_seconds()
    yield cost
    cost.cpu = cpu_seconds() - started
    cost.requests = requests() - before


def steps(settings: Settings, facility_ids: list[str]) -> dict[str, Callable[[], object]]:
    """The steps of a visit, each over the whole bucket."""
    from expectations.validate import validate_new
    from transforms.dbt_build.warehouse import facility_statistics
    from transforms.pipeline.all_facilities import ingest_facilities
    from transforms.pipeline.run import Run
    from transforms.statistics.inputs import lake_inputs
    from transforms.statistics.models import FacilityModels

    def ingest() -> None:
        ingested = ingest_facilities(Run(settings), facility_ids, lambda *_: None)
        assert not ingested.failed, ingested.failed

    def validate() -> None:
        for facility_id in facility_ids:
            validate_new(Lake(settings.lake), facility_id, as_of=History().last_day)

    def statistics() -> None:
        facility_statistics(settings, facility_ids)

    def inputs() -> None:
        lake_inputs(Lake(settings.lake), FacilityModels({}).tables, facility_ids=facility_ids)

    found = {"ingest": ingest, "validate": validate, "statistics": statistics, "inputs": inputs}
    return found


def files_below(lake: Lake) -> tuple[int, int]:
    """Number and bytes of all files of the lake."""
    found = lake._fs().find(lake.path(""), detail=True).values()
    return len(found), sum(one["size"] for one in found)


def visit_all(
    settings: Settings, ids: list[str], requests: Callable[[], Counter[str]], wanted: list[str]
) -> None:
    """Run every step once uncounted and once counted, with one facility and with all."""
    for name in wanted:
        step = steps(settings, ids)[name]
        with measured(requests) as first:
            step()
        with measured(requests) as one:
            steps(settings, ids[:1])[name]()
        with measured(requests) as every:
            step()
        n = len(ids) - 1
        more = Cost((every.cpu - one.cpu) / n, every.requests - one.requests)
        say(
            f"{name:10}  first {first.cpu:6.2f} CPU-s {first.n_requests:6}   "
            f"start and one facility {one.cpu:6.2f} CPU-s {one.n_requests:5} requests   "
            f"each further one {more.cpu:6.3f} CPU-s {more.n_requests / n:7.1f} requests  "
            f"{dict(more.requests)}"
        )


def say(line: str) -> None:
    """Print a line at once."""
    print(line, flush=True)  # noqa: T201


def measure(folder: Path, given: argparse.Namespace) -> None:
    """Write the lake and measure."""
    with counted_store() if given.s3 else nullcontext(None) as store:
        url = store.url if store else str(folder / "lake")
        requests = store.requests if store else Counter
        exports = folder / "exports"
        only_outcomes = not {"statistics", "inputs"} & {*given.steps}
        size = History(given.days, given.objects, only_outcomes=only_outcomes)
        settings = Settings(lake=url, exports=str(exports), uid_key=KEY)
        lake, key = Lake(url), Pseudonyms(bytes.fromhex(KEY))
        lake.prepare()
        ids = [f"F{number:03}" for number in range(1, given.facilities + 1)]
        started = time.perf_counter()
        for name in ids:
            if not (exports / name).exists():
                write_history(lake, name, exports / name, key, size)
        say(f"written in {time.perf_counter() - started:.0f} s: {files_below(lake)} files, bytes")
        visit_all(settings, ids, requests, given.steps)
        if given.compact:
            from transforms.lake.compaction import compact_lake

            with measured(requests) as cost:
                said = compact_lake(lake, History().last_day)
            say(f"compact     {cost.cpu:6.2f} CPU-s {dict(cost.requests)}  {said}")
            say(f"compacted: {files_below(lake)} files, bytes")
            visit_all(settings, ids, requests, given.steps)


def main() -> None:
    """Measure what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?")
    parser.add_argument("--s3", action="store_true")
    parser.add_argument("--days", type=int, default=History().days)
    parser.add_argument("--objects", type=int, default=History().objects)
    parser.add_argument("--facilities", type=int, default=2)
    parser.add_argument("--compact", action="store_true")
    parser.add_argument("--steps", nargs="+", default=["ingest", "validate", "inputs"])
    given = parser.parse_args()
    folder = Path(given.folder) if given.folder else Path(tempfile.mkdtemp(prefix="drlake."))
    say(f"start of the process {cpu_seconds():.2f} CPU-s")
    try:
        measure(folder, given)
    finally:
        if not given.folder:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
