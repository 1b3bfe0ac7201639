"""A filled form becomes rows of `facility_summary`, or every problem of it is named.

A problem names row, column and cure, and never quotes what stands in the cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

from transforms.forms.lines import Row, lines_of, not_registered, repeated
from transforms.forms.summaries.cell_values import READERS, STATISTICS
from transforms.forms.summaries.lists import Lists
from transforms.forms.summaries.template import HEADER
from transforms.normalise.quantities import converted
from transforms.receive.registry import Registered
from transforms.sheets.cells import Cell, Sheet
from transforms.sheets.checked_rows import (
    ColumnProblem,
    problem_lines,
    problems_of_header,
    values_of,
)
from transforms.tables.facility_summary import OPTIONAL_COLUMNS

Judge = Callable[[Row, Lists], Iterable[ColumnProblem]]

WEIGHTS = ("weight_mean_kg", "weight_median_kg")
KEY = (
    *("facility_id", "device_key", "period", "scope"),
    *("procedure_id", "patient_group_id", "drl_quantity"),
)
SAME = "facility, device, period, scope, procedure, group and quantity"
NUMBERS = ("n_examinations", "n_values", *STATISTICS, "n_derived", "n_weight_known", *WEIGHTS)
"""A line in which none of these stands states nothing."""

ORDER = ("minimum", "p25", "p50", "p75", "p95", "maximum")
ROUNDING = 1e-9
"""What a mean may lie outside of [minimum, maximum]: a mean of equal doubles can be off by some."""


def checked_rows(sheet: Sheet, lists: Lists, facilities: Registered) -> tuple[list[Row], list[str]]:
    """Rows of the table, and the problems of all that is none."""
    problems = problems_of_header(sheet.header, HEADER, OPTIONAL_COLUMNS)
    if problems:
        return [], problems
    rows: list[tuple[int, Row]] = []
    for number, line in lines_of(sheet, problems):
        if all(line.get(name) is None for name in NUMBERS):
            continue
        row, wrong = _row(line, lists, facilities)
        problems += problem_lines(number, wrong)
        if not wrong:
            rows.append((number, row))
    keys = ((number, tuple(row[name] for name in KEY)) for number, row in rows)
    problems += repeated(keys, "drl_quantity", SAME)
    if not rows and not problems:
        problems.append("no row has a number in it. Fill the form first.")
    return [row for _, row in rows], problems


def _row(
    line: Mapping[str, Cell], lists: Lists, facilities: Registered
) -> tuple[Row, list[ColumnProblem]]:
    """One row in the unit of its quantity, and what is wrong with it by column."""
    row, wrong = values_of(line, READERS)
    if wrong:
        return row, wrong
    wrong += not_registered(row, facilities)
    wrong += [found for judge in JUDGES for found in judge(row, lists)]
    return (row, wrong) if wrong else (_finished(row, lists), wrong)


def _unknown_names(row: Row, lists: Lists) -> Iterator[ColumnProblem]:
    listed = {
        "procedure_id": lists.procedures,
        "patient_group_id": lists.patient_groups,
        "drl_quantity": lists.quantities,
    }
    for column, names in listed.items():
        if row[column] not in names:
            yield column, "is not in the list. Choose one of the sheet 'lists' of the XLSX form."


def _what_does_not_go_together(row: Row, lists: Lists) -> Iterator[ColumnProblem]:
    procedure = lists.procedures.get(row["procedure_id"])
    group = lists.patient_groups.get(row["patient_group_id"])
    quantity = lists.quantities.get(row["drl_quantity"])
    if procedure and group and not group.is_for(procedure):
        yield "patient_group_id", "is no group of this procedure's body region. Choose another."
    if procedure and quantity and procedure.modality not in quantity.modalities:
        yield "drl_quantity", "is none of this procedure. Choose another."
    if quantity and quantity.factor_from(row["unit"]) is None:
        yield "unit", f"does not convert to {quantity.unit}. State the values in {quantity.unit}."


def _out_of_order(row: Row, lists: Lists) -> Iterator[ColumnProblem]:
    stated = [(name, row[name]) for name in ORDER if row[name] is not None]
    for (low, below), (high, above) in pairwise(stated):
        if below > above:
            yield high, f"is less than {low}. It must be minimum ≤ p25 ≤ p50 ≤ p75 ≤ maximum."
    if not row["minimum"] * (1 - ROUNDING) <= row["mean"] <= row["maximum"] * (1 + ROUNDING):
        yield "mean", "lies outside of minimum and maximum. Compute it of the same values."
    limits = (row["p50_lower"], row["p50_upper"])
    if (limits[0] is None) != (limits[1] is None):
        yield "p50_upper", "is stated without the other limit, or lacks. State both or neither."
    elif limits[0] is not None and not limits[0] <= row["p50"] <= limits[1]:
        yield "p50", "lies outside of its own limits. Correct p50_lower and p50_upper."


def _counts(row: Row, lists: Lists) -> Iterator[ColumnProblem]:
    examinations, values = row["n_examinations"], row["n_values"]
    if row["scope"] == "acquisition" and values is None:
        yield "n_values", "is missing. State the number of acquisitions."
    if row["scope"] == "examination" and values not in (None, examinations):
        yield "n_values", "is not n_examinations. Leave it empty for scope 'examination'."
    if row["scope"] == "acquisition" and values is not None and values < examinations:
        yield "n_values", "is less than n_examinations. Each has one acquisition at least."
    for name in ("n_derived", "n_weight_known"):
        if (row[name] or 0) > (values or examinations):
            yield name, "is more than there are values. Count these values only."
    known = row["n_weight_known"] or 0
    for name in WEIGHTS:
        if (row[name] is not None) != (known > 0):
            yield name, "goes with n_weight_known. State both, or neither."


JUDGES: tuple[Judge, ...] = (_unknown_names, _what_does_not_go_together, _out_of_order, _counts)
"""What must hold between the cells of a row."""


def _finished(row: Row, lists: Lists) -> Row:
    """The row in the unit that levels are stated in."""
    quantity = lists.quantities[row["drl_quantity"]]
    factor = quantity.factor_from(row["unit"])
    assert factor is not None  # noqa: S101 - checked by _what_does_not_go_together
    values = {n: row[n] if row[n] is None else converted(row[n], factor) for n in STATISTICS}
    return {
        **row,
        **values,
        "stated_unit": row["unit"],
        "unit": quantity.unit,
        "n_values": row["n_values"] or row["n_examinations"],
        "n_derived": row["n_derived"] or 0,
        "n_weight_known": row["n_weight_known"] or 0,
    }
