"""Policy for totals of projection reports: sums over planes, fluoroscopy and acquisitions."""

from __future__ import annotations

from expectations.policy.accumulated import AT_TOLERANCE
from expectations.policy.xray_events import UNIT_SHARE, UNIT_SHARE_REASON, field_area_rules
from expectations.rule import Rule, between
from transforms.tables import XRAY_ACCUMULATED_DOSE

FRAME = XRAY_ACCUMULATED_DOSE.name

KAP = ("kap", "KAP", "dose_area_product_total_gy_m2", "gy_m2", "Gy.m2")
KERMA = ("kerma", "air kerma at the reference point", "dose_rp_total_gy", "gy", "Gy")
ROUNDING = "(and more than device rounding, 1e-6 Gy.m2 or 1e-4 Gy)"


def _unit_rule(short: str, words: str, total: str, suffix: str, unit: str) -> Rule:
    """Rule: total and sum of events agree within a factor of five (else a wrong unit)."""
    return Rule(
        name=f"{short}_total_in_unit_of_events",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between(f"{short}_total_over_events", 0.2, 5),
        severity="hold",
        tolerated_share=UNIT_SHARE,
        tolerance_reason=UNIT_SHARE_REASON,
        observed=((total, f"{unit} stated"), (f"{short}_of_events_{suffix}", f"{unit} in events")),
        reason=f"The total {words} of a plane is more than five times the sum of its events, or "
        "less than a fifth: one of the two has a wrong unit, or most events are missing.",
    )


def _sum_rule(short: str, words: str, total: str, suffix: str, unit: str) -> Rule:
    return Rule(
        name=f"{short}_total_equals_sum_of_events",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between(f"{short}_total_in_tolerances", None, AT_TOLERANCE),
        observed=((total, f"{unit} stated"), (f"{short}_of_events_{suffix}", f"{unit} in events")),
        reason=f"The total {words} of a plane and the sum of its events differ by more than 5 % "
        f"{ROUNDING}: events are missing or belong to the other plane.",
    )


def _parts_rule(short: str, words: str, total: str, suffix: str, unit: str) -> Rule:
    return Rule(
        name=f"{short}_of_fluoroscopy_and_acquisition_equals_total",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between(f"{short}_parts_in_tolerances", None, AT_TOLERANCE),
        observed=((total, f"{unit} stated"), (f"{short}_of_parts_{suffix}", f"{unit} in parts")),
        reason=f"The {words} of fluoroscopy and of acquisitions do not add up to the total of the "
        f"plane within 5 % {ROUNDING}.",
    )


XRAY_TOTAL_RULES = (
    _unit_rule(*KAP),
    _unit_rule(*KERMA),
    _sum_rule(*KAP),
    _sum_rule(*KERMA),
    _parts_rule(*KAP),
    _parts_rule(*KERMA),
    *field_area_rules(FRAME, "field_area_of_totals_cm2", prefix="total_"),
    Rule(
        name="fluoroscopy_has_time",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("time_of_fluoroscopy_s", 0.001, 17_000),
        observed=(("time_of_fluoroscopy_s", "s"),),
        reason="Fluoroscopy has a dose with a time of zero, or of more than 17,000 s (the longest "
        "time published): the time may be in minutes or milliseconds instead of seconds.",
    ),
    Rule(
        name="acquisitions_have_frames",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("frames_of_acquisitions", 1, None),
        observed=(("frames_of_acquisitions", "frames"),),
        reason="Acquisitions have a dose but no frame.",
    ),
    Rule(
        name="kap_total_plausible",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("dose_area_product_total_gy_m2", None, 0.17),
        observed=(("dose_area_product_total_gy_m2", "Gy.m2"),),
        reason="More than 0.17 Gy.m2 (1700 Gy.cm2), which exceeds the longest interventions: the "
        "unit may be Gy.cm2 or another one instead of Gy.m2.",
    ),
    Rule(
        name="kerma_total_plausible",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("dose_rp_total_gy", None, 10),
        observed=(("dose_rp_total_gy", "Gy"),),
        reason="More than 10 Gy at the reference point: the unit may be mGy instead of Gy. If the "
        "value is correct, skin injury is likely.",
    ),
)
