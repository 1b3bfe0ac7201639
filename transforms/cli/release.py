"""Commands for releases: make, verify and export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from transforms.cli.console import Screen
from transforms.cli.options import Json, LakeFolder, Rules, settings_of

DIFFERS = 1


def register(app: typer.Typer) -> None:
    """Add these commands to the console command."""
    app.command(epilog="Example: drlake release 2026 --date 2026-11-30")(release)
    app.command(epilog="Example: drlake verify data/lake/releases/2026-r1")(verify)
    app.command(epilog="Example: drlake export public-tables")(export)


def release(
    year: Annotated[int, typer.Argument(help="Year in the name of the release: 2026-r1, ...")],
    lake: LakeFolder = None,
    rules: Rules = None,
    profile: Annotated[
        str, typer.Option("--profile", help="Disclosure profile, see disclosure_profiles.csv.")
    ] = "strict",
    method: Annotated[
        list[str] | None,
        typer.Option("--method", help="Use this method only; repeatable. Default: all."),
    ] = None,
    note: Annotated[str, typer.Option("--note", help="Note to print in the public files.")] = "",
    date: Annotated[
        str, typer.Option("--date", help="Date to print in the public files. Default: none.")
    ] = "",
    as_json: Json = False,
) -> None:
    """Freeze the accepted data and publish a release.

    The exit code is 5 where disclosure control blocks it.
    """
    from transforms.release.remote import release_of_lake

    settings = settings_of(lake=lake, rules=rules)
    screen = Screen(as_json=as_json)
    place = release_of_lake(
        settings,
        year,
        profile=profile,
        methods=method or (),
        note=note,
        date=date,
        echo=screen.say,
    )
    name = place.rpartition("/")[2]
    screen.say(f"Release {name}: {place}")
    screen.document({"command": "release", "release": name, "path": place})


def verify(
    directory: Annotated[
        str, typer.Argument(help="Folder or URL of a release: LAKE/releases/2026-r1.")
    ],
    as_json: Json = False,
) -> None:
    """Compute a release again from its frozen set and compare.

    The exit code is 1 where they differ.
    """
    from transforms.release.remote import release_folder
    from transforms.release.verify import verify as verified

    settings = settings_of()
    screen = Screen(as_json=as_json)
    with release_folder(directory) as folder:
        found = verified(folder, settings.threads, screen.say)
    for line in found.notes:
        screen.say(f"note: {line}")
    for line in found.differences:
        screen.complain(line)
    screen.document(
        {
            "command": "verify",
            "release": found.release_id,
            "differences": list(found.differences),
            "notes": list(found.notes),
        }
    )
    if found.differences:
        raise typer.Exit(DIFFERS)
    screen.say(
        f"Release {found.release_id}: all files equal those computed again from the frozen set."
    )


def export(
    directory: Annotated[Path, typer.Argument(help="New or empty folder to write to.")],
    lake: LakeFolder = None,
    as_json: Json = False,
) -> None:
    """Write the public tables of the lake without a release.

    In every format of a release: Parquet, DuckDB, CSV, JSON and XLSX.
    """
    from transforms.public.exports import export as exported

    screen = Screen(as_json=as_json)
    paths = exported(settings_of(lake=lake), directory)
    screen.say(f"{len(paths)} files in {directory}")
    screen.document({"command": "export", "paths": paths})
