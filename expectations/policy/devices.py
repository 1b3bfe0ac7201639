"""Policy for the devices of a submission: medians and weights that suggest a wrong unit.

These rules flag and never hold, since devices for different work differ as well. The windows and
their reasons are in `expectations.quantities`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expectations.rule import Rule
from expectations.views import DEVICE_DOSE, DEVICE_WEIGHT
from transforms.tables import DOSE_REPORT

WINDOW = (("lowest_expected", "at least expected"), ("highest_expected", "at most expected"))


def _weight_rule(name: str, column: str, shown: tuple[tuple[str, str], ...], reason: str) -> Rule:
    return Rule(
        name=name,
        frame=DEVICE_WEIGHT,
        table=DOSE_REPORT.name,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": column, "value_set": [True]},
        names=("device_key",),
        observed=(*shown, ("studies", "studies with a weight")),
        reason=reason,
    )


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
    _weight_rule(
        "device_weights_vary",
        "weights_vary",
        (("commonest_weight_kg", "kg"), ("share_with_it", "of all")),
        "More than half of the patients of a device have exactly the same weight: the worklist or "
        "the device fills in a default. Children's groups and adults' groups by weight need the "
        "weight of each patient.",
    ),
    _weight_rule(
        "device_weights_in_kilograms",
        "median_expected",
        (("median_weight_of_adults_kg", "kg is the median of adults"),),
        "The median weight of the adults of a device is not between 45 and 110 kg: the weight may "
        "be in pounds, or another number is in its place. Patient's Weight (0010,1030) is in "
        "kilograms.",
    ),
)
