"""Checks the tables of one submission with all suites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from expectations.findings import Finding, findings_of
from expectations.gate import Gate
from expectations.policy import POLICY
from expectations.rule import Rule
from expectations.structural import column_rule, row_rules
from expectations.views import FRAMES, SubmissionTables, checked_frames, plain_frames
from transforms.lake.lake import ZONES
from transforms.tables.schema import Table


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Findings in a submission, with the rules and frames that were used."""

    findings: list[Finding]
    rules: Sequence[Rule]
    frames: Mapping[str, pd.DataFrame]


class Validator:
    """Suites of all decoded tables, created once per process (this takes seconds)."""

    def __init__(self) -> None:
        self._column_rules = column_rules()
        self._row_rules = all_row_rules()
        self._column_gate = Gate(self._column_rules)
        self._row_gate = Gate(self._row_rules)

    def check(self, tables: SubmissionTables) -> CheckResult:
        """Check the columns and, if they are as declared, the rows.

        The derived columns of the frames need the declared ones, so if the columns of a table
        differ, that is the only finding and nothing else is checked. A table without rows meets
        every rule, so its suite is not run; this saves time for an export of CT only.
        """
        frames = {name: frame for name, frame in plain_frames(tables).items() if len(frame)}
        found = _findings(self._column_gate, frames, tables)
        if found:
            return CheckResult(found, self._column_rules, frames)
        frames = checked_frames(tables, frames)
        found = _findings(self._row_gate, frames, tables)
        return CheckResult(found, self._row_rules, frames)


def column_rules() -> list[Rule]:
    """Column rules of every decoded table, which all other rules need."""
    return [column_rule(table) for table in _tables_in_order()]


def all_row_rules() -> list[Rule]:
    """Structural rules, then policy rules, for the rows of every frame."""
    structural = [rule for table in _tables_in_order() for rule in row_rules(table)]
    return [*structural, *POLICY]


def _findings(
    gate: Gate, frames: Mapping[str, pd.DataFrame], tables: SubmissionTables
) -> list[Finding]:
    """Findings of all frames, in the order of the frames."""
    return [
        finding
        for name, frame in frames.items()
        for finding in findings_of(gate.run(name, frame), frame, tables.reports.num_rows)
    ]


def _tables_in_order() -> list[Table]:
    """The decoded tables in the order of their frames."""
    by_name = {table.name: table for table in ZONES["decoded"]}
    return [by_name[name] for name in FRAMES]
