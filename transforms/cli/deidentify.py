"""`drlake deidentify`: the hospital's side of the identity gate."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from transforms.cli.options import Json

FAILURE = 1


def deidentify(
    source: Annotated[Path, typer.Argument(metavar="IN", help="Dose reports: a folder or file.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Folder for the copies.")],
    key_file: Annotated[
        Path, typer.Option("--key-file", help="The hospital's key: 64 hexadecimal digits.")
    ],
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Make the key file; for the first delivery only.")
    ] = False,
    phantom: Annotated[
        list[str] | None,
        typer.Option(
            "--phantom", help="Name or number of what is no patient, with wildcards; repeatable."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write registry-safe copies of dose reports (PS3.15 Annex E); doses are left unchanged.

    Equal UIDs are mapped equally in every delivery with the same key. Dates are moved within their
    quarter. Phantoms and tests are marked (Quality Control Subject). Everything else that is not
    needed is removed. What is no dose report is refused and never copied.
    """
    from transforms.cli.console import Screen
    from transforms.deidentify.copies import deidentify_folder, refusal_message
    from transforms.deidentify.keys import read_key
    from transforms.deidentify.patients import PHANTOM_PATTERNS

    screen = Screen(as_json=as_json)
    key = read_key(key_file, make=new_key)
    copied, refused = 0, []
    for one in deidentify_folder(source, target, key, (*PHANTOM_PATTERNS, *(phantom or ()))):
        if one.reason is None:
            copied += 1
            continue
        refused.append({"file": one.number, "reason_code": one.reason.code})
        screen.complain(refusal_message(one))
    screen.say(f"{copied} copied, {len(refused)} refused (numbers in the order of the names)")
    screen.document({"command": "deidentify", "copied": copied, "refused": refused})
    if not copied:
        raise typer.Exit(FAILURE)


def register(app: typer.Typer) -> None:
    """Add the command to `drlake`."""
    example = "Example: drlake deidentify /pacs/dose-reports /outbox --key-file /secure/drlake.key"
    app.command(epilog=example)(deidentify)
