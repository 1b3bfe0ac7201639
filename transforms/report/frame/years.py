"""The calendar year that a report shows when none is asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from transforms.report.frame.blocks import Source
from transforms.report.frame.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class ShownYear:
    """The newest year in which the method states a level, else that in which most facilities count.

    `newer` are later years with data; `period` is None without any data.
    """

    period: int | None
    newer: tuple[int, ...] = ()


def shown_year(source: Source, query: str, **given: Any) -> ShownYear:
    """The year by a query with a row for each year, the one to show first."""
    return first_year(row["period"] for row in source.rows(query, **given))


def first_year(periods: Iterable[int | None]) -> ShownYear:
    """The first of these years, and those of the others that are later; NULL is no year."""
    years = [year for year in periods if year is not None]
    shown = years[0] if years else None
    return ShownYear(shown, tuple(sorted({year for year in years if year > (shown or 0)})))


def newer_facts(catalogue: Catalogue, newer: tuple[int, ...]) -> tuple[tuple[str, str], ...]:
    """A fact of the report that names later years with data; none where there are none."""
    if not newer:
        return ()
    years = ", ".join(map(str, newer))
    said = catalogue.say("{years} (no national level yet)", years=years)
    return ((catalogue.say("Newer years with data"), said),)
