"""Commands for data that facilities, manufacturers and their association declare."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from transforms.cli.console import Screen
from transforms.cli.options import AsOf, Json, LakeFolder, RegistryOfForms, lake_of, settings_of
from transforms.errors import UsageError

if TYPE_CHECKING:
    from transforms.forms.declared.load import Loaded

Kind = Annotated[
    str,
    typer.Argument(help="device, model, feature, benchmark, training, deliverable or facility."),
]
Filled = Annotated[Path, typer.Argument(help="A filled form, .csv or .xlsx.")]

declared = typer.Typer(
    no_args_is_help=True,
    help="Declared data: forms for facilities and manufacturers.",
)


def register(app: typer.Typer) -> None:
    """Add these commands to the console command."""
    app.add_typer(declared, name="declared")


@declared.command(epilog="Example: drlake declared template device devices.xlsx")
def template(
    kind: Kind,
    out: Annotated[Path, typer.Argument(help="The form to write, .csv or .xlsx.")],
) -> None:
    """Write the empty form of a kind.

    A workbook also explains the columns and lists the values they allow.
    """
    from transforms.forms.declared.template import write_template

    Screen().say(f"{write_template(kind, out)} columns in {out}")


@declared.command(epilog="Example: drlake declared check device devices.xlsx")
def check(
    kind: Kind,
    file: Filled,
    registry: RegistryOfForms = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Check a filled form without loading it.

    Every problem is named with row, column and cure.
    """
    from transforms.forms.declared.load import checked_form
    from transforms.receive.registry import configured_registry

    settings = settings_of(registry=registry, as_of=as_of)
    filled = checked_form(kind, file, configured_registry(settings), settings.last_day)
    rows = len(filled.rows)
    screen = Screen(as_json=as_json)
    screen.say(f"{kind}: {rows} rows, no problem")
    screen.document({"command": "declared check", "kind": kind, "rows": rows})


@declared.command(epilog="Example: drlake declared load device devices.xlsx --lake data/lake")
def load(
    kind: Kind,
    file: Filled,
    lake: LakeFolder = None,
    registry: RegistryOfForms = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Load a filled form, all of it or nothing.

    It replaces everything that was loaded before for this kind. Serial numbers are stored only as
    hashes keyed with the lake's key. Days after --as-of are refused, except of plans, and so are
    facilities that are not in the registry. Without --registry that of the lake is used, if there
    is one.
    """
    from transforms.forms.declared.load import load_declared
    from transforms.receive.registry import configured_registry

    settings = settings_of(lake=lake, registry=registry, as_of=as_of)
    loaded = load_declared(settings, kind, file, configured_registry(settings))
    screen = Screen(as_json=as_json)
    screen.say(_loaded_line(loaded))
    screen.document({"command": "declared load", **asdict(loaded)})


@declared.command("load-all", epilog="Example: drlake declared load-all forms --lake data/lake")
def load_all(
    folder: Annotated[Path, typer.Argument(help="A folder with forms, as device.csv.")],
    lake: LakeFolder = None,
    registry: RegistryOfForms = None,
    as_of: AsOf = None,
    as_json: Json = False,
) -> None:
    """Load the form of each kind that a folder has, as `load` does.

    A form with problems is not loaded; the others are. The command then fails and lists them.
    """
    from transforms.forms.declared.load import forms_in, load_declared
    from transforms.receive.registry import configured_registry

    settings = settings_of(lake=lake, registry=registry, as_of=as_of)
    facilities = configured_registry(settings)
    screen, documents, problems = Screen(as_json=as_json), [], []
    for kind, file in forms_in(folder).items():
        try:
            loaded = load_declared(settings, kind, file, facilities)
        except UsageError as error:
            problems.append(f"{kind}: {error}")
            continue
        screen.say(_loaded_line(loaded))
        documents.append(asdict(loaded))
    screen.document({"command": "declared load-all", "loads": documents})
    if problems:
        raise UsageError("\n".join(problems))


def _loaded_line(loaded: Loaded) -> str:
    place = f"load {loaded.sequence_number}, replaces {loaded.rows_before} rows"
    return f"{loaded.kind}: {loaded.rows} rows, {place if loaded.is_new else 'nothing new'}"


@declared.command("list", epilog="Example: drlake declared list --lake data/lake")
def list_(lake: LakeFolder = None, as_json: Json = False) -> None:
    """Show how many loads each kind has, and which is in force."""
    from transforms.forms.declared.load import loads_in_force

    found = loads_in_force(lake_of(lake))
    screen = Screen(as_json=as_json)
    header = ("kind", "loads", "in force", "rows", "file (SHA-256)")
    screen.table("Declared data", header, [tuple(asdict(one).values()) for one in found])
    screen.document({"command": "declared list", "kinds": [asdict(one) for one in found]})
