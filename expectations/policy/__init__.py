"""The hand-written policy: what is doubtful, how much of it is accepted, and why.

Thresholds and their reasons stand next to each other. Ranges are those of domain.md 6.4
("soft": worth a look) unless the reason says otherwise. They are judgements of this project,
to be set again each year from national P0.1 and P99.9.
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
"""Every policy rule, in the order in which findings are listed."""
