"""The ready-made views of `public.duckdb`: one file each in `sql/views`, plain DuckDB SQL.

-- What the view shows: this becomes its comment.
-- column NAME: what a column means that no table read has. Unit: ... Source: ...
with ...
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transforms.errors import DrlakeError
from transforms.public.declaration import PublicTable

FOLDER = "views"
STATED = re.compile(r"^column (\w+): ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class View:
    """One view; `columns` are the comments of columns that it states itself."""

    name: str
    comment: str
    columns: Mapping[str, str]
    query: str

    def reads(self, connection: Any) -> set[str]:
        """Names of the tables that it reads."""
        return set(connection.get_table_names(self.query))

    def place(self, table: PublicTable) -> int:
        """Position in the query where it first names a table."""
        found = re.search(rf"\b{table.name}\b", self.query)
        return found.start() if found else len(self.query)


def read_views(project: Path) -> list[View]:
    """Return the views of a dbt project, by name; none for a release that has no views."""
    return [_view(path) for path in sorted((project / FOLDER).glob("*.sql"))]


def _view(path: Path) -> View:
    lines = path.read_text(encoding="utf-8").splitlines()
    end = next((i for i, line in enumerate(lines) if not line.startswith("--")), len(lines))
    said = "\n".join(line.removeprefix("--").strip() for line in lines[:end])
    comment, *stated = STATED.split(said)
    if not comment.strip():
        raise DrlakeError(f"{path.name} does not begin with a comment that says what it shows.")
    columns = {name: _line(text) for name, text in zip(stated[::2], stated[1::2], strict=True)}
    return View(path.stem, _line(comment), columns, "\n".join(lines[end:]))


def _line(text: str) -> str:
    return " ".join(text.split())
