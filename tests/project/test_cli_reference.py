"""transforms/cli/README.md shows the help of every command as the command prints it."""

from __future__ import annotations

import re

from transforms.cli import reference

PAGE = reference.PAGE.read_text(encoding="utf-8")


def test_the_page_is_up_to_date() -> None:
    assert reference.reference() == PAGE, "run `python -m transforms.cli.reference`"


def test_every_command_has_one_heading_of_its_reader() -> None:
    named = [name for names in reference.READERS.values() for name in names]
    assert sorted(named) == sorted(reference.command_names(reference.root()))


def test_every_variable_of_the_help_is_in_the_table() -> None:
    in_help = set(re.findall(r"\[env: (\w+)\]", PAGE))
    assert in_help
    assert in_help <= set(re.findall(r"^\| `(DRLAKE_\w+)` \|", PAGE, flags=re.MULTILINE))
