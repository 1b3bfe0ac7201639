"""The hand-written policy: which values are doubtful, how many are tolerated, and why.

Each threshold is next to its reason. Ranges are the "soft" ones of domain.md 6.4 unless the reason
says otherwise. They are judgements of this project, to be revised each year from national P0.1 and
P99.9.
"""

from __future__ import annotations

from expectations.policy.accumulated import ACCUMULATED_DOSE_RULES
from expectations.policy.administrations import ADMINISTRATION_RULES
from expectations.policy.devices import DEVICE_RULES
from expectations.policy.events import EVENT_RULES
from expectations.policy.mammography import BREAST_TOTAL_RULES, MAMMOGRAPHY_EVENT_RULES
from expectations.policy.reports import REPORT_RULES
from expectations.policy.submissions import SUBMISSION_RULES
from expectations.policy.xray_events import XRAY_EVENT_RULES
from expectations.policy.xray_totals import XRAY_TOTAL_RULES

POLICY = (
    *(*SUBMISSION_RULES, *REPORT_RULES, *ACCUMULATED_DOSE_RULES, *EVENT_RULES),
    *(*XRAY_TOTAL_RULES, *XRAY_EVENT_RULES, *MAMMOGRAPHY_EVENT_RULES, *BREAST_TOTAL_RULES),
    *(*ADMINISTRATION_RULES, *DEVICE_RULES),
)
"""All policy rules, in the order in which findings are listed."""
