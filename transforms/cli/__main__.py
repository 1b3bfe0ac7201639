"""The console command `drlake`.

Exit codes: 0 ok, 1 failure, 2 usage, 3 more was quarantined than the threshold allows,
4 the ledger does not balance, 5 disclosure control blocks.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from transforms.cli import (
    declared,
    deidentify,
    device,
    ledger,
    mapping,
    release,
    report,
    sql,
    summaries,
)
from transforms.cli.console import Screen
from transforms.cli.options import (
    AsOf,
    Exports,
    Json,
    LakeFolder,
    Registry,
    Rules,
    lake_of,
    settings_of,
)
from transforms.cli.subprocesses import dags_command, validate_command
from transforms.errors import DisclosureError, DrlakeError, LedgerError, UsageError, cure_of
from transforms.settings import SAMPLE_FACILITIES, Settings

OURS = ("transforms", "expectations", "dags")
FAILURE, USAGE, QUARANTINE, LEDGER, DISCLOSURE = 1, 2, 3, 4, 5

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
Again = Annotated[
    bool, typer.Option("--again", help="Process all submissions again, not only new ones.")
]
Threshold = Annotated[
    float | None,
    typer.Option(
        "--quarantine-threshold",
        min=0,
        max=1,
        help="Exit with code 3 when a larger share of the received objects is quarantined.",
    ),
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


@app.command(epilog="Example: drlake ingest --exports data/exports --lake data/lake")
def ingest(
    lake: LakeFolder = None,
    exports: Exports = None,
    registry: Registry = None,
    threshold: Threshold = None,
    again: Again = False,
    as_json: Json = False,
) -> None:
    """Receive new objects from every facility and decode them.

    A facility that fails does not stop the others: it is named on standard error, and the exit code
    is 1.
    """
    from transforms.lake.light_pyarrow import make_first_array
    from transforms.pipeline.all_facilities import ingest_facilities
    from transforms.pipeline.facility import submitting_facilities
    from transforms.pipeline.run import Run
    from transforms.receive.layout import export_notes

    settings = settings_of(
        lake=lake, exports=exports, quarantine_threshold=threshold, registry=registry
    )
    screen = Screen(as_json=as_json)
    make_first_array()
    run = Run(settings)
    facility_ids = submitting_facilities(run)
    with screen.progress("ingest", len(facility_ids)) as advance:
        ingested = ingest_facilities(
            run,
            facility_ids,
            lambda name, counts: advance(f"{name}: {_counts_text(counts)}"),
            again=again,
        )
    notes = export_notes(settings, run.registry)
    for line in (*ingested.failed.values(), *notes):
        screen.complain(line)
    screen.say(f"all: {_counts_text(ingested.totals)}")
    failed = sorted(ingested.failed)
    held = ledger.show_held_of_lake(lake_of(lake), screen)
    document = {"totals": ingested.totals, "failed": failed, "notes": notes, "held": held}
    screen.document({"command": "ingest", **document})
    _check_balance_and_quarantine(settings, screen)
    if failed:
        raise typer.Exit(FAILURE)


@app.command(epilog="Example: drlake validate --lake data/lake --data-docs")
def validate(
    lake: LakeFolder = None,
    threshold: Threshold = None,
    again: Again = False,
    data_docs: Annotated[
        bool, typer.Option("--data-docs", help="Write Great Expectations' HTML into the lake.")
    ] = False,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Accept or hold every decoded submission.

    Doubtful rows are kept, and recorded as findings. Reports with a study date after --as-of are
    held one by one; each later validation looks at them again.
    """
    settings = settings_of(lake=lake, quarantine_threshold=threshold, as_of=as_of)
    _stop_on_failure(validate_command(settings, again=again, data_docs=data_docs, as_json=as_json))
    screen = Screen(as_json=as_json)
    ledger.show_held_of_lake(lake_of(lake), screen)
    _check_balance_and_quarantine(settings, screen)


@app.command(epilog="Example: drlake statistics F001 F002 --lake data/lake")
def statistics(
    facility: Annotated[
        list[str] | None, typer.Argument(help="Facilities; without any, all.", metavar="FACILITY")
    ] = None,
    lake: LakeFolder = None,
    rules: Rules = None,
    method: Methods = None,
    as_json: Json = False,
) -> None:
    """Compute the statistics of facilities, each from its own rows.

    Statistics that the lake has already are not computed again. `drlake build` computes what is
    missing itself, so run this only to spread the work over several machines.
    """
    from transforms.dbt_build.warehouse import facility_statistics

    settings = settings_of(lake=lake, rules=rules)
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
    as_json: Json = False,
) -> None:
    """Build the warehouse from the accepted reports.

    Computes the statistics of facilities that have sent something new, then the nation. The new
    warehouse replaces the last one when its tests pass.
    """
    from transforms.dbt_build.warehouse import build as build_warehouse

    settings = settings_of(lake=lake, rules=rules)
    screen = Screen(as_json=as_json)
    rows = build_warehouse(
        settings,
        screen.say,
        methods=method or (),
        disclosure_profile=disclosure_profile,
        whole=whole,
    )
    screen.table("Marts", ("mart", "rows"), rows.items())
    screen.document({"command": "build", "rows": rows})


@app.command(epilog="Example: drlake describe data/exports/F001/000001.dcm")
def describe(file: Annotated[str, typer.Argument(help="A dose report.")]) -> None:
    """Describe one dose report without identifying values.

    Prints the outcome, the rows for the lake, and the content tree.
    """
    from transforms.describe.report import describe_file

    sys.stdout.write(describe_file(file) + "\n")


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
    _stop_on_failure(exit_code)
    _check_balance_and_quarantine(settings, screen)


@app.command(epilog="Example: drlake airflow --exports data/exports --lake data/lake")
def airflow(lake: LakeFolder = None, exports: Exports = None) -> None:
    """Start Airflow with the same DAGs on this machine.

    Scheduler and web page run until Ctrl-C.
    """
    from transforms.receive.layout import check_apart

    settings = settings_of(lake=lake, exports=exports)
    check_apart(settings.lake, settings.exports)
    _stop_on_failure(dags_command("local/run_standalone.py", settings))


declared.register(app)
deidentify.register(app)
device.register(app)
ledger.register(app)
mapping.register(app)
release.register(app)
report.register(app)
sql.register(app)
summaries.register(app)


def main() -> None:
    """Run the console command; errors become a sentence and an exit code."""
    try:
        app()
    except DrlakeError as error:
        Screen().complain(f"drlake: {error}")
        sys.exit(_exit_code(error))
    except OSError as error:
        Screen().complain(f"drlake: {cure_of(error)}")
        sys.exit(FAILURE)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith(OURS):
            raise
        Screen().complain(
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


def _counts_text(counts: Counter[str] | dict[str, int]) -> str:
    names = ("received", "decoded", "quarantined", "duplicate")
    return ", ".join(f"{counts.get(name, 0)} {name}" for name in names)


def _stop_on_failure(exit_code: int) -> None:
    if exit_code:
        raise typer.Exit(exit_code if exit_code in (USAGE, QUARANTINE, LEDGER) else FAILURE)


def _check_balance_and_quarantine(settings: Settings, screen: Screen) -> None:
    """Check the ledger first, then the share of quarantined objects."""
    from transforms.lake.lake import Lake
    from transforms.ledger.entries import check_balance, entries, quarantined_share

    found = entries(Lake(settings.lake))
    check_balance(found)
    share = quarantined_share(found)
    threshold = settings.quarantine_threshold
    if threshold is not None and share > threshold:
        screen.complain(f"{share:.1%} of the objects are quarantined, more than {threshold:.1%}.")
        raise typer.Exit(QUARANTINE)


if __name__ == "__main__":
    main()
