"""`drlake deidentify`: registry-safe copies of dose reports, made at the hospital."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from transforms.cli.options import Json

FAILURE = 1


def deidentify(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="Folder of dose reports, or one file.")
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Folder for the copies.")],
    key_file: Annotated[
        Path,
        typer.Option("--key-file", help="File with the hospital's key (64 hexadecimal digits)."),
    ],
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Create the key file; for the first delivery only.")
    ] = False,
    phantom: Annotated[
        list[str] | None,
        typer.Option(
            "--phantom", help="Patient name or ID of a phantom or test, with wildcards; repeatable."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write registry-safe copies of dose reports (PS3.15 Annex E).

    Doses are left unchanged. Equal UIDs are replaced by equal UIDs in every delivery made with the
    same key. Dates are moved within their quarter. Phantoms and tests are marked (Quality Control
    Subject). Everything else that is not needed is removed. Objects that are not dose reports are
    refused and never copied.
    """
    from transforms.cli.console import Screen
    from transforms.deidentify.copies import age_message, deidentify_folder, refusal_message
    from transforms.deidentify.keys import read_key
    from transforms.deidentify.patients import PHANTOM_PATTERNS

    screen = Screen(as_json=as_json)
    key = read_key(key_file, make=new_key)
    copied, refused, without_age = 0, [], []
    for one in deidentify_folder(source, target, key, (*PHANTOM_PATTERNS, *(phantom or ()))):
        if one.reason is None:
            copied += 1
            if one.is_without_age:
                without_age.append(one.number)
                screen.complain(age_message(one))
            continue
        refused.append({"file": one.number, "reason_code": one.reason.code})
        screen.complain(refusal_message(one))
    screen.say(f"{copied} copied, {len(refused)} refused (numbered in the order of the file names)")
    document = {"copied": copied, "refused": refused, "without_age": without_age}
    screen.document({"command": "deidentify", **document})
    if not copied:
        raise typer.Exit(FAILURE)


def register(app: typer.Typer) -> None:
    """Add the command to `drlake`."""
    example = "Example: drlake deidentify /pacs/dose-reports /outbox --key-file /secure/drlake.key"
    app.command(epilog=example)(deidentify)
