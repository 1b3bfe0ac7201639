"""What a scenario of the nation is: its reports, its levels by hand, and what it leaves out.

Facility 1 to 12 has ten examinations of a scenario, with doses of `unit` times its number times
0.55, 0.65 … 1.45. Their median is `unit` times its number. The 75th percentile of the medians 1 to
12 is 9.25 (a quarter of the way from the ninth to the tenth), of the medians 1 to 11 it is 8.5.

Two more examinations with a dose above the median make it the mean of 1.05 and 1.15: with a fault
that uses them the level is 1.1 times as high.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.support.reports.written_reports import ADULT, Patient, Study

FACILITIES = range(1, 13)
SPREAD = tuple((5.5 + index) / 10 for index in range(10))
FIRST_LINE = "drlake_first_line"
AS_OF = "2025-10-31"
LATER_DAY = "20251115"

Files = Iterator[tuple[str, bytes]]
"""Names and bytes of the reports that a facility sends."""


@dataclass(frozen=True, slots=True)
class Level:
    """A national level, and the level of the same reports if the fault were back (None: none)."""

    procedure_id: str
    drl_quantity: str
    level: float
    with_fault: float | None
    patient_group_id: str = "adult"
    method_id: str = FIRST_LINE
    n_facilities: int = 12


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One report that is left out: its file, its reason, and how many have it in the nation.

    `counted` is what the mart `attrition` counts (object, report, event or examination), or
    `quantity` where the report is left out of one quantity alone. `twin` is an equal report: one of
    the two is left out, and which of them it is depends on the key of the lake.
    """

    file: str
    reason_code: str
    counted: str
    n: int
    facility: int = 1
    twin: str = ""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One row of part A of the cases: `files` are the reports of a facility by its number."""

    row: str
    wrong: str
    files: Callable[[int], Files]
    levels: tuple[Level, ...]
    left_out: tuple[LeftOut, ...] = ()


def study(
    row: str,
    name: str,
    facility: int,
    number: int,
    patient: Patient = ADULT,
    day: str = "20250310",
) -> Study:
    """A study on the facility's device of this scenario."""
    key, serial = f"{row}/{facility}/{number}", f"{row}{facility:02}"
    return Study(key, name, serial, number, patient, day)


def doses(facility: float, unit: float) -> Iterator[tuple[int, float]]:
    """The ten doses of a facility, numbered; their median is `unit` times its number."""
    for index, share in enumerate(SPREAD):
        yield index, unit * facility * share
