"""Policy for projection X-ray events: unit errors shown by the field area, tube voltage."""

from __future__ import annotations

from expectations.policy.events import plausible_range
from expectations.rule import Rule, between
from transforms.tables import XRAY_IRRADIATION_EVENT

FRAME = XRAY_IRRADIATION_EVENT.name

UNIT_SHARE = 0.2
UNIT_SHARE_REASON = (
    "Up to one row in five is only flagged as a fault of that report. Above that a device writes "
    "a wrong unit, and no dose of the submission can be trusted."
)


def field_area_rules(frame: str, column: str, prefix: str = "") -> tuple[Rule, Rule]:
    """Rules for KAP / Ka,r of events or totals: possible (else held) and plausible."""
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
        "no beam is smaller than 1 cm2 or larger than 2 m2: one of the two has a wrong unit.",
    )
    usual = plausible_range(
        frame,
        f"{prefix}field_area_plausible",
        column,
        10,
        2000,
        "cm2",
        "The area of the beam (KAP divided by the air kerma at the reference point) is unusual.",
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
        "Projection X-ray tubes do not exceed this range.",
    ),
)
