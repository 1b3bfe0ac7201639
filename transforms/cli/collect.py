"""`drlake facilities`, `ingest` and `validate`: what hospitals send, up to the accepted reports."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transforms.cli import ledger
from transforms.cli.console import Screen
from transforms.cli.options import (
    Again,
    AsOf,
    Exports,
    Json,
    LakeFolder,
    Registry,
    Threshold,
    lake_of,
    settings_of,
)
from transforms.cli.subprocesses import validate_command
from transforms.errors import UsageError
from transforms.settings import Settings

if TYPE_CHECKING:
    from transforms.pipeline.all_facilities import IngestResult

FAILURE = 1
OUTCOMES = range(1, 6)
"""Exit codes with a meaning; a process that was ended by a signal has another."""

Facilities = Annotated[
    list[str] | None,
    typer.Option(
        "--facility",
        help="This facility only; may be given again. The ledger and the threshold are of the "
        "whole lake, so they are not checked then; `drlake ledger balance` checks them.",
    ),
]


def register(app: typer.Typer) -> None:
    """Add these commands to the console command."""
    app.command(epilog="Example: drlake facilities --registry facilities.csv --json")(facilities)
    app.command(epilog="Example: drlake ingest --exports data/exports --lake data/lake")(ingest)
    app.command(epilog="Example: drlake validate --lake data/lake --data-docs")(validate)


def facilities(
    lake: LakeFolder = None,
    exports: Exports = None,
    registry: Registry = None,
    sent: Annotated[
        bool, typer.Option("--sent", help="Those of whom the lake has decoded reports.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List the facilities that `drlake ingest` processes today.

    These are the facilities of the registry or of the exports, and those of whom an earlier,
    interrupted ingest has left objects to decode.
    """
    screen = Screen(as_json=as_json)
    settings = settings_of(lake=lake, exports=exports, registry=registry)
    notes: list[str] = []
    if sent:
        found = lake_of(lake).facilities("outcomes", "decode")
    else:
        found, notes = _facilities_today(settings)
    for line in notes:
        screen.complain(line)
    for name in found:
        screen.say(name)
    screen.document({"command": "facilities", "facilities": found, "notes": notes})


def ingest(
    lake: LakeFolder = None,
    exports: Exports = None,
    registry: Registry = None,
    facility: Facilities = None,
    connections: Annotated[
        Path | None,
        typer.Option(
            "--connections",
            allow_dash=True,
            help="JSON file with connection options of facilities, for programs that keep "
            "secrets; `-` reads standard input.",
        ),
    ] = None,
    threshold: Threshold = None,
    again: Again = False,
    as_json: Json = False,
) -> None:
    """Receive new objects from every facility and decode them.

    A facility that fails does not stop the others: it is named on standard error, and the exit code
    is 1.
    """
    from transforms.lake.light_pyarrow import make_first_array
    from transforms.pipeline.all_facilities import facilities_to_ingest, ingest_facilities
    from transforms.pipeline.run import Run
    from transforms.receive.layout import export_notes

    settings = settings_of(
        lake=lake, exports=exports, quarantine_threshold=threshold, registry=registry
    )
    options = _connections(connections)
    screen = Screen(as_json=as_json)
    make_first_array()
    run = Run(settings)
    facility_ids = facility or facilities_to_ingest(run)
    with screen.progress("ingest", len(facility_ids)) as advance:
        ingested = ingest_facilities(
            run,
            facility_ids,
            lambda name, counts: advance(f"{name}: {_counts_text(counts)}"),
            again=again,
            connections=options,
        )
    notes = [] if facility else export_notes(settings, run.registry)
    for line in (*ingested.failed.values(), *notes):
        screen.complain(line)
    screen.say(f"all: {_counts_text(ingested.totals)}")
    held = [] if facility else ledger.show_held_of_lake(lake_of(lake), screen)
    screen.document({**_document(ingested, facility_ids), "notes": notes, "held": held})
    if not facility:
        check_balance_and_quarantine(settings, screen)
    if ingested.failed:
        raise typer.Exit(FAILURE)


def validate(
    lake: LakeFolder = None,
    facility: Facilities = None,
    threshold: Threshold = None,
    again: Again = False,
    data_docs: Annotated[
        bool, typer.Option("--data-docs", help="Write Great Expectations' HTML into the lake.")
    ] = False,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Accept or hold every decoded submission.

    Doubtful rows are kept, and recorded as findings. Reports with a study date after --as-of are
    held one by one; each later validation looks at them again.
    """
    settings = settings_of(lake=lake, quarantine_threshold=threshold, as_of=as_of)
    Screen.has_document = as_json  # printed by the command that this one runs
    flags = {"again": again, "data_docs": data_docs, "as_json": as_json}
    stop_on_failure(validate_command(settings, facility or (), **flags))
    if facility:
        return
    screen = Screen(as_json=as_json)
    ledger.show_held_of_lake(lake_of(lake), screen)
    check_balance_and_quarantine(settings, screen)


def stop_on_failure(exit_code: int) -> None:
    """End the command where a command that it has run failed."""
    if exit_code:
        raise typer.Exit(exit_code if exit_code in OUTCOMES else FAILURE)


def check_balance_and_quarantine(settings: Settings, screen: Screen) -> None:
    """Check the ledger of the lake first, then the share of quarantined objects."""
    from transforms.lake.lake import Lake
    from transforms.ledger.entries import check_balance, entries, quarantined_share

    found = entries(Lake(settings.lake))
    check_balance(found)
    ledger.check_quarantine(quarantined_share(found), settings.quarantine_threshold, screen)


def _facilities_today(settings: Settings) -> tuple[list[str], list[str]]:
    """Facilities to ingest, and notes about files that belong to none."""
    from transforms.pipeline.all_facilities import facilities_to_ingest
    from transforms.pipeline.run import Run
    from transforms.receive.layout import export_notes

    run = Run(settings)
    return facilities_to_ingest(run), export_notes(settings, run.registry)


def _document(ingested: IngestResult, facility_ids: list[str]) -> dict[str, Any]:
    """The JSON document of `ingest`; a failure that may pass by itself says try_again."""
    failed = [
        {"facility_id": name, "message": message, "try_again": name in ingested.try_again}
        for name, message in sorted(ingested.failed.items())
    ]
    counts = {"facilities": len(facility_ids) - len(failed), "totals": ingested.totals}
    return {"command": "ingest", **counts, "failed": failed}


def _connections(file: Path | None) -> Mapping[str, Mapping[str, Any]]:
    """Connection options by facility id; UsageError, without a value, where it is no such JSON."""
    if file is None:
        return {}
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    try:
        found = json.loads(text or "{}")
    except json.JSONDecodeError:
        found = None
    if not isinstance(found, dict) or not all(isinstance(one, dict) for one in found.values()):
        raise UsageError(
            "--connections needs a JSON object: for each facility id an object with its options."
        )
    return found


def _counts_text(counts: Counter[str] | dict[str, int]) -> str:
    names = ("received", "decoded", "quarantined", "duplicate")
    return ", ".join(f"{counts.get(name, 0)} {name}" for name in names)
