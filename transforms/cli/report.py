"""`drlake report`: every report of the built warehouse, or those for one reader."""

from __future__ import annotations

from typing import Annotated

import typer

from transforms.cli.console import Screen
from transforms.cli.options import Json, LakeFolder, settings_of
from transforms.errors import UsageError
from transforms.reference.methods import FIRST_LINE


def register(app: typer.Typer) -> None:
    """Add the command to the console command."""
    app.command(epilog="Example: drlake report --lake data/lake --language de")(report)


def report(
    lake: LakeFolder = None,
    method: Annotated[
        str, typer.Option("--method", help="Method whose results are reported.")
    ] = FIRST_LINE,
    period: Annotated[
        int | None,
        typer.Option("--period", help="Calendar year. Default: the newest with a level."),
    ] = None,
    language: Annotated[
        list[str] | None,
        typer.Option("--language", help="en or de; repeatable. Default: all."),
    ] = None,
    facility: Annotated[
        list[str] | None,
        typer.Option(
            "--facility", help="Write only this facility's feedback, as HTML and PDF; repeatable."
        ),
    ] = None,
    pdf: Annotated[
        bool, typer.Option("--pdf", help="Write the feedback to every facility as PDF too.")
    ] = False,
    manufacturer: Annotated[
        str | None,
        typer.Option(
            "--manufacturer",
            help="Write this manufacturer's own restricted commitment report and nothing else.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write the reports, the public database and the feedback.

    Reports are HTML, PDF and CSV; each facility gets its own feedback.
    """
    from transforms.report.commitment.manufacturer import write_manufacturer_report
    from transforms.report.feedback.write import write_feedback
    from transforms.report.write import write_report

    screen = Screen(as_json=as_json)
    settings = settings_of(lake=lake)
    languages = language or ()
    if manufacturer is not None:
        if facility:
            raise UsageError("Give --manufacturer or --facility, not both.")
        paths = write_manufacturer_report(settings, manufacturer, period, languages)
    else:
        paths = [] if facility else write_report(settings, method, period, languages)
        paths += write_feedback(
            settings, method, period, languages, facility or (), has_pdf=pdf or bool(facility)
        )
    for path in paths:
        screen.say(path)
    screen.document({"command": "report", "paths": paths})
