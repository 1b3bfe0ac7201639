"""Converts content items to typed column values, with notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from math import fsum
from statistics import fmean
from typing import Any, TypeVar

import pyarrow as pa

from transforms.decode.departures import toshiba_slash_list
from transforms.decode.values import Values
from transforms.dicom.codes import Code, canonical, is_standard, scheme_name
from transforms.dicom.content_tree import ContentItem
from transforms.errors import ObjectRefused
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise import vocabulary
from transforms.normalise.dates import date_time
from transforms.normalise.notes import Notes
from transforms.normalise.numbers import decimal_string, decimal_strings
from transforms.normalise.units import convert
from transforms.tables import REPORT_TABLES, XRAY_IRRADIATION_EVENT
from transforms.tables.schema import Column, Table

WORDS: Mapping[str, vocabulary.Words] = {
    "ct_acquisition_type": vocabulary.CT_ACQUISITION_TYPE,
    "ctdiw_phantom": vocabulary.CTDIW_PHANTOM,
    "acquisition_plane": vocabulary.ACQUISITION_PLANE,
    "irradiation_event_type": vocabulary.IRRADIATION_EVENT_TYPE,
    "laterality": vocabulary.LATERALITY,
}
"""Vocabularies of the columns with a closed list of words."""

WORDS_OR_TEXT: Mapping[str, vocabulary.Words] = {
    "image_view": vocabulary.IMAGE_VIEW,
    "anode_target_material": vocabulary.MATERIAL,
    "filter_material": vocabulary.MATERIAL,
    "reconstruction_algorithm": vocabulary.RECONSTRUCTION_ALGORITHM,
}
"""Vocabularies of the columns that keep the code meaning if there is no word for a code."""

PER_PULSE: Mapping[str, Callable[[Sequence[float]], float]] = {
    "kvp_kv": fmean,
    "tube_current_ma": fmean,
    "pulse_width_ms": fmean,
    "exposure_ua_s": fsum,
}
"""Columns of an X-ray event that a device may state per pulse, and how the values are combined."""

ZERO_IS_NO_PULSE = frozenset({"kvp_kv", "tube_current_ma", "pulse_width_ms"})
"""Columns whose mean excludes zeros: without voltage, current or width there was no pulse."""

DOSE_UNITS = frozenset({"mGy", "Gy", "mGy.cm", "Gy.m2", "MBq", "mSv"})
DOSE_CHECK_PREFIXES = ("ctdivol_alert", "ctdivol_notification", "dlp_alert", "dlp_notification")
SEPARATOR = " + "
NUMBERS_REMEMBERED = 65_536
T = TypeVar("T")


class RowMaker:
    """Makes the rows of one report; `manufacturer` selects rules for one manufacturer's reports."""

    def __init__(self, pseudonyms: Pseudonyms, manufacturer: str | None) -> None:
        self.pseudonyms = pseudonyms
        self.manufacturer = manufacturer
        self.notes = Notes()

    def columns(self, table: Table, values: Values) -> dict[str, Any]:
        """The typed value of each column. ObjectRefused if a dose cannot be used; any other
        unusable value is NULL with a note."""
        readers = _READERS[table.name]
        found: dict[str, Any] = {}
        for name, items in values.items():
            if items:
                column, concept, read = readers[name]
                named = items[0].concept
                if named is None or canonical(named.scheme, named.value) != concept:
                    self.notes.add("matched_by_meaning", table.name, name)
                try:
                    found[name] = read(self, table, column, _with_further(items))
                except ObjectRefused as refusal:
                    if name in _VITAL[table.name]:
                        raise
                    self.notes.note_unusable(table.name, name, refusal.reason.code)
                    found[name] = None
        return found

    def number(self, table: Table, column: Column, items: Sequence[ContentItem]) -> float | None:
        """A number in the column's unit; values per pulse are combined."""
        is_xray = table is XRAY_IRRADIATION_EVENT
        if len(items) == 1:
            numbers = self._numbers(column, items[0], lists=is_xray)
        else:
            each = (self._numbers(column, item, lists=is_xray) for item in items)
            numbers = tuple(number for some in each for number in some)
        if not numbers:
            self._note_no_number(table, column, items)
            return None
        if len(numbers) == 1:
            return numbers[0]
        if is_xray and column.name in PER_PULSE and not any(item.further for item in items):
            return self._value_over_pulses(table, column, numbers)
        return self._agreed_value(table, column, numbers)

    def _note_no_number(self, table: Table, column: Column, items: Sequence[ContentItem]) -> None:
        self.notes.add("columns_without_value", table.name, column.name)
        for item in items:
            if item.qualifier is not None:
                said = item.qualifier.value if is_standard(item.qualifier) else "other"
                self.notes.add("qualified_columns", table.name, column.name, f"={said}")

    def _value_over_pulses(self, table: Table, column: Column, numbers: Sequence[float]) -> float:
        """The mean or sum over the pulses, without zeros that are not pulses."""
        counted = numbers
        if column.name in ZERO_IS_NO_PULSE and 0 in numbers:
            self.notes.add("columns_with_zero_pulses", table.name, column.name)
            counted = [number for number in numbers if number != 0] or [0.0]
        try:
            return PER_PULSE[column.name](counted)
        except OverflowError:
            raise ObjectRefused("number_not_finite", column.name) from None

    def _agreed_value(self, table: Table, column: Column, values: Iterable[T]) -> T | None:
        """The value on which all items agree; None with a note if they contradict each other."""
        distinct = dict.fromkeys(values)
        if len(distinct) > 1:
            self.notes.add("contradicted_columns", table.name, column.name)
            return None
        return next(iter(distinct), None)

    def _numbers(self, column: Column, item: ContentItem, *, lists: bool) -> tuple[float, ...]:
        """The converted numbers of an item; a list is refused unless the column allows one.

        A qualified number (PS3.3 C.18.1: not a number, measurement failure …) gives no number.
        """
        text = item.text
        if not text or item.qualifier is not None:
            return ()
        if "/" in text:
            text = toshiba_slash_list(text, self.manufacturer) or ""
            lists = lists or text != item.text
        return _converted_numbers(text, item.unit, column.unit or "1", column.name, lists)

    def is_yes(self, table: Table, column: Column, items: Sequence[ContentItem]) -> bool | None:
        """Whether the value of a yes/no item is yes."""
        said = self._word(table, column, items, vocabulary.YES_NO)
        return None if said is None else said == "yes"

    def word(self, table: Table, column: Column, items: Sequence[ContentItem]) -> str | None:
        """A word of the column's closed list; refuses a code without a word."""
        name = self._word(table, column, items, WORDS[column.name])
        if name is not None and column.allowed and name not in column.allowed:
            raise ObjectRefused("code_unknown", column.name)
        return name

    def _word(
        self, table: Table, column: Column, items: Sequence[ContentItem], words: vocabulary.Words
    ) -> str | None:
        names = []
        for code in (items[0].code,) if len(items) == 1 else [item.code for item in items]:
            if code is not None:
                names.append(vocabulary.word(code, words, column.name))
                if not vocabulary.is_named_by_code(code, words):
                    self.notes.add("matched_by_meaning", table.name, column.name)
        return names[0] if len(names) == 1 else self._agreed_value(table, column, names)

    def words_or_text(
        self, table: Table, column: Column, items: Sequence[ContentItem]
    ) -> str | None:
        """Distinct words in document order, joined; a code without a word keeps its meaning."""
        words = WORDS_OR_TEXT[column.name]
        names = []
        for code in filter(None, map(_code_or_text, items)):
            word = vocabulary.word_or_none(code, words)
            names.append(word or code.meaning or code.value)
            if word and not vocabulary.is_named_by_code(code, words):
                self.notes.add("matched_by_meaning", table.name, column.name)
        return SEPARATOR.join(dict.fromkeys(names)) or None

    def key(self, table: Table, column: Column, items: Sequence[ContentItem]) -> str | None:
        """The pseudonym of a UID."""
        uid = self.text(table, column, items)
        return self.pseudonyms.of(uid) if uid else None

    def moment(self, table: Table, column: Column, items: Sequence[ContentItem]) -> str | None:
        """A date and time in ISO 8601; refuses an invalid text."""
        text = self.text(table, column, items)
        moment = date_time(text)
        if text and moment is None:
            raise ObjectRefused("time_malformed", column.name)
        return moment

    def scheme_and_value(
        self, table: Table, column: Column, items: Sequence[ContentItem]
    ) -> str | None:
        """A code as scheme:value."""
        if len(items) == 1:
            return _code(items[0])
        return self._agreed_value(table, column, filter(None, map(_code, items)))

    def text(self, table: Table, column: Column, items: Sequence[ContentItem]) -> str | None:
        """The text of an item, or its code meaning."""
        if len(items) == 1:
            return _text(items[0])
        return self._agreed_value(table, column, filter(None, map(_text, items)))


def _with_further(items: Sequence[ContentItem]) -> Sequence[ContentItem]:
    """The items, with those that hold further values of one item (`ContentItem.further`)."""
    if not any(item.further for item in items):
        return items
    return [one for item in items for one in (item, *item.further)]


def _code_or_text(item: ContentItem) -> Code | None:
    """The code, or a text as a code that has only a meaning."""
    return item.code or (Code("", "", item.text) if item.text else None)


def _code(item: ContentItem) -> str | None:
    if item.code is None or not item.code.value:
        return None
    return str(item.code._replace(scheme=scheme_name(item.code.scheme)))


def _text(item: ContentItem) -> str | None:
    return item.text if item.code is None else item.code.meaning or item.code.value


@lru_cache(maxsize=NUMBERS_REMEMBERED)
def _converted_numbers(
    text: str, unit: Code | None, wanted: str, where: str, lists: bool
) -> tuple[float, ...]:
    """Numbers in the wanted unit; cached, since a few thousand repeat in many reports."""
    if lists:
        numbers = decimal_strings(text, where)
    else:
        number = decimal_string(text, where)
        numbers = [] if number is None else [number]
    if wanted in DOSE_UNITS and any(number < 0 for number in numbers):
        raise ObjectRefused("number_out_of_domain", where)
    return tuple(convert(number, unit, wanted, where) for number in numbers)


def _is_vital(column: Column) -> bool:
    """Whether the column is a dose, so that a report is refused rather than used without it. Dose
    check thresholds are settings, not doses. An unknown word (type, phantom, plane) concerns its
    own event only."""
    if column.name.startswith(DOSE_CHECK_PREFIXES):
        return False
    return column.unit in DOSE_UNITS


Reader = Callable[[RowMaker, Table, Column, Sequence[ContentItem]], Any]


def _reader(column: Column) -> Reader:
    """The method that converts the items of a column to its value."""
    if column.type == pa.float64():
        return RowMaker.number
    if column.type == pa.bool_():
        return RowMaker.is_yes
    if column.name in WORDS:
        return RowMaker.word
    if column.name in WORDS_OR_TEXT:
        return RowMaker.words_or_text
    special: Mapping[str, Reader] = {"event_key": RowMaker.key, "started_at": RowMaker.moment}
    if column.name.endswith("_code"):
        return RowMaker.scheme_and_value
    return special.get(column.name, RowMaker.text)


def _concept(column: Column) -> tuple[str, str]:
    """Scheme and value of the column's concept; empty for a derived column."""
    source = column.source
    return (
        ("", "") if isinstance(source, str) else canonical(source.scheme_designator, source.value)
    )


_READERS: Mapping[str, Mapping[str, tuple[Column, tuple[str, str], Reader]]] = {
    table.name: {c.name: (c, _concept(c), _reader(c)) for c in table.columns}
    for table in REPORT_TABLES
}

_VITAL: Mapping[str, frozenset[str]] = {
    table.name: frozenset(column.name for column in table.columns if _is_vital(column))
    for table in REPORT_TABLES
}
