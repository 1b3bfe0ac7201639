"""Converts results of rules to rows of table `finding`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from expectations.gate import RuleResult
from expectations.rule import Rule, Severity
from expectations.views.submissions import SMALL_SUBMISSION

Finding = dict[str, Any]

MOST_NAMES = 10
"""Maximum number of names listed in a finding about a whole table, most frequent first."""


def findings_of(
    results: Iterable[RuleResult], frame: pd.DataFrame, number_of_reports: int
) -> Iterator[Finding]:
    """Findings of one frame, in order of rules: each rule as a whole first, then its rows."""
    for result in results:
        severity = whole_severity(result, number_of_reports)
        if severity is not None:
            yield _table_finding(result, frame, severity)
        if result.rule.row_findings:
            for position in result.rows:
                yield _row_finding(result.rule, _values(frame, position))


def whole_severity(result: RuleResult, number_of_reports: int) -> Severity | None:
    """Severity of a rule that failed as a whole; None if only its rows are findings.

    A share is not used to hold a submission that is small, or a rule that applies to few rows.
    """
    if result.passed:
        return None
    rule = result.rule
    is_small = min(number_of_reports, result.checked) < SMALL_SUBMISSION
    if rule.severity == "hold" and not (rule.is_share_rule and is_small):
        return "hold"
    return None if rule.row_findings else "flag"


def finding_rows(
    findings: Iterable[Finding], facility_id: str, submission_id: str
) -> list[Finding]:
    """Findings as rows of the table, with their submission and position."""
    return [
        {
            "facility_id": facility_id,
            "submission_id": submission_id,
            "finding_index": index,
            **finding,
        }
        for index, finding in enumerate(findings, start=1)
    ]


def _table_finding(result: RuleResult, frame: pd.DataFrame, severity: Severity) -> Finding:
    """A finding about the table as a whole, with the share of rows that fail the rule."""
    finding = _finding(result.rule, severity)
    if len(frame) == 1 and result.rows and result.rule.observed:
        finding["observed"] = observed_text(result.rule, _values(frame, 0))
    elif result.checked:
        share = len(result.rows) / result.checked
        counted = f"{len(result.rows)} of {result.checked} rows ({share:.1%})"
        finding["observed"] = ": ".join(filter(None, (counted, _name_counts(result, frame))))
    return finding


def _name_counts(result: RuleResult, frame: pd.DataFrame) -> str:
    """How many of the failing rows contain each name, e.g. `dose_rp_gy in 3`."""
    named = frame[list(result.rule.names)].iloc[list(result.rows)]
    counts: Counter[str] = Counter()
    for row in named.to_dict("records"):
        counts.update(set(_names(result.rule, row)))
    shown = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    more = [f"and {len(shown) - MOST_NAMES} more"] if len(shown) > MOST_NAMES else []
    return ", ".join([*(f"{name} in {count}" for name, count in shown[:MOST_NAMES]), *more])


def _names(rule: Rule, row: Mapping[Any, Any]) -> list[str]:
    """The names that the rule shows for one row, in order; a column may hold several."""
    return [
        name
        for column in rule.names
        if not pd.isna(row[column])
        for name in str(row[column]).split()
    ]


def _row_finding(rule: Rule, row: Mapping[str, Any]) -> Finding:
    """A finding about one row, which is still used."""
    finding = _finding(rule, "flag")
    finding["object_sha256"] = row.get("object_sha256")
    finding["observed"] = observed_text(rule, row)
    event_index = row.get("event_index")
    finding["event_index"] = None if pd.isna(event_index) else int(event_index)
    return finding


def _values(frame: pd.DataFrame, position: int) -> dict[str, Any]:
    """One row of the frame as a dict by column name."""
    return {str(name): value for name, value in frame.iloc[position].items()}


def _finding(rule: Rule, severity: Severity) -> Finding:
    return {
        "table_name": rule.table_name,
        "object_sha256": None,
        "event_index": None,
        "expectation": rule.name,
        "severity": severity,
        "observed": None,
        "reason": rule.reason,
    }


def observed_text(rule: Rule, row: Mapping[str, Any]) -> str | None:
    """Names and numbers of one row, e.g. `50.3 mGy.cm stated, 503 mGy.cm summed`."""
    names = " ".join(_names(rule, row))
    numbers = [
        f"{float(row[column]):.6g} {words}".strip()
        for column, words in rule.observed
        if not pd.isna(row[column])
    ]
    return ", ".join(filter(None, [names, *numbers])) or None
