"""Commands about procedure mapping: coverage, work-list, loading it back, check and effect."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transforms.console import Screen
from transforms.errors import DrlakeError
from transforms.settings import Settings

if TYPE_CHECKING:
    from transforms.lake import Lake

LakeOption = Annotated[str | None, typer.Option("--lake", help="Lake folder. [env: DRLAKE_LAKE]")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document on standard output.")]
RulesFile = Annotated[Path, typer.Argument(help="Mapping rules (CSV).")]
ROWS_SHOWN = 40

mapping = typer.Typer(no_args_is_help=True, help="Hospital names to procedures.")


def register(app: typer.Typer) -> None:
    """Add these commands to the console command."""
    app.add_typer(mapping, name="mapping")


@mapping.command(epilog="Example: drlake mapping coverage --json")
def coverage(lake: LakeOption = None, as_json: Json = False) -> None:
    """How many examinations of each facility and modality the rules map, and by what kind."""
    found = _asked(_lake(lake), "from marts.mapping_coverage order by facility_id, modality")
    _show(Screen(as_json=as_json), "mapping coverage", {"Coverage": found})


@mapping.command(epilog="Example: drlake mapping worklist names.xlsx")
def worklist(
    out: Annotated[Path, typer.Argument(help="File to write, .csv or .xlsx.")],
    lake: LakeOption = None,
    as_json: Json = False,
) -> None:
    """Write the names that no rule decides, for a person to fill in. Hospital text: restricted."""
    from transforms.built import open_built
    from transforms.mapping.rules import load_procedures
    from transforms.mapping.tables import sheet_bytes
    from transforms.mapping.worklist import worklist as undecided

    with open_built(_lake(lake)) as built:
        if built is None:
            raise _nothing_built()
        sheet = undecided(built, load_procedures())
    _write(out, sheet_bytes(out, sheet))
    screen = Screen(as_json=as_json)
    screen.say(f"{len(sheet.rows)} names in {out}. Fill procedure_id: one of the list, or none.")
    screen.document({"command": "mapping worklist", "names": len(sheet.rows), "path": str(out)})


@mapping.command(
    epilog="Example: drlake mapping load names.xlsx --rules rules.csv --author 'A. Physicist'"
)
def load(
    file: Annotated[Path, typer.Argument(help="The filled work-list, .csv or .xlsx.")],
    rules: Annotated[
        Path, typer.Option("--rules", help="Rules file (CSV) to add to; made where there is none.")
    ],
    author: Annotated[str, typer.Option("--author", help="Who has filled the list.")],
    reviewer: Annotated[str | None, typer.Option("--reviewer", help="Who has checked it.")] = None,
    valid_from: Annotated[
        str, typer.Option("--valid-from", help="First study date the new rules are for.")
    ] = "2000-01-01",
    as_json: Json = False,
) -> None:
    """Turn a filled list into exact rules of the facilities; writes nothing where a row is bad."""
    from transforms.mapping.rules import PACKAGED_RULES, load_rules, rules_csv
    from transforms.mapping.worklist import load_worklist, need_signature

    signed = need_signature(author, reviewer, valid_from)
    base = rules if rules.exists() else PACKAGED_RULES
    done = load_worklist(file, load_rules(base), signed)
    _write(rules, rules_csv(done.rules).encode("utf-8"))
    counts = {name: getattr(done, name) for name in ("added", "closed", "unchanged", "undecided")}
    screen = Screen(as_json=as_json)
    screen.say(", ".join(f"{n} {name}" for name, n in counts.items()) + f": {rules}")
    screen.say(f"See what it does with `drlake mapping diff`, use it with `--rules {rules}`.")
    screen.document({"command": "mapping load", **counts, "path": str(rules)})


@mapping.command(epilog="Example: drlake mapping check rules.csv")
def check(file: RulesFile, as_json: Json = False) -> None:
    """Check a rules file; every problem is named with its row and column (exit code 2)."""
    from transforms.mapping.rules import load_rules

    found = load_rules(file)
    screen = Screen(as_json=as_json)
    unreviewed = sum(rule.reviewer is None for rule in found if not rule.is_withdrawn)
    screen.say(f"{len(found)} rules, {unreviewed} without a reviewer: no problem found.")
    screen.document({"command": "mapping check", "rules": len(found), "unreviewed": unreviewed})


@mapping.command(epilog="Example: drlake mapping diff data/reference/procedure_rules.csv rules.csv")
def diff(
    before: RulesFile, after: RulesFile, lake: LakeOption = None, as_json: Json = False
) -> None:
    """What going from one rules file to another does to examinations and reference levels."""
    from transforms.mapping.effect import effect_of
    from transforms.mapping.rules import load_rules

    effect = effect_of(_lake(lake), load_rules(before), load_rules(after))
    screen = Screen(as_json=as_json)
    screen.say(f"{effect.n_changed} of {effect.n_examinations} examinations change procedure.")
    for title, rows in (
        ("Examinations", effect.examinations),
        ("Typical values of facilities", effect.facility_values),
        ("National values (P75)", effect.national_values),
    ):
        _table(screen, title, rows)
    screen.document({"command": "mapping diff", **effect.document()})


def _show(screen: Screen, command: str, tables: dict[str, list[dict[str, Any]]]) -> None:
    for title, rows in tables.items():
        _table(screen, title, rows)
    screen.document({"command": command, **{k.lower(): rows for k, rows in tables.items()}})


def _table(screen: Screen, title: str, rows: Sequence[dict[str, Any]]) -> None:
    """The first rows, without the columns that are the same in none of them."""
    if not rows:
        return
    names = [name for name in rows[0] if any(row[name] is not None for row in rows)]
    shown = [tuple(row[name] for name in names) for row in rows[:ROWS_SHOWN]]
    screen.table(title, names, shown)
    if len(rows) > ROWS_SHOWN:
        screen.say(f"… and {len(rows) - ROWS_SHOWN} more; --json gives all.")


def _asked(lake: Lake, query: str) -> list[dict[str, Any]]:
    from transforms.built import open_built

    with open_built(lake) as built:
        if built is None:
            raise _nothing_built()
        return built.rows(query)


def _nothing_built() -> DrlakeError:
    return DrlakeError("No warehouse has been built. Run `drlake build` first.")


def _write(path: Path, data: bytes) -> None:
    """Put the file in place as a whole."""
    aside = path.with_name(f".{path.name}.part")
    aside.write_bytes(data)
    aside.replace(path)


def _lake(lake: str | None) -> Lake:
    from transforms.lake import Lake as Store

    return Store(Settings.from_environ(os.environ, lake=lake).lake)
