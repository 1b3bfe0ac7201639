"""From received objects to used examinations: what was lost at each step, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.errors import LedgerError
from transforms.reasons import REASON_BY_CODE
from transforms.report.marts import AttritionStep

LEVELS = (
    ("object", "Objects", "files as the hospitals sent them"),
    ("event", "Irradiation events", "single exposures stated in accepted reports"),
    ("examination", "Examinations", "the events of one study"),
)

EXCLUSIONS: dict[str, str] = {
    "superseded_copy": "Another report of the same study states this event too (a cumulative or "
    "repeated report). It is counted once. Nothing to do.",
    "event_without_dose": "CTDIvol of a scan, or the average glandular dose of a breast view, is "
    "missing or zero. Check that the device writes it.",
    "no_diagnostic_event": "The study has localizers or bolus tracking only, or events of an "
    "unknown kind. Send every dose report of the study.",
    "no_dose": "No positive CTDIvol or DLP is stated. Check that the scanner writes both.",
    "incomplete_dlp": "Some scans of the study state a DLP and others do not, so the sum would be "
    "too small. Check that the scanner writes it for every scan.",
    "mixed_phantoms": "Diagnostic events refer to both the head and the body phantom; their "
    "CTDIvol cannot be averaged.",
    "events_without_uid": "The study has several reports and an event without UID, so copies "
    "cannot be recognised. Keep event UIDs when de-identifying.",
    "contradictory_copies": "Two reports state the same event with different doses. Send the "
    "report that is right.",
    "contradictory_totals": "A report states the total of one plane twice with different values. "
    "Ask the maker of the device.",
    "mixed_reports": "One report of the study lists events and another totals only. Send the "
    "report that holds the whole study.",
    "overlapping_reports": "Two reports or studies share some events and each holds others. "
    "Send the complete report.",
    "mixed_radionuclides": "Activities of different radionuclides cannot be added.",
    "biplane": "The quantity is stated for each plane apart and cannot be added.",
    "unmapped_procedure": "No mapping rule knows this study's names. Send the authority the "
    "facility's protocol list.",
    "no_patient_group": "Age is unknown, or weight for a child's body examination. Keep age and "
    "weight when de-identifying.",
}
"""Why an event or an examination is in no statistic, and what would bring it in."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a level; `reason_code` is None for what remains."""

    step: str
    reason_code: str | None
    n: int

    @property
    def explanation(self) -> str:
        """What the reason means to a hospital; empty where nothing is to be said."""
        if self.reason_code is None:
            return ""
        reason = REASON_BY_CODE.get(self.reason_code)
        return reason.mend if reason else EXCLUSIONS.get(self.reason_code, "")


@dataclass(frozen=True, slots=True)
class Level:
    """One level of the attrition, national: first = losses + last."""

    counted: str
    title: str
    meaning: str
    steps: tuple[Step, ...]

    @property
    def first(self) -> int:
        """How many came in."""
        return self.steps[0].n

    @property
    def last(self) -> int:
        """How many went on to the next level."""
        return next(step.n for step in reversed(self.steps) if step.reason_code is None)

    @property
    def lost(self) -> int:
        """How many ended here, over all reasons."""
        return sum(step.n for step in self.steps if step.reason_code is not None)


def levels(rows: Sequence[AttritionStep]) -> tuple[Level, ...]:
    """The facilities' attrition summed for the nation; LedgerError where it does not add up."""
    found = []
    for counted, title, meaning in LEVELS:
        steps = _national([row for row in rows if row.counted == counted])
        if steps:
            found.append(_balanced(Level(counted, title, meaning, steps)))
    return tuple(found)


def _national(rows: Sequence[AttritionStep]) -> tuple[Step, ...]:
    total: Counter[tuple[int, str, str]] = Counter()
    for row in rows:
        total[row.step_number, row.reason_code or "", row.step] += row.n
    return tuple(Step(step, reason or None, n) for (_, reason, step), n in sorted(total.items()))


def _balanced(level: Level) -> Level:
    through = [step for step in level.steps if step.reason_code is None]
    if not through or level.first != level.lost + level.last:
        raise LedgerError(
            f"The attrition of {level.counted}s does not add up: {level.first} came in, "
            f"{level.lost} were lost for a reason. Run `drlake build` again and look at its tests."
        )
    return level
