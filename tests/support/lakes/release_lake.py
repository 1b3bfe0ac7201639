"""The smallest nation that publishes a level: twelve hospitals with twelve chest CTs each.

fill(Lake(str(folder))) # the same rows, whatever the order of arrival fill(Lake(str(other)),
reversed(ARRIVALS))

All data are invented. A hospital numbers its own objects, so that arriving earlier or later changes
nothing but the order in which files appear. Two hospitals send half of their reports twice.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import count

from tests.support.lakes.lake_rows import LakeRows, Report, event, report
from transforms.lake.lake import Lake

FACILITIES = tuple(range(1, 13))
SENT_AGAIN = (3, 8)
ARRIVALS = (*((number, False) for number in FACILITIES), *((number, True) for number in SENT_AGAIN))
"""The sender, and whether it is the half that was sent before."""

EXAMINATIONS = 12
METHOD = "drlake_first_line"


def fill(lake: Lake, arrivals: Iterable[tuple[int, bool]] = ARRIVALS) -> None:
    """Write the submissions in this order."""
    for number, again in arrivals:
        submission(lake, number, again=again)


def submission(lake: Lake, number: int, *, again: bool = False) -> None:
    """The submission of facility `number`: the same rows each time."""
    rows = LakeRows(lake, count(1000 * number + (500 if again else 0)))
    sent = reports(number)
    rows.submission(f"H{number:02}", sent[::2] if again else sent)


def reports(number: int) -> list[Report]:
    """Chest CTs with doses about 10 mGy and 400 mGy.cm, higher in every next facility."""
    dice = random.Random(number)  # noqa: S311 - no secret
    level = 1 + number / 20
    return [
        report(
            f"S{number}-{index}",
            [
                event(
                    f"E{number}-{index}",
                    ctdivol=10 * level * dice.uniform(0.8, 1.3),
                    dlp=400 * level * dice.uniform(0.8, 1.3),
                )
            ],
            study_description="CT Chest",
            patient_key=f"P{number}-{index}",
            irradiation_started_at=f"2025-03-01T08:{index:02}:00",
        )
        for index in range(EXAMINATIONS)
    ]
