"""Mapping rules: reads and checks `procedure_rules.csv` or an authority's own file.

A rule is never edited: a change closes the validity of the old version and adds a new one. Validity
refers to the study date. A withdrawn rule has a last day before its first day; it applies to no
study and stays in the file.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

from transforms.mapping.compared import bad_patterns, normalise_texts
from transforms.reference.files import REFERENCE
from transforms.sheets.checked_rows import (
    Problem,
    counting_number,
    day,
    day_or_none,
    one_of,
    optional_line,
    read_rows,
    required_line,
    unusable_file,
)
from transforms.sheets.read import Kind, read_csv
from transforms.tables.dose_report import MODALITIES

KIND = Kind("The rules file")
PACKAGED_RULES = REFERENCE / "procedure_rules.csv"
PROCEDURES = REFERENCE / "procedures.csv"
NATIONAL = "national"
CODE, EXACT, PATTERN = "code", "exact", "pattern"
CODE_FIELD = "procedure_code"
FIELDS = (CODE_FIELD, "study_description", "requested_procedure", "acquisition_protocol")
SCOPE_PATTERN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")
MODEL_PREFIX = "model:"
MODEL_SCOPE = re.compile(r"model:[^|\s][^|]*\|[^|\s][^|]*")
"""Manufacturer and model as the reports state them: `model:MANUFACTURER|MODEL`."""

CODE_PATTERN = re.compile(r"[^\s:]+:\S+")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rule:
    """One version of a rule; the fields are the columns of the CSV, in their order."""

    rule_id: str
    rule_version: int
    scope: str
    modality: str
    field: str
    match_type: str
    pattern: str
    procedure_id: str | None
    priority: int
    author: str
    reviewer: str | None
    valid_from: date
    valid_to: date | None
    note: str | None

    @property
    def last_day(self) -> date:
        """Last study date the rule applies to."""
        return self.valid_to or date.max

    @property
    def is_withdrawn(self) -> bool:
        """Whether the rule applies to no study."""
        return self.last_day < self.valid_from

    def overlaps(self, other: Rule) -> bool:
        """Whether there are study dates to which both apply."""
        if self.is_withdrawn or other.is_withdrawn:
            return False
        return self.valid_from <= other.last_day and other.valid_from <= self.last_day


COLUMNS = tuple(field.name for field in fields(Rule))
Numbered = Sequence[tuple[int, Rule]]
"""Rules with their row numbers in the file."""


def load_procedures(path: Path = PROCEDURES) -> dict[str, str]:
    """Modality by procedure id, from the reference list."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["procedure_id"]: row["modality"] for row in csv.DictReader(lines)}


def load_rules(path: str | Path) -> tuple[Rule, ...]:
    """The rules in the order of the file; UsageError that names all problems by row and column."""
    problems: list[str] = []
    rows = read_rows(read_csv(Path(path), KIND), READERS, problems)
    numbered = [(row.number, Rule(**row.values)) for row in rows if row.is_whole]
    problems += problems_of(numbered, load_procedures())
    if problems:
        raise unusable_file(KIND.what, Path(path), problems)
    return tuple(rule for _, rule in numbered)


def problems_of(numbered: Numbered, procedures: Mapping[str, str]) -> list[str]:
    """Problems of rules whose cells can all be read, by row."""
    found = [
        *(
            (number, *problem)
            for number, rule in numbered
            for problem in _rule_problems(rule, procedures)
        ),
        *_exact_text_problems(numbered),
        *_pattern_problems(numbered),
        *_version_problems(numbered),
        *_tie_problems(numbered),
    ]
    return [f"row {row}, column {column!r}: {what}" for row, column, what in sorted(found)]


def rules_csv(rules: Iterable[Rule]) -> str:
    """Return the rules as the text of a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(getattr(rule, name)) for name in COLUMNS] for rule in rules)
    return out.getvalue()


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _rule_problems(rule: Rule, procedures: Mapping[str, str]) -> Iterable[tuple[str, str]]:
    """Problems of one rule by itself: column and message."""
    if rule.procedure_id is not None:
        modality = procedures.get(rule.procedure_id)
        if modality is None:
            yield (
                "procedure_id",
                f"{rule.procedure_id!r} is not in procedures.csv; choose one from it",
            )
        elif modality != rule.modality:
            yield "procedure_id", f"is a procedure of {modality}, the rule is for {rule.modality}"
    if (rule.match_type == CODE) != (rule.field == CODE_FIELD):
        yield "match_type", f"must be {CODE!r} for the field {CODE_FIELD}, and for no other"
    if rule.match_type == CODE and not CODE_PATTERN.fullmatch(rule.pattern):
        yield "pattern", "must be a code as scheme:value, such as LN:24725-4"
    if rule.last_day < rule.valid_from - ONE_DAY:
        yield "valid_to", "lies before 'valid_from'; a withdrawn rule ends the day before it begins"
    if rule.reviewer is not None and rule.reviewer == rule.author:
        yield "reviewer", "is the author; name another person, or leave it empty until reviewed"


def _exact_text_problems(numbered: Numbered) -> Iterable[tuple[int, str, str]]:
    """Problems of texts that differ from the normalised form, which no study can match."""
    exact = [(number, rule) for number, rule in numbered if rule.match_type == EXACT]
    compared = normalise_texts([rule.pattern for _, rule in exact])
    for (number, rule), text in zip(exact, compared, strict=True):
        if rule.pattern != text:
            yield number, "pattern", f"can match nothing: texts are normalised to {text!r}"


def _pattern_problems(numbered: Numbered) -> Iterable[tuple[int, str, str]]:
    patterns = [(number, rule.pattern) for number, rule in numbered if rule.match_type == PATTERN]
    broken = bad_patterns([pattern for _, pattern in patterns])
    for number, pattern in patterns:
        if pattern in broken:
            yield number, "pattern", f"is not an RE2 pattern: {broken[pattern]}"
        elif re.search(r"[^\W\d_a-z]", re.sub(r"\\[pP]\{\w+\}|\\.", "", pattern), re.ASCII):
            yield number, "pattern", "can match nothing: texts are compared in lower case"


def _version_problems(numbered: Numbered) -> Iterable[tuple[int, str, str]]:
    """Problems of versions that occur twice, or apply to the same study dates."""
    for group in _groups(numbered, lambda rule: (rule.rule_id,)):
        seen: dict[int, int] = {}
        for number, rule in group:
            first = seen.setdefault(rule.rule_version, number)
            if first != number:
                yield number, "rule_version", f"is used twice: row {first} has it too; raise it"
        for number, other in _overlapping_pairs(group):
            yield number, "valid_from", f"lies within the validity of row {other}; close that row"


def _tie_problems(numbered: Numbered) -> Iterable[tuple[int, str, str]]:
    """Problems of rules with equal priority, between which none can be chosen."""
    for group in _groups(numbered, lambda rule: (rule.scope, rule.modality, rule.priority)):
        for number, other in _overlapping_pairs(group):
            yield (
                number,
                "priority",
                f"is also in row {other}, for the same studies; change one",
            )


def _groups(numbered: Numbered, key: Any) -> Iterable[Numbered]:
    groups: dict[Any, list[tuple[int, Rule]]] = {}
    for number, rule in numbered:
        groups.setdefault(key(rule), []).append((number, rule))
    return groups.values()


def _overlapping_pairs(group: Numbered) -> Iterable[tuple[int, int]]:
    """Pairs of rows that apply to the same dates; sorted by date, neighbours are enough."""
    live = sorted(
        ((n, rule) for n, rule in group if not rule.is_withdrawn),
        key=lambda one: (one[1].valid_from, one[0]),
    )
    for (first, one), (second, other) in pairwise(live):
        if one.overlaps(other):
            yield max(first, second), min(first, second)


def read_scope(text: str) -> str:
    """Reads what a rule applies to: the nation, a facility, or a model of devices."""
    is_model = MODEL_SCOPE.fullmatch(text) and text.isprintable()
    if not (is_model or SCOPE_PATTERN.fullmatch(text)):
        raise Problem(f"must be {NATIONAL!r}, a facility id, or {MODEL_PREFIX}MANUFACTURER|MODEL")
    return text


READERS: Mapping[str, Any] = {
    "rule_id": required_line,
    "rule_version": counting_number,
    "scope": read_scope,
    "modality": one_of(MODALITIES),
    "field": one_of(FIELDS),
    "match_type": one_of((CODE, EXACT, PATTERN)),
    "pattern": required_line,
    "procedure_id": optional_line,
    "priority": counting_number,
    "author": required_line,
    "reviewer": optional_line,
    "valid_from": day,
    "valid_to": day_or_none,
    "note": optional_line,
}
"""Reader of the cells of each column."""
