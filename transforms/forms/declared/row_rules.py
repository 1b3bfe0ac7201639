"""What must hold between the cells of one row, by kind of form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from transforms.forms.declared.lists import Lists
from transforms.forms.lines import Row, not_registered
from transforms.receive.registry import Registered
from transforms.sheets.checked_rows import ColumnProblem
from transforms.tables import declared
from transforms.tables.schema import Table

Judge = Callable[[Row, Lists], Iterator[ColumnProblem]]

LIFE = ("manufactured_on", "installed_on", "refurbished_on", "decommissioned_on")
"""Days of a device in the order in which they come."""


def judged(table: Table, row: Row, lists: Lists, facilities: Registered) -> list[ColumnProblem]:
    """All that is wrong between the cells of a row, by column."""
    found = list(not_registered(row, facilities)) if "facility_id" in row else []
    found += _another_country(row, facilities)
    found += [one for judge in JUDGES.get(table.name, ()) for one in judge(row, lists)]
    return found


def _another_country(row: Row, facilities: Registered) -> Iterator[ColumnProblem]:
    """A device stands where its facility does."""
    if "facility_id" in row and "country" in row:
        known = {one.facility_id: one.country for one in facilities or ()}
        if known.get(row["facility_id"], row["country"]) != row["country"]:
            yield "country", "is not the facility's country in the registry. Correct one of them."


def _life(row: Row, _: Lists) -> Iterator[ColumnProblem]:
    stated = [name for name in LIFE if row[name] is not None]
    for first, then in combinations(stated, 2):
        if row[first] > row[then]:
            yield then, f"lies before {first}. Correct one of the two days."


def _support(row: Row, _: Lists) -> Iterator[ColumnProblem]:
    first, last = row["market_year"], row["end_of_support_year"]
    if first is not None and last is not None and last < first:
        yield "end_of_support_year", "lies before market_year. Correct one of the two years."


def _merit(row: Row, _: Lists) -> Iterator[ColumnProblem]:
    low, high = row["figure_of_merit_lower"], row["figure_of_merit_upper"]
    if (low is None) != (high is None):
        lacks = "figure_of_merit_lower" if low is None else "figure_of_merit_upper"
        yield lacks, "is missing beside the other limit. State both or neither."
    elif low is not None and not low <= row["figure_of_merit_value"] <= high:
        yield "figure_of_merit_value", "lies outside of its own limits. Correct one of the three."


def _attended(row: Row, _: Lists) -> Iterator[ColumnProblem]:
    if row["n_sessions"] == 0 and (row["n_participants"] or 0) > 0:
        yield "n_participants", "is above zero without a session. State the sessions held."


def _wording(row: Row, lists: Lists) -> Iterator[ColumnProblem]:
    if (row["commitment_number"], row["wording_version"]) not in lists.wordings:
        versions = sorted(v for number, v in lists.wordings if number == row["commitment_number"])
        yield "wording_version", f"is none of this commitment. State {' or '.join(versions)}."


def _delivered(row: Row, _: Lists) -> Iterator[ColumnProblem]:
    delivered = row["delivered_on"]
    if delivered is not None and row["status"] != "achieved":
        yield "delivered_on", "stands beside a status other than achieved. Correct one of the two."
    if delivered is not None and delivered > row["status_on"]:
        yield "delivered_on", "lies after status_on. Correct one of the two days."


JUDGES: Mapping[str, tuple[Judge, ...]] = {
    declared.DECLARED_DEVICE.name: (_life,),
    declared.DECLARED_MODEL.name: (_support,),
    declared.DECLARED_BENCHMARK.name: (_merit,),
    declared.DECLARED_TRAINING.name: (_attended,),
    declared.DECLARED_DELIVERABLE.name: (_wording, _delivered),
}
