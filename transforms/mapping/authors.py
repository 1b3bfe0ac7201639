"""Who wrote the rules and rows that decide names, from the last built warehouse."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from transforms.warehouse.reading import Warehouse

AUTHORS = """
select rule_id, author from reference.procedure_rules
union
select modality || ' ' || concepts, author from reference.concept_procedures
order by all
"""


def authors_of(built: Warehouse) -> Mapping[str, frozenset[str]]:
    """The authors of each rule and row, of all its versions."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in built.rows(AUTHORS):
        found[row["rule_id"]].add(row["author"])
    return {rule_id: frozenset(names) for rule_id, names in found.items()}
