"""A rule: a Great Expectations expectation with a name, a severity and a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["flag", "hold"]

GX_SEVERITY: Mapping[Severity, str] = {"flag": "warning", "hold": "critical"}
"""Severities of Great Expectations for our two severities, as shown in Data Docs."""


@dataclass(frozen=True, slots=True)
class Rule:
    """An expectation about the rows of one frame.

    `name` is used in findings and hold reasons. `frame` is the table whose rows (with the derived
    columns of `expectations.views`) are checked; `table` is the table that the finding is about, by
    default the same. `expectation` is a class of `great_expectations.expectations` and `arguments`
    are its arguments.

    Every row that fails the rule is flagged: it is still used, and listed in a finding. If more
    than `tolerated_share` of the checked rows fail, the rule as a whole fails, and with severity
    hold the submission is held. Rows in which the checked value is NULL are not checked.
    `row_findings=False` is for properties of a whole export (for example an attribute that the
    de-identifier removes): one finding with the share is more useful than a thousand.

    `observed` lists the numbers that a finding shows: a column of the frame and the words after it
    (unit first). `names` are columns whose words a finding shows: drlake's own words, such as
    column names and keyed device keys, never text of a report.
    """

    name: str
    frame: str
    expectation: str
    reason: str
    severity: Severity = "flag"
    arguments: Mapping[str, Any] = field(default_factory=dict)
    tolerated_share: float = 0.0
    tolerance_reason: str = ""
    observed: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    row_findings: bool = True
    table: str = ""

    @property
    def table_name(self) -> str:
        """The table that a finding of this rule is about."""
        return self.table or self.frame

    @property
    def is_share_rule(self) -> bool:
        """Whether the rule fails only above a share (not meaningful for few reports)."""
        return self.tolerated_share > 0

    def build(self, tolerant: bool = True) -> Any:
        """The Great Expectations expectation; unless `tolerant`, a single failing row fails it.

        Imports Great Expectations.
        """
        import great_expectations.expectations as gxe

        arguments = dict(self.arguments)
        if tolerant and self.is_share_rule:
            arguments["mostly"] = 1 - self.tolerated_share
        return getattr(gxe, self.expectation)(
            **arguments,
            severity=GX_SEVERITY[self.severity],
            notes=" ".join(filter(None, (self.reason, self.tolerance_reason))),
            meta={"rule": self.name},
        )


def between(column: str, low: float | None, high: float | None) -> dict[str, Any]:
    """Arguments of ExpectColumnValuesToBeBetween, with both limits included."""
    return {"column": column, "min_value": low, "max_value": high}
