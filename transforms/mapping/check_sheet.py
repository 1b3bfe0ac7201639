"""The check sheet: decided names for another person to check.

Names are drawn with replacement, in proportion to their examinations, so that the share of wrong
draws estimates the share of wrong examinations (error_rate.py). Doubtful names are listed besides:
they have no draws and do not enter the estimate.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transforms.mapping.filled_list import NONE
from transforms.sheets.write import Pages
from transforms.warehouse.reading import Warehouse

PAGE = "check"
YES, NO = "yes", "no"
KEY = ("modality", "field", "text", "decision", "procedure_id")
TOLD = ("procedure", "examinations", "facilities", "median_dose", "median_length_mm", "phantom")
"""Columns that only inform."""
FILLED = ("right", "right_procedure_id", "note")
COLUMNS = (*KEY, *TOLD, "doubt", "draws", *FILLED)

N_DOUBTFUL = 50
"""Doubtful names that are listed besides the sample, those with the most examinations first."""

DOUBTFUL = """
select
    modality, field, compared_text, decision, procedure_id,
    string_agg(
        distinct evidence || ' ' || format('{:.4g}', median_value) || ' at ' || facility_id, '; '
        order by evidence || ' ' || format('{:.4g}', median_value) || ' at ' || facility_id
    ) as doubt
from marts.doubtful_names
group by all
"""
DECIDED = f"""
with doubtful as ({DOUBTFUL})

select
    names.modality,
    names.field,
    names.compared_text as text,
    names.decision,
    names.procedure_id,
    any_value(procedures.label) as procedure,
    sum(names.n_examinations)::bigint as examinations,
    count(distinct names.facility_id) as facilities,
    median(names.median_dose) as median_dose,
    median(names.median_length_mm) as median_length_mm,
    arg_max(names.ctdiw_phantom, names.n_examinations) as phantom,
    any_value(doubtful.doubt) as doubt
from core.fct_name_statistics as names
left join reference.procedures as procedures on names.procedure_id = procedures.procedure_id
left join doubtful
    on
        names.modality = doubtful.modality
        and names.field = doubtful.field
        and names.compared_text = doubtful.compared_text
        and names.decision = doubtful.decision
        and names.procedure_id = doubtful.procedure_id
where names.decision not in ('undecided', 'contradicted')
group by all
order by names.modality, names.field, text, names.decision, names.procedure_id
"""  # noqa: S608 - our own text


@dataclass(frozen=True, slots=True)
class Sheet:
    """The pages of a check sheet, and how many names it has of how many."""

    pages: Pages
    n_names: int
    n_decided: int


def check_sheet(built: Warehouse, procedures: Mapping[str, str], size: int, seed: int = 1) -> Sheet:
    """A sheet of `size` draws and of doubtful names; equal seeds draw the same names."""
    names = built.rows(DECIDED)
    draws = drawn([name["examinations"] for name in names], size, seed)
    draws.update(dict.fromkeys(_doubtful(names, draws), 0))
    rows = [_row(names[at], n) for at, n in sorted(draws.items())]
    chosen = ("right_procedure_id", *sorted(procedures), NONE)
    pages: Pages = {
        PAGE: [COLUMNS, *rows],
        "right": [["right"], [YES], [NO]],
        "right_procedure_id": [[word] for word in chosen],
    }
    return Sheet(pages, len(rows), len(names))


def drawn(weights: Sequence[int], size: int, seed: int) -> Counter[int]:
    """How often each place is drawn, with a probability proportional to its weight."""
    if not weights:
        return Counter()
    rng = random.Random(seed)  # noqa: S311 - a sample, no secret
    return Counter(rng.choices(range(len(weights)), weights=weights, k=size))


def _doubtful(names: Sequence[Mapping[str, Any]], draws: Mapping[int, int]) -> list[int]:
    """Places of doubtful names that were not drawn, those with the most examinations first."""
    places = [at for at, name in enumerate(names) if name["doubt"] and at not in draws]
    return sorted(places, key=lambda at: (-names[at]["examinations"], at))[:N_DOUBTFUL]


def _row(name: Mapping[str, Any], draws: int) -> list[str | None]:
    told = {**name, "procedure_id": name["procedure_id"] or NONE, "draws": draws}
    return [_text(told.get(column)) for column in COLUMNS]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
