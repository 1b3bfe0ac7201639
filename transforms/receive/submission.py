"""One pull of one facility becomes a submission, or some, with one outcome row per object."""

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
"""Reasons that trying again does not mend."""


def receive_facility(
    settings: Settings,
    lake: Lake,
    place: Place,
    pseudonyms: Pseudonyms,
    pool: WorkPool | None,
    clock: Clock | None = None,
) -> list[str]:
    """Fetch what is new and complete and write its outcomes of stage `receive`.

    Returns the submission ids: none where the facility sent nothing new, several where it sent
    more than `objects_per_submission`. The outcomes are written last: a visit that is cut off
    before leaves no submission, and is made again.
    FacilityFailed where the facility could not be visited; a row of `facility_pull` says so.
    """
    facility_id = place.facility_id
    clock = clock or Clock()
    deadline = Deadline.after(settings.seconds_per_facility, clock)
    visit = Visit(settings, lake, place, pseudonyms, deadline, clock)
    earlier = _earlier_outcomes(lake, facility_id)
    seen = frozenset(row["signature_key"] for row in earlier if row["signature_key"])
    try:
        visited = _visit_with_retries(visit, seen, pool)
    except VisitFailed as failure:
        _write_pull(lake, facility_id, failure.reason_code)
        kind = FacilityFailed if failure.reason_code in FOR_A_PERSON else FacilityUnavailable
        raise kind(facility_id, failure.reason_code, failure.detail) from None
    submission_ids = _write_submissions(visit, visited.objects, earlier)
    _write_pull(lake, facility_id, None, visited)
    Journal(lake, facility_id).clear()
    return submission_ids


def _visit_with_retries(visit: Visit, seen: frozenset[str], pool: WorkPool | None) -> VisitResult:
    """Visit, and visit again after a while where the line broke; what has arrived is kept."""
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
    """What this visit came to, in place of the last one's."""
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
    visit: Visit, objects: Iterable[ReceivedObject], earlier: Iterable[dict[str, Any]]
) -> list[str]:
    """Outcomes of what is new, in submissions that workers can share.

    A file without a signature is looked at at every visit, and told of once.
    """
    told = {(row["name_key"], row["object_sha256"]) for row in earlier if not row["signature_key"]}
    before = {row["object_sha256"] for row in earlier if row["outcome"] == "received"}
    fresh = (one for one in objects if (one.name_key, one.sha256) not in told)
    submission_ids: list[str] = []
    for part in _ranges(fresh, visit.settings.objects_per_submission):
        rows = list(_rows(visit.place.facility_id, part, before))
        submission_ids.append(_write_submission(visit.lake, visit.place.facility_id, rows))
        before |= {row["object_sha256"] for row in rows if row["outcome"] == "received"}
    return submission_ids


def _ranges(objects: Iterable[ReceivedObject], most: int) -> Iterator[list[ReceivedObject]]:
    """Objects in order, cut after so many of them, yet never inside a file.

    What has been committed of a zip counts as received: a cut within it would lose the rest.
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
    """Outcome rows of one submission; `before` are the objects of earlier ones."""
    now: set[str | None] = set()
    for index, received in enumerate(objects, start=1):
        outcome, reason = _outcome(received, before, now)
        if outcome == "received":
            now.add(received.sha256)
        yield _row(facility_id, index, received, outcome, reason)


def _write_submission(lake: Lake, facility_id: str, rows: list[dict[str, Any]]) -> str:
    """One submission, with one outcome row per object."""
    submission_id = f"{facility_id}.{_digest(rows)}"
    lake.write_outcomes(
        "receive", submission_id, [{**row, "submission_id": submission_id} for row in rows]
    )
    commit_points.announce(CommitPoint.RECEIVED)
    return submission_id


def _earlier_outcomes(lake: Lake, facility_id: str) -> list[dict[str, Any]]:
    return [
        row
        for submission_id in lake.submissions("receive", facility_id)
        for row in lake.read_outcomes("receive", submission_id).to_pylist()
    ]


def _outcome(
    received: ReceivedObject, before: set[str | None], now: set[str | None]
) -> tuple[str, str | None]:
    """Outcome and reason of one object, given the objects kept before and in this pull."""
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


def _digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """Names and checksums of the objects in order, as the submission's part of its id."""
    lines = "\n".join(f"{row['name_key']} {row['object_sha256']}" for row in rows)
    return hashlib.sha256(lines.encode()).hexdigest()[:SUBMISSION_ID_HEX_DIGITS]
