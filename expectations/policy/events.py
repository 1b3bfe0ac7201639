"""Policy for CT irradiation events. The rules only flag: medians are robust to single events."""

from __future__ import annotations

from expectations.rule import Rule, between
from transforms.tables import CT_IRRADIATION_EVENT

FRAME = CT_IRRADIATION_EVENT.name

KVP_KV = (70.0, 80.0, 90.0, 100.0, 110.0, 120.0, 130.0, 135.0, 140.0, 150.0)
"""Tube voltages that CT scanners offer."""

CURRENT_ROUNDING_MA = 1.0
"""Mean and maximum are rounded separately: a Siemens Flash states a mean of 177 and a maximum of
176."""


def plausible_range(
    frame: str, name: str, column: str, low: float, high: float, unit: str, reason: str
) -> Rule:
    """Rule that flags values outside a plausible range (limits included)."""
    return Rule(
        name=name,
        frame=frame,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between(column, low, high),
        observed=((column, unit),),
        reason=f"Outside {low:g} to {high:g}{' ' if unit else ''}{unit}. {reason}",
    )


def _range(name: str, column: str, low: float, high: float, unit: str, reason: str) -> Rule:
    return plausible_range(FRAME, name, column, low, high, unit, reason)


def _phantom(region: str, diameter_cm: float) -> Rule:
    column = f"{region}_phantom_cm"
    return Rule(
        name=f"{region}_region_on_{diameter_cm:g}_cm_phantom",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": column, "value_set": [diameter_cm]},
        observed=((column, "cm phantom"),),
        reason=f"CTDIvol of an adult's {region} refers to the {diameter_cm:g} cm phantom. With the "
        "other phantom the same dose has about half or twice the value.",
    )


PRESENCE_RULES = (
    Rule(
        name="ctdivol_present",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "ctdivol_given", "value_set": [True]},
        observed=(("mean_ctdivol_mgy", "mGy"),),
        reason="Every acquisition except a localizer must have a CTDIvol above zero; without it "
        "the event cannot be used for CTDIvol.",
    ),
    Rule(
        name="dlp_present",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "dlp_given", "value_set": [True]},
        observed=(("dlp_mgy_cm", "mGy.cm"),),
        reason="Every acquisition except a localizer must have a DLP above zero; without it the "
        "DLP of the examination is too low, and the total cannot be compared with its events.",
    ),
    Rule(
        name="phantom_present",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "phantom_given", "value_set": [True]},
        observed=(("mean_ctdivol_mgy", "mGy"),),
        reason="CTDIvol is given without its phantom, so it cannot be compared.",
    ),
)

DOSE_RULES = (
    Rule(
        name="dlp_is_ctdivol_times_length",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("dlp_over_ctdivol_times_length", 0.9 - 1e-9, 1.1 + 1e-9),
        observed=(
            ("dlp_mgy_cm", "mGy.cm stated"),
            ("ctdivol_times_length_mgy_cm", "mGy.cm from CTDIvol and length"),
        ),
        reason="DLP should be CTDIvol times the exposed length; 10 % is allowed for over-ranging "
        "if only the scanning length is given. Gated scans may differ by more.",
    ),
    _range(
        "head_ctdivol_plausible",
        "head_ctdivol_mgy",
        2,
        150,
        "mGy",
        "DRLs for the brain are 47 to 77 mGy. The lower limit is 2 mGy, because low-dose sinus "
        "protocols have less than the brain.",
    ),
    _range(
        "body_ctdivol_plausible",
        "body_ctdivol_mgy",
        0.5,
        60,
        "mGy",
        "DRLs for the adult trunk are 6 to 26 mGy. A factor of 10, 100 or 1000 suggests a wrong "
        "unit.",
    ),
    _range(
        "dlp_plausible",
        "diagnostic_dlp_mgy_cm",
        5,
        4000,
        "mGy.cm",
        "One acquisition of the whole trunk has about 1000 mGy.cm.",
    ),
)

GEOMETRY_RULES = (
    _range(
        "scanning_length_plausible",
        "diagnostic_length_mm",
        10,
        1600,
        "mm",
        "A shorter scan is an intervention or a perfusion; a longer one exceeds the table travel.",
    ),
    _range(
        "pitch_plausible",
        "spiral_pitch_factor",
        0.2,
        3.2,
        "",
        "Values below 0.2 occur with cardiac gating; no scanner exceeds 3.2.",
    ),
    _range(
        "water_equivalent_diameter_plausible",
        "water_equivalent_diameter_mm",
        80,
        550,
        "mm",
        "The range covers a newborn's head to a very large trunk; a factor of 10 suggests cm "
        "instead of mm.",
    ),
)

TUBE_RULES = (
    Rule(
        name="kvp_offered_by_ct",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "kvp_rounded_kv", "value_set": list(KVP_KV)},
        observed=(("kvp_kv", "kV"),),
        reason="CT scanners offer 70, 80, 90, 100, 110, 120, 130, 135, 140 or 150 kV. A new "
        "voltage of a new device must be added to the list.",
    ),
    Rule(
        name="maximum_tube_current_not_below_mean",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("current_above_maximum_ma", None, CURRENT_ROUNDING_MA),
        observed=(("tube_current_ma", "mA mean"), ("maximum_tube_current_ma", "mA maximum")),
        reason="The mean current is more than 1 mA above the maximum: they may be swapped.",
    ),
)

PHANTOM_RULES = (_phantom("head", 16.0), _phantom("trunk", 32.0))

EVENT_RULES = (*PRESENCE_RULES, *PHANTOM_RULES, *DOSE_RULES, *GEOMETRY_RULES, *TUBE_RULES)
