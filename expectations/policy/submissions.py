"""Policy for a submission as a whole: share of refused reports, and consistency of tables.

A submission without any decoded object is accepted with no rows, since there is nothing to hold or
to release: each object is already quarantined with a reason that the hospital can act on, and
`refused_share` gives a finding if they were dose reports.
"""

from __future__ import annotations

from expectations.rule import Rule, between
from transforms.tables import SUBMISSION

FRAME = SUBMISSION.name
REFUSED_COUNTS = (
    ("objects_refused", "objects refused"),
    ("objects_meant", "meant as dose reports"),
)

SUBMISSION_RULES = (
    Rule(
        name="decoded_objects_are_dose_reports",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "objects_without_report", "value_set": [0]},
        severity="hold",
        observed=(("objects_without_report", "objects"),),
        reason="The objects counted as decoded and the rows of dose_report differ, so the ledger "
        "would not balance. This is a bug in drlake: report it.",
    ),
    Rule(
        name="rows_belong_to_dose_reports",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "rows_without_report", "value_set": [0]},
        severity="hold",
        observed=(("rows_without_report", "rows"),),
        reason="Events or totals have no dose report. This is a bug in drlake: report it.",
    ),
    Rule(
        name="most_objects_could_be_read",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("refused_share_of_many", 0, 0.5),
        severity="hold",
        observed=REFUSED_COUNTS,
        reason="More than half of the dose reports were refused, so the rest is not a "
        "representative sample of this facility: its typical values would depend on which "
        "devices or studies could be read. Fix the reasons in the ledger and send the "
        "reports again.",
    ),
    Rule(
        name="few_objects_refused",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("refused_share", 0, 0.1),
        observed=REFUSED_COUNTS,
        reason="More than one dose report in ten was refused. Check the reasons in the ledger: "
        "usually the cause is one export setting or one device.",
    ),
)
