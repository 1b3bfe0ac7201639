"""Checks the tables of submissions with all suites."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from expectations.findings import Finding, findings_of
from expectations.gate import Gate
from expectations.policy import POLICY
from expectations.rule import Rule
from expectations.structural import column_rule, row_rules
from expectations.views import (
    FRAMES,
    FRAMES_CHECKED,
    SubmissionTables,
    checked_frames,
    plain_frames,
)
from transforms.lake.lake import ZONES
from transforms.tables.schema import Table

Columns = tuple[str, tuple[str, ...]]
"""A table and its columns."""


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
        self._as_declared: set[Columns] = set()

    def check(self, tables: SubmissionTables) -> CheckResult:
        """Check one submission."""
        (result,) = self.check_many([tables])
        return result

    def check_many(self, submissions: Sequence[SubmissionTables]) -> list[CheckResult]:
        """Check the columns of each submission and, if they are as declared, the rows.

        The derived columns of the frames need the declared ones, so if the columns of a table
        differ, that is the only finding and nothing else is checked. A table without rows meets
        every rule, so its suite is not run; this saves time for an export of CT only.
        """
        plain = [_with_rows(plain_frames(tables)) for tables in submissions]
        refused = [self._other_columns(*one) for one in zip(plain, submissions, strict=True)]
        frames = [
            checked_frames(tables, own) if found is None else {}
            for tables, own, found in zip(submissions, plain, refused, strict=True)
        ]
        findings = self._row_findings(frames, submissions)
        return [
            found or CheckResult(of_rows, self._row_rules, own)
            for found, of_rows, own in zip(refused, findings, frames, strict=True)
        ]

    def _other_columns(
        self, frames: Mapping[str, pd.DataFrame], tables: SubmissionTables
    ) -> CheckResult | None:
        """The findings of columns that differ from the declaration; None if none do."""
        found: list[Finding] = []
        for name, frame in frames.items():
            columns = (name, tuple(frame.columns))
            if columns not in self._as_declared:
                (results,) = self._column_gate.run(name, [frame])
                found += findings_of(results, frame, tables.reports.num_rows)
                self._as_declared |= {columns} if not results else set()
        return CheckResult(found, self._column_rules, frames) if found else None

    def _row_findings(
        self, frames: Sequence[Mapping[str, pd.DataFrame]], submissions: Sequence[SubmissionTables]
    ) -> list[list[Finding]]:
        """Findings of the rows of each submission, in the order of its frames."""
        found: list[list[Finding]] = [[] for _ in submissions]
        for name in FRAMES_CHECKED:
            own = [number for number, named in enumerate(frames) if name in named]
            if own:
                results = self._row_gate.run(name, [frames[number][name] for number in own])
                for number, of_one in zip(own, results, strict=True):
                    n_reports = submissions[number].reports.num_rows
                    found[number] += findings_of(of_one, frames[number][name], n_reports)
        return found


def _with_rows(frames: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    return {name: frame for name, frame in frames.items() if len(frame)}


def column_rules() -> list[Rule]:
    """Column rules of every decoded table, which all other rules need."""
    return [column_rule(table) for table in _tables_in_order()]


def all_row_rules() -> list[Rule]:
    """Structural rules, then policy rules, for the rows of every frame."""
    structural = [rule for table in _tables_in_order() for rule in row_rules(table)]
    return [*structural, *POLICY]


def _tables_in_order() -> list[Table]:
    """The decoded tables in the order of their frames."""
    by_name = {table.name: table for table in ZONES["decoded"]}
    return [by_name[name] for name in FRAMES]
