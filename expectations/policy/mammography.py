"""Policy for mammography: glandular dose by thickness, laterality and compression."""

from __future__ import annotations

from expectations.policy.accumulated import AT_TOLERANCE
from expectations.policy.events import plausible_range
from expectations.policy.xray_events import UNIT_SHARE, UNIT_SHARE_REASON
from expectations.rule import Rule, between
from transforms.tables import MAMMOGRAPHY_ACCUMULATED_DOSE, XRAY_IRRADIATION_EVENT

EVENTS = XRAY_IRRADIATION_EVENT.name
TOTALS = MAMMOGRAPHY_ACCUMULATED_DOSE.name
TOTAL = ("accumulated_average_glandular_dose_mgy", "mGy stated")
SHARE_SHOWN = (("average_glandular_dose_mgy", "mGy AGD"), ("entrance_exposure_rp_mgy", "mGy Ka,i"))
THICKNESS = ("compression_thickness_mm", "mm")

MAMMOGRAPHY_EVENT_RULES = (
    Rule(
        name="glandular_dose_in_unit_of_air_kerma",
        frame=EVENTS,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("glandular_share", 0.005, 5),
        severity="hold",
        tolerated_share=UNIT_SHARE,
        tolerance_reason=UNIT_SHARE_REASON,
        observed=SHARE_SHOWN,
        reason="For a breast of 20 to 110 mm the average glandular dose is 0.05 to 0.69 of the "
        "incident air kerma. Ten times more or less suggests a wrong unit (dGy, Gy) of one "
        "of them.",
    ),
    Rule(
        name="glandular_dose_fits_air_kerma_and_thickness",
        frame=EVENTS,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "glandular_share_fits_thickness", "value_set": [True]},
        observed=(
            *SHARE_SHOWN,
            THICKNESS,
            ("lowest_glandular_share", "of Ka,i at least expected"),
            ("highest_glandular_share", "at most"),
        ),
        reason="The ratio of average glandular dose to incident air kerma decreases with breast "
        "thickness, and here it does not fit the stated thickness: one of the three values "
        "is wrong. Some devices state the dose of a single tomosynthesis projection.",
    ),
    Rule(
        name="glandular_dose_usual_for_thickness",
        frame=EVENTS,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "glandular_dose_usual", "value_set": [True]},
        observed=(SHARE_SHOWN[0], THICKNESS),
        reason="A view usually has 0.2 to 5 mGy for a breast below 40 mm, 0.2 to 7.5 mGy below 60 "
        "mm and 0.3 to 10 mGy above. The thickness or the dose may belong to another breast.",
    ),
    Rule(
        name="breast_side_present",
        frame=EVENTS,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "breast_side_given", "value_set": [True]},
        observed=(("average_glandular_dose_mgy", "mGy"),),
        reason="A mammography event has no laterality.",
    ),
    plausible_range(
        EVENTS,
        "glandular_dose_plausible",
        "average_glandular_dose_mgy",
        0.2,
        10,
        "mGy",
        "0.19 to 10.0 mGy were observed in 45,054 images.",
    ),
    plausible_range(
        EVENTS,
        "breast_thickness_plausible",
        "breast_thickness_mm",
        20,
        110,
        "mm",
        "A factor of 10 suggests cm instead of mm.",
    ),
    plausible_range(
        EVENTS,
        "compression_force_plausible",
        "compression_force_n",
        20,
        220,
        "N",
        "A factor of 10 suggests decanewton or kilogram instead of newton.",
    ),
    plausible_range(
        EVENTS,
        "mammography_kvp_plausible",
        "mammography_kvp_kv",
        20,
        49,
        "kV",
        "Contrast-enhanced images use up to 49 kV.",
    ),
)

BREAST_TOTAL_RULES = (
    Rule(
        name="breast_total_side_present",
        frame=TOTALS,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "total_side_given", "value_set": [True]},
        observed=(TOTAL,),
        reason="A glandular dose total has no laterality, so it cannot be compared with events or "
        "used as the dose of a breast.",
    ),
    Rule(
        name="glandular_dose_total_equals_sum_of_events",
        frame=TOTALS,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("agd_total_in_tolerances", None, AT_TOLERANCE),
        observed=(TOTAL, ("agd_of_events_mgy", "mGy in the events")),
        reason="The glandular dose stated for a breast and the sum of its events differ by more "
        "than 5 % and 0.05 mGy: events are missing, or left and right are swapped.",
    ),
    Rule(
        name="both_breasts_equal_left_and_right",
        frame=TOTALS,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("sides_in_tolerances", None, AT_TOLERANCE),
        observed=(TOTAL, ("agd_of_sides_mgy", "mGy left and right")),
        reason="The glandular dose stated for both breasts is not the sum of left and right.",
    ),
    Rule(
        name="one_total_per_breast",
        frame=TOTALS,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "totals_of_breast", "value_set": [1]},
        observed=(("totals_of_breast", "totals"),),
        reason="A report has several totals for one breast.",
    ),
)
