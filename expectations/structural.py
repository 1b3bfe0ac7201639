"""Structural rules, derived at run time from the declaration of each table.

Columns, keys, NULLs and vocabularies are produced by drlake: a single violation means that the
decoder and the declaration disagree, and the statistics would be wrong. So a violation always holds
the submission. So does an impossible number (a negative or infinite dose), which would corrupt
sums. A number outside its physical limits is different, since the decoder passes on what the
scanner wrote: one such report has little effect on a median, but many of them indicate a wrong unit
or a faulty device.
"""

from __future__ import annotations

from expectations.rule import Rule, between
from expectations.views.impossible import IMPOSSIBLE_COLUMNS, number_columns
from transforms.tables.schema import Column, Table

IMPOSSIBLE_SHARE = 0.05
IMPOSSIBLE_SHARE_REASON = (
    "Up to 5 % of rows are only flagged, since single wrong reports hardly change medians and "
    "quartiles. Above that the fault is systematic."
)


def column_rule(table: Table) -> Rule:
    """Rule: the columns are the declared ones, in the declared order."""
    return Rule(
        name=f"{table.name}_columns_as_declared",
        frame=table.name,
        expectation="ExpectTableColumnsToMatchOrderedList",
        arguments={"column_list": list(table.column_names)},
        severity="hold",
        reason="The columns differ from the declaration. Decode the submission again with this "
        "version of drlake.",
    )


def row_rules(table: Table) -> tuple[Rule, ...]:
    """Rules for the rows of a table: key, numbers, then each declared column."""
    rules = [_key_rule(table)]
    if number_columns(table):
        rules.append(_possible_numbers_rule(table))
    for column in table.columns:
        if not column.nullable:
            rules.append(_not_null_rule(table, column))
        if column.allowed:
            rules.append(_vocabulary_rule(table, column))
        if column.minimum is not None or column.maximum is not None:
            rules.append(_limits_rule(table, column))
    return tuple(rules)


def _key_rule(table: Table) -> Rule:
    """Rule: the key is unique."""
    single = len(table.key) == 1
    return Rule(
        name=f"{table.name}_key_unique",
        frame=table.name,
        expectation="ExpectColumnValuesToBeUnique" if single else "ExpectCompoundColumnsToBeUnique",
        arguments={"column": table.key[0]} if single else {"column_list": list(table.key)},
        severity="hold",
        reason=f"Two rows have the same {', '.join(table.key)}, so doses would be counted twice. "
        "This is a bug in drlake: report it.",
    )


def _possible_numbers_rule(table: Table) -> Rule:
    """Rule without tolerance: no dose is negative and every number is finite."""
    return Rule(
        name=f"{table.name}_numbers_possible",
        frame=table.name,
        expectation="ExpectColumnValuesToBeNull",
        arguments={"column": IMPOSSIBLE_COLUMNS},
        names=(IMPOSSIBLE_COLUMNS,),
        severity="hold",
        reason="A dose is negative or a number is not finite. This is impossible and would make "
        "every sum wrong. Check the report and remove it from the export.",
    )


def _not_null_rule(table: Table, column: Column) -> Rule:
    return Rule(
        name=f"{table.name}_{column.name}_not_null",
        frame=table.name,
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": column.name},
        severity="hold",
        reason=f"{column.name} is missing, although it is declared as required. This is a bug in "
        "drlake: report it.",
    )


def _vocabulary_rule(table: Table, column: Column) -> Rule:
    return Rule(
        name=f"{table.name}_{column.name}_in_vocabulary",
        frame=table.name,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": column.name, "value_set": list(column.allowed)},
        severity="hold",
        reason=f"{column.name} has a value that is not one of {', '.join(column.allowed)}. This is "
        "a bug in drlake: report it.",
    )


def _limits_rule(table: Table, column: Column) -> Rule:
    unit = "" if column.unit in (None, "1") else column.unit
    return Rule(
        name=f"{table.name}_{column.name}_within_limits",
        frame=table.name,
        expectation="ExpectColumnValuesToBeBetween",
        arguments=between(column.name, column.minimum, column.maximum),
        severity="hold",
        tolerated_share=IMPOSSIBLE_SHARE,
        tolerance_reason=IMPOSSIBLE_SHARE_REASON,
        observed=((column.name, unit or ""),),
        reason=f"{column.name} is impossible: the declaration allows {_range_text(column)}. Check "
        "the unit that the device writes.",
    )


def _range_text(column: Column) -> str:
    low = "" if column.minimum is None else f"{column.minimum:g}"
    high = "" if column.maximum is None else f"{column.maximum:g}"
    if low and high:
        return f"{low} to {high}"
    return f"at least {low}" if low else f"at most {high}"
