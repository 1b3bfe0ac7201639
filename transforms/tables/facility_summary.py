"""`facility_summary`: statistics that a facility reports about its own examinations.

The second way to submit data: a local dose audit without patient-level rows, as in the fifth UK
survey. Its columns are the statistics that `fct_facility_statistics` computes from dose reports.
"""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.tables.common import FACILITY_ID
from transforms.tables.schema import Column, Table

SCOPES = ("examination", "acquisition", "view")

_FORM = "derived: form of drlake summaries"
_LOADED = "derived: drlake summaries load"


def _statistic(name: str, description: str, *, nullable: bool = False) -> Column:
    """A statistic of the values above zero, in the unit of its row."""
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
    grain="One row per statistic in a facility's form. A later form supersedes earlier ones.",
    key=(
        *("facility_id", "device_key", "period", "scope", "procedure_id", "patient_group_id"),
        *("drl_quantity", "sequence_number"),
    ),
    columns=(
        replace(FACILITY_ID, source=_FORM),
        Column(
            "device_key",
            pa.string(),
            "The facility's own name for one X-ray unit; NULL if the statistic covers the whole "
            "facility.",
            _FORM,
        ),
        Column(
            "covered_device_key",
            pa.string(),
            "Device that the statistic covers: the device_key of its dose reports; NULL if the "
            "form does not say which device it covers, or the statistic covers the whole facility.",
            _LOADED,
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
        _word(
            "scope",
            "Whether one value is for a whole examination, one acquisition or one breast view.",
            SCOPES,
        ),
        _word("procedure_id", "Procedure, as in procedures.csv."),
        _word("patient_group_id", "Patient group, as in patient_groups.csv."),
        _word("drl_quantity", "DRL quantity, as in drl_quantities.csv."),
        _word("unit", "Unit of the statistics (UCUM), the same as for reference levels."),
        _count("n_examinations", "Number of examinations in the statistics.", 1),
        _count(
            "n_values",
            "Number of values in the statistics: acquisitions, views or examinations.",
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
            "Lower 95 % confidence limit of the median (order statistics); optional",
            nullable=True,
        ),
        _statistic(
            "p50_upper",
            "Upper 95 % confidence limit of the median (order statistics); optional",
            nullable=True,
        ),
        _count(
            "n_derived", "Number of values that were derived (SSDE) and not stated in a report.", 0
        ),
        _count("n_weight_known", "Number of values with a known patient weight.", 0),
        _weight("weight_mean_kg", "Mean of the known weights; NULL if none is known."),
        _weight("weight_median_kg", "Median of the known weights; NULL if none is known."),
        Column(
            "stated_unit",
            pa.string(),
            "Unit of the statistics in the form, before conversion.",
            _LOADED,
            nullable=False,
        ),
        Column(
            "sequence_number",
            pa.int32(),
            "Sequence number of the form for this facility and period, from 1; the highest is "
            "used.",
            _LOADED,
            nullable=False,
            minimum=1,
        ),
        Column(
            "file_sha256",
            pa.string(),
            "SHA-256 checksum of the loaded file, in hexadecimal.",
            _LOADED,
            nullable=False,
        ),
    ),
)

COVERED_DEVICE = Column(
    "covered_device",
    pa.string(),
    "Device that the statistic covers, as in its dose reports: manufacturer|model|serial number. "
    "Only its keyed hash is stored. Dose reports of this device can then replace the statistic, "
    "and those of other devices count beside it.",
    _FORM,
)
"""The column of the form from which covered_device_key is made."""

MADE_WHEN_LOADED = ("stated_unit", "sequence_number", "file_sha256")
"""Columns that are added on loading and are not in the form."""

FORM_COLUMNS: tuple[Column, ...] = tuple(
    COVERED_DEVICE if column.name == "covered_device_key" else column
    for column in FACILITY_SUMMARY.columns
    if column.name not in MADE_WHEN_LOADED
)
"""The columns of the form, in their order."""

OPTIONAL_COLUMNS = (
    *("device_key", COVERED_DEVICE.name, "n_values", "p95", "p50_lower", "p50_upper"),
    *("n_derived", "n_weight_known", "weight_mean_kg", "weight_median_kg"),
)
"""Columns that a form may leave empty or omit."""
