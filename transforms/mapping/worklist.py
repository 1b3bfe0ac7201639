"""The work-list: names that no rule decides, filled in by a person and loaded as rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from transforms.errors import UsageError
from transforms.mapping.compared import normalise_texts
from transforms.mapping.growing_rules import Decided, GrowingRules, Signature
from transforms.mapping.rules import (
    CODE_FIELD,
    CODE_PATTERN,
    FIELDS,
    NATIONAL,
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
    found = GrowingRules(rules)
    for row in filled:
        found.decide(_decided(row.values), signed)
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


def _decided(row: Mapping[str, Any]) -> Decided:
    """A filled row as a decision of the facility."""
    return Decided(
        scope=row["facility_id"],
        modality=row["modality"],
        field=row["field"],
        text=row["text"],
        procedure_id=None if row["procedure_id"] == NONE else row["procedure_id"],
        note=row["note"] or None,
    )


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
