"""Rules derived from the declaration of a table at run time: nothing here knows a column.

Columns, keys, NULLs and vocabularies are drlake's own work: a single departure means that the
decoder and the declaration disagree, and the statistics would be made from something else than
they say. So they hold the submission without tolerance. So does a number that nothing can have, a
dose below zero or an infinite one: sums do not survive it. A number outside its physical limits is
different: the decoder hands on faithfully what a scanner wrote. One such report is one wrong
report, which a median survives; many of them mean a unit or a device gone wrong.
"""

from __future__ import annotations

from expectations.rule import Rule, between
from expectations.views.impossible import IMPOSSIBLE_COLUMNS, number_columns
from transforms.tables.schema import Column, Table

IMPOSSIBLE_SHARE = 0.05
IMPOSSIBLE_SHARE_REASON = (
    "Up to 5 % of rows are flagged only: medians and quartiles do not move by single wrong "
    "reports. Above that the fault is systematic."
)


def column_rule(table: Table) -> Rule:
    """The columns are the declared ones, in the declared order."""
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
    """Rules for the rows of a table: its key, its numbers, then each column as declared."""
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
    """The key names one row."""
    single = len(table.key) == 1
    return Rule(
        name=f"{table.name}_key_unique",
        frame=table.name,
        expectation="ExpectColumnValuesToBeUnique" if single else "ExpectCompoundColumnsToBeUnique",
        arguments={"column": table.key[0]} if single else {"column_list": list(table.key)},
        severity="hold",
        reason=f"Two rows have the same {', '.join(table.key)}, so doses would count twice. "
        "This is a fault of drlake: report it.",
    )


def _possible_numbers_rule(table: Table) -> Rule:
    """No dose is negative and every number is finite: not one row is tolerated."""
    return Rule(
        name=f"{table.name}_numbers_possible",
        frame=table.name,
        expectation="ExpectColumnValuesToBeNull",
        arguments={"column": IMPOSSIBLE_COLUMNS},
        names=(IMPOSSIBLE_COLUMNS,),
        severity="hold",
        reason="A dose is below zero, or a number is not finite. No device measures that, and one "
        "of them spoils every sum it is in. Look into the report, and take it out of the export.",
    )


def _not_null_rule(table: Table, column: Column) -> Rule:
    return Rule(
        name=f"{table.name}_{column.name}_not_null",
        frame=table.name,
        expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": column.name},
        severity="hold",
        reason=f"{column.name} is declared as never missing, and it is missing. "
        "This is a fault of drlake: report it.",
    )


def _vocabulary_rule(table: Table, column: Column) -> Rule:
    return Rule(
        name=f"{table.name}_{column.name}_in_vocabulary",
        frame=table.name,
        expectation="ExpectColumnValuesToBeInSet",
        arguments={"column": column.name, "value_set": list(column.allowed)},
        severity="hold",
        reason=f"{column.name} has a value that is none of {', '.join(column.allowed)}. "
        "This is a fault of drlake: report it.",
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
        reason=f"{column.name} cannot be true: the declaration allows {_range_text(column)}. "
        "Look at the unit the device writes.",
    )


def _range_text(column: Column) -> str:
    low = "" if column.minimum is None else f"{column.minimum:g}"
    high = "" if column.maximum is None else f"{column.maximum:g}"
    if low and high:
        return f"{low} to {high}"
    return f"at least {low}" if low else f"at most {high}"
