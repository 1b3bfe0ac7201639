"""Summary that `drlake run` prints: objects received, reference levels, paths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from transforms.cli.console import Screen
from transforms.cli.ledger import show_held
from transforms.lake.lake import Lake
from transforms.ledger.entries import Entry, entries
from transforms.ledger.held import held_objects
from transforms.reference.methods import FIRST_LINE
from transforms.report.frame.years import ShownYear, first_year
from transforms.settings import Settings


def show_summary(settings: Settings, screen: Screen) -> None:
    """Print the summary table and the paths of report and DuckDB file (or one JSON document)."""
    lake = Lake(settings.lake)
    if not lake.exists(lake.path("marts", "national_drls.parquet")):
        screen.complain("Nothing has been published in this lake yet.")
        return
    found = entries(lake)
    objects = _objects(found)
    drls = national_drls(lake)
    paths = {
        "report": lake.path("report", "index.html"),
        "csv": lake.path("report", "national_drls.csv"),
        "duckdb": lake.path("warehouse", "drl.duckdb"),
    }
    screen.table("Objects", tuple(objects), [tuple(objects.values())])
    held = show_held(held_objects(lake, found), screen)
    screen.table("National diagnostic reference levels", _HEADER, _lines(drls))
    newer = newer_periods(lake)
    if newer:
        screen.say(f"Newer years with data, without a level yet: {', '.join(map(str, newer))}")
    for name, path in paths.items():
        screen.say(f"{name}: {path}")
    document = {"objects": objects, "held": held, "national_drls": drls, "paths": paths}
    screen.document({"command": "run", **document})


def national_drls(lake: Lake) -> list[dict[str, Any]]:
    """Return the rows of the mart: the first-line method in the year that reports show.

    It is the newest year with a level, else the year in which most facilities count.
    """
    rows = _first_line_rows(lake)
    shown = _shown_year(rows).period
    return [row for row in rows if row["period"] == shown]


def newer_periods(lake: Lake) -> list[int]:
    """Years with data of the first-line method after the year shown."""
    return list(_shown_year(_first_line_rows(lake)).newer)


def _first_line_rows(lake: Lake) -> list[dict[str, Any]]:
    rows = lake.read_rows(lake.path("marts", "national_drls.parquet"))
    return [row for row in rows if row["method_id"] == FIRST_LINE]


def _shown_year(rows: Iterable[dict[str, Any]]) -> ShownYear:
    """The newest year with a level, else that with the most facilities, the newest of these."""

    def order(row: dict[str, Any]) -> tuple[int, int, int]:
        level = row["period"] if row["status"] == "ndrl" else 0
        return level, row["n_facilities"] or 0, row["period"]

    return first_year(row["period"] for row in sorted(rows, key=order, reverse=True))


_HEADER = ("procedure", "patients", "quantity", "facilities", "NDRL", "achievable", "unit")


def _lines(rows: Iterable[dict[str, Any]]) -> list[tuple[object, ...]]:
    """One line per procedure, patient group and quantity that has a reference level."""
    names = ("procedure_label", "patient_group_label", "drl_quantity", "n_facilities")
    numbers = ("national_drl", "achievable_dose", "unit")
    stated = [row for row in rows if row["status"] == "ndrl"]
    return sorted(tuple(row[name] for name in (*names, *numbers)) for row in stated)


def _objects(found: Sequence[Entry]) -> dict[str, int]:
    names = ("received", "accepted", "held", "quarantined", "duplicate")
    return {name: sum(getattr(entry, name) for entry in found) for name in names}
