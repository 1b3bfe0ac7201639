"""Content items to the typed value of a column, and what had to be said about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from math import fsum
from statistics import fmean
from typing import Any

import pyarrow as pa

from transforms.decode.concepts import Code, canonical
from transforms.decode.content import ContentItem
from transforms.decode.departures import toshiba_slash_list
from transforms.decode.values import Values
from transforms.errors import ObjectRefused
from transforms.normalise import vocabulary
from transforms.normalise.dates import date_time
from transforms.normalise.numbers import decimal_string, decimal_strings
from transforms.normalise.pseudonyms import Pseudonyms
from transforms.normalise.units import convert
from transforms.schema import Column, Table
from transforms.tables import REPORT_TABLES, XRAY_IRRADIATION_EVENT

WORDS: Mapping[str, vocabulary.Words] = {
    "ct_acquisition_type": vocabulary.CT_ACQUISITION_TYPE,
    "ctdiw_phantom": vocabulary.CTDIW_PHANTOM,
    "acquisition_plane": vocabulary.ACQUISITION_PLANE,
    "irradiation_event_type": vocabulary.IRRADIATION_EVENT_TYPE,
    "laterality": vocabulary.LATERALITY,
}
"""Vocabulary of the columns that allow a closed list of words: another code is refused."""

WORDS_OR_TEXT: Mapping[str, vocabulary.Words] = {
    "image_view": vocabulary.IMAGE_VIEW,
    "anode_target_material": vocabulary.MATERIAL,
    "filter_material": vocabulary.MATERIAL,
}
"""Vocabulary of the columns that keep the meaning of a code they have no word for."""

PER_PULSE: Mapping[str, Callable[[Sequence[float]], float]] = {
    "kvp_kv": fmean,
    "tube_current_ma": fmean,
    "pulse_width_ms": fmean,
    "exposure_ua_s": fsum,
}
"""Columns of an X-ray event that a device may state once per pulse, and what they are then."""

MATERIAL_SEPARATOR = " + "
NUMBERS_REMEMBERED = 65_536


class Notes:
    """What was found out about a report's columns while its rows were made."""

    def __init__(self) -> None:
        self._columns: dict[str, set[str]] = {
            "matched_by_meaning": set(),
            "columns_without_value": set(),
            "contradicted_columns": set(),
        }

    def add(self, note: str, table: str, column: str) -> None:
        """Remember one column under one of the notes."""
        self._columns[note].add(f"{table}.{column}")

    def columns(self) -> dict[str, str | None]:
        """The note columns of `dose_report`; None where there is nothing to say."""
        return {note: " ".join(sorted(names)) or None for note, names in self._columns.items()}


class RowMaker:
    """Makes rows of one report: `manufacturer` for what only that maker's reports may do."""

    def __init__(self, pseudonyms: Pseudonyms, manufacturer: str | None) -> None:
        self.pseudonyms = pseudonyms
        self.manufacturer = manufacturer
        self.notes = Notes()

    def columns(self, table: Table, values: Values) -> dict[str, Any]:
        """The typed value of each column. ObjectRefused where one cannot be used."""
        readers = _READERS[table.name]
        found: dict[str, Any] = {}
        for name, items in values.items():
            if items:
                column, concept, read = readers[name]
                named = items[0].concept
                if named is None or canonical(named.scheme, named.value) != concept:
                    self.notes.add("matched_by_meaning", table.name, name)
                found[name] = read(self, table, column, items)
        return found

    def number(self, table: Table, column: Column, items: Sequence[ContentItem]) -> float | None:
        """A number in the column's unit: that of all pulses together, else the one value."""
        is_xray = table is XRAY_IRRADIATION_EVENT
        numbers = [n for item in items for n in self._numbers(column, item, lists=is_xray)]
        if not numbers:
            self.notes.add("columns_without_value", table.name, column.name)
            return None
        if len(numbers) == 1:
            return numbers[0]
        if is_xray and column.name in PER_PULSE:
            return PER_PULSE[column.name](numbers)
        if len(set(numbers)) > 1:
            self.notes.add("contradicted_columns", table.name, column.name)
            return None
        return numbers[0]

    def _numbers(self, column: Column, item: ContentItem, *, lists: bool) -> tuple[float, ...]:
        """The numbers of an item, converted; a list is refused where the template has none."""
        text = item.text
        if not text:
            return ()
        if "/" in text:
            text = toshiba_slash_list(text, self.manufacturer) or ""
            lists = lists or text != item.text
        return _converted(text, item.unit, column.unit or "1", column.name, lists)

    def yes(self, table: Table, column: Column, items: Sequence[ContentItem]) -> bool | None:
        """Whether a yes-or-no item says yes."""
        said = self._word(table, column, items[0], vocabulary.YES_NO)
        return None if said is None else said == "yes"

    def word(self, table: Table, column: Column, items: Sequence[ContentItem]) -> str | None:
        """A word of the column's closed list; refuses a code that has none."""
        name = self._word(table, column, items[0], WORDS[column.name])
        if name is not None and column.allowed and name not in column.allowed:
            raise ObjectRefused("code_unknown", column.name)
        return name

    def _word(
        self, table: Table, column: Column, item: ContentItem, words: vocabulary.Words
    ) -> str | None:
        if item.code is None:
            return None
        if not vocabulary.named_by_code(item.code, words):
            self.notes.add("matched_by_meaning", table.name, column.name)
        return vocabulary.word(item.code, words, column.name)

    def words_or_text(
        self, table: Table, column: Column, items: Sequence[ContentItem]
    ) -> str | None:
        """Distinct words in document order, joined; a code without a word keeps its meaning."""
        words = WORDS_OR_TEXT[column.name]
        names = [
            vocabulary.word_or_none(item.code, words) or item.code.meaning or item.code.value
            for item in items
            if item.code is not None
        ]
        return MATERIAL_SEPARATOR.join(dict.fromkeys(names)) or None

    def key(self, table: Table, column: Column, items: Sequence[ContentItem]) -> str | None:
        """The pseudonym of a UID."""
        return self.pseudonyms.of(items[0].text) if items[0].text else None

    def moment(self, table: Table, column: Column, items: Sequence[ContentItem]) -> str | None:
        """A moment as ISO 8601."""
        return date_time(items[0].text)

    def scheme_and_value(
        self, table: Table, column: Column, items: Sequence[ContentItem]
    ) -> str | None:
        """A code as scheme:value."""
        code = items[0].code
        return str(code) if code is not None and code.value else None

    def text(self, table: Table, column: Column, items: Sequence[ContentItem]) -> str | None:
        """The text of an item, or the meaning of its code."""
        code = items[0].code
        return items[0].text if code is None else code.meaning or code.value


@lru_cache(maxsize=NUMBERS_REMEMBERED)
def _converted(
    text: str, unit: Code | None, wanted: str, where: str, lists: bool
) -> tuple[float, ...]:
    """Numbers in the wanted unit; the same few thousand stand in report after report."""
    if lists:
        numbers = decimal_strings(text, where)
    else:
        number = decimal_string(text, where)
        numbers = [] if number is None else [number]
    return tuple(convert(number, unit, wanted, where) for number in numbers)


Reader = Callable[[RowMaker, Table, Column, Sequence[ContentItem]], Any]


def _reader(column: Column) -> Reader:
    """How the items of a column become its value."""
    if column.type == pa.float64():
        return RowMaker.number
    if column.type == pa.bool_():
        return RowMaker.yes
    if column.name in WORDS:
        return RowMaker.word
    if column.name in WORDS_OR_TEXT:
        return RowMaker.words_or_text
    special: Mapping[str, Reader] = {"event_key": RowMaker.key, "started_at": RowMaker.moment}
    if column.name.endswith("_code"):
        return RowMaker.scheme_and_value
    return special.get(column.name, RowMaker.text)


def _concept(column: Column) -> tuple[str, str]:
    """Scheme and value of the column's concept; those of no code for a derived column."""
    source = column.source
    return (
        ("", "") if isinstance(source, str) else canonical(source.scheme_designator, source.value)
    )


_READERS: Mapping[str, Mapping[str, tuple[Column, tuple[str, str], Reader]]] = {
    table.name: {c.name: (c, _concept(c), _reader(c)) for c in table.columns}
    for table in REPORT_TABLES
}
