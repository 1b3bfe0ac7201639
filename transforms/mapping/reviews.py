"""Loads a check sheet that a reviewer has filled in, as one statement in the lake.

A statement is never edited or deleted. Its id is a digest of its rows and its reviewer, so loading
a sheet twice changes nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from transforms.errors import UsageError
from transforms.lake.lake import EMPTY, Lake, parquet_bytes
from transforms.mapping.check_sheet import FILLED, KEY, NO, PAGE, TOLD, YES
from transforms.mapping.error_rate import ErrorRate
from transforms.mapping.filled_list import NONE
from transforms.mapping.rules import FIELDS
from transforms.sheets.checked_rows import (
    CheckedRow,
    Problem,
    TextReader,
    one_of,
    optional_line,
    read_rows,
    required_line,
    unusable_file,
)
from transforms.sheets.read import Kind, read_bytes, sheet_of
from transforms.tables import NAME_REVIEW
from transforms.tables.dose_report import MODALITIES

KIND = Kind("The check sheet", page=PAGE)
ZONE = "stated"
ID_HEX_DIGITS = 16

Authors = Mapping[str, frozenset[str]]
"""The authors of each rule or row that decides, by the id under which examinations store it."""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The statement that was made, and its figures."""

    statement_id: str
    n_names: int
    n_wrong_names: int
    rate: ErrorRate | None


def load_review(
    lake: Lake,
    path: Path,
    reviewer: str,
    day: date,
    procedures: Mapping[str, str],
    authors: Authors,
) -> Reviewed:
    """Write the statement of a filled sheet; UsageError that names every bad row."""
    if not reviewer.strip() or not reviewer.isprintable():
        raise UsageError("--reviewer must name the person who checked the sheet, on one line.")
    problems: list[str] = []
    sheet = sheet_of(path, read_bytes(path, KIND), KIND)
    rows = read_rows(sheet, _readers(procedures), problems)
    whole = [row for row in rows if row.is_whole]
    problems += [line for row in whole for line in _problems(row, reviewer, procedures, authors)]
    if not rows and not problems:
        problems.append("it has no row")
    if problems:
        raise unusable_file(KIND.what, path, problems)
    said = [_said(row.values) for row in whole]
    statement_id = _write(lake, said, reviewer, day)
    wrong = sum(not row["is_right"] for row in said)
    return Reviewed(statement_id, len(said), wrong, error_rate(said))


def error_rate(rows: Sequence[Mapping[str, Any]]) -> ErrorRate | None:
    """The error rate of the draws of a statement; None where it has none."""
    n_draws = sum(row["n_draws"] for row in rows)
    if not n_draws:
        return None
    return ErrorRate(n_draws, sum(row["n_draws"] for row in rows if not row["is_right"]))


def newest_review(lake: Lake) -> list[dict[str, Any]]:
    """The rows of the newest statement that has draws; of one day the one with the largest id."""
    statements = [rows for rows in reviews(lake) if error_rate(rows)]
    return max(
        statements,
        key=lambda rows: (rows[0]["reviewed_on"], rows[0]["statement_id"]),
        default=[],
    )


def reviews(lake: Lake) -> list[list[dict[str, Any]]]:
    """The rows of every statement."""
    files = sorted(lake.files(ZONE, NAME_REVIEW.name, "*.parquet"))
    read = [lake.read_rows(path) for path in files if not path.endswith(f"{EMPTY}.parquet")]
    return [list(rows) for rows in read if rows]


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the sheet as a row of the table, without what all rows have in common."""
    right = row["right"] == YES
    instead = row["right_procedure_id"]
    return {
        "modality": row["modality"],
        "field": row["field"],
        "compared_text": row["text"],
        "decision": row["decision"],
        "procedure_id": None if row["procedure_id"] == NONE else row["procedure_id"],
        "n_draws": row["draws"],
        "is_right": right,
        "right_procedure_id": None if right or instead == NONE else instead or None,
        "reason": row["note"],
    }


def _write(lake: Lake, said: Sequence[Mapping[str, Any]], reviewer: str, day: date) -> str:
    text = json.dumps([reviewer, list(said)], sort_keys=True)
    statement_id = hashlib.sha256(text.encode()).hexdigest()[:ID_HEX_DIGITS]
    common = {"statement_id": statement_id, "reviewer": reviewer, "reviewed_on": day}
    rows = [{**common, **row} for row in said]
    path = lake.table_path(ZONE, NAME_REVIEW, statement_id)
    lake.write_bytes_once(path, parquet_bytes(NAME_REVIEW, rows))
    return statement_id


def _problems(
    row: CheckedRow, reviewer: str, procedures: Mapping[str, str], authors: Authors
) -> list[str]:
    """Problems between the cells of a row."""
    values, at = row.values, f"row {row.number}, column"
    found = []
    if reviewer in authors.get(values["decision"], ()):
        found.append(
            f"{at} 'decision': {reviewer} is the author of this decision; another person must "
            "review it"
        )
    instead = values["right_procedure_id"]
    if values["right"] == YES and instead not in ("", values["procedure_id"]):
        found.append(f"{at} 'right_procedure_id': must be empty where the decision is right")
    if values["right"] == NO and instead == values["procedure_id"]:
        found.append(f"{at} 'right_procedure_id': is the procedure that is not right")
    if procedures.get(instead, values["modality"]) != values["modality"]:
        found.append(f"{at} 'right_procedure_id': is a procedure of {procedures[instead]}")
    return found


def _readers(procedures: Mapping[str, str]) -> Mapping[str, TextReader]:
    given = ("", NONE, *sorted(procedures))
    readers: dict[str, TextReader] = {**dict.fromkeys((*KEY, *FILLED), required_line)}
    readers |= {
        "modality": one_of(MODALITIES),
        "field": one_of(FIELDS),
        "procedure_id": one_of(given[1:]),
        **dict.fromkeys((*TOLD, "doubt"), str),
        "draws": _draws,
        "right": one_of((YES, NO)),
        "right_procedure_id": one_of(given),
        "note": optional_line,
    }
    return readers


def _draws(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise Problem("must be a whole number, as it was in the sheet")
    return int(text)
