"""The check sheet: decided names for another person to check.

Names are drawn with replacement, in proportion to their examinations, so that the share of wrong
draws estimates the share of wrong examinations (error_rate.py).
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
COLUMNS = (*KEY, *TOLD, "draws", *FILLED)

DECIDED = """
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
    arg_max(names.ctdiw_phantom, names.n_examinations) as phantom
from core.fct_name_statistics as names
left join reference.procedures as procedures on names.procedure_id = procedures.procedure_id
where names.decision not in ('undecided', 'contradicted')
group by all
order by names.modality, names.field, text, names.decision, names.procedure_id
"""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The pages of a check sheet, and how many names it has of how many."""

    pages: Pages
    n_names: int
    n_decided: int


def check_sheet(built: Warehouse, procedures: Mapping[str, str], size: int, seed: int = 1) -> Sheet:
    """A sheet of `size` draws; equal seeds draw the same names of a warehouse."""
    names = built.rows(DECIDED)
    draws = drawn([name["examinations"] for name in names], size, seed)
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


def _row(name: Mapping[str, Any], draws: int) -> list[str | None]:
    told = {**name, "procedure_id": name["procedure_id"] or NONE, "draws": draws}
    return [_text(told.get(column)) for column in COLUMNS]


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.4g}" if isinstance(value, float) else str(value)
