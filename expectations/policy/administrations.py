"""Policy for radiopharmaceutical administrations."""

from __future__ import annotations

from expectations.policy.events import plausible_range
from expectations.rule import Rule
from transforms.tables import RADIOPHARMACEUTICAL_ADMINISTRATION

FRAME = RADIOPHARMACEUTICAL_ADMINISTRATION.name

ADMINISTRATION_RULES = (
    plausible_range(
        FRAME,
        "activity_plausible",
        "administered_activity_mbq",
        1,
        10_000,
        "MBq",
        "The range covers thyroid uptake tests to therapy. A factor of 37 suggests mCi instead "
        "of MBq, a factor of 1000 kBq or GBq.",
    ),
    Rule(
        name="activity_present",
        frame=FRAME,
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "administered_activity_mbq"},
        reason="The administration has no activity and cannot be used.",
    ),
    Rule(
        name="radionuclide_present",
        frame=FRAME,
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "radionuclide"},
        observed=(("administered_activity_mbq", "MBq"),),
        reason="The administration has no radionuclide, so its activity cannot be compared.",
    ),
)
