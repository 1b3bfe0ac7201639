"""Policy for CT totals: they equal the sum of the events (PS3.16 TID 10012)."""

from __future__ import annotations

from expectations.rule import Rule, between
from transforms.tables import CT_ACCUMULATED_DOSE

FRAME = CT_ACCUMULATED_DOSE.name

AT_TOLERANCE = 1 + 1e-9
"""One tolerance, with a margin for floating-point rounding."""

_DLP_REASON = (
    "differ by more than 1 mGy.cm and 1 %. Either events are missing or one of the two has "
    "another unit."
)


def _subtotal(phantom: str, words: str) -> Rule:
    return Rule(
        name=f"dlp_subtotal_{phantom}_equals_sum_of_events",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between(f"dlp_subtotal_{phantom}_in_tolerances", None, AT_TOLERANCE),
        observed=(
            (f"dlp_subtotal_{phantom}_mgy_cm", "mGy.cm stated"),
            (f"dlp_of_{phantom}_events_mgy_cm", "mGy.cm in the events"),
        ),
        reason=f"The sub-total of DLP for {words} and the sum of the events on that phantom "
        f"{_DLP_REASON}",
    )


ACCUMULATED_DOSE_RULES = (
    Rule(
        name="dlp_total_equals_sum_of_events",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("dlp_total_in_tolerances", None, AT_TOLERANCE),
        severity="hold",
        tolerated_share=0.2,
        tolerance_reason="Up to one report in five is only flagged, since single lost events "
        "concern only those reports. Above that the export or the device is at fault, and no dose "
        "of the submission can be trusted.",
        observed=(
            ("dlp_total_mgy_cm", "mGy.cm stated"),
            ("dlp_of_events_mgy_cm", "mGy.cm in the events"),
        ),
        reason=f"The total DLP that a report states and the sum of its events {_DLP_REASON}",
    ),
    Rule(
        name="number_of_events_as_stated",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "events_missing", "value_set": [0]},
        observed=(
            ("total_number_of_irradiation_events", "events stated"),
            ("number_of_events", "events found"),
        ),
        reason="The number of events in the report differs from the number that it states: events "
        "were lost, or the report was combined from others.",
    ),
    Rule(
        name="dlp_total_plausible",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("dlp_total_mgy_cm", None, 8000),
        observed=(("dlp_total_mgy_cm", "mGy.cm"),),
        reason="More than 8000 mGy.cm for one report, which exceeds whole-body trauma protocols. A "
        "total below 10 is not flagged: a report sent after the localizer alone is common.",
    ),
    _subtotal("head_16cm", "the 16 cm head phantom"),
    _subtotal("body_32cm", "the 32 cm body phantom"),
)
