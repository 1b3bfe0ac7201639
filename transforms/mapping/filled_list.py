"""A list that a person has filled in: read, checked, and added to the rules.

The work-list and a nation's code list are such lists.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.mapping.growing_rules import Decided, GrowingRules, Signature
from transforms.mapping.rules import Rule, load_procedures, problems_of
from transforms.sheets.checked_rows import CheckedRow, TextReader, read_rows, unusable_file
from transforms.sheets.read import Kind, read_bytes, sheet_of

NONE = "none"
"""Value to fill in where the name or code belongs to no procedure of the list."""

Procedures = Mapping[str, str]
"""Procedure id and its modality."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Result of loading a filled list: the new rules, and numbers of what was done."""

    rules: tuple[Rule, ...]
    added: int
    closed: int
    unchanged: int
    undecided: int


@dataclass(frozen=True, slots=True)
class FilledList:
    """How the rows of a list are read, checked together, and turned into decisions."""

    kind: Kind
    readers: Callable[[Procedures], Mapping[str, TextReader]]
    problems: Callable[[Sequence[CheckedRow], Procedures], list[str]]
    decided: Callable[[Mapping[str, Any]], Iterable[Decided]]

    def load(self, path: Path, rules: Sequence[Rule], signed: Signature) -> Loaded:
        """Add the decisions of a list; UsageError that names every bad row.

        A row without a procedure stays undecided.
        """
        procedures = load_procedures()
        problems: list[str] = []
        sheet = sheet_of(path, read_bytes(path, self.kind), self.kind)
        rows = read_rows(sheet, self.readers(procedures), problems)
        filled = [row for row in rows if row.is_whole and row.values["procedure_id"]]
        self._refuse(path, problems + self.problems(filled, procedures))
        found = GrowingRules(rules)
        for row in filled:
            for decided in self.decided(row.values):
                found.decide(decided, signed)
        wrong = problems_of(list(enumerate(found.rules, start=2)), procedures)
        self._refuse(path, [f"rules file, {problem}" for problem in wrong])
        undecided = len(rows) - len(filled)
        return Loaded(tuple(found.rules), found.added, found.closed, found.unchanged, undecided)

    def _refuse(self, path: Path, problems: Sequence[str]) -> None:
        if problems:
            raise unusable_file(self.kind.what, path, problems)


def procedure_of(row: Mapping[str, Any]) -> str | None:
    """The procedure that a row decides; None where it says `none`."""
    return None if row["procedure_id"] == NONE else row["procedure_id"]


def modality_problems(row: CheckedRow, procedures: Procedures, what: str) -> list[str]:
    """The problem of a row whose procedure is of another modality; `what` is of the row's."""
    procedure, modality = row.values["procedure_id"], row.values["modality"]
    if procedures.get(procedure, modality) == modality:
        return []
    return [
        f"row {row.number}, column 'procedure_id': is a procedure of {procedures[procedure]}, "
        f"{what} {modality}; choose another or write {NONE!r}"
    ]
