"""Commands for summaries of local dose audits, the second way to deliver data."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from transforms.cli.console import Screen
from transforms.cli.options import (
    AsOf,
    Json,
    LakeFolder,
    OneFacility,
    RegistryOfForms,
    lake_of,
    settings_of,
)

summaries = typer.Typer(
    no_args_is_help=True, help="Summaries of local dose audits, without patient data."
)


def register(app: typer.Typer) -> None:
    """Add these commands to the console command."""
    app.add_typer(summaries, name="summaries")


@summaries.command(epilog="Example: drlake summaries template form.xlsx --facility F001")
def template(
    out: Annotated[Path, typer.Argument(help="The form to write, .csv or .xlsx.")],
    facility: Annotated[
        str | None, typer.Option("--facility", help="Facility id to fill in on every line.")
    ] = None,
) -> None:
    """Write the empty form for a hospital to fill in.

    One line per procedure and DRL quantity; the numbers are left empty.
    """
    from transforms.forms.summaries.template import write_template

    Screen().say(f"{write_template(out, facility)} lines in {out}")


@summaries.command(epilog="Example: drlake summaries load form.xlsx --registry facilities.csv")
def load(
    file: Annotated[Path, typer.Argument(help="A filled form, .csv or .xlsx.")],
    lake: LakeFolder = None,
    registry: RegistryOfForms = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Load a filled form, all of it or nothing.

    A later form replaces the earlier one of the same facility and year. Years after --as-of are
    refused, and facilities that are not in the registry. Without --registry that of the lake is
    used, if there is one.
    """
    from transforms.forms.summaries.load import load_summaries
    from transforms.receive.registry import configured_registry

    settings = settings_of(lake=lake, registry=registry, as_of=as_of)
    registered = configured_registry(settings)
    loaded = load_summaries(
        lake_of(lake), file, registered, as_of=settings.last_day, settings=settings
    )
    screen = Screen(as_json=as_json)
    for one in loaded:
        state = f"form {one.sequence_number}" if one.is_new else "nothing new"
        screen.say(f"{one.facility_id} {one.period}: {one.rows} rows, {state}")
    screen.document({"command": "summaries load", "loaded": [asdict(one) for one in loaded]})


@summaries.command(epilog="Example: drlake summaries export summary.csv --lake data/lake")
def export(
    out: Annotated[Path, typer.Argument(help="The form to write, .csv.")],
    lake: LakeFolder = None,
    facility: OneFacility = None,
    period: Annotated[int | None, typer.Option("--period", help="This year only.")] = None,
) -> None:
    """Write a hospital's own form from its warehouse.

    The hospital can send it instead of its dose reports.
    """
    from transforms.forms.summaries.export import write_export

    Screen().say(f"{write_export(lake_of(lake), out, facility, period)} rows in {out}")
