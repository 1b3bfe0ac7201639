"""Policy for a submission as a whole: what was refused before, and whether the tables agree.

A submission from which nothing was decoded is accepted with no rows. There is nothing to hold
and nothing that a person could release; each of its objects is quarantined already with a reason
the hospital can mend, and `refused_share` makes it a finding where those were dose reports.
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
        reason="Objects counted as decoded and rows of dose_report are not the same, so the "
        "ledger would not balance. This is a fault of drlake: report it.",
    ),
    Rule(
        name="rows_belong_to_dose_reports",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "rows_without_report", "value_set": [0]},
        severity="hold",
        observed=(("rows_without_report", "rows"),),
        reason="Events or totals belong to no dose report. This is a fault of drlake: report it.",
    ),
    Rule(
        name="most_objects_could_be_read",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("refused_share_of_many", 0, 0.5),
        severity="hold",
        observed=REFUSED_COUNTS,
        reason="More than half of the dose reports were refused, so the rest is no fair sample "
        "of this facility: its typical values would be those of whichever devices or studies "
        "could be read. Mend the reasons in the ledger and send again.",
    ),
    Rule(
        name="few_objects_refused",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("refused_share", 0, 0.1),
        observed=REFUSED_COUNTS,
        reason="More than one dose report in ten was refused. Look at the reasons in the ledger: "
        "they are usually one setting of the export or one device.",
    ),
)
