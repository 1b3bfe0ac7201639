"""Refuses reports with text in their rows that identifies a person.

The rows are checked and not the whole report, since no other text is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

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

_CHECKS: Mapping[str, Callable[[str], bool]] = {
    f"{table}.{name}": descriptor_names_somebody if name in DESCRIPTOR_COLUMNS else names_somebody
    for table, columns in TEXT_COLUMNS
    for name in columns
    if name not in OF_A_FIXED_FORM
}


def refuse_named_texts(texts: Iterable[tuple[str, str]]) -> None:
    """ObjectRefused if a text has the form of an identifier; names only its table.column."""
    for where, value in texts:
        names = _CHECKS.get(where)
        if names is not None and names(value):
            raise ObjectRefused("identity_present", f"column {where}, rule {NAME_IN_TEXT}")
