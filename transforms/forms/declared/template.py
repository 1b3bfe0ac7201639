"""Writes the empty form of a kind of declared data."""

from __future__ import annotations

from pathlib import Path

from transforms.forms.declared.form import declared_form
from transforms.forms.template import write_form
from transforms.sheets.write import is_xlsx

LINES = 500
"""Empty lines of a workbook with lists to choose from; more lines may be added."""


def write_template(kind: str, path: Path) -> int:
    """Write the empty form as CSV or XLSX; returns the number of its columns."""
    form = declared_form(kind)
    write_form(form, path, [{}] * (LINES if is_xlsx(path) else 0))
    return len(form.columns)
