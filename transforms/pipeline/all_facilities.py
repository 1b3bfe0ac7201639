"""Runs all facilities: remote ones are visited in parallel and decoded as they arrive.

A facility that hangs occupies only one thread, until its deadline.
"""

from __future__ import annotations

import queue
import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from transforms.errors import FacilityFailed, FacilityUnavailable, WorkerError, cure_of
from transforms.pipeline.facility import decode_facility, receive
from transforms.pipeline.report_workers import report_workers
from transforms.pipeline.run import Run
from transforms.receive.exports.location import Place, is_local
from transforms.receive.visit import place_of
from transforms.settings import Settings
from transforms.workers.pool import WorkPool

VISITS_AT_ONCE = 8
"""Number of remote facilities visited at the same time, each by a thread that mostly waits."""

Failure = FacilityFailed | OSError | WorkerError
"""An error of one facility, which does not affect the others."""

Tell = Callable[[str, dict[str, int]], None]
"""Called with the id and the counts of each facility that is done."""


@dataclass
class IngestResult:
    """Counts over all facilities, and the failed facilities with their errors.

    `try_again` are those of the failed facilities that may succeed later without a change.
    """

    totals: Counter[str] = field(default_factory=Counter)
    failed: dict[str, str] = field(default_factory=dict)
    try_again: set[str] = field(default_factory=set)

    def fail(self, facility_id: str, error: Failure) -> None:
        """Record the failure of a facility as a sentence."""
        why = cure_of(error) if isinstance(error, OSError) else str(error)
        is_named = isinstance(error, FacilityFailed)
        self.failed[facility_id] = why if is_named else f"{facility_id}: {why}"
        if isinstance(error, (FacilityUnavailable, OSError)):
            self.try_again.add(facility_id)


def ingest_all(settings: Settings, tell: Tell, *, again: bool = False) -> IngestResult:
    """Receive and decode every facility that submits today."""
    run = Run(settings)
    return ingest_facilities(run, facilities_to_ingest(run), tell, again=again)


def facilities_to_ingest(run: Run) -> list[str]:
    """Ids of facilities that submit today, and of those that have objects left to decode."""
    submitting = run.submitting
    others = set(run.lake.facilities("outcomes", "receive")).difference(submitting)
    waiting = (one for one in others if run.lake.waiting_submissions("decode", one))
    return sorted({*waiting, *submitting})


def ingest_facilities(
    run: Run,
    facility_ids: Sequence[str],
    tell: Tell,
    *,
    again: bool = False,
    connections: Mapping[str, Mapping[str, Any]] | None = None,
) -> IngestResult:
    """Receive and decode these facilities; a failure of one does not affect the others.

    A facility that does not submit today is not visited; what it has sent before is decoded.
    `connections` are options of the connection to a facility, by its id.
    """
    ingested = IngestResult()
    places, left = _places(run, facility_ids, connections or {})
    with report_workers() as pool:
        not_visited = ((facility_id, None) for facility_id in left)
        for facility_id, failure in chain(not_visited, _visits(run, places, pool)):
            counts: dict[str, int] = {}
            try:
                counts = decode_facility(run, facility_id, pool, again)
                if failure is not None:
                    raise failure
            except (FacilityFailed, OSError, WorkerError) as error:
                ingested.fail(facility_id, error)
            else:
                tell(facility_id, counts)
            ingested.totals.update(counts)
    return ingested


def _places(
    run: Run, facility_ids: Sequence[str], connections: Mapping[str, Mapping[str, Any]]
) -> tuple[list[Place], list[str]]:
    """Where to visit these facilities, and those that are not visited today.

    UsageError if a facility is not known at all.
    """
    places, left = [], []
    for facility_id in facility_ids:
        if facility_id not in run.submitting and run.lake.submissions("receive", facility_id):
            left.append(facility_id)
        else:
            options = connections.get(facility_id)
            places.append(place_of(run.settings, run.registry, facility_id, options))
    return places, left


def _visits(run: Run, places: list[Place], pool: WorkPool) -> Iterator[tuple[str, Failure | None]]:
    """Yield each facility after its visit: local ones in turn, remote ones as they finish."""
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
            yield place.facility_id, _facility_failure(_receive_or_error(run, place, pool))
    for _ in far:
        place, error = done.get()
        yield place.facility_id, _facility_failure(error)


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


def _facility_failure(error: BaseException | None) -> Failure | None:
    """The error of this facility; errors that affect all facilities are raised."""
    if error is None or isinstance(error, (FacilityFailed, OSError, WorkerError)):
        return error
    raise error
