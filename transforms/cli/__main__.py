"""The console command `drlake`.

Exit codes: 0 ok, 1 failure, 2 usage, 3 more was quarantined than the threshold allows,
4 the ledger does not balance, 5 disclosure control blocks.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from transforms.cli import (
    collect,
    declared,
    deidentify,
    device,
    ledger,
    mapping,
    name_checks,
    release,
    report,
    sql,
    summaries,
    upkeep,
)
from transforms.cli.collect import check_balance_and_quarantine, stop_on_failure
from transforms.cli.console import Screen
from transforms.cli.options import (
    Exports,
    Json,
    LakeFolder,
    Registry,
    Rules,
    Threshold,
    lake_of,
    settings_of,
)
from transforms.cli.subprocesses import dags_command
from transforms.errors import (
    DisclosureError,
    DrlakeError,
    FacilityUnavailable,
    LedgerError,
    UsageError,
    cure_of,
)
from transforms.settings import SAMPLE_FACILITIES

OURS = ("transforms", "expectations", "dags")
FAILURE, USAGE, LEDGER, DISCLOSURE = 1, 2, 4, 5

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    help="National diagnostic reference levels from anonymised radiation dose reports.",
    epilog="Exit codes: 0 ok · 1 failure · 2 usage · 3 more quarantined than the threshold · "
    "4 the ledger does not balance · 5 disclosure control blocks.",
)

Methods = Annotated[
    list[str] | None,
    typer.Option("--method", help="Build this method only; may be given again. Default: all."),
]
ReviewedOnly = Annotated[
    bool,
    typer.Option("--reviewed-only", help="Leave undecided what a row without a reviewer decides."),
]


@app.command(epilog="Example: drlake sample data/exports --facilities 36 --seed 1")
def sample(
    directory: Annotated[Path, typer.Argument(help="Folder to write the exports into.")],
    facilities: Annotated[
        int, typer.Option(min=1, max=999, help="Number of facilities.")
    ] = SAMPLE_FACILITIES,
    seed: Annotated[
        int, typer.Option(min=0, help="Random seed: equal seeds give equal files.")
    ] = 1,
    examinations: Annotated[
        int,
        typer.Option(min=1, help="Mean examinations per facility, procedure and patient group."),
    ] = 14,
    as_json: Json = False,
) -> None:
    """Write synthetic exports, a registry and forms for testing.

    The expected results are in truth.json beside them.
    """
    from transforms.sample import write_nation

    screen = Screen(as_json=as_json)
    with screen.progress("sample", facilities) as advance:
        truth = write_nation(
            directory,
            facilities=facilities,
            seed=seed,
            examinations=examinations,
            progress=lambda done, total: advance(f"facility {done} of {total}"),
        )
    screen.say(f"{truth['objects_received']} objects of {facilities} facilities in {directory}")
    screen.document({"command": "sample", "objects": truth["objects_received"]})


@app.command(epilog="Example: drlake statistics F001 F002 --lake data/lake")
def statistics(
    facility: Annotated[
        list[str] | None, typer.Argument(help="Facilities; without any, all.", metavar="FACILITY")
    ] = None,
    lake: LakeFolder = None,
    rules: Rules = None,
    method: Methods = None,
    reviewed_only: ReviewedOnly = False,
    as_json: Json = False,
) -> None:
    """Compute the statistics of facilities, each from its own rows.

    Statistics that the lake has already are not computed again. `drlake build` computes what is
    missing itself, so run this only to spread the work over several machines.
    """
    from transforms.dbt_build.warehouse import facility_statistics

    settings = settings_of(lake=lake, rules=rules, reviewed_only=reviewed_only)
    screen = Screen(as_json=as_json)
    made = facility_statistics(settings, facility or (), method or ())
    screen.say(f"{made.n_computed} of {len(made.digests)} facilities computed")
    document = {"computed": made.n_computed, "facilities": dict(made.digests)}
    screen.document({"command": "statistics", **document})


@app.command(epilog="Example: drlake build --lake data/lake")
def build(
    lake: LakeFolder = None,
    rules: Rules = None,
    method: Methods = None,
    whole: Annotated[
        bool,
        typer.Option("--whole", help="Let dbt compute everything again, in one go (slower)."),
    ] = False,
    disclosure_profile: Annotated[
        str,
        typer.Option(
            "--disclosure-profile", help="Disclosure profile, see disclosure_profiles.csv."
        ),
    ] = "strict",
    reviewed_only: ReviewedOnly = False,
    as_json: Json = False,
) -> None:
    """Build the warehouse from the accepted reports.

    Computes the statistics of facilities that have sent something new, then the nation. The new
    warehouse replaces the last one when its tests pass.
    """
    from transforms.dbt_build.warehouse import build as build_parts
    from transforms.dbt_build.whole_remote import build_whole

    settings = settings_of(lake=lake, rules=rules, reviewed_only=reviewed_only)
    screen = Screen(as_json=as_json)
    compute = build_whole if whole else build_parts
    rows = compute(settings, screen.say, method or (), disclosure_profile)
    screen.table("Marts", ("mart", "rows"), rows.items())
    screen.document({"command": "build", "rows": rows})


@app.command(epilog="Example: drlake describe data/exports/F001/000001.dcm")
def describe(
    file: Annotated[
        str, typer.Argument(help="A dose report, or the SHA-256 of an object in the lake.")
    ],
    lake: LakeFolder = None,
) -> None:
    """Describe one dose report without identifying values.

    Prints the outcome, the rows for the lake, and the content tree.
    """
    from transforms.describe.report import describe as describe_bytes
    from transforms.describe.report import describe_file
    from transforms.lake.received import is_checksum, read_object

    if is_checksum(file):
        text = describe_bytes(read_object(lake_of(lake), file.lower()))
    else:
        text = describe_file(file)
    sys.stdout.write(text + "\n")


@app.command(epilog="Example: drlake run --exports data/exports --lake data/lake")
def run(
    lake: LakeFolder = None,
    exports: Exports = None,
    registry: Registry = None,
    threshold: Threshold = None,
    as_json: Json = False,
) -> None:
    """Run ingest, validate and publish, then show the result.

    The three Airflow DAGs run in one process, without any service.
    """
    from transforms.cli.run_summary import show_summary
    from transforms.receive.visit import checked_exports

    settings = settings_of(
        lake=lake, exports=exports, quarantine_threshold=threshold, registry=registry
    )
    screen = Screen(as_json=as_json)
    for line in checked_exports(settings):
        screen.complain(line)
    quiet = ["--quiet"] if as_json else []
    exit_code = dags_command("local/run_in_process.py", settings, *quiet)
    show_summary(settings, screen)
    stop_on_failure(exit_code)
    check_balance_and_quarantine(settings, screen)


@app.command(epilog="Example: drlake airflow --exports data/exports --lake data/lake")
def airflow(lake: LakeFolder = None, exports: Exports = None) -> None:
    """Start Airflow with the same DAGs on this machine.

    Scheduler and web page run until Ctrl-C.
    """
    from transforms.receive.layout import check_apart

    settings = settings_of(lake=lake, exports=exports)
    check_apart(settings.lake, settings.exports)
    stop_on_failure(dags_command("local/run_standalone.py", settings))


collect.register(app)
declared.register(app)
deidentify.register(app)
device.register(app)
ledger.register(app)
mapping.register(app)
name_checks.register()
release.register(app)
report.register(app)
sql.register(app)
summaries.register(app)
upkeep.register(app)


def main() -> None:
    """Run the console command; errors become a sentence and an exit code."""
    Screen.has_document = False
    screen = Screen(as_json="--json" in sys.argv)
    try:
        app()
    except DrlakeError as error:
        screen.fail(f"drlake: {error}", try_again=isinstance(error, FacilityUnavailable))
        sys.exit(_exit_code(error))
    except OSError as error:
        screen.fail(f"drlake: {cure_of(error)}", try_again=True)
        sys.exit(FAILURE)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith(OURS):
            raise
        screen.fail(
            f"drlake: This command needs the Python package {error.name}, which the hospital "
            "installation leaves out. Install what requirements.lock pins, as `make run` does."
        )
        sys.exit(FAILURE)


def _exit_code(error: DrlakeError) -> int:
    if isinstance(error, UsageError):
        return USAGE
    if isinstance(error, DisclosureError):
        return DISCLOSURE
    return LEDGER if isinstance(error, LedgerError) else FAILURE


if __name__ == "__main__":
    main()
