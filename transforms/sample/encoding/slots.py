"""Slots: places of fixed width in an encoded template, overwritten with values.

pydicom encodes a template once, with a unique placeholder in each slot. The offsets of the
placeholders are found in the bytes; a report is then a copy of the template with values instead of
placeholders. Widths never change, so every length in the file stays correct. Values shorter than
the slot are padded with spaces, as DICOM allows for DS and text; UIDs are made to have exactly the
width.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

UID_WIDTH = 44
NUMBER_WIDTH = 10
TEXT_WIDTH = 48
_UID_FILL = "2.25.1" + "7" * 30
_TEXT_FILL = "PLACEHOLDER"


@dataclass(frozen=True, slots=True)
class Slot:
    """One place: name of its value, offset, and width in bytes."""

    name: str
    offset: int
    width: int


class Placeholders:
    """Hands out a unique placeholder per slot name and finds them in written bytes."""

    def __init__(self) -> None:
        self._text_by_name: dict[str, str] = {}
        self._uses_by_name: Counter[str] = Counter()

    def uid(self, name: str) -> str:
        """Placeholder of a UID of 44 characters (2.25. and 39 digits)."""
        return self._make(name, _UID_FILL, UID_WIDTH)

    def number(self, name: str) -> str:
        """Placeholder of a decimal string."""
        return self._make(name, "9", NUMBER_WIDTH)

    def text(self, name: str, width: int = TEXT_WIDTH) -> str:
        """Placeholder of a text of `width` bytes (an even number, at least 10)."""
        return self._make(name, _TEXT_FILL[: width - 4], width)

    def short(self, name: str, width: int) -> str:
        """Placeholder of a date, time, age or code, from 2 bytes: letters that no report has."""
        return self._remember(
            name, "q" + "z" * (width - 2) + chr(ord("A") + self._serial_number(name))
        )

    def find(self, data: bytes) -> tuple[Slot, ...]:
        """Every place of every placeholder in `data`, in order of offset.

        Raises ValueError where a placeholder is not found exactly as often as it was used.
        """
        slots: list[Slot] = []
        for name, text in self._text_by_name.items():
            offsets = list(_offsets(data, text.encode("ascii")))
            if len(offsets) != self._uses_by_name[name]:
                raise ValueError(f"slot {name}: {len(offsets)} places for its placeholder")
            slots += [Slot(name, offset, len(text)) for offset in offsets]
        return tuple(sorted(slots, key=lambda slot: slot.offset))

    def _make(self, name: str, fill: str, width: int) -> str:
        return self._remember(
            name, fill + str(self._serial_number(name)).rjust(width - len(fill), "0")
        )

    def _serial_number(self, name: str) -> int:
        """Number of other names that have a placeholder: a serial number below 26."""
        names = list(self._text_by_name)
        return names.index(name) if name in names else len(names)

    def _remember(self, name: str, text: str) -> str:
        self._uses_by_name[name] += 1
        return self._text_by_name.setdefault(name, text)


def _offsets(data: bytes, text: bytes) -> Iterable[int]:
    start = data.find(text)
    while start >= 0:
        yield start
        start = data.find(text, start + len(text))


def stamp(data: bytearray, slots: Iterable[Slot], values: Mapping[str, bytes]) -> None:
    """Write the values over their slots; a value wider than its slot is a programming error."""
    for slot in slots:
        value = values[slot.name]
        if len(value) > slot.width:
            raise ValueError(f"value of slot {slot.name} is wider than {slot.width}")
        data[slot.offset : slot.offset + slot.width] = value.ljust(slot.width)
