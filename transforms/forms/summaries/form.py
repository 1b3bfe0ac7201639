"""The form of summaries: one row per statistic of a facility's examinations in one year."""

from __future__ import annotations

import re
from collections.abc import Mapping

from transforms.forms.cells import FACILITY_ID, number, pattern_reader
from transforms.forms.form import Form
from transforms.forms.summaries.lists import Lists
from transforms.forms.summaries.row_rules import STATISTICS, WEIGHTS, convert_units, row_rules
from transforms.receive.registry import devices_of
from transforms.sheets.cells import Value
from transforms.sheets.checked_rows import Problem, ValueReader
from transforms.tables.facility_summary import (
    COVERED_DEVICE,
    FACILITY_SUMMARY,
    FORM_COLUMNS,
    OPTIONAL_COLUMNS,
    SCOPES,
)

DEVICE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
WORD = re.compile(r"[A-Za-z0-9_]{1,64}")
UNIT = re.compile(r"[A-Za-zµμ0-9^².·*/{}% ]{1,16}")

HEADER = tuple(column.name for column in FORM_COLUMNS)
KEY = tuple(name for name in FACILITY_SUMMARY.key if name != "sequence_number")
NUMBERS = ("n_examinations", "n_values", *STATISTICS, "n_derived", "n_weight_known", *WEIGHTS)

PATTERNS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "facility_id": FACILITY_ID,
    "device_key": (
        DEVICE_KEY,
        "the unit's name in letters, digits, '-', '.', '_', or nothing for the whole facility",
    ),
    "scope": (WORD, " or ".join(SCOPES)),
    "procedure_id": (WORD, "a procedure from the list"),
    "patient_group_id": (WORD, "a patient group from the list"),
    "drl_quantity": (WORD, "a DRL quantity from the list"),
    "unit": (UNIT, "the unit of the values in UCUM, such as mGy"),
}
"""Format of each text, and the description of it for an empty cell."""


def summary_form(lists: Lists) -> Form:
    """Return the form with the choices of these lists."""
    return Form(
        table=FACILITY_SUMMARY,
        columns=FORM_COLUMNS,
        page="summaries",
        optional=OPTIONAL_COLUMNS,
        content=NUMBERS,
        key=KEY,
        key_text="facility, device, period, scope, procedure, group and quantity",
        special=SPECIAL,
        expected={name: what for name, (_, what) in PATTERNS.items()},
        row_rules=row_rules(lists),
        choices=lists.choices(),
        list_page="lists",
        no_rows="no row has a number in it. Fill the form first.",
        finish=lambda row: convert_units(lists, row),
    )


def _scope(cell: Value) -> str:
    text: str = pattern_reader(*PATTERNS["scope"])(cell)
    if text not in SCOPES:
        raise Problem(f"is not known. State {' or '.join(SCOPES)}.")
    return text


def _device(cell: Value) -> str:
    """A device as `manufacturer|model|serial number`."""
    if len(devices_of(str(cell))) != 1:
        raise Problem("must be one device. State the statistics of each device in rows of its own.")
    return str(cell)


def _statistic(cell: Value) -> float:
    value = float(number(cell))
    if value <= 0:
        raise Problem(
            "is not above zero. Leave out examinations without a dose: they are in no statistic."
        )
    return value


SPECIAL: Mapping[str, ValueReader] = {
    **{name: pattern_reader(*pattern) for name, pattern in PATTERNS.items()},
    **dict.fromkeys(STATISTICS, _statistic),
    "scope": _scope,
    COVERED_DEVICE.name: _device,
}
