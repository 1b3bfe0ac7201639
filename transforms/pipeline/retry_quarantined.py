"""Decodes quarantined objects again, as a new attempt, after a rule has changed.

The earlier outcome is kept. The new one has the submission id `<facility>.<digest>.r<N>` and each
object's original index; the ledger uses an object's last attempt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from transforms.errors import DrlakeError, UsageError
from transforms.lake.lake import Lake
from transforms.lake.stored_tables import facility_of
from transforms.ledger.entries import Ending, arrivals, attempt_number, attempts, endings
from transforms.pipeline.facility import decode_submission
from transforms.pipeline.report_workers import report_workers
from transforms.pipeline.run import Run
from transforms.reasons.objects import REASON_BY_CODE
from transforms.settings import Settings


@dataclass(frozen=True, slots=True)
class QuarantineCount:
    """Objects of one facility quarantined for one reason, and how many of them can be retried."""

    facility_id: str
    reason_code: str
    objects: int
    kept: int


def quarantine_counts(lake: Lake, facility_id: str | None = None) -> list[QuarantineCount]:
    """Quarantined objects per facility and reason."""
    found: Counter[tuple[str, str]] = Counter()
    kept: Counter[tuple[str, str]] = Counter()
    tried = attempts(lake)
    for arrival in arrivals(lake, facility_id):
        for end in endings(lake, arrival, tried[arrival]):
            if end.outcome == "quarantined":
                key = (end.facility_id, end.reason_code or "unknown")
                found[key] += 1
                kept[key] += _is_kept(end)
    return [QuarantineCount(*key, n, kept[key]) for key, n in sorted(found.items())]


def retry(
    settings: Settings, reason_code: str, facility_id: str | None = None
) -> dict[str, dict[str, int]]:
    """Decode objects quarantined or held for this reason again; returns counts per new submission.

    A submission that has not passed validation is skipped: its objects have no final outcome yet.
    """
    if reason_code not in REASON_BY_CODE:
        raise UsageError(f"There is no reason {reason_code!r}. See data/reference/reasons.md.")
    run = Run(settings)
    lake = run.lake
    done: dict[str, dict[str, int]] = {}
    validated = set(lake.submissions("validate"))
    with report_workers() as pool:
        for arrival in arrivals(lake, facility_id):
            if arrival in validated and (wanted := _retriable_endings(lake, arrival, reason_code)):
                name = write_attempt(lake, arrival, wanted)
                terms = run.facility_terms(facility_of(arrival))
                done[name] = decode_submission(lake, name, run.pseudonyms, pool, terms=terms)
    if not done:
        raise DrlakeError(
            f"No object kept in the lake is quarantined or held as {reason_code} and validated. "
            "Run `drlake validate` first, or see `drlake quarantine list`."
        )
    return done


def _retriable_endings(lake: Lake, arrival: str, reason_code: str) -> list[Ending]:
    ends = endings(lake, arrival)
    return [one for one in ends if one.reason_code == reason_code and _is_kept(one)]


def _is_kept(end: Ending) -> bool:
    """Whether the lake keeps the object; those refused when they were received are not stored."""
    return end.outcome in ("quarantined", "held") and end.stage != "receive"


def write_attempt(lake: Lake, arrival: str, wanted: Iterable[Ending]) -> str:
    """Write the receive outcomes of a new attempt; returns its submission id."""
    name = f"{arrival}.r{_last_attempt(lake, arrival) + 1}"
    indexes = {end.object_index for end in wanted}
    rows: list[dict[str, Any]] = lake.read_outcomes("receive", arrival).to_pylist()
    again = {"submission_id": name, "outcome": "received", "reason_code": None, "detail": None}
    lake.write_outcomes(
        "receive", name, [{**row, **again} for row in rows if row["object_index"] in indexes]
    )
    return name


def _last_attempt(lake: Lake, arrival: str) -> int:
    """Number of the last attempt; 0 if the objects were decoded only once."""
    tried = attempts(lake, facility_of(arrival))[arrival]
    return max(attempt_number(name) for name in tried)
