"""Policy for the devices of a submission: medians that suggest a wrong unit.

These rules flag and never hold, since devices for different work differ as well. The windows and
their reasons are in `expectations.quantities`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expectations.rule import Rule
from expectations.views import DEVICE_DOSE
from transforms.tables import DOSE_REPORT

WINDOW = (("lowest_expected", "at least expected"), ("highest_expected", "at most expected"))


def _rule(
    name: str, arguments: Mapping[str, Any], shown: tuple[tuple[str, str], ...], reason: str
) -> Rule:
    return Rule(
        name=name,
        frame=DEVICE_DOSE,
        table=DOSE_REPORT.name,
        expectation="ExpectColumnValuesToBeInSet",
        arguments=arguments,
        names=("device_key", "quantity"),
        observed=(("median", "median"), *shown, ("reports", "reports")),
        reason=reason,
    )


DEVICE_RULES = (
    _rule(
        "device_median_expected",
        {"column": "median_expected", "value_set": [True]},
        WINDOW,
        "The median of a device is outside the range expected for its modality: the unit may be "
        "wrong, or the device is used for very special work. Compare a report with the display "
        "of the device.",
    ),
    _rule(
        "device_in_unit_of_the_others",
        {"column": "factor_to_others", "value_set": [1.0]},
        (("factor_to_others", "times the others"),),
        "The median of a device is 10, 100 or 1000 times (within 25 %) that of the other devices "
        "of its modality in this submission, or a tenth and so on: one of them may write a wrong "
        "unit.",
    ),
    _rule(
        "device_in_unit_of_its_past",
        {"column": "factor_to_past", "value_set": [1.0]},
        (("factor_to_past", "times its earlier half"),),
        "The median of the later half of a device's reports is 10, 100 or 1000 times (within 25 "
        "%) that of the earlier half, or a tenth and so on: a software update may have changed "
        "the unit.",
    ),
)
