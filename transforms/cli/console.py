"""Output of the commands: progress bars on a terminal, plain lines elsewhere, or JSON."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, ClassVar, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

PLAIN_WIDTH = 160

Advance = Callable[[str], None]
"""Called once per finished piece of work, with a line that describes it."""


class Screen:
    """Output of one command; with `as_json`, standard output carries the JSON document only."""

    has_document: ClassVar[bool] = False
    """Whether this command has printed its JSON document."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._out = _console(sys.stdout)
        self._err = _console(sys.stderr)

    def say(self, line: str) -> None:
        """Print a line; nothing when the output is JSON."""
        if not self.as_json:
            self._out.print(line, soft_wrap=True)

    def complain(self, line: str) -> None:
        """Print a line on standard error."""
        self._err.print(line, soft_wrap=True)

    def fail(self, sentence: str, *, try_again: bool = False) -> None:
        """Print why the command fails on standard error.

        When JSON was asked for and nothing was printed yet, the sentence is also the document.
        With `try_again` the same command may succeed later.
        """
        self.complain(sentence)
        if not Screen.has_document:
            self.document({"error": sentence, "try_again": try_again})

    def document(self, document: Mapping[str, Any]) -> None:
        """Print the JSON document, when JSON was asked for."""
        if self.as_json:
            Screen.has_document = True
            print(json.dumps(document, ensure_ascii=False, indent=2))  # noqa: T201

    def table(self, title: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
        """Print a table with numbers to the right; nothing when the output is JSON."""
        if self.as_json:
            return
        table = Table(title=title, title_justify="left")
        listed = [[_cell(value) for value in row] for row in rows]
        for index, name in enumerate(header):
            numeric = all(_is_number(row[index]) for row in listed)
            table.add_column(name, justify="right" if numeric else "left", no_wrap=True)
        for row in listed:
            table.add_row(*row)
        self._out.print(table)

    @contextmanager
    def progress(self, title: str, total: int) -> Iterator[Advance]:
        """Show a progress bar on a terminal; elsewhere print one line per finished piece."""
        if self.as_json or not self._out.is_terminal:
            yield self.say
            return
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        with Progress(*columns, TimeElapsedColumn(), console=self._out) as bar:
            task = bar.add_task(title, total=total)
            yield lambda line: bar.update(task, advance=1, description=f"{title} · {line}")


def _console(stream: TextIO) -> Console:
    """Return a console; where the stream is not a terminal, its width is PLAIN_WIDTH."""
    width = None if stream.isatty() else PLAIN_WIDTH
    return Console(file=stream, width=width, highlight=False, markup=False)


def _cell(value: object) -> str:
    if value is None:
        return "–"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _is_number(cell: str) -> bool:
    return cell == "–" or cell.replace(".", "", 1).replace("e+", "").isdigit()
