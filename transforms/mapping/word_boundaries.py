r"""Rules with the word boundary `\b`, which does not do what it seems to do.

RE2 knows only ASCII letters there: in "TC peñascos" it finds a word that begins with "ascos". The
compared texts have single spaces, so `(^| )` before a word and `( |$)` behind it say the same.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from transforms.lake.lake import Lake
from transforms.mapping.rules import KIND, PATTERN, Rule
from transforms.sheets.checked_rows import unusable_file
from transforms.warehouse.reading import open_warehouse

BOUNDARY = re.compile(r"(?<!\\)(?:\\\\)*\\[bB]")
CURE = r"uses \b, which knows no letters but ASCII; write (^| ) before and ( |$) behind a word"
SHIPPED_BY = "drlake"
"""Author of the rules that drlake shipped until November 2026."""

Version = tuple[str, int, str]


def version_of(rule: Rule) -> Version:
    """What makes a rule the same as one that was loaded earlier."""
    return (rule.rule_id, rule.rule_version, rule.pattern)


def rules_with_boundary(rules: Sequence[Rule]) -> list[tuple[int, Rule]]:
    """The patterns that use a word boundary, with their rows in the file."""
    return [
        (row, rule)
        for row, rule in enumerate(rules, start=2)
        if rule.match_type == PATTERN and BOUNDARY.search(rule.pattern)
    ]


def refuse_new_boundaries(
    path: Path, rules: Sequence[Rule], earlier: Collection[Version]
) -> list[tuple[int, Rule]]:
    """The rules loaded earlier that use a word boundary; UsageError where a new one does."""
    found = rules_with_boundary(rules)
    new = [
        (row, rule)
        for row, rule in found
        if rule.author != SHIPPED_BY and version_of(rule) not in earlier
    ]
    if new:
        raise unusable_file(
            KIND.what, path, [f"row {row}, column 'pattern': {CURE}" for row, _ in new]
        )
    return found


def built_versions(lake: Lake) -> frozenset[Version]:
    """The rules of the lake's last build; none before it."""
    with open_warehouse(lake) as built:
        if built is None:
            return frozenset()
        rows = built.rows("select rule_id, rule_version, pattern from reference.procedure_rules")
    return frozenset((row["rule_id"], row["rule_version"], row["pattern"]) for row in rows)
