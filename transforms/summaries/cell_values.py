"""How the cell of each column of the form is read; Problem where it cannot be."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from transforms.lake import FACILITY_ID_PATTERN
from transforms.registry import Problem
from transforms.schema import Column
from transforms.summaries.cells import Cell, Unusable
from transforms.tables.facility_summary import FORM_COLUMNS, OPTIONAL_COLUMNS, SCOPES

DEVICE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
WORD = re.compile(r"[A-Za-z0-9_]{1,64}")
UNIT = re.compile(r"[A-Za-zµμ0-9^².·*/{}% ]{1,16}")
NUMBER = re.compile(r"[0-9]{1,17}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?")

COLUMNS: Mapping[str, Column] = {column.name: column for column in FORM_COLUMNS}
STATISTICS = (
    *("minimum", "p25", "p50", "p75", "p95", "maximum", "mean"),
    *("p50_lower", "p50_upper"),
)
"""The columns in the unit of the row."""

Reader = Callable[[Cell], Any]


def _text(cell: Cell, pattern: re.Pattern[str], what: str) -> str:
    if cell is None:
        raise Problem(f"is empty. State {what}.")
    text = str(cell) if isinstance(cell, (str, int)) else ""  # a facility may be called 12
    if not pattern.fullmatch(text):
        raise Problem(f"is not usable. State {what}.")
    return text


def _word(pattern: re.Pattern[str], what: str) -> Reader:
    return lambda cell: _text(cell, pattern, what)


def _device_key(cell: Cell) -> str | None:
    what = "the unit's name in letters, digits, '-', '.', '_', or nothing for the whole facility"
    return None if cell is None else _text(cell, DEVICE_KEY, what)


def _scope(cell: Cell) -> str:
    text = _text(cell, WORD, " or ".join(SCOPES))
    if text not in SCOPES:
        raise Problem(f"is not known. State {' or '.join(SCOPES)}.")
    return text


def _number(cell: Cell) -> float | int:
    """A finite number above or equal to zero, written with a decimal point and nothing else."""
    if isinstance(cell, Unusable):
        raise Problem(f"holds {cell.kind}. Put in the number itself.")
    if isinstance(cell, str):
        if not NUMBER.fullmatch(cell):
            raise Problem(
                "is no number. Write digits with a decimal point, without unit, sign or separator."
            )
        cell = int(cell) if cell.isdigit() else float(cell)
    if cell is None or not math.isfinite(cell):
        raise Problem("is not finite. Put in a number.")
    return cell


def _statistic(cell: Cell) -> float:
    number = float(_number(cell))
    if number <= 0:
        raise Problem(
            "is not above zero. Leave out examinations without a dose: they count in no statistic."
        )
    return number


def _limited(column: Column) -> Reader:
    """A number within the limits of its column; whole where the column counts."""

    def read(cell: Cell) -> float | int:
        number = _number(cell)
        if not (column.minimum or 0) <= number <= (column.maximum or 10**9):
            raise Problem(
                f"must be {column.minimum} or more, and {column.maximum or 10**9} at most."
            )
        if column.unit is None and number != int(number):
            raise Problem("must be a whole number.")
        return float(number) if column.unit else int(number)

    return read


def _optional(read: Reader) -> Reader:
    return lambda cell: None if cell is None else read(cell)


def _stated(read: Reader) -> Reader:
    def required(cell: Cell) -> Any:
        if cell is None:
            raise Problem("is empty. State it.")
        return read(cell)

    return required


def _reader(column: Column) -> Reader:
    read = _statistic if column.name in STATISTICS else _limited(column)
    missing_is_null = column.nullable or column.name in OPTIONAL_COLUMNS
    return _optional(read) if missing_is_null else _stated(read)


TEXTS: Mapping[str, Reader] = {
    "facility_id": _word(FACILITY_ID_PATTERN, "the facility's id as the authority has given it"),
    "device_key": _device_key,
    "scope": _scope,
    "procedure_id": _word(WORD, "a procedure of the list"),
    "patient_group_id": _word(WORD, "a patient group of the list"),
    "drl_quantity": _word(WORD, "a DRL quantity of the list"),
    "unit": _word(UNIT, "the unit of the values in UCUM, as mGy"),
}
READERS: Mapping[str, Reader] = {
    name: TEXTS[name] if name in TEXTS else _reader(column) for name, column in COLUMNS.items()
}
