"""The seven forms of declared data, each made from its table."""

from __future__ import annotations

import re
from collections.abc import Mapping

from transforms.errors import UsageError
from transforms.forms.cells import FACILITY_ID, pattern_reader, text_reader
from transforms.forms.declared.lists import choices_of
from transforms.forms.declared.row_rules import row_rules
from transforms.forms.form import Form
from transforms.sheets.checked_rows import ValueReader, country
from transforms.tables.declared import KINDS, form_columns
from transforms.tables.declared.common import OF_A_LOAD
from transforms.tables.declared.device import DEVICE_KEY
from transforms.tables.schema import Table

DELIVERABLE_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
PLANS = frozenset({"due_on", "decommissioned_on", "end_of_support_year"})
"""Days and years that a form may state before they have come."""

SPECIAL: Mapping[str, ValueReader] = {
    "facility_id": pattern_reader(*FACILITY_ID),
    "country": text_reader(country),
    "deliverable_id": pattern_reader(DELIVERABLE_ID, "letters, digits, '-', '.', '_'"),
}
"""Readers of texts that have a format of their own."""


def declared_form(kind: str) -> Form:
    """The form of a kind; UsageError where there is no such kind."""
    if kind not in KINDS:
        raise UsageError(f"{kind!r} is not a kind of form. Choose one of {', '.join(KINDS)}.")
    table = KINDS[kind]
    columns = form_columns(table)
    words = {c.name: dict.fromkeys(c.allowed, "") or choices_of(c.name) for c in columns}
    key = form_key(table)
    return Form(
        table=table,
        columns=columns,
        page=table.name,
        optional=[column.name for column in columns if column.nullable],
        content=[column.name for column in columns],
        key=key,
        key_text=" and ".join(key),
        special=SPECIAL,
        row_rules=row_rules(table),
        choices={name: listed for name, listed in words.items() if listed is not None},
        may_be_later=PLANS,
        no_rows="no row is filled in. Fill the form first.",
    )


def form_key(table: Table) -> tuple[str, ...]:
    """The columns that identify a row; a serial number where the table has a device key."""
    of_load = {column.name for column in OF_A_LOAD}
    names = [name for name in table.key if name not in of_load]
    if DEVICE_KEY.name in names:
        names.remove(DEVICE_KEY.name)
        names += ["manufacturer", "model_name", "serial_number"]
    return tuple(names)
