"""Writes the objects of one pull as one or more submissions, with an outcome row per object."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from transforms.errors import FacilityFailed, FacilityUnavailable
from transforms.lake import commit_points
from transforms.lake.commit_points import CommitPoint
from transforms.lake.lake import Lake, parquet_bytes
from transforms.lake.pseudonyms import Pseudonyms
from transforms.lake.received import keep_objects, remove_unnamed_packs
from transforms.lake.spools import Spools
from transforms.receive.earlier import Earlier
from transforms.receive.exports.location import Clock, Deadline, Place, VisitFailed
from transforms.receive.fetch_job import ReceivedObject
from transforms.receive.journal import Journal
from transforms.receive.visit import Visit, VisitResult, fetch
from transforms.settings import Settings
from transforms.tables import FACILITY_PULL
from transforms.tables.facility_pull import PULL_STAGE
from transforms.workers.pool import WorkPool

SUBMISSION_ID_HEX_DIGITS = 16

FOR_A_PERSON = ("host_key_mismatch", "authentication_failed", "listing_too_large")
"""Reason codes that a person must resolve; trying again does not help."""


def receive_facility(
    settings: Settings,
    lake: Lake,
    place: Place,
    pseudonyms: Pseudonyms,
    pool: WorkPool | None,
    clock: Clock | None = None,
) -> list[str]:
    """Fetch new, complete files of a facility and write their outcomes of stage `receive`.

    Returns the submission ids: none if there is nothing new, several if there are more objects than
    `objects_per_submission`. The pack of a submission is written before its outcomes: a visit that
    is interrupted before them leaves no submission and is repeated. FacilityFailed if the visit
    failed; this is recorded in `facility_pull`.
    """
    facility_id = place.facility_id
    clock = clock or Clock()
    deadline = Deadline.after(settings.seconds_per_facility, clock)
    with lake.temporary_folder(facility_id) as folder:
        visit = Visit(settings, lake, place, pseudonyms, deadline, clock, Spools(folder))
        submission_ids, visited = _receive_visited(visit, pool)
    _write_pull(lake, facility_id, None, visited)
    Journal(lake, facility_id).clear()
    return submission_ids


def _receive_visited(visit: Visit, pool: WorkPool | None) -> tuple[list[str], VisitResult]:
    """Visit a facility and write its submissions; FacilityFailed if the visit failed."""
    facility_id = visit.place.facility_id
    earlier = Earlier(visit.lake, facility_id)
    try:
        visited = _visit_with_retries(visit, earlier.signatures, pool)
    except VisitFailed as failure:
        _write_pull(visit.lake, facility_id, failure.reason_code)
        kind = FacilityFailed if failure.reason_code in FOR_A_PERSON else FacilityUnavailable
        raise kind(facility_id, failure.reason_code, failure.detail) from None
    if not visited.objects:
        return [], visited
    submission_ids = _write_submissions(visit, visited.objects, earlier)
    remove_unnamed_packs(visit.lake, facility_id)
    return submission_ids, visited


def _visit_with_retries(visit: Visit, seen: frozenset[str], pool: WorkPool | None) -> VisitResult:
    """Visit, and retry after a pause if the connection failed; files received so far are kept."""
    for attempt in range(1, visit.settings.pull_attempts + 1):
        try:
            return fetch(visit, seen, pool)
        except VisitFailed as failure:
            last = attempt == visit.settings.pull_attempts
            if last or failure.reason_code not in ("facility_unreachable", "facility_failed"):
                raise
            seconds = 0.5 * 2.0**attempt
            if visit.deadline.at - visit.clock.monotonic() <= seconds:
                raise
            visit.clock.sleep(seconds)
    raise AssertionError("pull_attempts is at least 1")


def _write_pull(
    lake: Lake, facility_id: str, reason_code: str | None, visited: VisitResult | None = None
) -> None:
    """Write the result of this visit, replacing that of the last one."""
    found = visited or VisitResult([], 0, 0, 0, 0)
    waits = visited is not None and visited.files_incomplete
    row = {
        "facility_id": facility_id,
        "outcome": "failed" if visited is None else "reached",
        "reason_code": "delivery_incomplete" if waits else reason_code,
        **{name: number for name, number in found._asdict().items() if name != "objects"},
    }
    path = lake.path("outcomes", PULL_STAGE, f"{facility_id}.parquet")
    lake.write_bytes(path, parquet_bytes(FACILITY_PULL, [row]))


def _write_submissions(
    visit: Visit, objects: Iterable[ReceivedObject], earlier: Earlier
) -> list[str]:
    """Write outcomes of new objects, split into submissions that workers can share.

    A file without a signature is read at every visit but reported only once.
    """
    told, before = earlier.told, earlier.received
    fresh = (one for one in objects if (one.name_key, one.sha256) not in told)
    submission_ids: list[str] = []
    for part in _ranges(fresh, visit.settings.objects_per_submission):
        rows = list(_rows(visit.place.facility_id, part, before))
        submission_ids.append(_write_submission(visit, rows, earlier))
        before |= {row["object_sha256"] for row in rows if row["outcome"] == "received"}
    return submission_ids


def _ranges(objects: Iterable[ReceivedObject], most: int) -> Iterator[list[ReceivedObject]]:
    """Split objects in order into ranges of at most this size, but never within a file.

    A zip file that is partly committed counts as received: a split within it would lose the rest.
    """
    part: list[ReceivedObject] = []
    for _, file in groupby(objects, key=lambda one: one.signature_key or object()):
        part.extend(file)
        if len(part) >= most:
            yield part
            part = []
    if part:
        yield part


def _rows(
    facility_id: str, objects: Iterable[ReceivedObject], before: set[str | None]
) -> Iterator[dict[str, Any]]:
    """Outcome rows of one submission; `before` are objects of earlier submissions."""
    now: set[str | None] = set()
    for index, received in enumerate(objects, start=1):
        outcome, reason = _outcome(received, before, now)
        if outcome == "received":
            now.add(received.sha256)
        yield _row(facility_id, index, received, outcome, reason)


def _write_submission(visit: Visit, rows: list[dict[str, Any]], earlier: Earlier) -> str:
    """Write the pack of one submission, then one outcome row per object."""
    submission_id = f"{earlier.facility_id}.{_digest(rows, 'name_key', 'object_sha256')}"
    if earlier.has(submission_id):  # the same files, with other times: all are duplicates
        digest = _digest(rows, "name_key", "object_sha256", "signature_key")
        submission_id = f"{earlier.facility_id}.{digest}"
    _keep_received(visit, submission_id, rows)
    visit.lake.write_outcomes(
        "receive", submission_id, [{**row, "submission_id": submission_id} for row in rows]
    )
    commit_points.announce(CommitPoint.RECEIVED)
    return submission_id


def _keep_received(visit: Visit, submission_id: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Put the received objects of a submission into its pack; without any there is none."""
    kept = [row["object_sha256"] for row in rows if row["outcome"] == "received"]
    if kept:
        spools = visit.spools
        keep_objects(visit.lake, submission_id, spools.folder, spools.read(kept))
        commit_points.announce(CommitPoint.OBJECTS_FLUSHED)


def _outcome(
    received: ReceivedObject, before: set[str | None], now: set[str | None]
) -> tuple[str, str | None]:
    """Outcome and reason of one object, given the objects stored before and in this pull."""
    if received.reason_code is not None:
        return "quarantined", received.reason_code
    if received.sha256 in before:
        return "duplicate", "duplicate_of_earlier_submission"
    if received.sha256 in now:
        return "duplicate", "duplicate_in_submission"
    return "received", None


def _row(
    facility_id: str, index: int, received: ReceivedObject, outcome: str, reason: str | None
) -> dict[str, Any]:
    return {
        "facility_id": facility_id,
        "object_sha256": received.sha256,
        "object_index": index,
        "name_key": received.name_key,
        "stage": "receive",
        "outcome": outcome,
        "reason_code": reason,
        "detail": received.detail,
        "signature_key": received.signature_key,
        "object_bytes": received.object_bytes,
    }


def _digest(rows: Iterable[Mapping[str, Any]], *columns: str) -> str:
    """Digest of these columns of the objects in order, used in the submission id."""
    lines = "\n".join(" ".join(str(row[name]) for name in columns) for row in rows)
    return hashlib.sha256(lines.encode()).hexdigest()[:SUBMISSION_ID_HEX_DIGITS]
