"""Commands with which the authority states what applies to a device."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from transforms.cli.console import Screen
from transforms.cli.options import Json, LakeFolder, lake_of

Day = datetime | None
From = Annotated[
    Day, typer.Option("--from", formats=["%Y-%m-%d"], help="First study day. Default: no limit.")
]
To = Annotated[
    Day, typer.Option("--to", formats=["%Y-%m-%d"], help="Last study day. Default: no limit.")
]
Why = Annotated[str | None, typer.Option("--reason", help="The reason, without naming a person.")]

device = typer.Typer(
    no_args_is_help=True, help="State where a shared device counts, or whether a device is used."
)


def register(app: typer.Typer) -> None:
    """Add these commands to the console command."""
    app.add_typer(device, name="device")


@device.command(
    "counts-at",
    epilog="Example: drlake device counts-at 0123456789abcdef0123456789abcdef F001 "
    "--from 2025-01-01 --to 2025-12-31 --reason 'moved to F001'",
)
def counts_at(
    device_key: Annotated[str, typer.Argument(help="Key of the device in the restricted report.")],
    facility_id: Annotated[str, typer.Argument(help="Facility at which it counts.")],
    first_day: From = None,
    last_day: To = None,
    reason: Why = None,
    lake: LakeFolder = None,
) -> None:
    """State for a period at which facility a device counts.

    It decides about examinations that several facilities have sent, from the next build on.
    """
    from transforms.ledger.device_statements import count_device_at

    days = (first_day and first_day.date(), last_day and last_day.date())
    _say_id(count_device_at(lake_of(lake), device_key, facility_id, days, reason))


@device.command(
    epilog="Example: drlake device state not_used 0123456789abcdef0123456789abcdef F001 "
    "--from 2025-03-01 --to 2025-03-31 --reason 'detector was broken'",
)
def state(
    statement: Annotated[
        str, typer.Argument(help="keep_in_levels, leave_out_of_levels or not_used.")
    ],
    device_key: Annotated[str, typer.Argument(help="Key of the device in the restricted report.")],
    facility_id: Annotated[str, typer.Argument(help="Facility of the device.")],
    reason: Annotated[str, typer.Option("--reason", help="The reason, without naming a person.")],
    quantity: Annotated[
        str | None,
        typer.Option("--quantity", help="DRL quantity, such as dlp. Default: all."),
    ] = None,
    first_day: From = None,
    last_day: To = None,
    lake: LakeFolder = None,
) -> None:
    """State for a period whether the values of a device are used.

    keep_in_levels: they are right although their unit looks shifted. leave_out_of_levels: they do
    not enter the national levels; the statistics of the facility stay. not_used: its examinations
    enter no statistic. It applies from the next build on.
    """
    from transforms.ledger.device_statements import state_values

    days = (first_day and first_day.date(), last_day and last_day.date())
    _say_id(state_values(lake_of(lake), statement, device_key, facility_id, reason, days, quantity))


@device.command(epilog="Example: drlake device withdraw 0123456789abcdef")
def withdraw(
    statement: Annotated[
        str, typer.Argument(help="Id of the statement, see `drlake device statements`.")
    ],
    reason: Why = None,
    lake: LakeFolder = None,
) -> None:
    """Withdraw a statement about a device, from the next build."""
    from transforms.ledger.device_statements import withdraw_device_statement

    _say_id(withdraw_device_statement(lake_of(lake), statement, reason))


@device.command(epilog="Example: drlake device statements --json")
def statements(lake: LakeFolder = None, as_json: Json = False) -> None:
    """List the statements about devices, also those withdrawn."""
    from transforms.ledger.device_statements import device_statement_line, device_statements

    screen = Screen(as_json=as_json)
    found = device_statements(lake_of(lake))
    for row in found:
        screen.say(device_statement_line(row))
    if not found:
        screen.say("No statement about a device has been made.")
    days = ("first_day", "last_day")
    listed = [{**row, **{day: row[day] and str(row[day]) for day in days}} for row in found]
    screen.document({"command": "device statements", "statements": listed})


def _say_id(statement_id: str) -> None:
    Screen().say(f"Statement {statement_id}: in force from the next `drlake build`.")
