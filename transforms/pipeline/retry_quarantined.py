"""Quarantined objects decoded again after a rule has changed, as a submission of its own.

The outcome of before stays as it was. The new one stands under `<facility>.<digest>.r<N>`, with
the index that each object had when it arrived, and the ledger takes an object's last attempt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from transforms.errors import DrlakeError, UsageError
from transforms.lake.lake import Lake, facility_of
from transforms.ledger.entries import Ending, arrivals, attempt_number, attempts, endings
from transforms.pipeline.facility import decode_submission
from transforms.pipeline.report_workers import report_workers
from transforms.pipeline.run import Run
from transforms.reasons.objects import REASON_BY_CODE
from transforms.settings import Settings


@dataclass(frozen=True, slots=True)
class QuarantineCount:
    """Objects of one facility that one reason keeps out, and how many of them could be retried."""

    facility_id: str
    reason_code: str
    objects: int
    kept: int


def quarantine_counts(lake: Lake, facility_id: str | None = None) -> list[QuarantineCount]:
    """What is in quarantine, per facility and reason."""
    found: Counter[tuple[str, str]] = Counter()
    kept: Counter[tuple[str, str]] = Counter()
    tried = attempts(lake)
    for arrival in arrivals(lake, facility_id):
        for end in endings(lake, arrival, tried[arrival]):
            if end.outcome == "quarantined":
                key = (end.facility_id, end.reason_code or "unknown")
                found[key] += 1
                kept[key] += _is_kept(lake, end)
    return [QuarantineCount(*key, n, kept[key]) for key, n in sorted(found.items())]


def retry(
    settings: Settings, reason_code: str, facility_id: str | None = None
) -> dict[str, dict[str, int]]:
    """Decode again what this reason keeps out; returns the counts per new submission.

    A submission that has not passed validation is left alone: its objects have not ended yet.
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
            f"No object kept in the lake is quarantined as {reason_code} and validated. Run "
            "`drlake validate` first, or see `drlake quarantine list`."
        )
    return done


def _retriable_endings(lake: Lake, arrival: str, reason_code: str) -> list[Ending]:
    ends = endings(lake, arrival)
    return [one for one in ends if one.reason_code == reason_code and _is_kept(lake, one)]


def _is_kept(lake: Lake, end: Ending) -> bool:
    """Whether the lake has the bytes; an object that was too large was never kept."""
    if end.outcome != "quarantined" or end.object_sha256 is None:
        return False
    return lake.exists(lake.object_path(end.facility_id, end.object_sha256))


def write_attempt(lake: Lake, arrival: str, wanted: Iterable[Ending]) -> str:
    """Write the receive outcomes of one more attempt; returns its submission id."""
    name = f"{arrival}.r{_last_attempt(lake, arrival) + 1}"
    indexes = {end.object_index for end in wanted}
    rows: list[dict[str, Any]] = lake.read_outcomes("receive", arrival).to_pylist()
    again = {"submission_id": name, "outcome": "received", "reason_code": None, "detail": None}
    lake.write_outcomes(
        "receive", name, [{**row, **again} for row in rows if row["object_index"] in indexes]
    )
    return name


def _last_attempt(lake: Lake, arrival: str) -> int:
    """Number of the last attempt; 0 where the objects were decoded once."""
    return max(attempt_number(name) for name in attempts(lake)[arrival])
