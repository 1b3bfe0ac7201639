"""One pull of one facility becomes one submission, with one outcome row per object."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from transforms import commit_points
from transforms.commit_points import CommitPoint
from transforms.lake import Lake
from transforms.normalise.pseudonyms import Pseudonyms
from transforms.receive.fetch import fetch
from transforms.receive.fetch_chunk import Received
from transforms.settings import Settings
from transforms.work_pool import WorkPool

SUBMISSION_ID_HEX_DIGITS = 16


def receive_facility(
    settings: Settings, lake: Lake, facility_id: str, pseudonyms: Pseudonyms, pool: WorkPool
) -> str | None:
    """Fetch what is new and write its outcomes of stage `receive`.

    New is what no earlier submission has under this name with these bytes. Returns the submission
    id, or None where the facility sent nothing new. The outcomes are written last: a pull that is
    cut off before leaves no submission, and is made again.
    """
    earlier = _earlier_outcomes(lake, facility_id)
    seen = frozenset((row["name_key"], row["object_sha256"]) for row in earlier)
    before = {row["object_sha256"] for row in earlier if row["outcome"] == "received"}
    now: set[str | None] = set()
    rows: list[dict[str, Any]] = []
    for received in fetch(settings, lake, facility_id, pseudonyms, pool):
        if (received.name_key, received.sha256) in seen:
            continue
        outcome, reason = _outcome(received, before, now)
        if outcome == "received":
            now.add(received.sha256)
        rows.append(_row(facility_id, len(rows) + 1, received, outcome, reason))
    if not rows:
        return None
    submission_id = f"{facility_id}.{_digest(rows)}"
    lake.write_outcomes(
        "receive", submission_id, [{**row, "submission_id": submission_id} for row in rows]
    )
    commit_points.reached(CommitPoint.RECEIVED)
    return submission_id


def _earlier_outcomes(lake: Lake, facility_id: str) -> list[dict[str, Any]]:
    return [
        row
        for submission_id in lake.submissions("receive", facility_id)
        for row in lake.read_outcomes("receive", submission_id).to_pylist()
    ]


def _outcome(
    received: Received, before: set[str | None], now: set[str | None]
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
    facility_id: str, index: int, received: Received, outcome: str, reason: str | None
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
    }


def _digest(rows: Iterable[Mapping[str, Any]]) -> str:
    """Names and checksums of the objects in order, as the submission's part of its id."""
    lines = "\n".join(f"{row['name_key']} {row['object_sha256']}" for row in rows)
    return hashlib.sha256(lines.encode()).hexdigest()[:SUBMISSION_ID_HEX_DIGITS]
