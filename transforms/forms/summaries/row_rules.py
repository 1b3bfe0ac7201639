"""Cross-field checks of one row of a summary, and the conversion of its unit."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

from transforms.forms.form import Choices, Row, RowRule
from transforms.forms.summaries.lists import Lists, Procedure, scopes_of
from transforms.normalise.quantities import DrlQuantity, apply_factor
from transforms.sheets.checked_rows import ColumnProblem
from transforms.tables.facility_summary import COVERED_DEVICE

ORDER = ("minimum", "p25", "p50", "p75", "p95", "maximum")
STATISTICS = (*ORDER, "mean", "p50_lower", "p50_upper")
"""Columns in the unit of the row."""

WEIGHTS = ("weight_mean_kg", "weight_median_kg")
ROUNDING = 1e-9
"""Relative tolerance of a mean: the mean of equal doubles can lie just outside of them."""


def row_rules(lists: Lists) -> list[RowRule]:
    """Return the checks of a row, whose ids refer to these lists."""
    return [
        partial(_name_problems, lists.choices()),
        partial(_combination_problems, lists),
        _device_problems,
        _order_problems,
        _count_problems,
    ]


def _name_problems(choices: Choices, row: Row) -> Iterator[ColumnProblem]:
    for column, words in choices.items():
        if row[column] not in words:
            yield column, "is not in the list. Choose one from the sheet 'lists' of the XLSX form."


def _combination_problems(lists: Lists, row: Row) -> Iterator[ColumnProblem]:
    procedure = lists.procedures.get(row["procedure_id"])
    group = lists.patient_groups.get(row["patient_group_id"])
    quantity = lists.quantities.get(row["drl_quantity"])
    if procedure and group and not group.is_for(procedure):
        yield "patient_group_id", "is not a group for this procedure's body region. Choose another."
    if procedure and quantity and procedure.modality not in quantity.modalities:
        yield "drl_quantity", "is not a quantity of this procedure. Choose another."
    if quantity and row["scope"] not in _scopes(procedure, quantity):
        words = " or ".join(_scopes(procedure, quantity))
        yield "scope", f"is not a scope of {quantity.drl_quantity}. State {words}."
    if quantity and quantity.factor_from(row["unit"]) is None:
        yield "unit", f"does not convert to {quantity.unit}. State the values in {quantity.unit}."


def _scopes(procedure: Procedure | None, quantity: DrlQuantity) -> tuple[str, ...]:
    """Scopes of the quantity for the procedure; all of them where the procedure is not known."""
    stated = scopes_of(procedure, quantity) if procedure else ()
    return stated or quantity.scopes


def _device_problems(row: Row) -> Iterator[ColumnProblem]:
    if row[COVERED_DEVICE.name] is not None and row["device_key"] is None:
        yield "device_key", "is missing. Name the device that the statistic covers."


def _order_problems(row: Row) -> Iterator[ColumnProblem]:
    stated = [(name, row[name]) for name in ORDER if row[name] is not None]
    for (low, below), (high, above) in pairwise(stated):
        if below > above:
            yield high, f"is less than {low}. It must be minimum ≤ p25 ≤ p50 ≤ p75 ≤ maximum."
    if not row["minimum"] * (1 - ROUNDING) <= row["mean"] <= row["maximum"] * (1 + ROUNDING):
        yield "mean", "lies outside of minimum and maximum. Compute it from the same values."
    limits = (row["p50_lower"], row["p50_upper"])
    if (limits[0] is None) != (limits[1] is None):
        yield "p50_upper", "must be given together with p50_lower. State both or neither."
    elif limits[0] is not None and not limits[0] <= row["p50"] <= limits[1]:
        yield "p50", "lies outside of its own limits. Correct p50_lower and p50_upper."


def _count_problems(row: Row) -> Iterator[ColumnProblem]:
    examinations, values = row["n_examinations"], row["n_values"]
    if row["scope"] != "examination" and values is None:
        yield "n_values", f"is missing. State the number of {row['scope']}s."
    if row["scope"] == "examination" and values not in (None, examinations):
        yield "n_values", "is not n_examinations. Leave it empty for scope 'examination'."
    if row["scope"] != "examination" and values is not None and values < examinations:
        yield "n_values", f"is less than n_examinations. Each has at least one {row['scope']}."
    for name in ("n_derived", "n_weight_known"):
        if (row[name] or 0) > (values or examinations):
            yield name, "is greater than the number of values. Count only these values."
    known = row["n_weight_known"] or 0
    for name in WEIGHTS:
        if (row[name] is not None) != (known > 0):
            yield name, "must be given together with n_weight_known. State both or neither."


def convert_units(lists: Lists, row: Row) -> Row:
    """Convert the statistics to the unit of the reference levels; fill in counts left empty."""
    quantity = lists.quantities[row["drl_quantity"]]
    factor = quantity.factor_from(row["unit"])
    assert factor is not None  # noqa: S101 - checked by _combination_problems
    values = {n: row[n] if row[n] is None else apply_factor(row[n], factor) for n in STATISTICS}
    return {
        **row,
        **values,
        "stated_unit": row["unit"],
        "unit": quantity.unit,
        "n_values": row["n_values"] or row["n_examinations"],
        "n_derived": row["n_derived"] or 0,
        "n_weight_known": row["n_weight_known"] or 0,
    }
