"""`drlake compact` and `drlake upgrade`: keep a lake small, and readable by this version."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from transforms.cli.collect import stop_on_failure
from transforms.cli.console import Screen
from transforms.cli.options import (
    AsOf,
    Json,
    LakeFolder,
    Registry,
    lake_of,
    settings_of,
    settings_of_any_format,
)
from transforms.cli.subprocesses import validate_command

ClosedBefore = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        metavar="DAY",
        help="Years before that of this day are closed. Default: today. [env: DRLAKE_AS_OF]",
    ),
]


def register(app: typer.Typer) -> None:
    """Add these commands to the console command."""
    app.command(epilog="Example: drlake compact --lake data/lake")(compact)
    app.command(epilog="Example: drlake upgrade --lake data/lake --registry facilities.csv")(
        upgrade
    )


def upgrade(
    lake: LakeFolder = None, registry: Registry = None, as_of: AsOf = None, as_json: Json = False
) -> None:
    """Bring a lake of an earlier version of drlake to the format of this one.

    Keep a copy of the lake. If the command is interrupted, run it again. Received objects are put
    into one file per submission. They are decoded and validated again where tables have other
    columns now.
    """
    from transforms.pipeline.upgrade import upgrade as upgrade_lake

    settings = settings_of_any_format(lake=lake, registry=registry, as_of=as_of)
    screen = Screen(as_json=as_json)
    done = upgrade_lake(
        settings,
        lambda: stop_on_failure(validate_command(settings, again=True, silent=as_json)),
    )
    packed = done.packed
    screen.say(
        f"{done.n_moved} files moved, {packed.n_packed} objects put into packs, {done.n_decoded} "
        "facilities decoded again. Run `drlake build` now."
    )
    if packed.n_lost or packed.n_left:
        screen.complain(
            f"{packed.n_lost} received objects are missing in the lake, and {packed.n_left} files "
            "in received/ are damaged or belong to no submission; they were left there. Objects "
            "that are missing or damaged cannot be decoded again: restore their files from a copy "
            "of the lake before you upgrade that copy."
        )
    document = {
        "moved": done.n_moved,
        "packed_objects": packed.n_packed,
        "lost_objects": packed.n_lost,
        "left_files": packed.n_left,
        "decoded_facilities": done.n_decoded,
    }
    screen.document({"command": "upgrade", **document})


def compact(
    facility: Annotated[
        list[str] | None,
        typer.Argument(
            help="Facilities; without any, all, and unused statistics are removed.",
            metavar="FACILITY",
        ),
    ] = None,
    lake: LakeFolder = None,
    as_of: ClosedBefore = None,
    statistics_only: Annotated[
        bool, typer.Option("--statistics-only", help="Remove unused statistics only.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Put the submissions of closed years into one file per table.

    The files of each submission are removed when the new ones have been read back and compared.
    No row is lost, and no result changes. Statistics that no build uses any more are removed too.
    If the command is interrupted, run it again.
    """
    from transforms.lake.compaction import Done, compact_lake
    from transforms.statistics.compact import Removed, remove_unused_statistics

    settings = settings_of(lake=lake, as_of=as_of)
    screen, of_lake = Screen(as_json=as_json), lake_of(lake)
    done, removed = Done(), Removed(0, 0)
    if not statistics_only:
        done = compact_lake(of_lake, settings.last_day, facility or ())
        screen.say(
            f"{done.submissions} submissions compacted: {done.files_written} files written, "
            f"{done.files_removed} removed"
        )
    for sentence in done.left.values():
        screen.complain(sentence)
    if not facility:
        removed = remove_unused_statistics(of_lake)
        screen.say(f"{removed.n_files} files of unused statistics removed, {removed.n_bytes} bytes")
    counts = {"files": removed.n_files, "bytes": removed.n_bytes}
    screen.document({"command": "compact", **counts, **asdict(done)})
