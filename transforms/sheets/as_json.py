"""Writes rows as a JSON array, one object per line, that is safe in a web page or terminal."""

from __future__ import annotations

import datetime
import decimal
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from transforms.sheets.visible_text import is_invisible

MARKUP = frozenset("<>&")


def json_array(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the array in pieces: numbers as numbers, NULL as null, dates as 2026-11-30."""
    yield "["
    for number, row in enumerate(rows):
        said = dict(zip(names, map(json_value, row), strict=True))
        yield f"{',' if number else ''}\n{escape_json(json.dumps(said, ensure_ascii=False))}"
    yield "\n]\n"


def json_value(value: Any) -> Any:
    """A DuckDB value as a JSON value; a number that JSON cannot represent becomes a string."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, decimal.Decimal):
        return float(value) if decimal.Decimal(repr(float(value))) == value else str(value)
    if isinstance(value, Mapping):
        return {str(name): json_value(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [json_value(one) for one in value]
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    return value.hex() if isinstance(value, bytes) else str(value)


def escape_json(text: str) -> str:
    """The JSON text with invisible and markup characters written as \\uXXXX."""
    if text.isprintable() and not MARKUP & set(text):
        return text
    return "".join(_unicode_escape(s) if s in MARKUP or is_invisible(s) else s for s in text)


def _unicode_escape(sign: str) -> str:
    code = sign.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{code[at : at + 4]}" for at in range(0, len(code), 4))
