"""`drlake sql`: one query on the public database, or on the warehouse of a lake."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from transforms.cli.options import LakeFolder, lake_of
from transforms.errors import UsageError


def register(app: typer.Typer) -> None:
    """Add the command to the console command."""
    app.command(epilog='Example: drlake sql "from reference_levels"')(sql)


def sql(
    question: Annotated[str, typer.Argument(help="One SQL statement; - reads standard input.")],
    database: Annotated[
        Path | None,
        typer.Option("--database", help="A release's public.duckdb. Default: report/ of the lake."),
    ] = None,
    form: Annotated[
        str, typer.Option("--format", help="Output format: table, csv or json.")
    ] = "table",
    seconds: Annotated[float, typer.Option("--seconds", min=0.1, help="Time limit, s.")] = 60.0,
    restricted: Annotated[
        bool,
        typer.Option("--restricted", help="Query the lake's warehouse, which names facilities."),
    ] = False,
    lake: LakeFolder = None,
) -> None:
    """Run one read-only query on the public database.

    The query has no access to other files or the network.
    """
    from transforms.query.ask import run_query
    from transforms.query.shown import FORMATS, format_result

    if form not in FORMATS:
        raise UsageError(f"{form} is not an output format. Choose {', '.join(FORMATS)}.")
    text = sys.stdin.read() if question == "-" else question
    with run_query(_database(database, restricted, lake), text, seconds) as answer:
        for piece in format_result(answer, form, on_terminal=sys.stdout.isatty()):
            sys.stdout.buffer.write(piece.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


def _database(database: Path | None, restricted: bool, lake: str | None) -> Path:
    if database and restricted:
        raise UsageError("Give --database or --restricted, not both.")
    if database:
        return database
    store = lake_of(lake)
    parts = ("warehouse", "drl.duckdb") if restricted else ("report", "public.duckdb")
    return store.local_copy(*parts) or Path(store.path(*parts))
