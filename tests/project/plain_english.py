"""Words that have no place in code, SQL, pages and documentation, each with the plain word.

`make lint` runs `python -m tests.project.plain_english`: it prints each place and ends with 1 where
there is one. The list is short on purpose: it holds the shapes that a reader stumbled over most.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent

PLAIN_WORDS: Mapping[str, str] = {
    r"stands(?! for)": "is, applies, means",
    r"(?:is|are|was|were) told": "is given, is shown, receives",
    r"tells? of": "shows, reports",
    r"of others": "of other facilities, from elsewhere, untrusted",
    r"whoever": "the person who",
    r"what counts": "what is used",
    r"has a part in": "contributes to, is an input of",
    r"is none of": "does not belong to",
    r"(?:goes|go|went) on where": "continues where",
    r"in the place of": "instead of, replaces",
    r"have (?:it|them) said": "say, state",
}
"""Patterns, looked for as whole words whatever their case, and what to write."""

ENDINGS = (".py", ".sql", ".yml", ".md", ".j2", ".typ", ".po")
"""Files that are read. CSV files quote sources word for word and are not."""

EXCEPTIONS: Mapping[str, str] = {
    "tests/project/plain_english.py": "lists the words",
    "tests/project/test_plain_english.py": "tests the list",
}
"""Files that may have the words, and why."""


class Place(NamedTuple):
    """A word in a file, with the plain words to choose from."""

    path: str
    line: int
    word: str
    plain: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: «{self.word}»: write {self.plain}"


def places(path: str, text: str) -> Iterator[Place]:
    """Every place of a text that has one of the words."""
    for number, line in enumerate(text.splitlines(), start=1):
        for pattern, plain in PLAIN_WORDS.items():
            for found in re.finditer(rf"\b{pattern}\b", line, re.IGNORECASE):
                yield Place(path, number, found[0], plain)


def places_in_repository() -> list[Place]:
    """Every place of the tracked files, without the exceptions."""
    command = ["git", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    paths = (path for path in listed.stdout.split("\0") if path.endswith(ENDINGS))
    return [
        place
        for path in paths
        if path not in EXCEPTIONS and (ROOT / path).is_file()
        for place in places(path, (ROOT / path).read_text(encoding="utf-8"))
    ]


def main() -> int:
    """Print every place; returns 1 where there is one."""
    found = places_in_repository()
    for place in found:
        sys.stdout.write(f"{place}\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
