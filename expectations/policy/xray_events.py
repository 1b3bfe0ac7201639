"""Policy for projection X-ray events: units that show in the field area, tube voltage."""

from __future__ import annotations

from expectations.policy.events import plausible
from expectations.rule import Rule, between
from transforms.tables import XRAY_IRRADIATION_EVENT

FRAME = XRAY_IRRADIATION_EVENT.name

UNIT_SHARE = 0.2
UNIT_SHARE_REASON = (
    "Up to one row in five is flagged only: it is the fault of that report. Above that a device "
    "writes another unit than it says, and no dose of the submission can be trusted."
)

XRAY_EVENT_RULES = (
    Rule(
        name="field_area_possible",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("field_area_cm2", 1, 20_000),
        severity="hold",
        tolerated_share=UNIT_SHARE,
        tolerance_reason=UNIT_SHARE_REASON,
        observed=(("field_area_cm2", "cm2"),),
        reason="KAP divided by the air kerma at the reference point is the area of the beam, and "
        "no beam is smaller than 1 cm2 or larger than 2 m2: one of the two is in another unit.",
    ),
    plausible(
        FRAME,
        "field_area_plausible",
        "field_area_cm2",
        10,
        2000,
        "cm2",
        "KAP divided by the air kerma at the reference point is the area of the beam.",
    ),
    plausible(
        FRAME,
        "projection_kvp_plausible",
        "projection_kvp_kv",
        35,
        150,
        "kV",
        "Projection X-ray tubes do not go further.",
    ),
)
