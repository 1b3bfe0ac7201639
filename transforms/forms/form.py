"""Description of a form: what the code needs to know to write, check and load it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from transforms.sheets.checked_rows import ColumnProblem, ValueReader
from transforms.tables.schema import Column, Table

Row = dict[str, Any]
RowRule = Callable[[Row], Iterable[ColumnProblem]]
"""Checks the cells of one row against each other."""

Choices = Mapping[str, Mapping[str, str]]
"""Allowed values of columns with a closed list and their meanings, by column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One kind of form.

    `optional` columns may be empty or left out. Rows in which every column of `content` is empty
    are ignored. No two rows may have the same `key`. `special` holds readers of columns that type
    and closed list do not describe, `expected` the text that says what an empty cell should hold.
    Days and years of the columns `may_be_later` are plans and may lie in the future.
    """

    table: Table
    columns: tuple[Column, ...]
    page: str
    optional: Collection[str]
    content: Collection[str]
    key: tuple[str, ...]
    key_text: str
    special: Mapping[str, ValueReader]
    row_rules: Sequence[RowRule]
    choices: Choices
    no_rows: str
    expected: Mapping[str, str] = field(default_factory=dict)
    may_be_later: Collection[str] = ()
    list_page: str | None = None
    """The page of the workbook with all closed lists; None for one page per column."""
    finish: Callable[[Row], Row] = lambda row: row
    """Makes a row of the table from a row without a problem."""

    @property
    def header(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)
