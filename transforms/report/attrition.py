"""From received objects to used examinations: what was lost at each step, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from transforms.errors import LedgerError
from transforms.exclusions import EXCLUSION_BY_CODE
from transforms.reasons import REASON_BY_CODE
from transforms.report.marts import AttritionStep

LEVELS = (
    ("object", "Objects", "files as the hospitals sent them"),
    ("report", "Dose reports", "accepted objects, without what was withdrawn or sent again"),
    ("event", "Irradiation events", "single exposures stated in accepted reports"),
    ("examination", "Examinations", "the events of one study"),
)


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
        reason = REASON_BY_CODE.get(self.reason_code) or EXCLUSION_BY_CODE.get(self.reason_code)
        return reason.mend if reason else ""


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
