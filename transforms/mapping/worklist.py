"""The work-list: names that no rule decides, filled in by a person and loaded as rules."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from transforms.errors import UsageError
from transforms.mapping.compared import normalise_texts
from transforms.mapping.rules import (
    CODE,
    CODE_FIELD,
    CODE_PATTERN,
    EXACT,
    FIELDS,
    NATIONAL,
    ONE_DAY,
    SCOPE_PATTERN,
    Rule,
    load_procedures,
    problems_of,
)
from transforms.sheets.checked_rows import (
    CheckedRow,
    Problem,
    TextReader,
    one_of,
    read_rows,
    required_line,
    unusable_file,
)
from transforms.sheets.read import Kind, read_bytes, sheet_of
from transforms.sheets.write import Pages
from transforms.tables.dose_report import MODALITIES
from transforms.warehouse.reading import Warehouse

PAGE = "names"
KIND = Kind("The work-list", page=PAGE)
NONE = "none"
"""Value to fill in where the name belongs to no procedure of the list."""

COLUMNS = ("facility_id", "modality", "field", "text", "examinations", "procedure_id", "note")

QUERY = """
select facility_id, modality, field, compared_text, cast(n_examinations as varchar)
from marts.unmapped_names
order by facility_id, modality, n_examinations desc, field, compared_text
"""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Result of loading a filled list: the new rules, and numbers of what was done."""

    rules: tuple[Rule, ...]
    added: int
    closed: int
    unchanged: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Signature:
    """Author and reviewer of the rules of a list, and the first study date they apply to."""

    author: str
    reviewer: str | None
    valid_from: date


def worklist(built: Warehouse, procedures: Mapping[str, str]) -> Pages:
    """Every undecided name with its number of examinations; the procedure is left empty."""
    rows = [[*row.values(), "", ""] for row in built.rows(QUERY)]
    chosen = ("procedure_id", *sorted(procedures), NONE)
    return {PAGE: [COLUMNS, *rows], "procedure_id": [[word] for word in chosen]}


def load_worklist(path: Path, rules: Sequence[Rule], signed: Signature) -> Loaded:
    """Add the rules of a filled list; UsageError that names every bad row."""
    procedures = load_procedures()
    problems: list[str] = []
    sheet = sheet_of(path, read_bytes(path, KIND), KIND)
    rows = read_rows(sheet, _readers(procedures), problems)
    filled = [row for row in rows if row.is_whole and row.values["procedure_id"]]
    problems += _problems(filled, procedures)
    if problems:
        raise unusable_file(KIND.what, path, problems)
    found = _GrowingRules(list(rules))
    for row in filled:
        found.decide(row.values, signed)
    loaded = Loaded(
        tuple(found.rules), found.added, found.closed, found.unchanged, len(rows) - len(filled)
    )
    _check(path, loaded.rules, procedures)
    return loaded


def _check(path: Path, rules: Sequence[Rule], procedures: Mapping[str, str]) -> None:
    """Check all the rules as a rules file is checked; UsageError where one has a problem."""
    problems = problems_of(list(enumerate(rules, start=2)), procedures)
    if problems:
        told = [f"rules file, {problem}" for problem in problems]
        raise unusable_file(KIND.what, path, told)


class _GrowingRules:
    """Rules to which decisions are added; existing rules are not edited."""

    def __init__(self, rules: list[Rule]) -> None:
        self.rules = rules
        self.added = self.closed = self.unchanged = 0

    def decide(self, row: Mapping[str, Any], signed: Signature) -> None:
        """Add a row of the list as a new version of the facility's rule for this text."""
        wanted = None if row["procedure_id"] == NONE else row["procedure_id"]
        scope, modality, field = row["facility_id"], row["modality"], row["field"]
        earlier = [
            (place, rule)
            for place, rule in enumerate(self.rules)
            if (rule.scope, rule.modality, rule.field, rule.pattern)
            == (scope, modality, field, row["text"])
            and rule.match_type in (EXACT, CODE)
        ]
        if any(_is_decided_already(rule, wanted, signed.valid_from) for _, rule in earlier):
            self.unchanged += 1
            return
        for place, rule in earlier:
            self._close(place, rule, signed.valid_from)
        self.rules.append(self._new_version(row, wanted, signed, [rule for _, rule in earlier]))
        self.added += 1

    def _close(self, place: int, rule: Rule, valid_from: date) -> None:
        """End a rule on the day before; a rule that began later is withdrawn."""
        if rule.is_withdrawn or rule.last_day < valid_from:
            return
        self.rules[place] = replace(rule, valid_to=max(rule.valid_from, valid_from) - ONE_DAY)
        self.closed += 1

    def _new_version(
        self, row: Mapping[str, Any], wanted: str | None, signed: Signature, earlier: list[Rule]
    ) -> Rule:
        scope, modality, field = row["facility_id"], row["modality"], row["field"]
        own = earlier[-1].rule_id if earlier else _rule_id(scope, modality, field, row["text"])
        versions = [rule.rule_version for rule in self.rules if rule.rule_id == own]
        taken = [
            rule.priority
            for rule in self.rules
            if rule.scope == scope and rule.modality == modality
        ]
        return Rule(
            rule_id=own,
            rule_version=max(versions, default=0) + 1,
            scope=scope,
            modality=modality,
            field=field,
            match_type=CODE if field == CODE_FIELD else EXACT,
            pattern=row["text"],
            procedure_id=wanted,
            priority=earlier[-1].priority if earlier else max(taken, default=0) + 1,
            author=signed.author,
            reviewer=signed.reviewer,
            valid_from=signed.valid_from,
            valid_to=None,
            note=row["note"] or None,
        )


def _is_decided_already(rule: Rule, wanted: str | None, valid_from: date) -> bool:
    """Whether this rule decides the same, for these studies and without an end."""
    return rule.procedure_id == wanted and rule.valid_to is None and rule.valid_from <= valid_from


def _rule_id(scope: str, modality: str, field: str, text: str) -> str:
    """Return an id that is always the same for a text and does not contain it."""
    digest = hashlib.sha256("\n".join((scope, modality, field, text)).encode()).hexdigest()
    return f"{scope}.{modality}.{field}.{digest[:12]}"


def _problems(rows: Iterable[CheckedRow], procedures: Mapping[str, str]) -> list[str]:
    """Problems of rows that cannot be rules, or that decide a text twice."""
    problems: list[str] = []
    seen: dict[tuple[str, ...], int] = {}
    listed = list(rows)
    compared = normalise_texts([row.values["text"] for row in listed])
    for (number, values, _), text in zip(listed, compared, strict=True):
        procedure, modality = values["procedure_id"], values["modality"]
        if procedures.get(procedure, modality) != modality:
            problems.append(
                f"row {number}, column 'procedure_id': is a procedure of {procedures[procedure]}, "
                f"the examinations are {modality}; choose another or write {NONE!r}"
            )
        if values["field"] == CODE_FIELD and not CODE_PATTERN.fullmatch(values["text"]):
            problems.append(f"row {number}, column 'text': must be a code as scheme:value")
        if values["field"] != CODE_FIELD and values["text"] != text:
            problems.append(
                f"row {number}, column 'text': no study has this text in the form that rules "
                "compare; leave it as it was in the list"
            )
        key = (values["facility_id"], modality, values["field"], values["text"])
        first = seen.setdefault(key, number)
        if first != number:
            problems.append(f"row {number}, column 'text': row {first} decides it too; keep one")
    return problems


def _readers(procedures: Mapping[str, str]) -> Mapping[str, TextReader]:
    return {
        "facility_id": _facility,
        "modality": one_of(MODALITIES),
        "field": one_of(FIELDS),
        "text": required_line,
        "examinations": str,
        "procedure_id": _procedure(procedures),
        "note": _note,
    }


def _facility(text: str) -> str:
    if text == NATIONAL or not SCOPE_PATTERN.fullmatch(text):
        raise Problem("must be a facility id, as it was in the list")
    return text


def _procedure(procedures: Mapping[str, str]) -> TextReader:
    def read(text: str) -> str:
        if text and text != NONE and text not in procedures:
            raise Problem(f"must be empty, {NONE!r} or one of {', '.join(sorted(procedures))}")
        return text

    return read


def _note(text: str) -> str:
    if not text.isprintable():
        raise Problem("must be on one line")
    return text


def need_signature(author: str, reviewer: str | None, valid_from: str) -> Signature:
    """Return the signature of a list; UsageError where it is incomplete."""
    if not author.strip() or not author.isprintable():
        raise UsageError("--author must name the person who filled in the list, on one line.")
    if reviewer is not None and (reviewer == author or not reviewer.isprintable()):
        raise UsageError("--reviewer must name another person than --author, on one line.")
    try:
        return Signature(author, reviewer, date.fromisoformat(valid_from))
    except ValueError:
        raise UsageError("--valid-from must be a date, for example 2026-03-31.") from None
