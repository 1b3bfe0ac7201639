"""`facility_summary`: statistics that a facility states of its own examinations.

The second intake: a local dose audit without a row of a patient, as the fifth survey of the UK asks
for. What it says is what `fct_facility_statistics` makes of dose reports, column by column.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.tables.common import FACILITY_ID
from transforms.tables.schema import Column, Table

SCOPES = ("examination", "acquisition")

_FORM = "derived: form of drlake summaries"
_LOADED = "derived: drlake summaries load"


def _statistic(name: str, description: str, *, nullable: bool = False) -> Column:
    """A statistic in the unit of its row, over values above zero."""
    text = f"{description}, in the unit of the row."
    return Column(name, pa.float64(), text, _FORM, nullable=nullable, minimum=0)


def _word(name: str, description: str, allowed: tuple[str, ...] = ()) -> Column:
    return Column(name, pa.string(), description, _FORM, nullable=False, allowed=allowed)


def _count(name: str, description: str, minimum: int, *, nullable: bool = False) -> Column:
    return Column(name, pa.int64(), description, _FORM, nullable=nullable, minimum=minimum)


def _weight(name: str, description: str) -> Column:
    return Column(name, pa.float64(), description, _FORM, unit="kg", minimum=0.2, maximum=650)


FACILITY_SUMMARY = Table(
    name="facility_summary",
    grain="One row per statistic of a facility's form; a later form supersedes, none is edited.",
    key=(
        *("facility_id", "device_key", "period", "scope", "procedure_id", "patient_group_id"),
        *("drl_quantity", "sequence_number"),
    ),
    columns=(
        replace(FACILITY_ID, source=_FORM),
        Column(
            "device_key",
            pa.string(),
            "The facility's own name for one X-ray unit; NULL where the statistic is of the whole "
            "facility.",
            _FORM,
        ),
        Column(
            "period",
            pa.int32(),
            "Calendar year of the examinations.",
            _FORM,
            nullable=False,
            minimum=2000,
            maximum=2099,
        ),
        _word("scope", "What one value is of: a whole examination, or one acquisition.", SCOPES),
        _word("procedure_id", "Procedure, as in procedures.csv."),
        _word("patient_group_id", "Patient group, as in patient_groups.csv."),
        _word("drl_quantity", "DRL quantity, as in drl_quantities.csv."),
        _word("unit", "Unit of the statistics in UCUM: the one that levels are stated in."),
        _count("n_examinations", "Examinations that the statistics are of.", 1),
        _count(
            "n_values",
            "Values that the statistics are of: acquisitions, or the examinations themselves.",
            1,
        ),
        _statistic("minimum", "Smallest value"),
        _statistic("p25", "25th percentile of the values (linear interpolation)"),
        _statistic("p50", "Median of the values"),
        _statistic("p75", "75th percentile of the values (linear interpolation)"),
        _statistic(
            "p95", "95th percentile of the values (linear interpolation); optional", nullable=True
        ),
        _statistic("maximum", "Largest value"),
        _statistic("mean", "Arithmetic mean of the values"),
        _statistic(
            "p50_lower",
            "Lower 95 % limit of the median by order statistics; optional",
            nullable=True,
        ),
        _statistic(
            "p50_upper",
            "Upper 95 % limit of the median by order statistics; optional",
            nullable=True,
        ),
        _count("n_derived", "Values that were derived (SSDE) and that no report states.", 0),
        _count("n_weight_known", "Values of which the patient's weight is known.", 0),
        _weight("weight_mean_kg", "Mean of the known weights; NULL where none is known."),
        _weight("weight_median_kg", "Median of the known weights; NULL where none is known."),
        Column(
            "stated_unit",
            pa.string(),
            "Unit that the form states the statistics in, before conversion.",
            _LOADED,
            nullable=False,
        ),
        Column(
            "sequence_number",
            pa.int32(),
            "Which form of this facility and period it is, from 1; the highest is in force.",
            _LOADED,
            nullable=False,
            minimum=1,
        ),
        Column(
            "file_sha256",
            pa.string(),
            "SHA-256 of the file that was loaded, in hexadecimal.",
            _LOADED,
            nullable=False,
        ),
    ),
)

MADE_WHEN_LOADED = ("stated_unit", "sequence_number", "file_sha256")
"""Columns that no form has."""

FORM_COLUMNS: tuple[Column, ...] = tuple(
    column for column in FACILITY_SUMMARY.columns if column.name not in MADE_WHEN_LOADED
)
"""The columns of the form, in their order."""

OPTIONAL_COLUMNS = (
    *("device_key", "n_values", "p95", "p50_lower", "p50_upper", "n_derived", "n_weight_known"),
    *("weight_mean_kg", "weight_median_kg"),
)
"""What a form may leave empty, or leave out as a column."""
