"""The work-list: names of the nation that nothing decides, one row for each meaning."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from transforms.mapping.filled_list import NONE
from transforms.mapping.name_groups import SEPARATOR, NameGroup, undecided_groups
from transforms.mapping.suggestions import Suggester, Suggestion
from transforms.mapping.undecided import Nation
from transforms.sheets.write import Pages

PAGE = "names"
TOLD = (
    *("examinations", "facilities", "coverage", "median_dose", "median_length_mm"),
    *("phantom", "target_region", "device_model", "reading"),
    *("suggestion_1", "suggestion_2", "suggestion_3", "earlier_decisions"),
)
"""Columns that only inform."""
COLUMNS = ("modality", "field", "text", "spellings", *TOLD, "scope", "procedure_id", "note")

UNITS = {"CT": "mGy.cm", "MG": "mGy", "NM": "MBq"}
"""Unit of the dose by modality: DLP, AGD, activity."""
KAP_UNIT = "Gy.cm2"

Row = list[str | None]


def worklist(nation: Nation, procedures: Mapping[str, str], top: int | None = None) -> Pages:
    """The first rows of the work-list, all without `top`; what a person fills in is empty.

    Rows with more examinations come first. `coverage` is the share of the nation's examinations
    that are decided when all rows up to this one are.
    """
    groups = undecided_groups(nation.names)
    kept = groups if top is None else groups[:top]
    chosen = ("procedure_id", *sorted(procedures), NONE)
    return {PAGE: [COLUMNS, *_rows(nation, kept)], "procedure_id": [[word] for word in chosen]}


def coverages(groups: Sequence[NameGroup], n_decided: int, n_examinations: int) -> list[float]:
    """Share of the examinations that are decided when all rows up to each one are."""
    found, reached = [], n_decided
    for group in groups:
        reached += group.n_examinations
        found.append(reached / n_examinations)
    return found


def _rows(nation: Nation, groups: Sequence[NameGroup]) -> Iterator[Row]:
    suggester = Suggester(nation.frequencies, nation.earlier)
    suggested = suggester.suggestions([(group.modality, group.reading) for group in groups])
    reached = coverages(groups, nation.n_decided, nation.n_examinations)
    for group, coverage, procedures in zip(groups, reached, suggested, strict=True):
        yield [
            group.modality,
            group.field,
            group.spellings[0],
            SEPARATOR.join(group.spellings[1:]),
            *_counts(group, coverage),
            *_evidence(group, nation.regions),
            _reading(group),
            *_told(procedures),
            _earlier(nation, group),
            *("", "", ""),
        ]


def _counts(group: NameGroup, coverage: float) -> Row:
    return [str(group.n_examinations), str(len(group.facility_ids)), f"{coverage:.4f}"]


def _evidence(group: NameGroup, regions: Mapping[str, str]) -> Row:
    """What was measured: dose with its unit, length, phantom, region, and the device model."""
    dose, length = group.median("median_dose"), group.median("median_length_mm")
    region = group.most_frequent("target_region_code")
    unit = UNITS.get(group.modality, KAP_UNIT)
    return [
        "" if dose is None else f"{dose:.4g} {unit}",
        "" if length is None else f"{length:.0f}",
        group.most_frequent("ctdiw_phantom") or "",
        regions.get(region, region) if region else "",
        group.most_frequent("device_model") or "",
    ]


def _reading(group: NameGroup) -> str:
    """What was read and what was not, as one line."""
    found = group.reading
    said = [found.reading.concepts or "nothing"]
    if found.reading.unread_words:
        said.append(f"not understood: {found.reading.unread_words}")
    if found.corrected != found.folded:
        said.append(f"corrected: {found.corrected}")
    if found.is_decided_alone:
        said.append("a lower field contradicts it")
    return "; ".join(said)


def _told(suggestions: Sequence[Suggestion]) -> Row:
    told = [str(one) for one in suggestions]
    return [*told, *[""] * (3 - len(told))]


def _earlier(nation: Nation, group: NameGroup) -> str:
    similar = nation.earlier.most_similar(group.modality, group.reading.corrected)
    return SEPARATOR.join(f"{one.text}: {one.procedure_id or NONE}" for one, _ in similar)
