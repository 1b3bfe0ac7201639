"""What the last built warehouse has of names: the undecided ones, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from transforms.mapping.compared import fold_texts
from transforms.mapping.name_groups import FacilityName
from transforms.mapping.similar_texts import EarlierDecision, SimilarTexts
from transforms.warehouse.reading import Warehouse

UNDECIDED = f"""
select {", ".join(field.name for field in fields(FacilityName))}
from core.fct_name_statistics
where decision in ('undecided', 'contradicted')
order by modality, field, compared_text, facility_id, decision
"""  # noqa: S608 - names of our columns
FREQUENCIES = """
select procedure_id, sum(n_examinations)::bigint as n
from core.fct_name_statistics
where procedure_id is not null
group by procedure_id
"""
COUNTED = """
select
    coalesce(sum(n_examinations), 0)::bigint as n_examinations,
    coalesce(sum(n_examinations - n_undecided), 0)::bigint as n_decided
from marts.mapping_coverage
"""
EARLIER = """
select distinct modality, pattern, procedure_id
from reference.procedure_rules
where match_type = 'exact' and valid_to is null
order by all
"""
REGIONS = "select target_region_code, label from reference.target_regions"


@dataclass(frozen=True, slots=True)
class Nation:
    """The names of a nation, with what a work-list says about them."""

    names: Sequence[FacilityName]
    frequencies: Mapping[str, int]
    earlier: SimilarTexts
    regions: Mapping[str, str]
    n_examinations: int
    n_decided: int


def nation_of(built: Warehouse) -> Nation:
    """The undecided names of the warehouse; DrlakeError if another version built it."""
    (counted,) = built.rows(COUNTED)
    return Nation(
        names=[FacilityName(**row) for row in built.rows(UNDECIDED)],
        frequencies={row["procedure_id"]: row["n"] for row in built.rows(FREQUENCIES)},
        earlier=SimilarTexts(_earlier(built)),
        regions={row["target_region_code"]: row["label"] for row in built.rows(REGIONS)},
        **counted,
    )


def _earlier(built: Warehouse) -> list[EarlierDecision]:
    """The texts that exact rules in force decide, folded as names are read."""
    rows = built.rows(EARLIER)
    folded = fold_texts([row["pattern"] for row in rows])
    return [
        EarlierDecision(row["modality"], text, row["procedure_id"])
        for row, text in zip(rows, folded, strict=True)
    ]
