"""Policy for dose reports: data needed for patient groups, and patient size."""

from __future__ import annotations

from expectations.rule import Rule, between
from transforms.tables import DOSE_REPORT

FRAME = DOSE_REPORT.name


def _note(name: str, column: str, reason: str, row_findings: bool) -> Rule:
    """Rule for a note column of the decoder; the finding names the noted columns."""
    return Rule(
        name=name,
        frame=FRAME,
        expectation="ExpectColumnValuesToBeNull",
        arguments={"column": column},
        names=(column,),
        row_findings=row_findings,
        reason=reason,
    )


CONTRADICTED = (
    "The report states a quantity twice with different values and does not show which is "
    "correct: the column is left empty, and the dose is missing in the statistics."
)
WITHOUT_VALUE = (
    "The device writes these items without a number (unknown, not measured), so the columns are "
    "empty. This is one finding per submission, since it is a property of the device."
)
BY_MEANING = (
    "These columns were recognised by their code meanings, since the codes are unknown: check "
    "that the meanings agree with the columns. This is one finding per submission, since it is a "
    "property of the device."
)

NOTE_RULES = (
    _note("quantities_not_contradicted", "contradicted_columns", CONTRADICTED, row_findings=True),
    _note("items_have_values", "columns_without_value", WITHOUT_VALUE, row_findings=False),
    _note("concepts_matched_by_code", "matched_by_meaning", BY_MEANING, row_findings=False),
)
"""One rule for each note column of `dose_report`."""

REPORT_RULES = (
    Rule(
        name="study_date_present",
        frame=FRAME,
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "study_date"},
        row_findings=False,
        reason="Reports have no study date, so they cannot be assigned to a year. The "
        "de-identifier should keep the date, or shift it within the year.",
    ),
    Rule(
        name="patient_age_present",
        frame=FRAME,
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "patient_age_days"},
        tolerated_share=0.05,
        tolerance_reason="Up to 5 % is accepted without a finding, since the age of emergency "
        "patients may be unknown.",
        row_findings=False,
        reason="Reports have no patient age, so their examinations have no patient group and are "
        "not used. The de-identifier should keep Patient's Age (0010,1010).",
    ),
    *NOTE_RULES,
    Rule(
        name="report_complete",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "completion_flag", "value_set": ["COMPLETE"]},
        reason="The device marks the report as PARTIAL (Completion Flag): later events may be "
        "missing. This is only flagged, since some devices mark every report so.",
    ),
    Rule(
        name="report_has_events",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between("number_of_events", 1, None),
        observed=(("number_of_events", "events"),),
        reason="The report contains no irradiation event: the examination was aborted, or the "
        "device sends its report before adding the events.",
    ),
    Rule(
        name="report_has_one_total",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "number_of_totals", "value_set": [1]},
        observed=(("number_of_totals", "totals"),),
        reason="TID 10011 requires exactly one CT Accumulated Dose Data; without it, missing "
        "events cannot be detected.",
    ),
    Rule(
        name="study_ages_agree",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "study_ages_agree", "value_set": [True]},
        observed=(("lowest_age_years", "years lowest"), ("highest_age_years", "years highest")),
        reason="Reports of one examination state different ages: one of them is wrong, or reports "
        "of two patients have the same Study Instance UID. The age is not used.",
    ),
    Rule(
        name="weight_fits_age",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "weight_fits_age", "value_set": [True]},
        observed=(("patient_weight_kg", "kg"), ("patient_age_years", "years old")),
        reason="This weight is impossible for this age: it may be in pounds, swapped with height, "
        "or a worklist default, or the age may be in a wrong unit. The weight is not used for "
        "patient groups, nor is the age of a child where people of another age have the weight.",
    ),
    Rule(
        name="height_plausible",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "height_fits_age", "value_set": [True]},
        observed=(("patient_height_cm", "cm"), ("patient_age_years", "years old")),
        reason="This height is impossible for this age. Patient's Size (0010,1020) is in metres; "
        "the value looks like centimetres, inches or a weight. The weight stated with it is not "
        "used for patient groups.",
    ),
    Rule(
        name="body_mass_index_plausible",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "body_mass_index_fits_age", "value_set": [True]},
        observed=(("body_mass_index_kg_m2", "kg/m2"), ("patient_age_years", "years old")),
        reason="Weight and height do not fit together: they may be swapped. The weight is not used "
        "for patient groups.",
    ),
)
