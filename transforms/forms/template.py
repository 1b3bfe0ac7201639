"""Writes an empty form as CSV or XLSX. All cells of a workbook are text, none is a formula."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from transforms.forms.form import Form
from transforms.sheets.write import Pages, Rows, sheet_bytes

Line = Mapping[str, Any]


def write_form(form: Form, path: Path, lines: Iterable[Line]) -> None:
    """Write the form with these lines; a workbook also explains its columns and closed lists."""
    meanings = [(one.name, one.unit or "", one.description) for one in form.columns]
    pages: Pages = {
        form.page: line_rows(form.header, lines),
        "columns": [("column", "unit", "meaning"), *meanings],
        **_list_pages(form),
    }
    path.write_bytes(sheet_bytes(path, pages))


def line_rows(header: Sequence[str], lines: Iterable[Line]) -> list[Sequence[Any]]:
    """Header and lines as rows of a sheet."""
    return [header, *([line.get(name) for name in header] for line in lines)]


def _list_pages(form: Form) -> dict[str, Rows]:
    """Closed lists: one page per column, or all on `list_page`."""
    if form.list_page is None:
        return {n: [(n, "meaning"), *words.items()] for n, words in form.choices.items() if words}
    words = [(n, *word) for n, words in form.choices.items() for word in words.items()]
    return {form.list_page: [("column", "may be", "meaning"), *words]}
