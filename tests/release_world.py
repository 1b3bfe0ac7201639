"""The smallest nation that publishes a level: twelve hospitals with twelve chest CTs each.

    fill(Lake(str(folder)))                     # the same rows, whatever the order of arrival
    fill(Lake(str(other)), reversed(FACILITIES))

All of it is made up. A hospital numbers its own objects, so that arriving earlier or later changes
nothing but the order in which files appear.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from itertools import count

from tests.lake_rows import LakeRows, Report, event, report
from transforms.lake import Lake

FACILITIES = tuple(range(1, 13))
EXAMINATIONS = 12
METHOD = "drlake_first_line"


def fill(lake: Lake, facilities: Iterable[int] = FACILITIES) -> None:
    """Write one submission for each facility, in this order."""
    for number in facilities:
        submission(lake, number)


def submission(lake: Lake, number: int) -> None:
    """What facility `number` sends: the same bytes each time."""
    rows = LakeRows(lake, count(1000 * number))
    rows.submission(f"H{number:02}", reports(number))


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
        )
        for index in range(EXAMINATIONS)
    ]
