"""Refuses reports with text in their rows that identifies a person.

The rows are checked and not the whole report, since no other text is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from transforms.dicom.identity.check import NAME_IN_TEXT
from transforms.dicom.identity.free_text import descriptor_names_somebody, names_somebody
from transforms.errors import ObjectRefused
from transforms.normalise.doubtful_texts import TEXT_COLUMNS

DESCRIPTOR_COLUMNS = frozenset({"study_description", "requested_procedure", "acquisition_protocol"})
"""Columns filled in by hospital staff; the others contain texts and codes of the device."""

OF_A_FIXED_FORM = frozenset(
    {
        *("template_id", "sop_class_uid", "irradiation_started_at", "started_at"),
        *("irradiation_ended_at", "timezone_offset", "qualified_columns"),
    }
)
"""Columns that contain only digits, UIDs, dates and times."""

_CHECKS: tuple[tuple[str, tuple[tuple[str, Callable[[str], bool]], ...]], ...] = tuple(
    (
        table,
        tuple(
            (name, descriptor_names_somebody if name in DESCRIPTOR_COLUMNS else names_somebody)
            for name in columns
            if name not in OF_A_FIXED_FORM
        ),
    )
    for table, columns in TEXT_COLUMNS
)


def refuse_named_texts(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """ObjectRefused if a text of a row has the form of an identifier; names only the column."""
    for table, checks in _CHECKS:
        for row in rows[table]:
            for column, names in checks:
                value = row.get(column)
                if value is not None and names(value):
                    where = f"column {table}.{column}, rule {NAME_IN_TEXT}"
                    raise ObjectRefused("identity_present", where)
