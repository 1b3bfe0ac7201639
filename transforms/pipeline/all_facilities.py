"""Runs all facilities: remote ones are visited in parallel and decoded as they arrive.

A facility that hangs occupies only one thread, until its deadline.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from transforms.errors import FacilityFailed, WorkerError, cure_of
from transforms.pipeline.facility import decode_facility, receive, submitting_facilities
from transforms.pipeline.report_workers import report_workers
from transforms.pipeline.run import Run
from transforms.receive.exports.location import Place, is_local
from transforms.receive.visit import place_of
from transforms.settings import Settings
from transforms.workers.pool import WorkPool

VISITS_AT_ONCE = 8
"""Number of remote facilities visited at the same time, each by a thread that mostly waits."""

Tell = Callable[[str, dict[str, int]], None]
"""Called with the id and the counts of each facility that is done."""


@dataclass
class IngestResult:
    """Counts over all facilities, and the failed facilities with their errors."""

    totals: Counter[str] = field(default_factory=Counter)
    failed: dict[str, str] = field(default_factory=dict)


def ingest_all(settings: Settings, tell: Tell, *, again: bool = False) -> IngestResult:
    """Receive and decode every facility that submits today."""
    run = Run(settings)
    return ingest_facilities(run, submitting_facilities(run), tell, again=again)


def ingest_facilities(
    run: Run, facility_ids: Iterable[str], tell: Tell, *, again: bool = False
) -> IngestResult:
    """Receive and decode these facilities; a failure of one does not affect the others."""
    ingested = IngestResult()
    places = [place_of(run.settings, run.registry, facility_id) for facility_id in facility_ids]
    with report_workers() as pool:
        for place, failure in _visits(run, places, pool):
            counts: dict[str, int] = {}
            try:
                counts = decode_facility(run, place.facility_id, pool, again)
                if failure is not None:
                    raise failure
            except FacilityFailed as error:
                ingested.failed[place.facility_id] = str(error)
            except (OSError, WorkerError) as error:
                why = cure_of(error) if isinstance(error, OSError) else error
                ingested.failed[place.facility_id] = f"{place.facility_id}: {why}"
            else:
                tell(place.facility_id, counts)
            ingested.totals.update(counts)
    return ingested


Failure = FacilityFailed | OSError | WorkerError | None


def _visits(run: Run, places: list[Place], pool: WorkPool) -> Iterator[tuple[Place, Failure]]:
    """Yield each place after its visit: local ones in turn, remote ones as they finish."""
    done: queue.Queue[tuple[Place, BaseException | None]] = queue.Queue()
    waiting: queue.SimpleQueue[Place] = queue.SimpleQueue()
    far = [place for place in places if not is_local(place)]
    for place in far:
        waiting.put(place)
    for _ in range(min(VISITS_AT_ONCE, len(far))):
        # Daemon threads, so that a stopped command does not wait for a facility that hangs.
        threading.Thread(target=_visit, args=(run, waiting, done), daemon=True).start()
    for place in places:
        if is_local(place):
            yield place, _facility_failure(_receive_or_error(run, place, pool))
    for _ in far:
        place, error = done.get()
        yield place, _facility_failure(error)


def _visit(
    run: Run,
    waiting: queue.SimpleQueue[Place],
    done: queue.Queue[tuple[Place, BaseException | None]],
) -> None:
    """The work of a thread: visit one place after another until none is left."""
    while True:
        try:
            place = waiting.get_nowait()
        except queue.Empty:
            return
        done.put((place, _receive_or_error(run, place, None)))


def _receive_or_error(run: Run, place: Place, pool: WorkPool | None) -> BaseException | None:
    try:
        receive(run, place, pool)
    except BaseException as error:  # an exception in a thread would be lost
        return error
    return None


def _facility_failure(error: BaseException | None) -> Failure:
    """The error of this facility; errors that affect all facilities are raised."""
    if error is None or isinstance(error, (FacilityFailed, OSError, WorkerError)):
        return error
    raise error
