"""Policy for dose reports: what they must say for patient groups, and patient size."""

from __future__ import annotations

from expectations.rule import Rule, between
from transforms.tables import DOSE_REPORT

FRAME = DOSE_REPORT.name

REPORT_RULES = (
    Rule(
        name="study_date_present",
        frame=FRAME,
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "study_date"},
        row_findings=False,
        reason="Reports have no study date, so they belong to no year. The de-identifier "
        "should keep the date, or shift it within the year.",
    ),
    Rule(
        name="patient_age_present",
        frame=FRAME,
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "patient_age_days"},
        tolerated_share=0.05,
        tolerance_reason="Up to 5 % is accepted silently: emergency patients may have no known "
        "age.",
        row_findings=False,
        reason="Reports have no patient age, so their examinations belong to no patient group "
        "and are not used. The de-identifier should keep Patient's Age (0010,1010).",
    ),
    Rule(
        name="report_has_events",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("number_of_events", 1, None),
        observed=(("number_of_events", "events"),),
        reason="The report holds no irradiation event: an examination that was broken off, or a "
        "device that sends its report before the events are in it.",
    ),
    Rule(
        name="report_has_one_total",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "number_of_totals", "value_set": [1]},
        observed=(("number_of_totals", "totals"),),
        reason="TID 10011 asks for exactly one CT Accumulated Dose Data; without it nothing "
        "shows whether events are missing.",
    ),
    Rule(
        name="device_in_unit_of_the_others",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "device_unit_factor", "value_set": [1.0]},
        row_findings=False,
        reason="The median dose of a device is 10, 100 or 1000 times (within 25 %) that of the "
        "other devices of its modality in this submission: one of them may write another unit. "
        "It is flagged and not held, since devices for different work differ as well.",
    ),
    Rule(
        name="weight_fits_age",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "weight_fits_age", "value_set": [True]},
        observed=(("patient_weight_kg", "kg"), ("patient_age_years", "years old")),
        reason="Nobody of this age has this weight: weight in pounds, weight swapped with "
        "height, or a default of the worklist.",
    ),
    Rule(
        name="height_plausible",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("patient_height_cm", 25, 250),
        observed=(("patient_height_cm", "cm"),),
        reason="Patient's Size (0010,1020) is in metres; this looks like centimetres or inches "
        "entered there, or like a weight.",
    ),
    Rule(
        name="body_mass_index_plausible",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("body_mass_index_kg_m2", 8, 90),
        observed=(("body_mass_index_kg_m2", "kg/m2"),),
        reason="Weight and height do not belong to one patient: they may be swapped.",
    ),
)
