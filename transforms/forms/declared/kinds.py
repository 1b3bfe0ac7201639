"""The seven kinds of forms, each by the word that a command names it with."""

from __future__ import annotations

from transforms.errors import UsageError
from transforms.tables.declared import KINDS
from transforms.tables.schema import Table


def table_of(kind: str) -> Table:
    """The table of a kind of form; UsageError for a word that is none."""
    if kind not in KINDS:
        raise UsageError(f"{kind!r} is no kind of form. Name one of {', '.join(KINDS)}.")
    return KINDS[kind]
