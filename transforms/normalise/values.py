"""Converts content items to typed column values, with notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from statistics import fmean
from typing import Any, TypeVar

import pyarrow as pa

from transforms.decode.departures import toshiba_slash_list
from transforms.decode.values import Values
from transforms.dicom.codes import canonical, is_standard
from transforms.dicom.content_tree import ContentItem
from transforms.dicom.known_runs import REPEATED_TEXT
from transforms.errors import ObjectRefused
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise import vocabulary
from transforms.normalise.dates import date_time
from transforms.normalise.item_values import code_of, code_or_text, text_of, with_further
from transforms.normalise.notes import Notes
from transforms.normalise.units import DOSE_UNITS, converted_numbers
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

DOSE_CHECK_PREFIXES = ("ctdivol_alert", "ctdivol_notification", "dlp_alert", "dlp_notification")
SEPARATOR = " + "
VALUES_REMEMBERED = 8192
"""Maximum number of items in the memory of one column; a full memory is cleared."""

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
                reader = readers[name]
                known = reader.memory.get(id(items[0])) if len(items) == 1 else None
                found[name] = self._read(table, reader, items) if known is None else known[1]
        return found

    def _read(self, table: Table, reader: _Reader, items: Sequence[ContentItem]) -> Any:
        """The value of one column; remembered if it is of one item and nothing is noted."""
        column, additions = reader.column, self.notes.additions
        named = items[0].concept
        if named is None or canonical(named.scheme, named.value) != reader.concept:
            self.notes.add("matched_by_meaning", table.name, column.name)
        try:
            value = reader.read(self, table, column, with_further(items))
        except ObjectRefused as refusal:
            if reader.is_vital:
                raise
            self.notes.note_unusable(table.name, column.name, refusal.reason.code)
            return None
        if len(items) == 1 and self.notes.additions == additions:
            reader.remember(items[0], value)
        return value

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
        return converted_numbers(text, item.unit, column.unit or "1", column.name, lists)

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
        for code in filter(None, map(code_or_text, items)):
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
            return code_of(items[0])
        return self._agreed_value(table, column, filter(None, map(code_of, items)))

    def text(self, table: Table, column: Column, items: Sequence[ContentItem]) -> str | None:
        """The text of an item, or its code meaning."""
        if len(items) == 1:
            return text_of(items[0])
        return self._agreed_value(table, column, filter(None, map(text_of, items)))


def _is_vital(column: Column) -> bool:
    """Whether the column is a dose, so that a report is refused rather than used without it. Dose
    check thresholds are settings, not doses. An unknown word (type, phantom, plane) concerns its
    own event only."""
    if column.name.startswith(DOSE_CHECK_PREFIXES):
        return False
    return column.unit in DOSE_UNITS


Read = Callable[[RowMaker, Table, Column, Sequence[ContentItem]], Any]

NOT_REMEMBERED: tuple[Read, ...] = (RowMaker.key, RowMaker.moment)
"""Methods whose values depend on the lake's secret, or do not repeat."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """How a column is read from its items, and the values of items that repeat in many reports.

    The reader of reports returns the same object for equal items of few characters. `memory` has
    such items by their id with the value; it keeps the object, so that no other gets its id.
    """

    column: Column
    concept: tuple[str, str]
    read: Read
    is_vital: bool
    memory: dict[int, tuple[ContentItem, Any]] = field(default_factory=dict)

    def remember(self, item: ContentItem, value: Any) -> None:
        """Remember the value of an item that repeats. A slash is read by the maker's rule."""
        text = item.text or ""
        if self.read in NOT_REMEMBERED or "/" in text or len(text) > REPEATED_TEXT:
            return
        if len(self.memory) >= VALUES_REMEMBERED:
            self.memory.clear()
        self.memory[id(item)] = (item, value)


def _read_method(column: Column) -> Read:
    """The method that converts the items of a column to its value."""
    if column.type == pa.float64():
        return RowMaker.number
    if column.type == pa.bool_():
        return RowMaker.is_yes
    if column.name in WORDS:
        return RowMaker.word
    if column.name in WORDS_OR_TEXT:
        return RowMaker.words_or_text
    special: Mapping[str, Read] = {"event_key": RowMaker.key, "started_at": RowMaker.moment}
    if column.name.endswith("_code"):
        return RowMaker.scheme_and_value
    return special.get(column.name, RowMaker.text)


def _concept(column: Column) -> tuple[str, str]:
    """Scheme and value of the column's concept; empty for a derived column."""
    source = column.source
    return (
        ("", "") if isinstance(source, str) else canonical(source.scheme_designator, source.value)
    )


_READERS: Mapping[str, Mapping[str, _Reader]] = {
    table.name: {
        column.name: _Reader(column, _concept(column), _read_method(column), _is_vital(column))
        for column in table.columns
    }
    for table in REPORT_TABLES
}
