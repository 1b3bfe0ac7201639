"""Cross-field checks of one row, per kind of form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from functools import partial
from itertools import combinations

from transforms.forms.declared.lists import commitment_wordings
from transforms.forms.form import Row, RowRule
from transforms.sheets.checked_rows import ColumnProblem
from transforms.tables import declared
from transforms.tables.schema import Table

LIFE = ("manufactured_on", "installed_on", "refurbished_on", "decommissioned_on")
"""Days of a device in chronological order."""


def row_rules(table: Table) -> list[RowRule]:
    """The checks of a row of this table."""
    rules: list[RowRule] = list(ROW_RULES.get(table.name, ()))
    if table is declared.DECLARED_DELIVERABLE:
        rules.insert(0, partial(_wording_problems, commitment_wordings()))
    return rules


def _life_problems(row: Row) -> Iterator[ColumnProblem]:
    stated = [name for name in LIFE if row[name] is not None]
    for first, then in combinations(stated, 2):
        if row[first] > row[then]:
            yield then, f"lies before {first}. Correct one of the two days."


def _support_problems(row: Row) -> Iterator[ColumnProblem]:
    first, last = row["market_year"], row["end_of_support_year"]
    if first is not None and last is not None and last < first:
        yield "end_of_support_year", "lies before market_year. Correct one of the two years."


def _merit_problems(row: Row) -> Iterator[ColumnProblem]:
    low, high = row["figure_of_merit_lower"], row["figure_of_merit_upper"]
    if (low is None) != (high is None):
        lacks = "figure_of_merit_lower" if low is None else "figure_of_merit_upper"
        yield lacks, "is missing beside the other limit. State both or neither."
    elif low is not None and not low <= row["figure_of_merit_value"] <= high:
        yield "figure_of_merit_value", "lies outside of its own limits. Correct one of the three."


def _attendance_problems(row: Row) -> Iterator[ColumnProblem]:
    if row["n_sessions"] == 0 and (row["n_participants"] or 0) > 0:
        yield "n_participants", "is above zero without a session. State the sessions held."


def _wording_problems(wordings: Set[tuple[int, str]], row: Row) -> Iterator[ColumnProblem]:
    if (row["commitment_number"], row["wording_version"]) not in wordings:
        versions = sorted(v for number, v in wordings if number == row["commitment_number"])
        yield (
            "wording_version",
            f"does not belong to this commitment. State {' or '.join(versions)}.",
        )


def _delivery_problems(row: Row) -> Iterator[ColumnProblem]:
    delivered = row["delivered_on"]
    if delivered is not None and row["status"] != "achieved":
        yield "delivered_on", "is given, but the status is not achieved. Correct one of the two."
    if delivered is not None and delivered > row["status_on"]:
        yield "delivered_on", "lies after status_on. Correct one of the two days."


ROW_RULES: Mapping[str, tuple[RowRule, ...]] = {
    declared.DECLARED_DEVICE.name: (_life_problems,),
    declared.DECLARED_MODEL.name: (_support_problems,),
    declared.DECLARED_BENCHMARK.name: (_merit_problems,),
    declared.DECLARED_TRAINING.name: (_attendance_problems,),
    declared.DECLARED_DELIVERABLE.name: (_delivery_problems,),
}
