"""An answer as text: a table for people, CSV for spreadsheets, JSON for programs."""

from __future__ import annotations

import datetime
import decimal
import io
import itertools
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from rich.cells import cell_len, set_cell_size

from transforms.inert import inert, is_unseen
from transforms.query.ask import Answer
from transforms.sheets.write import csv_bytes

FORMATS = ("table", "csv", "json")
MAXIMUM_ROWS = 1000
MAXIMUM_WIDTH = 100
"""Of a table for people; CSV and JSON have all."""

NUMBERS = (int, float, decimal.Decimal)


def shown(answer: Answer, form: str, *, on_terminal: bool = False) -> Iterator[str]:
    """The answer piece by piece; on a terminal no sign of a cell is left that it would obey."""
    if form == "csv":
        pieces = _csv(answer)
        return (_kept(piece) for piece in pieces) if on_terminal else pieces
    return _json(answer) if form == "json" else _table(answer)


def _kept(piece: str) -> str:
    """CSV for a terminal: line ends stay."""
    return "\r\n".join(inert(line) for line in piece.split("\r\n"))


# --- table ---------------------------------------------------------------------------------


def _table(answer: Answer) -> Iterator[str]:
    found = list(itertools.islice(answer.rows, MAXIMUM_ROWS + 1))
    rows = found[:MAXIMUM_ROWS]
    yield "".join(f"{line}\n" for line in table_lines(answer.names, rows))
    if len(found) > MAXIMUM_ROWS:
        yield f"The first {MAXIMUM_ROWS} rows. --format csv or json has all.\n"


def table_lines(names: Sequence[str], rows: Sequence[Sequence[Any]]) -> list[str]:
    """Header, rule and rows in columns of equal width; numbers to the right, NULL as –."""
    cells = [[_clipped(_text(value)) for value in row] for row in rows]
    heads = [_clipped(inert(name)) for name in names]
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


def _clipped(text: str) -> str:
    return text if len(text) <= MAXIMUM_WIDTH else f"{text[: MAXIMUM_WIDTH - 1]}…"


def _text(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "true" if value else "false"
    return inert(str(value))


# --- CSV and JSON --------------------------------------------------------------------------


def _csv(answer: Answer) -> Iterator[str]:
    """RFC 4180 in UTF-8; what a spreadsheet would run stands behind an apostrophe."""
    yield csv_bytes([answer.names]).decode()
    for row in answer.rows:
        yield csv_bytes([[_plain(value) for value in row]]).decode()


def _plain(value: Any) -> Any:
    """Numbers and words as they are; all else as its text, so that it is escaped like one."""
    return value if value is None or isinstance(value, (*NUMBERS, str)) else str(value)


def _json(answer: Answer) -> Iterator[str]:
    """One array of objects; signs that no one sees are written as \\uXXXX."""
    yield "["
    for number, row in enumerate(answer.rows):
        said = dict(zip(answer.names, map(_json_value, row), strict=True))
        yield f"{',' if number else ''}\n{_spelt(json.dumps(said, ensure_ascii=False))}"
    yield "\n]\n"


def _json_value(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, decimal.Decimal):
        return float(value) if decimal.Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, Mapping):
        return {str(name): _json_value(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_json_value(one) for one in value]
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def _spelt(text: str) -> str:
    """JSON says the same of an escaped sign; only inside strings are there any to escape."""
    if text.isprintable():
        return text
    out = io.StringIO()
    for sign in text:
        code = sign.encode("utf-16-be", "surrogatepass").hex() if is_unseen(sign) else ""
        parts = (f"\\u{code[at : at + 4]}" for at in range(0, len(code), 4))
        out.write("".join(parts) or sign)
    return out.getvalue()
