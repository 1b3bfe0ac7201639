"""A nation's code list: its codes of examinations as national rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from transforms.mapping.growing_rules import Decided, GrowingRules, Signature
from transforms.mapping.rules import (
    CODE_FIELD,
    CODE_PATTERN,
    NATIONAL,
    Rule,
    load_procedures,
    problems_of,
)
from transforms.mapping.worklist import NONE, Loaded
from transforms.sheets.checked_rows import (
    CheckedRow,
    TextReader,
    one_of,
    optional_line,
    read_rows,
    required_line,
    unusable_file,
)
from transforms.sheets.read import Kind, read_bytes, sheet_of
from transforms.tables.dose_report import MODALITIES

PAGE = "codes"
KIND = Kind("The code list", page=PAGE)


def load_codes(path: Path, rules: Sequence[Rule], signed: Signature) -> Loaded:
    """Add the codes of a list as national rules; UsageError that names every bad row.

    A code without a procedure stays undecided.
    """
    procedures = load_procedures()
    problems: list[str] = []
    rows = read_rows(sheet_of(path, read_bytes(path, KIND), KIND), _readers(procedures), problems)
    filled = [row for row in rows if row.is_whole and row.values["procedure_id"]]
    problems += _problems(filled, procedures)
    if problems:
        raise unusable_file(KIND.what, path, problems)
    found = GrowingRules(rules)
    for row in filled:
        found.decide(_decided(row.values), signed)
    problems = problems_of(list(enumerate(found.rules, start=2)), procedures)
    if problems:
        raise unusable_file(KIND.what, path, [f"rules file, {one}" for one in problems])
    return Loaded(
        tuple(found.rules), found.added, found.closed, found.unchanged, len(rows) - len(filled)
    )


def _decided(row: Mapping[str, Any]) -> Decided:
    """A row of the list as a decision for the nation."""
    return Decided(
        scope=NATIONAL,
        modality=row["modality"],
        field=CODE_FIELD,
        text=_code(row),
        procedure_id=None if row["procedure_id"] == NONE else row["procedure_id"],
        note=row["label"],
    )


def _code(row: Mapping[str, Any]) -> str:
    """The code as reports are compared: scheme and code, with a colon between them."""
    return f"{row['scheme']}:{row['code']}"


def _problems(rows: Sequence[CheckedRow], procedures: Mapping[str, str]) -> list[str]:
    """Problems of rows that cannot be rules, or that decide a code twice."""
    problems: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for number, values, _ in rows:
        procedure, modality = values["procedure_id"], values["modality"]
        if procedures.get(procedure, modality) != modality:
            problems.append(
                f"row {number}, column 'procedure_id': is a procedure of {procedures[procedure]}, "
                f"the code is of {modality}; choose another or write {NONE!r}"
            )
        if not CODE_PATTERN.fullmatch(_code(values)):
            problems.append(
                f"row {number}, column 'code': scheme and code must have no space, the scheme no "
                "colon"
            )
        first = seen.setdefault((modality, _code(values)), number)
        if first != number:
            problems.append(f"row {number}, column 'code': row {first} has it too; keep one")
    return problems


def _readers(procedures: Mapping[str, str]) -> Mapping[str, TextReader]:
    return {
        "scheme": required_line,
        "code": required_line,
        "modality": one_of(MODALITIES),
        "procedure_id": one_of(("", NONE, *sorted(procedures))),
        "label": optional_line,
    }
