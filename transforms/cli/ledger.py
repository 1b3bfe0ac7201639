"""Commands about the outcome of objects: ledger, explain, receipts, quarantine, statements."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transforms.cli.console import Screen
from transforms.cli.options import Json, LakeFolder, OneFacility, Threshold, lake_of, settings_of
from transforms.errors import LedgerError, UsageError

if TYPE_CHECKING:
    from transforms.lake.lake import Lake
    from transforms.ledger.balance import Balance
    from transforms.ledger.held import HeldObjects

QUARANTINE = 3
"""Exit code where more is quarantined than allowed."""

FacilityId = Annotated[str, typer.Argument(help="Facility id.")]
Sha256 = Annotated[str, typer.Argument(help="SHA-256 of an object that the facility sent.")]
Why = Annotated[str | None, typer.Option("--reason", help="The reason, without naming a person.")]

ledger = typer.Typer(no_args_is_help=True, help="Account for every object that arrived.")
quarantine = typer.Typer(
    no_args_is_help=True, help="List quarantined objects, or decode them again."
)


def register(app: typer.Typer) -> None:
    """Add these commands to the console command."""
    app.add_typer(ledger, name="ledger")
    app.add_typer(quarantine, name="quarantine")
    app.command(epilog="Example: drlake explain data/exports/F001/000001.dcm")(explain)
    app.command(epilog="Example: drlake receipts F001 --names names.txt")(receipts)
    app.command(epilog="Example: drlake retract F001 SHA256 --reason 'phantom'")(retract)
    app.command(epilog="Example: drlake supersede F001 WRONG RIGHT")(supersede)
    app.command(epilog="Example: drlake confirm F001 SHA256 other")(confirm)
    app.command(epilog="Example: drlake withdraw F001 0123456789abcdef --reason 'wrong file'")(
        withdraw
    )


@ledger.command(epilog="Example: drlake ledger balance --json")
def balance(lake: LakeFolder = None, threshold: Threshold = None, as_json: Json = False) -> None:
    """Check that objects received = excluded (with reason) + used.

    The same is checked for reports, events and DLP. The exit code is 4 where the sides differ.
    """
    from transforms.ledger.balance import balance as ledger_balance

    screen = Screen(as_json=as_json)
    found = ledger_balance(lake_of(lake))
    _show_balance(found, screen)
    show_held(found.held, screen)
    share = {"quarantined_share": found.quarantined_share}
    screen.document({"command": "ledger balance", **found.document(), **share})
    wrong = found.problem_lines()
    if wrong:
        raise LedgerError(
            f"The ledger does not balance: {'; '.join(wrong[:10])}"
            f"{f' and {len(wrong) - 10} more' if len(wrong) > 10 else ''}. Run `drlake ingest "
            "--again`, `drlake validate --again` and `drlake build`; if it still differs, the lake "
            "was changed by hand."
        )
    allowed = settings_of(lake=lake, quarantine_threshold=threshold).quarantine_threshold
    check_quarantine(found.quarantined_share, allowed, screen)


def show_held(found: Iterable[HeldObjects], screen: Screen) -> list[dict[str, Any]]:
    """Show held objects with facility, reason and next step; returns them for a JSON document."""
    rows = [asdict(one) for one in found]
    if rows:
        header = ("facility", "reason", "check", "objects", "next step")
        screen.table("Held", header, [tuple(row.values()) for row in rows])
    return rows


def show_held_of_lake(lake: Lake, screen: Screen) -> list[dict[str, Any]]:
    """Show what is held in a lake now; returns it for a JSON document."""
    from transforms.ledger.entries import entries
    from transforms.ledger.held import held_objects

    return show_held(held_objects(lake, entries(lake)), screen)


def check_quarantine(share: float, allowed: float | None, screen: Screen) -> None:
    """End with exit code 3 where a larger share of the objects is quarantined than allowed."""
    if allowed is not None and share > allowed:
        screen.fail(f"{share:.1%} of the objects are quarantined, more than {allowed:.1%}.")
        raise typer.Exit(QUARANTINE)


def _show_balance(found: Balance, screen: Screen) -> None:
    header = (*("received", "accepted", "held", "quarantined", "duplicate", "pending", "missing"),)
    files = [(one.facility_id, *(getattr(one, name) for name in header)) for one in found.files]
    screen.table("Files", ("facility", *header), files)
    if found.days is None:
        screen.say("No warehouse has been built: reports, events and DLP are not checked.")
        return
    sums = [(s.facility_id, s.counted, s.arrived, s.lost, s.used) for s in found.sums()]
    sides = ("facility", "counted", "arrived", "lost", "used")
    screen.table("As of the last build", sides, sums)
    losses = [tuple(row.values()) for row in found.losses]
    screen.table("Excluded, by reason", ("facility", "counted", "reason", "amount"), losses)


@ledger.command(epilog="Example: drlake ledger statements --facility F001")
def statements(
    lake: LakeFolder = None, facility: OneFacility = None, as_json: Json = False
) -> None:
    """List the statements of facilities about their objects.

    Each is shown with its id; withdrawn statements are listed too.
    """
    from transforms.ledger.statements import statement_line, statements_with_withdrawals

    screen = Screen(as_json=as_json)
    found = statements_with_withdrawals(lake_of(lake), facility)
    for row in found:
        screen.say(statement_line(row))
    if not found:
        screen.say("No statement has been made.")
    screen.document({"command": "ledger statements", "statements": found})


@quarantine.command("list", epilog="Example: drlake quarantine list --facility F001")
def quarantine_list(
    lake: LakeFolder = None, facility: OneFacility = None, as_json: Json = False
) -> None:
    """List objects in quarantine, by facility and reason."""
    from transforms.pipeline.retry_quarantined import quarantine_counts

    screen = Screen(as_json=as_json)
    found = [asdict(one) for one in quarantine_counts(lake_of(lake), facility)]
    header = ("facility", "reason", "objects", "kept")
    screen.table("Quarantine", header, [tuple(one.values()) for one in found])
    screen.document({"command": "quarantine list", "quarantined": found})


@quarantine.command("retry", epilog="Example: drlake quarantine retry --reason code_unknown")
def quarantine_retry(
    reason: Annotated[
        str, typer.Option("--reason", help="Reason code, see `drlake quarantine list`.")
    ],
    lake: LakeFolder = None,
    facility: OneFacility = None,
    as_json: Json = False,
) -> None:
    """Decode again the objects quarantined for one reason.

    The result is a new outcome, which `drlake validate` then judges.
    """
    from transforms.pipeline.retry_quarantined import retry

    screen = Screen(as_json=as_json)
    done = retry(settings_of(lake=lake), reason, facility)
    for name, counts in done.items():
        screen.say(f"{name}: {counts['decoded']} decoded, {counts['quarantined']} quarantined")
    screen.document({"command": "quarantine retry", "submissions": done})


def explain(
    what: Annotated[str, typer.Argument(help="A file, or the SHA-256 of an object.")],
    lake: LakeFolder = None,
) -> None:
    """Show what became of a file, from arrival to statistic."""
    from transforms.ledger.explain import explain as explained

    sys.stdout.write(explained(lake_of(lake), what) + "\n")


def receipts(
    facility_id: FacilityId,
    lake: LakeFolder = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="Folder to write to [default: LAKE/receipts].")
    ] = None,
    names: Annotated[
        Path | None,
        typer.Option(
            "--names", help="List of the file names in the hospital's folder, one per line."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Write a hospital's receipt: every object and its outcome.

    It is written as CSV and JSON, and says what to fix for each object.
    """
    from transforms.lake.pseudonyms import load_pseudonyms
    from transforms.ledger.receipts import receipt, write_receipt

    store = lake_of(lake)
    given = _read_lines(names) if names else []
    pseudonyms = load_pseudonyms(settings_of(lake=lake), store) if given else None
    lines = receipt(store, facility_id, pseudonyms, given)
    screen = Screen(as_json=as_json)
    paths = write_receipt(store, facility_id, lines, out)
    for path in paths:
        screen.say(path)
    screen.document({"command": "receipts", "objects": len(lines), "paths": paths})


def retract(
    facility_id: FacilityId, sha256: Sha256, reason: Why = None, lake: LakeFolder = None
) -> None:
    """State for a facility that an object is not to be used.

    The statement is in force from the next build.
    """
    from transforms.ledger.statements import retract as state

    _say_statement_id(state(lake_of(lake), facility_id, sha256, reason))


def supersede(
    facility_id: FacilityId,
    old: Annotated[str, typer.Argument(help="SHA-256 of the object that is wrong.")],
    new: Annotated[str, typer.Argument(help="SHA-256 of the object that is right.")],
    reason: Why = None,
    lake: LakeFolder = None,
) -> None:
    """State for a facility that one object replaces another.

    The statement is in force from the next build.
    """
    from transforms.ledger.statements import supersede as state

    _say_statement_id(state(lake_of(lake), facility_id, old, new, reason))


def confirm(
    facility_id: FacilityId,
    sha256: Sha256,
    which: Annotated[
        str, typer.Argument(help="same: the same examination, sent again; other: another one.")
    ],
    lake: LakeFolder = None,
) -> None:
    """State for a facility whether an examination was sent before.

    For an examination that equals one sent under other UIDs.
    """
    from transforms.ledger.statements import confirm as state

    _say_statement_id(state(lake_of(lake), facility_id, sha256, which))


def withdraw(
    facility_id: FacilityId,
    statement: Annotated[
        str, typer.Argument(help="Id of the statement, see `drlake ledger statements`.")
    ],
    reason: Why = None,
    lake: LakeFolder = None,
) -> None:
    """Withdraw a statement of a facility, from the next build.

    Statement and withdrawal stay in the ledger.
    """
    from transforms.ledger.statements import withdraw as state

    _say_statement_id(state(lake_of(lake), facility_id, statement, reason))


def _say_statement_id(statement_id: str) -> None:
    Screen().say(f"Statement {statement_id}: in force from the next `drlake build`.")


def _read_lines(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}). Name a text file.") from None
