"""Normalises texts and checks patterns with DuckDB, exactly as the project's SQL does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

import duckdb

from transforms.warehouse.sql_project import SqlProject


def normalise_texts(texts: Sequence[str]) -> list[str]:
    """Return each text in the normalised form that rules compare (macro normalised_text)."""
    if not texts:
        return []
    with duckdb.connect() as connection:
        query = f"select {_expression()} from (select unnest(?) as text)"  # noqa: S608 - our macro
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
def _expression() -> str:
    return SqlProject().render_text("{{ normalised_text('text') }}").strip()
