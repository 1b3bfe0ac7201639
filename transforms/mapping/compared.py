"""Normalises texts and checks patterns with DuckDB, exactly as the project's SQL does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import duckdb

from transforms.warehouse.sql_project import SqlProject


def normalise_texts(texts: Sequence[str]) -> list[str]:
    """Return each text in the normalised form that rules compare (macro normalised_text)."""
    return _written(texts, _expression("normalised_text"))


def fold_texts(texts: Sequence[str]) -> list[str]:
    """Return each text in the form in which its words are read (macro folded_name)."""
    return _written(texts, _expression("folded_name"))


def _written(texts: Sequence[str], expression: str) -> list[str]:
    """Each text as an expression of the project's SQL writes it."""
    if not texts:
        return []
    with duckdb.connect() as connection:
        query = f"select {expression} from (select unnest(?) as text)"  # noqa: S608 - our macro
        return [found for (found,) in connection.execute(query, [list(texts)]).fetchall()]


def bad_patterns(patterns: Sequence[str]) -> Mapping[str, str]:
    """Patterns that RE2 refuses, each with its error message."""
    broken: dict[str, str] = {}
    with duckdb.connect() as connection:
        for pattern in dict.fromkeys(patterns):
            try:
                connection.execute("select regexp_matches('', ?)", [pattern]).fetchall()
            except duckdb.Error as error:
                broken[pattern] = str(error).splitlines()[0].removeprefix("Invalid Input Error: ")
    return broken


@cache
def _expression(macro: str) -> str:
    return SqlProject().render_text("{{ " + macro + "('text') }}").strip()
