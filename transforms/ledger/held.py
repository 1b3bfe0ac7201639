"""Held objects: which facility, for which reason, and what to do next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transforms.lake.lake import Lake
from transforms.ledger.entries import Entry, attempts, endings
from transforms.reasons.objects import STUDY_DATE_IN_FUTURE, SUBMISSION_HELD

NEXT_STEPS: Mapping[str, str] = {
    SUBMISSION_HELD: "ask the facility; after a correction: drlake validate --again",
    STUDY_DATE_IN_FUTURE: "drlake validate from that day on, or correct the device's clock",
}
"""What the authority does about each reason of a held object."""


@dataclass(frozen=True, slots=True)
class HeldObjects:
    """Held objects of one facility for one reason.

    `expectation` is the name of the quality check that held them; None if the reason is the day.
    """

    facility_id: str
    reason_code: str
    expectation: str | None
    objects: int
    next_step: str


def held_objects(lake: Lake, found: Iterable[Entry]) -> list[HeldObjects]:
    """Held objects of these submissions per facility and reason, in order."""
    counted: Counter[tuple[str, str, str]] = Counter()
    tried = attempts(lake)
    for entry in found:
        if entry.held:
            for end in endings(lake, entry.submission_id, tried[entry.submission_id]):
                if end.outcome == "held":
                    counted[end.facility_id, end.reason_code or "", end.detail or ""] += 1
    return [
        HeldObjects(facility_id, reason, detail or None, objects, NEXT_STEPS.get(reason, ""))
        for (facility_id, reason, detail), objects in sorted(counted.items())
    ]
