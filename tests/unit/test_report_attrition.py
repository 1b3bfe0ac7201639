"""The attrition: summed over facilities, in order, explained, and balanced."""

import csv

import pytest

from transforms.errors import LedgerError
from transforms.reasons import REASONS
from transforms.report.attrition import Step, levels
from transforms.report.marts import AttritionStep
from transforms.settings import REPOSITORY

EXCLUSION_REASONS = REPOSITORY / "data" / "reference" / "exclusion_reasons.csv"


def steps(*rows: tuple[str, str, int, str, str | None, int]) -> list[AttritionStep]:
    return [AttritionStep(*row) for row in rows]


TWO_FACILITIES = steps(
    ("F002", "object", 4, "accepted", None, 7),
    ("F002", "object", 1, "received", None, 10),
    ("F002", "object", 3, "quarantined", "not_dicom", 2),
    ("F002", "object", 2, "duplicate", "duplicate_in_submission", 1),
    ("F001", "object", 1, "received", None, 5),
    ("F001", "object", 3, "quarantined", "not_dicom", 1),
    ("F001", "object", 4, "accepted", None, 4),
)


def test_facilities_are_summed_and_steps_stand_in_order() -> None:
    (level,) = levels(TWO_FACILITIES)
    assert [(step.step, step.n) for step in level.steps] == [
        ("received", 15),
        ("duplicate", 1),
        ("quarantined", 3),
        ("accepted", 11),
    ]
    assert (level.first, level.lost, level.last) == (15, 4, 11)


def test_objects_come_before_events_and_examinations() -> None:
    rows = steps(
        ("F001", "examination", 1, "found", None, 2),
        ("F001", "examination", 3, "used", None, 2),
        ("F001", "event", 1, "accepted", None, 6),
        ("F001", "event", 3, "counted_once", None, 6),
    )
    assert [level.counted for level in levels([*rows, *TWO_FACILITIES])] == [
        "object",
        "event",
        "examination",
    ]


def test_what_does_not_add_up_is_refused() -> None:
    lost = steps(("F001", "object", 3, "quarantined", "not_dicom", 1))
    with pytest.raises(LedgerError, match="objects does not add up"):
        levels([*TWO_FACILITIES, *lost])


def test_every_reason_says_what_to_mend() -> None:
    with EXCLUSION_REASONS.open(encoding="utf-8", newline="") as file:
        exclusions = [row["reason_code"] for row in csv.DictReader(file)]
    assert exclusions
    for code in [reason.code for reason in REASONS] + exclusions:
        assert Step("lost", code, 1).explanation.endswith("."), code
    assert Step("received", None, 1).explanation == ""
