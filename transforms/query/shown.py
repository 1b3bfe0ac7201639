"""A query result as text: a table for people, CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import decimal
import itertools
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.cells import cell_len, set_cell_size

from transforms.query.ask import QueryResult
from transforms.sheets.as_json import json_array
from transforms.sheets.visible_text import visible
from transforms.sheets.write import csv_bytes

FORMATS = ("table", "csv", "json")
MAXIMUM_ROWS = 1000
MAXIMUM_WIDTH = 100
"""Limits of a table for people; CSV and JSON have all."""

NUMBERS = (int, float, decimal.Decimal)


def format_result(answer: QueryResult, form: str, *, on_terminal: bool = False) -> Iterator[str]:
    """Return the result piece by piece; for a terminal, control characters are made visible."""
    if form == "csv":
        pieces = _csv(answer)
        return (_visible_csv(piece) for piece in pieces) if on_terminal else pieces
    return json_array(answer.names, answer.rows) if form == "json" else _table(answer)


def _visible_csv(piece: str) -> str:
    """Make CSV safe for a terminal; line ends stay."""
    return "\r\n".join(visible(line) for line in piece.split("\r\n"))


# --- table ---------------------------------------------------------------------------------


def _table(answer: QueryResult) -> Iterator[str]:
    found = list(itertools.islice(answer.rows, MAXIMUM_ROWS + 1))
    rows = found[:MAXIMUM_ROWS]
    yield "".join(f"{line}\n" for line in table_lines(answer.names, rows))
    if len(found) > MAXIMUM_ROWS:
        yield f"The first {MAXIMUM_ROWS} rows. --format csv or json has all.\n"


def table_lines(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Header, rule and rows in columns of equal width; numbers to the right, NULL as –."""
    cells = [[_clip(_text(value)) for value in row] for row in rows]
    heads = [_clip(visible(name)) for name in names]
    columns = list(zip(heads, *cells, strict=True))
    widths = [max(cell_len(cell) for cell in column) for column in columns]
    numeric = [_is_numeric(row[index] for row in rows) for index in range(len(names))]
    lines = [_line(row, widths, numeric) for row in [heads, ["─" * one for one in widths], *cells]]
    return [line.rstrip() for line in lines]


def _line(cells: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> str:
    placed = (
        " " * (width - cell_len(cell)) + cell if right else set_cell_size(cell, width)
        for cell, width, right in zip(cells, widths, numeric, strict=True)
    )
    return "  ".join(placed)


def _is_numeric(values: Iterable[Any]) -> bool:
    stated = [value for value in values if value is not None]
    return bool(stated) and all(
        isinstance(value, NUMBERS) and not isinstance(value, bool) for value in stated
    )


def _clip(text: str) -> str:
    return text if len(text) <= MAXIMUM_WIDTH else f"{text[: MAXIMUM_WIDTH - 1]}…"


def _text(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    return visible(str(value))


# --- CSV -----------------------------------------------------------------------------------


def _csv(answer: QueryResult) -> Iterator[str]:
    """CSV (RFC 4180, UTF-8); text that a spreadsheet would run begins with an apostrophe."""
    yield csv_bytes([answer.names]).decode()
    for row in answer.rows:
        yield csv_bytes([[_plain_value(value) for value in row]]).decode()


def _plain_value(value: Any) -> Any:
    """Return numbers and text unchanged, all else as its text, so that it is escaped too."""
    return value if value is None or isinstance(value, (*NUMBERS, str)) else str(value)
