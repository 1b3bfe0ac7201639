"""Policy for dose reports: what they must say for patient groups, and patient size."""

from __future__ import annotations

from expectations.rule import Rule, between
from transforms.tables import DOSE_REPORT

FRAME = DOSE_REPORT.name


def _note(name: str, column: str, reason: str, row_findings: bool) -> Rule:
    """What the decoder noted about columns of a report; the finding names the columns."""
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
    "The report states a quantity twice with different values, and nothing says which is true: "
    "the column is left empty, and the dose is missing from the statistics."
)
WITHOUT_VALUE = (
    "The device writes these items without a number (unknown, not measured): the columns are "
    "empty. One finding for the submission, since it is a property of the device."
)
BY_MEANING = (
    "These columns were recognised by the English words of their codes, since the codes did not "
    "name them: look whether the words mean what the column says. One finding for the "
    "submission, since it is a property of the device."
)

NOTE_RULES = (
    _note("quantities_not_contradicted", "contradicted_columns", CONTRADICTED, row_findings=True),
    _note("items_have_values", "columns_without_value", WITHOUT_VALUE, row_findings=False),
    _note("concepts_matched_by_code", "matched_by_meaning", BY_MEANING, row_findings=False),
)
"""One line for each note column of `dose_report`."""

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
    *NOTE_RULES,
    Rule(
        name="report_complete",
        frame=FRAME,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": "completion_flag", "value_set": ["COMPLETE"]},
        reason="The device calls the report PARTIAL (Completion Flag): events may still have come "
        "after it. It is flagged and never held, since some devices call every report so.",
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
