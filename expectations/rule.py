"""One rule: a Great Expectations expectation with its name, its severity and its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["flag", "hold"]

GX_SEVERITY: Mapping[Severity, str] = {"flag": "warning", "hold": "critical"}
"""Our two severities in the words of Great Expectations, as Data Docs show them."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What is expected of the rows of one frame.

    `name` is what findings and hold reasons call the rule. `frame` is the table whose rows
    (with the derived columns of `expectations.views`) are checked; `table` is the table the
    finding is about, the same unless said. `expectation` is a class of
    `great_expectations.expectations` and `arguments` are what it is called with.

    Every row that does not meet the rule is a flag: it is used, counted and named. Where
    more than `tolerated_share` of the checked rows do not meet it, the rule as a whole has
    failed; a rule of severity hold then holds the submission. Rows in which the checked value
    is NULL are not checked. `row_findings=False` is for properties of a whole export (an
    attribute the de-identifier removes): one finding with the share says more than a thousand.

    `observed` lists the numbers a finding shows: a column of the frame and the words after
    it (unit first). `names` are columns whose words a finding shows: words of drlake's own,
    such as names of columns and keyed device keys, never text of a report.
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
        """Whether the rule fails only above a share, which means nothing in a small submission."""
        return self.tolerated_share > 0

    def build(self, tolerant: bool = True) -> Any:
        """The Great Expectations expectation, which fails on any row where it is not tolerant.

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
    """Arguments of ExpectColumnValuesToBeBetween, both ends allowed."""
    return {"column": column, "min_value": low, "max_value": high}
