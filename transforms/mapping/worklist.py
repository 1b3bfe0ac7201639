"""The work-list: names that no rule decides, filled in by a person and loaded as rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from transforms.errors import UsageError
from transforms.mapping.compared import normalise_texts
from transforms.mapping.filled_list import (
    NONE,
    FilledList,
    Loaded,
    modality_problems,
    procedure_of,
)
from transforms.mapping.growing_rules import Decided, Signature
from transforms.mapping.rules import (
    CODE_FIELD,
    CODE_PATTERN,
    FIELDS,
    NATIONAL,
    SCOPE_PATTERN,
    Rule,
)
from transforms.sheets.checked_rows import (
    CheckedRow,
    Problem,
    TextReader,
    one_of,
    required_line,
)
from transforms.sheets.read import Kind
from transforms.sheets.write import Pages
from transforms.tables.dose_report import MODALITIES
from transforms.warehouse.reading import Warehouse

PAGE = "names"
KIND = Kind("The work-list", page=PAGE)
COLUMNS = ("facility_id", "modality", "field", "text", "examinations", "procedure_id", "note")

QUERY = """
select facility_id, modality, field, compared_text, cast(n_examinations as varchar)
from marts.unmapped_names
order by facility_id, modality, n_examinations desc, field, compared_text
"""


def worklist(built: Warehouse, procedures: Mapping[str, str]) -> Pages:
    """Every undecided name with its number of examinations; the procedure is left empty."""
    rows = [[*row.values(), "", ""] for row in built.rows(QUERY)]
    chosen = ("procedure_id", *sorted(procedures), NONE)
    return {PAGE: [COLUMNS, *rows], "procedure_id": [[word] for word in chosen]}


def load_worklist(path: Path, rules: Sequence[Rule], signed: Signature) -> Loaded:
    """Add the rules of a filled list; UsageError that names every bad row."""
    return FilledList(KIND, _readers, _problems, _decided).load(path, rules, signed)


def _decided(row: Mapping[str, Any]) -> Decided:
    """A filled row as a decision of the facility."""
    return Decided(
        scope=row["facility_id"],
        modality=row["modality"],
        field=row["field"],
        text=row["text"],
        procedure_id=procedure_of(row),
        note=row["note"] or None,
    )


def _problems(rows: Sequence[CheckedRow], procedures: Mapping[str, str]) -> list[str]:
    """Problems of rows that cannot be rules, or that decide a text twice."""
    problems: list[str] = []
    seen: dict[tuple[str, ...], int] = {}
    compared = normalise_texts([row.values["text"] for row in rows])
    for row, text in zip(rows, compared, strict=True):
        number, values = row.number, row.values
        problems += modality_problems(row, procedures, "the examinations are")
        if values["field"] == CODE_FIELD and not CODE_PATTERN.fullmatch(values["text"]):
            problems.append(f"row {number}, column 'text': must be a code as scheme:value")
        if values["field"] != CODE_FIELD and values["text"] != text:
            problems.append(
                f"row {number}, column 'text': no study has this text in the form that rules "
                "compare; leave it as it was in the list"
            )
        key = (values["facility_id"], values["modality"], values["field"], values["text"])
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
