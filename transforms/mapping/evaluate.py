"""Compares what names are mapped to with what a person judged to be right."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.mapping.readings import NAME_FIELDS, Named, Reading, read_names
from transforms.mapping.rules import PROCEDURES, load_procedures
from transforms.reference.files import reference_rows
from transforms.sheets.cells import Sheet
from transforms.sheets.checked_rows import one_of, read_rows, required_line, unusable_file
from transforms.sheets.read import Kind, read_csv
from transforms.tables.dose_report import MODALITIES

KIND = Kind("The file of names")
KEYS = ("modality", "language", "source")
GROUPINGS = ((), ("modality",), ("language",), ("modality", "language"), KEYS)
"""What the figures are given by; what is summed over is `all`."""
OUTSIDE, AMBIGUOUS, NONE = "outside", "ambiguous", "none"
ALL = "all"
FIRST_LIST = frozenset(
    {
        *("ct_head", "ct_sinuses", "ct_neck", "ct_cervical_spine", "ct_chest"),
        *("ct_pulmonary_angiography", "ct_abdomen_pelvis", "ct_chest_abdomen_pelvis"),
        *("ct_kidneys_ureters_bladder", "ct_lumbar_spine", "ct_coronary_angiography"),
        *("ct_liver_multiphase", "mg_mammography", "dx_chest", "dx_abdomen", "dx_pelvis"),
        *("dx_lumbar_spine", "rf_barium_swallow", "rf_coronary_angiography"),
        *("nm_bone_scan", "nm_pet_fdg"),
    }
)
"""The 21 procedures of 29 November 2026, which the labels of the file are about."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One name of the file; `right` is a procedure of the first list, outside or ambiguous."""

    name: str
    field: str
    modality: str
    language: str
    source: str
    right: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A name of the file with its reading."""

    judged: Judged
    reading: Reading

    @property
    def given(self) -> str | None:
        """The procedure, `none`, or nothing where the name stays undecided."""
        if not self.reading.is_decided:
            return None
        return self.reading.procedure_id or NONE


def load_judged(path: Path) -> tuple[Judged, ...]:
    """The rows of the file; UsageError that names every bad row."""
    problems: list[str] = []
    rows = read_rows(_known_columns(read_csv(path, KIND)), READERS, problems)
    if problems:
        raise unusable_file(KIND.what, path, problems)
    return tuple(Judged(**{name: row.values[name] for name in NAMED}) for row in rows)


def _known_columns(sheet: Sheet) -> Sheet:
    """The sheet without the columns that are only for people, such as notes."""
    places = [at for at, name in enumerate(sheet.header.cells) if name in READERS]
    cut = [
        row._replace(cells=[cell for at, cell in enumerate(row.cells) if at in places])
        for row in (sheet.header, *sheet.rows)
    ]
    return sheet._replace(header=cut[0], rows=cut[1:])


def decide(judged: Sequence[Judged], rules: Path | None = None) -> list[Decision]:
    """The decision on each name, as the only name of an examination."""
    named = [Named.by_field(one.modality, one.field, one.name) for one in judged]
    readings = read_names(named, rules)
    return [Decision(one, reading) for one, reading in zip(judged, readings, strict=True)]


def broader_procedures() -> Mapping[str, frozenset[str]]:
    """Every procedure with all that are broader, itself included."""
    parents = {
        row["procedure_id"]: row["broader_id"]
        for row in reference_rows("procedures", PROCEDURES.parent)
    }

    def line(name: str) -> Iterable[str]:
        while name:
            yield name
            name = parents[name]

    return {name: frozenset(line(name)) for name in parents}


def figures(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """The counts for all names, and by modality, language and source."""
    broader = broader_procedures()
    return [
        dict(zip(KEYS, key, strict=True)) | counts(group, broader)
        for named in GROUPINGS
        for key, group in _grouped(decisions, named).items()
    ]


def _grouped(
    decisions: Sequence[Decision], named: Sequence[str]
) -> Mapping[tuple[str, ...], list[Decision]]:
    """The decisions by the values of these keys, in order; the other keys are `all`."""
    groups: dict[tuple[str, ...], list[Decision]] = {}
    for one in decisions:
        key = tuple(getattr(one.judged, name) if name in named else ALL for name in KEYS)
        groups.setdefault(key, []).append(one)
    return dict(sorted(groups.items()))


def counts(decisions: Sequence[Decision], broader: Mapping[str, frozenset[str]]) -> dict[str, Any]:
    """The counts and shares of some names; a share is null where nothing divides it."""
    mapped = [one for one in decisions if one.given not in (None, NONE)]
    judged = [one for one in mapped if not is_new(one, broader)]
    right = [one for one in judged if one.judged.right in broader[str(one.given)]]
    clear = [one for one in judged if one.judged.right != AMBIGUOUS]
    labelled = [one for one in decisions if one.judged.right not in (OUTSIDE, AMBIGUOUS)]
    return {
        "n": len(decisions),
        "mapped": len(mapped),
        "right": len(right),
        "wrong": len(judged) - len(right),
        "new": len(mapped) - len(judged),
        "undecided": len(decisions) - len(mapped),
        "precision": _share(len(right), len(judged)),
        "precision_without_ambiguous": _share(len(right), len(clear)),
        "recall": _share(len(right), len(labelled)),
    }


def is_new(one: Decision, broader: Mapping[str, frozenset[str]]) -> bool:
    """Whether a name outside the first list was given a procedure that is outside it too."""
    return one.judged.right == OUTSIDE and not broader[str(one.given)] & FIRST_LIST


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _right(text: str) -> str:
    """A label of the file."""
    return one_of((*load_procedures(), OUTSIDE, AMBIGUOUS))(text)


READERS: Mapping[str, Any] = {
    "name": required_line,
    "field": one_of(NAME_FIELDS),
    "modality": one_of(MODALITIES),
    "language": required_line,
    "source": required_line,
    "right": _right,
}
NAMED = tuple(READERS)


def document(decisions: Sequence[Decision], *, with_rows: bool) -> dict[str, Any]:
    """The figures as JSON, on request with the decision on each row of the file."""
    told: dict[str, Any] = {"command": "mapping evaluate", "rows": figures(decisions)}
    if with_rows:
        told["decisions"] = [
            {"name": one.judged.name, "given": one.given, "reading": one.reading.document()}
            for one in decisions
        ]
    return told
