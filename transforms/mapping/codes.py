"""A nation's code list: its codes of examinations as national rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from transforms.mapping.filled_list import (
    NONE,
    FilledList,
    Loaded,
    modality_problems,
    procedure_of,
)
from transforms.mapping.growing_rules import Decided, Signature
from transforms.mapping.rules import CODE_FIELD, CODE_PATTERN, NATIONAL, Rule
from transforms.sheets.checked_rows import (
    CheckedRow,
    TextReader,
    one_of,
    optional_line,
    required_line,
)
from transforms.sheets.read import Kind
from transforms.tables.dose_report import MODALITIES

PAGE = "codes"
KIND = Kind("The code list", page=PAGE)


def load_codes(path: Path, rules: Sequence[Rule], signed: Signature) -> Loaded:
    """Add the codes of a list as national rules; UsageError that names every bad row.

    A code without a procedure stays undecided.
    """
    return FilledList(KIND, _readers, _problems, _decided).load(path, rules, signed)


def _decided(row: Mapping[str, Any]) -> Iterator[Decided]:
    """A row of the list as a decision for the nation."""
    yield Decided(
        scope=NATIONAL,
        modality=row["modality"],
        field=CODE_FIELD,
        text=_code(row),
        procedure_id=procedure_of(row),
        note=row["label"],
    )


def _code(row: Mapping[str, Any]) -> str:
    """The code as reports are compared: scheme and code, with a colon between them."""
    return f"{row['scheme']}:{row['code']}"


def _problems(rows: Sequence[CheckedRow], procedures: Mapping[str, str]) -> list[str]:
    """Problems of rows that cannot be rules, or that decide a code twice."""
    problems: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        number, values = row.number, row.values
        problems += modality_problems(row, procedures, "the code is of")
        if not CODE_PATTERN.fullmatch(_code(values)):
            problems.append(
                f"row {number}, column 'code': scheme and code must have no space, the scheme no "
                "colon"
            )
        first = seen.setdefault((values["modality"], _code(values)), number)
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
