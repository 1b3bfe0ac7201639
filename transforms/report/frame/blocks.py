"""Blocks: the table and figures made from the rows of one query file.

block = Block(
    "levels", msg("National levels"), "regulator/levels.sql",
    columns=(Column("procedure_label", msg("Procedure"), LABEL),
             Column("national_drl", msg("NDRL"), DOSE, unit="column unit",
                    lower="national_drl_lower", upper="national_drl_upper")),
    figure=draw,                                        # (rows, catalogue) -> drawings
)
with Source(public_database) as source:
    filled = source.fill(block, catalogue, anchor="levels-ct", modality="CT", period=2025)

A query gets the parameters that it names (`$modality`). The filled block holds text in the
language of the catalogue, which page.py and pdf.py show unchanged.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import duckdb

from transforms.errors import DrlakeError
from transforms.report.figures.drawing import Drawing
from transforms.report.frame.catalogue import Catalogue, msg
from transforms.report.frame.labels import MARKS, MODALITIES, QUANTITIES, WORDS
from transforms.report.frame.numbers import ABSENT, unit_text
from transforms.sheets.visible_text import visible
from transforms.warehouse.sql_project import SQL

QUERIES = SQL / "reports"
TEXT, LABEL, COUNT, DOSE, SHARE, RATIO, VERDICT, YEAR, UNIT = (
    *("text", "label", "count", "dose", "share", "ratio", "verdict", "year", "unit"),
)
DAY, LINK = "day", "link"
NUMBERS = frozenset({COUNT, DOSE, SHARE, RATIO})
OF_THE_ROW = "column unit"
DOI = re.compile(r"(?:doi:)?(10\.[0-9]{4,9}/[A-Za-z0-9._;()/:-]+)", re.IGNORECASE)
PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
PARAMETER = re.compile(r"\$([a-z_]+)")

Row = Mapping[str, Any]
Draw = Callable[[Sequence[Row], Catalogue], Sequence[Drawing]]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: `name` in the query, `label` in the header, `kind` of its values.

    text     as the hospital wrote it      label    word or list of words of the reference data
    count    integer                       dose     in `unit`, or in the row's unit (OF_THE_ROW)
    share    fraction of 1, shown in %     ratio    two decimals
    verdict  value of a closed list        year     calendar year
    unit     the row's unit; the doses of the table are then shown without a unit
    day      date in the language's form   link     URL or DOI; any other text is not linked
    `lower` and `upper` are the columns with the 95 % limits, shown in brackets.
    """

    name: str
    label: str
    kind: str = TEXT
    unit: str = ""
    lower: str = ""
    upper: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """One table and its figures; `title`, `note` and `empty` are message ids.

    The first column is the row header. `empty` is shown if the query returns no rows.
    """

    block_id: str
    title: str
    query: str
    columns: tuple[Column, ...]
    note: str = ""
    empty: str = msg("Nothing to show.")
    figure: Draw | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """The translated header of one column."""

    text: str
    unit: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """One value as text; `mark` is up, down, withheld or empty, `href` a web address or empty."""

    text: str
    is_number: bool = False
    mark: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Query:
    """A query file as it was run, for the appendix."""

    name: str
    text: str
    models: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """Anchor of the query in the appendix."""
        return "query-" + re.sub(r"[^a-z0-9]+", "-", self.name.removesuffix(".sql"))


@dataclass(frozen=True, slots=True)
class FilledBlock:
    """A block with its rows as text in one language."""

    anchor: str
    title: str
    note: str
    empty: str
    heads: tuple[Head, ...]
    body: tuple[tuple[Cell, ...], ...]
    drawings: tuple[Drawing, ...]
    query: Query
    parameters: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


class Source:
    """A database that reports read: public.duckdb, or the warehouse for restricted reports."""

    def __init__(self, database: Path, queries: Path = QUERIES) -> None:
        if not database.is_file():
            raise DrlakeError(f"{database.name} is not in the lake. Run `drlake build` first.")
        self._connection = duckdb.connect(str(database), read_only=True)
        self._queries = queries

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._connection.close()

    def has_tables(self, *tables: str) -> bool:
        """Whether the database has all these tables."""
        found = self._connection.execute(
            "select table_name from duckdb_tables() union all select view_name from duckdb_views()"
        ).fetchall()
        return set(tables) <= {name for (name,) in found}

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """Run a query file and return its rows."""
        return self._run(self._query(query), parameters)

    def fill(
        self, block: Block, catalogue: Catalogue, anchor: str = "", title: str = "", **given: Any
    ) -> FilledBlock:
        """Run the block's query and return its rows as translated text.

        `anchor` and `title` (translated) replace those of a block that is shown more than once.
        """
        query = self._query(block.query)
        rows = tuple(self._run(query, given))
        named = sorted(set(PARAMETER.findall(query.text)))
        beside = any(column.kind == UNIT for column in block.columns)
        units = {one.name: None if beside else _unit(one, rows) for one in block.columns}
        return FilledBlock(
            anchor=anchor or block.block_id,
            title=title or catalogue.say(block.title),
            note=catalogue.say(block.note) if block.note else "",
            empty=catalogue.say(block.empty),
            heads=tuple(_head(column, units[column.name], catalogue) for column in block.columns),
            body=tuple(
                tuple(_cell(column, row, units[column.name], catalogue) for column in block.columns)
                for row in rows
            ),
            drawings=tuple(block.figure(rows, catalogue)) if block.figure and rows else (),
            query=query,
            parameters=tuple((name, str(given[name])) for name in named),
            rows=rows,
        )

    def _query(self, name: str) -> Query:
        text = (self._queries / name).read_text(encoding="utf-8")
        without = PARAMETER.sub("null", text)
        tables = self._connection.get_table_names(without, qualified=True)
        return Query(name, text, tuple(sorted(tables)))

    def _run(self, query: Query, given: Mapping[str, Any]) -> list[dict[str, Any]]:
        named = set(PARAMETER.findall(query.text))
        try:
            cursor = self._connection.execute(query.text, {name: given[name] for name in named})
        except (duckdb.CatalogException, duckdb.BinderException) as error:
            raise DrlakeError(
                f"The query sql/reports/{query.name} cannot run on this database ({error}). "
                "Another version of drlake built it. Run `drlake build` with this version."
            ) from None
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _unit(column: Column, rows: Sequence[Row]) -> str:
    """The unit for the header; empty if the rows have different units."""
    if column.unit != OF_THE_ROW:
        return column.unit
    units = {row["unit"] for row in rows}
    return str(units.pop()) if len(units) == 1 else ""


def _head(column: Column, unit: str | None, catalogue: Catalogue) -> Head:
    return Head(catalogue.say(column.label), unit_text(unit or ""), column.kind in NUMBERS)


def _cell(column: Column, row: Row, unit: str | None, catalogue: Catalogue) -> Cell:
    value = row[column.name]
    if column.kind == VERDICT:
        word = catalogue.say(WORDS[value]) if value is not None else ABSENT
        return Cell(word, mark=MARKS.get(value, ""))
    if column.kind == LINK and value is not None:
        return Cell(visible(str(value)), href=web_address(str(value)))
    text = _text(column.kind, value, catalogue)
    if column.lower and value is not None:
        lower, upper = (_text(column.kind, row[name], catalogue) for name in _limits(column))
        text = catalogue.say("{value} ({lower} to {upper})", value=text, lower=lower, upper=upper)
    if column.unit == OF_THE_ROW and unit == "" and value is not None:
        text = f"{text} {unit_text(row['unit'])}"
    return Cell(text, column.kind in NUMBERS)


def _limits(column: Column) -> tuple[str, str]:
    return column.lower, column.upper


def _label(text: str, catalogue: Catalogue) -> str:
    return catalogue.label(MODALITIES.get(text) or QUANTITIES.get(text) or text)


def _text(kind: str, value: Any, catalogue: Catalogue) -> str:
    if value is None:
        return ABSENT
    if kind == LABEL and isinstance(value, list):
        return "; ".join(_label(str(one), catalogue) for one in value)
    if kind == LABEL:
        return _label(str(value), catalogue)
    if kind == DAY:
        return catalogue.day(value)
    if kind in NUMBERS:
        written: str = getattr(catalogue, kind)(value)
        return written
    return visible(unit_text(str(value)) if kind == UNIT else str(value))


def web_address(text: str) -> str:
    """Return the URL of an http(s) address or a DOI; empty for any other text."""
    doi = DOI.fullmatch(text)
    if doi:
        return f"https://doi.org/{doi[1]}"
    if not PLAIN_ADDRESS.fullmatch(text):
        return ""
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return text if is_web and "@" not in parts.netloc else ""
