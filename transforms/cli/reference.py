"""Writes transforms/cli/README.md, the reference of all commands, from their own help.

python -m transforms.cli.reference   writes the page; a test compares it with the help
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import typer
from typer.core import TyperGroup

from transforms.cli.__main__ import app
from transforms.settings import REPOSITORY

PAGE = REPOSITORY / "transforms" / "cli" / "README.md"
NAME = "drlake"
WIDTH = 100

READERS: Mapping[str, tuple[str, ...]] = {
    "For a hospital": ("deidentify", "describe", "declared", "summaries"),
    "For an authority: collect and build": (
        *("run", "facilities", "ingest", "validate", "statistics", "build"),
        *("compact", "upgrade", "airflow"),
    ),
    "For an authority: map procedure names": ("mapping",),
    "For an authority: answer hospitals": (
        *("explain", "receipts", "ledger", "quarantine"),
        *("retract", "supersede", "confirm", "withdraw", "device"),
    ),
    "For an authority: report and publish": ("report", "release", "verify", "export"),
    "For an analyst": ("sql",),
    "For a first try": ("sample",),
}
"""Every command of `drlake` under the heading of those who use it."""

HEAD = """# The commands of drlake

This page lists every command with its help. `python -m transforms.cli.reference` writes it from the
help of the commands, and `tests/project/test_cli_reference.py` compares the two. Do not edit it.
The terms are explained in the [glossary](../../data/reference/README.md#glossary).

`.venv/bin/drlake` and `python -m transforms.cli` are the same program. Most commands read `--lake`.
Without this option they use the variable `DRLAKE_LAKE`, and without that the folder `data/lake`.

## Exit codes

| code | meaning |
|---|---|
| 0 | The command did what it was asked to do. |
| 1 | It failed, or one facility of several failed. The message says what to do. |
| 2 | The command, an option or a file that was filled in is wrong. |
| 3 | A larger share of the received objects is quarantined than `--quarantine-threshold` allows. |
| 4 | The ledger does not balance: an object has no outcome. |
| 5 | Disclosure control blocks the release. Nothing was published. |

## Environment variables

An option of the command takes precedence over the variable.

| variable | meaning | default |
|---|---|---|
| `DRLAKE_LAKE` | Folder or fsspec URL of the lake. | `data/lake` |
| `DRLAKE_EXPORTS` | Folder or fsspec URL with one folder per facility. | none |
| `DRLAKE_REGISTRY` | CSV file with the facility registry. It replaces `DRLAKE_EXPORTS`. | none |
| `DRLAKE_RULES` | CSV file with mapping rules. | `data/reference/procedure_rules.csv` |
| `DRLAKE_OVERLAY` | Folder with own reference data, for example `hard_limits.csv`. | none |
| `DRLAKE_UID_KEY_FILE` | File with the secret key for UIDs. | `keys/uid.key` in a local lake |
| `DRLAKE_UID_KEY` | The key itself, 64 hexadecimal digits, instead of its file. | none |
| `DRLAKE_IDENTITY_POLICY` | Level of the identity check: `strict` or `registry`. | `strict` |
| `DRLAKE_QUARANTINE_THRESHOLD` | Share from 0 to 1, as `--quarantine-threshold`. | none |
| `DRLAKE_SECONDS_PER_FACILITY` | Longest time of a visit to a facility, in seconds. | 3600 |
| `DRLAKE_SECOND_LOOK_SECONDS` | Time between two looks at a new file, in seconds. | 0.5 |
| `DRLAKE_AS_OF` | Last day that a study or a form may have, as `--as-of`. | today |
| `DRLAKE_THREADS` | Threads of DuckDB in a build. No number depends on it. | 2 |
| `DRLAKE_BUCKETS` | Number of parts into which Airflow divides the facilities. | 8 |
| `DRLAKE_COMMAND` | Command that Airflow runs as drlake. | the installed one |
"""


@dataclass(frozen=True, slots=True)
class Help:
    """The help of one command, and the heading level of the command on the page."""

    path: str
    text: str
    level: int


def reference() -> str:
    """The whole page as Markdown."""
    context = root()
    parts = [HEAD]
    for title, names in READERS.items():
        parts.append(f"## {title}\n")
        for name in names:
            shown = helps(below(context, name), level=3)
            parts += [_section(one) for one in shown]
    return "\n".join(parts)


def root() -> typer.Context:
    """The context of the command `drlake`, which wraps help at a fixed width."""
    return typer.Context(typer.main.get_command(app), info_name=NAME, terminal_width=WIDTH)


def command_names(context: typer.Context) -> tuple[str, ...]:
    """The names of the commands below a command; none where it is no group."""
    return tuple(context.command.commands) if isinstance(context.command, TyperGroup) else ()


def below(context: typer.Context, name: str) -> typer.Context:
    """The context of a command of a group; TypeError where the context is of no group."""
    if not isinstance(context.command, TyperGroup):
        raise TypeError(f"{context.command_path} is not a group of commands")
    return typer.Context(context.command.commands[name], parent=context, info_name=name)


def helps(context: typer.Context, level: int) -> Iterator[Help]:
    """The help of a command, then that of the commands below it."""
    yield Help(context.command_path, context.command.get_help(context), level)
    for name in command_names(context):
        yield from helps(below(context, name), level + 1)


def _section(one: Help) -> str:
    lines = (line.rstrip() for line in one.text.strip().splitlines())
    return f"{'#' * one.level} {one.path}\n\n```\n" + "\n".join(lines) + "\n```\n"


if __name__ == "__main__":
    PAGE.write_text(reference(), encoding="utf-8")
