"""Policy for projection X-ray events: units that show in the field area, tube voltage."""

from __future__ import annotations

from expectations.policy.events import plausible_range
from expectations.rule import Rule, between
from transforms.tables import XRAY_IRRADIATION_EVENT

FRAME = XRAY_IRRADIATION_EVENT.name

UNIT_SHARE = 0.2
UNIT_SHARE_REASON = (
    "Up to one row in five is flagged only: it is the fault of that report. Above that a device "
    "writes another unit than it says, and no dose of the submission can be trusted."
)


def field_area_rules(frame: str, column: str, prefix: str = "") -> tuple[Rule, Rule]:
    """KAP / Ka,r of events or of totals: possible (else the submission is held), plausible."""
    possible = Rule(
        name=f"{prefix}field_area_possible",
        frame=frame,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between(column, 1, 20_000),
        severity="hold",
        tolerated_share=UNIT_SHARE,
        tolerance_reason=UNIT_SHARE_REASON,
        observed=((column, "cm2"),),
        reason="KAP divided by the air kerma at the reference point is the area of the beam, and "
        "no beam is smaller than 1 cm2 or larger than 2 m2: one of the two is in another unit.",
    )
    usual = plausible_range(
        frame,
        f"{prefix}field_area_plausible",
        column,
        10,
        2000,
        "cm2",
        "KAP divided by the air kerma at the reference point is the area of the beam.",
    )
    return possible, usual


XRAY_EVENT_RULES = (
    *field_area_rules(FRAME, "field_area_cm2"),
    plausible_range(
        FRAME,
        "projection_kvp_plausible",
        "projection_kvp_kv",
        35,
        150,
        "kV",
        "Projection X-ray tubes do not go further.",
    ),
)
