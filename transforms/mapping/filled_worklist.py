"""Loads a work-list that a person has filled in: each spelling of a row becomes an exact rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
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
from transforms.mapping.name_groups import SEPARATOR
from transforms.mapping.rules import (
    CODE_FIELD,
    CODE_PATTERN,
    FIELDS,
    NATIONAL,
    Rule,
    read_scope,
)
from transforms.mapping.worklist import PAGE, TOLD
from transforms.sheets.checked_rows import CheckedRow, Problem, TextReader, one_of, required_line
from transforms.sheets.read import Kind
from transforms.tables.dose_report import MODALITIES

KIND = Kind("The work-list", page=PAGE)


def load_worklist(path: Path, rules: Sequence[Rule], signed: Signature) -> Loaded:
    """Add the rules of a filled list; UsageError that names every bad row."""
    return FilledList(KIND, _readers, _problems, _decided).load(path, rules, signed)


def _decided(row: Mapping[str, Any]) -> Iterator[Decided]:
    """A filled row as decisions on each of its spellings."""
    for text in _texts(row):
        yield Decided(
            scope=row["scope"],
            modality=row["modality"],
            field=row["field"],
            text=text,
            procedure_id=procedure_of(row),
            note=row["note"] or None,
        )


def _texts(row: Mapping[str, Any]) -> list[str]:
    """The text of a row and its other spellings."""
    return [row["text"], *(row["spellings"].split(SEPARATOR) if row["spellings"] else ())]


def _problems(rows: Sequence[CheckedRow], procedures: Mapping[str, str]) -> list[str]:
    """Problems of rows that cannot be rules, or that decide a text twice."""
    problems: list[str] = []
    seen: dict[tuple[str, ...], int] = {}
    texts = [(row, text) for row in rows for text in _texts(row.values)]
    compared = normalise_texts([text for _, text in texts])
    for row in rows:
        problems += modality_problems(row, procedures, "the examinations are")
    for (row, text), normal in zip(texts, compared, strict=True):
        number, values = row.number, row.values
        column = "text" if text == values["text"] else "spellings"
        problems += _text_problems(number, column, values["field"], text, normal)
        key = (values["scope"], values["modality"], values["field"], text)
        first = seen.setdefault(key, number)
        if first != number:
            problems.append(
                f"row {number}, column {column!r}: row {first} decides it too; keep one"
            )
    return problems


def _text_problems(number: int, column: str, field: str, text: str, normal: str) -> Iterator[str]:
    """The problem of a text that no examination can have."""
    if field == CODE_FIELD and not CODE_PATTERN.fullmatch(text):
        yield f"row {number}, column {column!r}: must be a code as scheme:value"
    if field != CODE_FIELD and text != normal:
        yield (
            f"row {number}, column {column!r}: no study has this text in the form that rules "
            "compare; leave it as it was in the list, or remove a whole spelling"
        )


def _readers(procedures: Mapping[str, str]) -> Mapping[str, TextReader]:
    return {
        "modality": one_of(MODALITIES),
        "field": one_of(FIELDS),
        "text": required_line,
        "spellings": str,
        **dict.fromkeys(TOLD, str),
        "scope": lambda text: read_scope(text or NATIONAL),
        "procedure_id": _procedure(procedures),
        "note": _note,
    }


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
