"""How the cell of each column of the form is read; Problem where it cannot be."""

from __future__ import annotations

import re
from collections.abc import Mapping

from transforms.forms.cells import limited, matched, number, optional, required
from transforms.lake.lake import FACILITY_ID_PATTERN
from transforms.sheets.cells import Value
from transforms.sheets.checked_rows import Problem, ValueReader
from transforms.tables.facility_summary import FORM_COLUMNS, OPTIONAL_COLUMNS, SCOPES
from transforms.tables.schema import Column

DEVICE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
WORD = re.compile(r"[A-Za-z0-9_]{1,64}")
UNIT = re.compile(r"[A-Za-zµμ0-9^².·*/{}% ]{1,16}")

COLUMNS: Mapping[str, Column] = {column.name: column for column in FORM_COLUMNS}
STATISTICS = (
    *("minimum", "p25", "p50", "p75", "p95", "maximum", "mean"),
    *("p50_lower", "p50_upper"),
)
"""The columns in the unit of the row."""


def _word(pattern: re.Pattern[str], what: str) -> ValueReader:
    return required(matched(pattern, what), what)


def _scope(cell: Value) -> str:
    text: str = _word(WORD, " or ".join(SCOPES))(cell)
    if text not in SCOPES:
        raise Problem(f"is not known. State {' or '.join(SCOPES)}.")
    return text


def _statistic(cell: Value) -> float:
    value = float(number(cell))
    if value <= 0:
        raise Problem(
            "is not above zero. Leave out examinations without a dose: they count in no statistic."
        )
    return value


def _reader(column: Column) -> ValueReader:
    read = _statistic if column.name in STATISTICS else limited(column)
    missing_is_null = column.nullable or column.name in OPTIONAL_COLUMNS
    return optional(read) if missing_is_null else required(read)


TEXTS: Mapping[str, ValueReader] = {
    "facility_id": _word(FACILITY_ID_PATTERN, "the facility's id as the authority has given it"),
    "device_key": optional(
        matched(
            DEVICE_KEY,
            "the unit's name in letters, digits, '-', '.', '_', or nothing for the whole facility",
        )
    ),
    "scope": _scope,
    "procedure_id": _word(WORD, "a procedure of the list"),
    "patient_group_id": _word(WORD, "a patient group of the list"),
    "drl_quantity": _word(WORD, "a DRL quantity of the list"),
    "unit": _word(UNIT, "the unit of the values in UCUM, as mGy"),
}
READERS: Mapping[str, ValueReader] = {
    name: TEXTS[name] if name in TEXTS else _reader(column) for name, column in COLUMNS.items()
}
