"""Commands with which another person checks the names that were decided."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from transforms.cli.console import Screen
from transforms.cli.mapping import mapping, no_warehouse_error, write_file
from transforms.cli.options import Json, LakeFolder, lake_of


def register() -> None:
    """Add these commands to `drlake mapping`."""
    example = "Example: drlake mapping check-sheet check.xlsx --draws 300"
    mapping.command("check-sheet", epilog=example)(check_sheet)
    example = "Example: drlake mapping review check.xlsx --reviewer 'B. Physicist'"
    mapping.command("review", epilog=example)(review)


def check_sheet(
    out: Annotated[Path, typer.Argument(help="File to write, .csv or .xlsx.")],
    draws: Annotated[int, typer.Option("--draws", min=1, help="Size of the sample.")] = 200,
    seed: Annotated[int, typer.Option("--seed", help="Equal seeds draw equal samples.")] = 1,
    lake: LakeFolder = None,
    as_json: Json = False,
) -> None:
    """Write a sample of decided names, for another person to check.

    Names are drawn in proportion to their examinations. Fill in right with yes or no, and
    right_procedure_id where the answer is no. The file contains text of hospitals: restricted.
    """
    from transforms.mapping.check_sheet import check_sheet as sheet_of_names
    from transforms.mapping.rules import load_procedures
    from transforms.sheets.write import sheet_bytes
    from transforms.warehouse.reading import open_warehouse

    with open_warehouse(lake_of(lake)) as built:
        if built is None:
            raise no_warehouse_error()
        sheet = sheet_of_names(built, load_procedures(), draws, seed)
    write_file(out, sheet_bytes(out, sheet.pages))
    screen = Screen(as_json=as_json)
    screen.say(f"{sheet.n_names} of {sheet.n_decided} decided names in {out}. Fill in right.")
    told = {"names": sheet.n_names, "decided": sheet.n_decided, "path": str(out)}
    screen.document({"command": "mapping check-sheet", **told})


def review(
    file: Annotated[Path, typer.Argument(help="The filled check sheet, .csv or .xlsx.")],
    reviewer: Annotated[
        str, typer.Option("--reviewer", help="Name of the person who checked the sheet.")
    ],
    day: Annotated[
        datetime | None,
        typer.Option("--on", formats=["%Y-%m-%d"], help="Day of the review. Default: today."),
    ] = None,
    lake: LakeFolder = None,
    as_json: Json = False,
) -> None:
    """Keep a filled check sheet as a statement, and show the measured error rate.

    The reviewer must be another person than the author of the decisions. Nothing is written where
    a row has a problem. The restricted report states the error rate of the newest statement.
    """
    from transforms.mapping.authors import authors_of
    from transforms.mapping.reviews import load_review
    from transforms.mapping.rules import load_procedures
    from transforms.settings import today
    from transforms.warehouse.reading import open_warehouse

    opened = lake_of(lake)
    with open_warehouse(opened) as built:
        if built is None:
            raise no_warehouse_error()
        authors = authors_of(built)
    on = day.date() if day else today()
    made = load_review(opened, file, reviewer, on, load_procedures(), authors)
    screen = Screen(as_json=as_json)
    screen.say(
        f"Statement {made.statement_id}: {made.n_wrong_names} of {made.n_names} names wrong."
    )
    told: dict[str, Any] = {"statement": made.statement_id, "names": made.n_names}
    told |= {"wrong_names": made.n_wrong_names, "error_rate": None}
    if made.rate:
        lower, upper = made.rate.limits
        screen.say(
            f"Examinations with a wrong procedure: {made.rate.share:.1%} "
            f"(95 % limits {lower:.1%} to {upper:.1%}, {made.rate.n_draws} draws)."
        )
        told |= {"error_rate": made.rate.share, "lower": lower, "upper": upper}
    screen.document({"command": "mapping review", **told})
