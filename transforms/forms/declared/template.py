"""An empty form of a kind, as CSV or XLSX. A workbook holds text as text: nothing is a formula."""

from __future__ import annotations

from pathlib import Path

from transforms.forms.declared.kinds import table_of
from transforms.forms.declared.lists import Lists
from transforms.forms.pages import meanings
from transforms.sheets.write import Pages, Rows, is_xlsx, sheet_bytes
from transforms.tables.declared import form_columns
from transforms.tables.schema import Column

LINES = 500
"""Empty lines of a workbook in which words can be chosen from a list; more may be added."""


def write_template(kind: str, path: Path, lists: Lists | None = None) -> int:
    """Write the empty form to a file of either kind; returns the number of its columns."""
    table = table_of(kind)
    columns = form_columns(table)
    header = tuple(column.name for column in columns)
    lines = LINES if is_xlsx(path) else 0
    pages: Pages = {
        table.name: [header, *[[None] * len(header)] * lines],
        "columns": meanings(columns),
        **_choices(columns, lists or Lists()),
    }
    path.write_bytes(sheet_bytes(path, pages))
    return len(header)


def _choices(columns: tuple[Column, ...], lists: Lists) -> dict[str, Rows]:
    """A page for each column that takes words of a closed list."""
    pages: dict[str, Rows] = {}
    for column in columns:
        words = dict.fromkeys(column.allowed, "") or lists.choices(column.name)
        if words:
            pages[column.name] = [(column.name, "meaning"), *words.items()]
    return pages
