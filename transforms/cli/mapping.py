"""Commands for procedure mapping: coverage, work-list, loading it, check and effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from transforms.cli.console import Screen
from transforms.cli.options import Json, LakeFolder, lake_of
from transforms.errors import DrlakeError

if TYPE_CHECKING:
    from transforms.lake.lake import Lake
    from transforms.mapping.filled_list import Loaded
    from transforms.mapping.rules import Rule

RulesFile = Annotated[Path, typer.Argument(help="Mapping rules (CSV).")]
GrownRules = Annotated[
    Path,
    typer.Option("--rules", help="Rules file (CSV) to add to; created if it does not exist."),
]
Reviewer = Annotated[
    str | None, typer.Option("--reviewer", help="Name of the person who checked it.")
]
ROWS_SHOWN = 40

COVERAGE = {
    "facility": "facility_id",
    "modality": "modality",
    "found": "n_examinations",
    "mapped": "n_mapped",
    "share": "mapped_share",
    "none": "n_without_procedure",
    "undecided": "n_undecided",
    "own rule": "n_mapped_by_facility_rule",
    "code": "n_mapped_by_code",
    "exact": "n_mapped_by_exact_text",
    "pattern": "n_mapped_by_pattern",
    "reading": "n_mapped_by_reading",
    "unreviewed": "n_mapped_unreviewed",
}
FIGURES = {
    "modality": "modality",
    "language": "language",
    "names": "n",
    "mapped": "mapped",
    "right": "right",
    "wrong": "wrong",
    "new": "new",
    "precision": "precision",
    "recall": "recall",
}
CHANGES = {
    "facility": "facility_id",
    "from": "from_procedure",
    "to": "to_procedure",
    "by rule": "from_rule",
    "now by": "to_rule",
    "n": "n_examinations",
}
_STATISTIC = {"procedure": "procedure_id", "group": "patient_group_id", "quantity": "drl_quantity"}
_VALUES = {"before": "before", "after": "after", "ratio": "ratio"}
TYPICAL = {
    "facility": "facility_id",
    **_STATISTIC,
    "n before": "n_examinations_before",
    "n after": "n_examinations_after",
    **_VALUES,
}
NATIONAL = {
    **_STATISTIC,
    "facilities": "n_facilities_before",
    "and after": "n_facilities_after",
    "status": "status_before",
    "then": "status_after",
    **_VALUES,
}
"""Columns of each table that a terminal shows, heading → column; --json gives all."""

mapping = typer.Typer(no_args_is_help=True, help="Map hospitals' examination names to procedures.")


def register(app: typer.Typer) -> None:
    """Add these commands to the console command."""
    app.add_typer(mapping, name="mapping")


@mapping.command(epilog="Example: drlake mapping coverage --json")
def coverage(lake: LakeFolder = None, as_json: Json = False) -> None:
    """Show how many examinations the rules map, by facility.

    Also by modality and by kind of rule.
    """
    found = _warehouse_rows(
        lake_of(lake), "from marts.mapping_coverage order by facility_id, modality"
    )
    screen = Screen(as_json=as_json)
    _show_table(screen, "Examinations and what maps them", COVERAGE, found)
    screen.document({"command": "mapping coverage", "coverage": found})


@mapping.command(epilog="Example: drlake mapping worklist names.xlsx --top 500")
def worklist(
    out: Annotated[Path, typer.Argument(help="File to write, .csv or .xlsx.")],
    top: Annotated[
        int | None, typer.Option("--top", min=1, help="Write only so many rows. Default: all.")
    ] = None,
    lake: LakeFolder = None,
    as_json: Json = False,
) -> None:
    """Write the names of the nation that nothing decides, to be filled in.

    One row has all spellings with one meaning; rows with more examinations come first. The file
    contains text of hospitals: restricted.
    """
    from transforms.mapping.rules import load_procedures
    from transforms.mapping.undecided import nation_of
    from transforms.mapping.worklist import COLUMNS, PAGE
    from transforms.mapping.worklist import worklist as undecided
    from transforms.sheets.write import sheet_bytes
    from transforms.warehouse.reading import open_warehouse

    with open_warehouse(lake_of(lake)) as built:
        if built is None:
            raise no_warehouse_error()
        nation = nation_of(built)
    pages = undecided(nation, load_procedures(), top)
    write_file(out, sheet_bytes(out, pages))
    _, *rows = pages[PAGE]
    coverage = rows[-1][COLUMNS.index("coverage")] if rows else None
    told = {"names": len(rows), "coverage": coverage and float(coverage), "path": str(out)}
    screen = Screen(as_json=as_json)
    screen.say(
        f"{len(rows)} rows in {out}. Fill in procedure_id with an entry of the list, or none."
    )
    screen.document({"command": "mapping worklist", **told})


@mapping.command(
    epilog="Example: drlake mapping load names.xlsx --rules rules.csv --author 'A. Physicist'"
)
def load(
    file: Annotated[Path, typer.Argument(help="The filled work-list, .csv or .xlsx.")],
    rules: GrownRules,
    author: Annotated[
        str, typer.Option("--author", help="Name of the person who filled in the list.")
    ],
    reviewer: Reviewer = None,
    valid_from: Annotated[
        str, typer.Option("--valid-from", help="First study date that the new rules apply to.")
    ] = "2000-01-01",
    as_json: Json = False,
) -> None:
    """Turn a filled work-list into exact rules, one for each spelling.

    A rule applies to what `scope` names: nothing for the nation, a facility id, or
    model:MANUFACTURER|MODEL. Nothing is written where a row has a problem.
    """
    from transforms.mapping.filled_worklist import load_worklist, need_signature

    signed = need_signature(author, reviewer, valid_from)
    screen = Screen(as_json=as_json)
    counts = _add_to_rules(screen, rules, lambda base: load_worklist(file, base, signed))
    screen.say(f"See its effect with `drlake mapping diff`, use it with `--rules {rules}`.")
    screen.document({"command": "mapping load", **counts, "path": str(rules)})


@mapping.command(
    epilog="Example: drlake mapping codes codes.csv --rules rules.csv --author 'A. Physicist'"
)
def codes(
    file: Annotated[Path, typer.Argument(help="The nation's code list, .csv or .xlsx.")],
    rules: GrownRules,
    author: Annotated[str, typer.Option("--author", help="Name of the person who mapped it.")],
    reviewer: Reviewer = None,
    valid_from: Annotated[
        str, typer.Option("--valid-from", help="First study date that the codes apply to.")
    ] = "2000-01-01",
    as_json: Json = False,
) -> None:
    """Turn a nation's code list into national rules, which decide before all others.

    Nothing is written where a row has a problem.
    """
    from transforms.mapping.codes import load_codes
    from transforms.mapping.filled_worklist import need_signature

    signed = need_signature(author, reviewer, valid_from)
    screen = Screen(as_json=as_json)
    counts = _add_to_rules(screen, rules, lambda base: load_codes(file, base, signed))
    screen.document({"command": "mapping codes", **counts, "path": str(rules)})


@mapping.command(epilog="Example: drlake mapping evaluate names.csv --json")
def evaluate(
    file: Annotated[Path, typer.Argument(help="Names and what they mean (CSV).")],
    rules: Annotated[
        Path | None, typer.Option("--rules", help="Mapping rules that decide before the reading.")
    ] = None,
    rows: Annotated[
        bool, typer.Option("--rows", help="Also give the decision on each row.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Compare what names are mapped to with what a person judged to be right.

    Needs no lake. The columns are name, field, modality, language, source and right.
    """
    from transforms.mapping.evaluate import decide, document, load_judged

    told = document(decide(load_judged(file), rules), with_rows=rows)
    screen = Screen(as_json=as_json)
    shown = [row for row in told["rows"] if row["source"] == "all"]
    _show_table(screen, "Names", FIGURES, shown)
    if rows and not as_json:
        for one in told["decisions"]:
            screen.say(f"{one['given'] or 'undecided'}: {one['name']}")
    screen.document(told)


@mapping.command(epilog="Example: drlake mapping check rules.csv")
def check(file: RulesFile, lake: LakeFolder = None, as_json: Json = False) -> None:
    r"""Check a rules file; name every problem by row and column.

    The exit code is 2 where there is a problem. Patterns with \b are listed; one that the last
    build did not have is a problem.
    """
    from transforms.mapping.rules import load_rules
    from transforms.mapping.word_boundaries import CURE, built_versions, refuse_new_boundaries

    found = load_rules(file)
    bounded = refuse_new_boundaries(file, found, built_versions(lake_of(lake)))
    screen = Screen(as_json=as_json)
    for row, rule in bounded:
        screen.say(f"row {row}, rule {rule.rule_id}: {CURE}.")
    unreviewed = sum(rule.reviewer is None for rule in found if not rule.is_withdrawn)
    screen.say(f"{len(found)} rules, {unreviewed} without a reviewer: no problem found.")
    screen.document(
        {
            "command": "mapping check",
            "rules": len(found),
            "unreviewed": unreviewed,
            "word_boundaries": [rule.rule_id for _, rule in bounded],
        }
    )


@mapping.command(epilog="Example: drlake mapping diff data/reference/procedure_rules.csv rules.csv")
def diff(
    before: RulesFile, after: RulesFile, lake: LakeFolder = None, as_json: Json = False
) -> None:
    """Show the effect of a change of rules on the results.

    Compares examinations, typical values and national values under two rules files.
    """
    from transforms.mapping.effect import effect_of
    from transforms.mapping.rules import load_rules
    from transforms.mapping.word_boundaries import refuse_new_boundaries, version_of

    old, new = load_rules(before), load_rules(after)
    refuse_new_boundaries(after, new, {version_of(rule) for rule in old})
    effect = effect_of(lake_of(lake), old, new)
    screen = Screen(as_json=as_json)
    screen.say(f"{effect.n_changed} of {effect.n_examinations} examinations change procedure.")
    _show_table(screen, "Examinations", CHANGES, effect.examinations)
    _show_table(screen, "Typical values of facilities", TYPICAL, effect.facility_values)
    _show_table(screen, "National values (P75)", NATIONAL, effect.national_values)
    screen.document({"command": "mapping diff", **effect.document()})


def _show_table(
    screen: Screen, title: str, shown: Mapping[str, str], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Print the first rows of a table, if it has any."""
    if rows:
        listed = [tuple(row.get(name) for name in shown.values()) for row in rows[:ROWS_SHOWN]]
        screen.table(title, list(shown), listed)
    if len(rows) > ROWS_SHOWN:
        screen.say(f"… and {len(rows) - ROWS_SHOWN} more; --json gives all.")


def _warehouse_rows(lake: Lake, query: str) -> list[dict[str, Any]]:
    from transforms.warehouse.reading import open_warehouse

    with open_warehouse(lake) as built:
        if built is None:
            raise no_warehouse_error()
        return built.rows(query)


def no_warehouse_error() -> DrlakeError:
    """The error of a command that needs a built warehouse."""
    return DrlakeError("No warehouse has been built. Run `drlake build` first.")


def _add_to_rules(
    screen: Screen, path: Path, load: Callable[[Sequence[Rule]], Loaded]
) -> dict[str, int]:
    """Add a filled list to the rules of a file, or to the packaged ones; returns the counts."""
    from transforms.mapping.rules import PACKAGED_RULES, load_rules, rules_csv

    done = load(load_rules(path if path.exists() else PACKAGED_RULES))
    write_file(path, rules_csv(done.rules).encode("utf-8"))
    counts = {name: getattr(done, name) for name in ("added", "closed", "unchanged", "undecided")}
    screen.say(", ".join(f"{n} {name}" for name, n in counts.items()) + f": {path}")
    return counts


def write_file(path: Path, data: bytes) -> None:
    """Write the file beside its place, then rename it."""
    aside = path.with_name(f".{path.name}.part")
    aside.write_bytes(data)
    aside.replace(path)
