"""Parses a page: blocks with their cells and figures, and the queries of the appendix.

Nothing of transforms/report/frame/blocks.py is used: `possible_texts` has its own rules of writing.
"""

from __future__ import annotations

import datetime
import html
import math
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
from babel.dates import format_date

from transforms.report.frame.catalogue import messages
from transforms.report.frame.labels import MODALITIES, QUANTITIES, WORDS

THIN = "\u202f"
NUMBER = re.compile(rf"\d[\d{THIN}]*(?:[.,]\d+)?(?:{THIN}%)?")
LIMITS = re.compile(r"(.*?) \((.*) (?:to|bis) (.*)\)(?: (.*))?")


@dataclass(frozen=True)
class PageBlock:
    """One block of a page."""

    anchor: str
    query: str
    parameters: Mapping[str, Any]
    rows: tuple[tuple[str, ...], ...]
    descriptions: tuple[str, ...]


def blocks_of(page: str) -> Iterator[PageBlock]:
    """Every block in the order of reading."""
    body = page.split('<section id="queries"')[0]
    for piece in re.split(r'<div class="block" id="', body)[1:]:
        source = re.findall(r'<p class="source">(.*?)</p>', piece, re.S)[0]
        table = re.findall(r"<tbody>(.*?)</tbody>", piece, re.S)
        rows = re.findall(r"<tr>(.*?)</tr>", table[0], re.S) if table else []
        yield PageBlock(
            piece.split('"')[0],
            re.findall(r'href="#([^"]+)"', source)[0],
            dict(_parameter(text) for text in re.findall(r"<code>(\$.*?)</code>", source, re.S)),
            tuple(tuple(_text(c) for c in re.findall(r"<t[hd].*?</t[hd]>", r, re.S)) for r in rows),
            tuple(_text(text) for text in re.findall(r"<desc[^>]*>(.*?)</desc>", piece, re.S)),
        )


def block(page: str, anchor: str) -> PageBlock:
    """The block with this anchor."""
    (found,) = (one for one in blocks_of(page) if one.anchor == anchor)
    return found


def queries_of(page: str) -> dict[str, str]:
    """Anchor → text of each query in the appendix."""
    appendix = page.split('<section id="queries"')[1]
    found = re.findall(r'<section id="(query-[^"]+)".*?<pre[^>]*>(.*?)</pre>', appendix, re.S)
    return {anchor: _text(text) for anchor, text in found}


def _text(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup))


def _parameter(text: str) -> tuple[str, Any]:
    name, _, value = _text(text).removeprefix("$").partition(" = ")
    known: dict[str, Any] = {"True": True, "False": False, "None": None}
    return name, int(value) if value.isdigit() else known.get(value, value)


def possible_texts(value: Any, language: str) -> set[str]:
    """Every form that a value may have on a page of this language."""
    if value is None:
        return {"–"}
    if isinstance(value, list):
        return {"; ".join(_label(str(one), language) for one in value)}
    if isinstance(value, datetime.date):
        return {format_date(value, "long", "en_GB" if language == "en" else language)}
    if isinstance(value, str):
        told = messages(language).get(value, value)
        return {_visible(value), _visible(told), _label(value, language)}
    numbers = {_significant(value), f"{value:.2f}", f"{100 * value:.1f}{THIN}%"}
    if isinstance(value, int):
        numbers = {str(value), f"{value:,}".replace(",", THIN)} | numbers
    return {one.replace(".", ",") if language == "de" else one for one in numbers}


def _significant(value: float) -> str:
    if value == 0:
        return "0.00"
    places = 2 - math.floor(math.log10(abs(value)))
    return f"{round(value, places):.{max(places, 0)}f}"


def _label(text: str, language: str) -> str:
    word = WORDS.get(text) or MODALITIES.get(text) or QUANTITIES.get(text) or text
    return messages(language).get(word) or _visible(word)


def _visible(text: str) -> str:
    return "".join(
        f"[U+{ord(sign):04X}]" if unicodedata.category(sign) in ("Cc", "Cf") else sign
        for sign in text
    )


def is_of_row(cell: str, row: Mapping[str, Any], language: str) -> bool:
    """Whether a cell is a value of the row, with or without its limits or its unit."""
    known = set().union(*(possible_texts(value, language) for value in row.values()))
    units = {str(row["unit"]).replace(".", "·")} if row.get("unit") else set()
    parts = LIMITS.fullmatch(cell)
    if cell in known | units:
        return True
    if parts:
        value, lower, upper, unit = parts.groups()
        return {value, lower, upper} <= known and (unit is None or unit in units)
    value, _, unit = cell.rpartition(" ")
    return value in known and unit in units


def numbers_of(description: str) -> set[str]:
    """Numbers in a figure's description: its shares, else all, but none from its labels."""
    told = (part.rpartition(": ")[2] for part in description.split("; "))
    numbers = {number for part in told for number in NUMBER.findall(part)}
    return {number for number in numbers if number.endswith("%")} or numbers


def compare(page: str, database: Path, language: str) -> tuple[int, int]:
    """Run each block's query again and return the numbers of cells and drawn numbers checked.

    AssertionError where one of them is not in the result.
    """
    queries, n_cells, n_drawn = queries_of(page), 0, 0
    blocks = list(blocks_of(page))
    assert {block.query for block in blocks} == set(queries)
    for block in blocks:
        rows = answers(database, queries[block.query], block.parameters)
        assert len(block.rows) == len(rows), block.anchor
        for cells, row in zip(block.rows, rows, strict=True):
            strange = [cell for cell in cells if not is_of_row(cell, row, language)]
            assert strange == [], (block.anchor, row)
            n_cells += len(cells)
        values = [value for row in rows for value in row.values()]
        known = set().union(*(possible_texts(value, language) for value in values))
        for description in block.descriptions:
            assert numbers_of(description) <= known, block.anchor
            n_drawn += len(numbers_of(description))
    return n_cells, n_drawn


def answers(database: Path, query: str, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Result of a query, by column."""
    with duckdb.connect(str(database), read_only=True) as connection:
        cursor = connection.execute(query, dict(parameters))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
