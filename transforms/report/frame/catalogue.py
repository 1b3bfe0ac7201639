"""Translations and number formats of one language. Message ids are the English texts.

`say` translates the report's own sentences and fails if the translation is missing. `label`
translates words of the reference data and returns unknown words unchanged. Both return plain text
without markup.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol

from transforms.errors import DrlakeError, UsageError
from transforms.report.frame import numbers
from transforms.sheets.visible_text import visible

MESSAGES = Path(__file__).parent.parent / "messages"
ENGLISH = "en"
GAP = "\u202f"


def languages() -> tuple[str, ...]:
    """English and all languages that have a catalogue."""
    return (ENGLISH, *sorted(path.stem for path in MESSAGES.glob("*.po")))


def checked_languages(wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the given languages without repeats, or all if none is given.

    Raises UsageError for an unknown language.
    """
    known = languages()
    for language in wanted:
        if language not in known:
            raise UsageError(f"No catalogue for {language!r}. Name one of {', '.join(known)}.")
    return tuple(dict.fromkeys(wanted)) or known


@cache
def messages(language: str) -> Mapping[str, str]:
    """Message id → translation; empty for English, where ids are the texts."""
    if language == ENGLISH:
        return {}
    with (MESSAGES / f"{language}.po").open("rb") as file:
        catalogue = read_po(file, locale=language, abort_invalid=True)
    return {str(one.id): str(one.string) for one in catalogue if one.id and one.string}


def msg(text: str) -> str:
    """Mark a message id for later translation."""
    return text


class Catalogue:
    """One language of the reports."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._texts = messages(language)
        self._decimal = get_decimal_symbol(language)

    def say(self, text: str, **values: Any) -> str:
        """Translate a sentence and insert its values; DrlakeError if it has no translation."""
        if self.language != ENGLISH and text not in self._texts:
            raise DrlakeError(f"messages/{self.language}.po has no text for: {text}")
        said = self._texts.get(text, text)
        return said.format(**values) if values else said

    def label(self, text: str) -> str:
        """Translate a word of the reference data; unknown words are returned as they are."""
        return self._texts.get(text) or visible(text)

    def dose(self, value: float | None) -> str:
        """A dose to three significant digits, without its unit."""
        return self._local(numbers.dose_text(value))

    def tick(self, value: float) -> str:
        """A number on an axis, without trailing zeros."""
        return self._local(f"{value:.10g}")

    def ratio(self, value: float | None) -> str:
        """A ratio with two decimals."""
        return self._local(numbers.ratio_text(value))

    def share(self, value: float | None) -> str:
        """A fraction of 1 in per cent with one decimal."""
        return numbers.ABSENT if value is None else self._local(f"{100 * value:.1f}{GAP}%")

    def count(self, value: int | None) -> str:
        """A count with a thin space between thousands."""
        return numbers.count_text(value)

    def day(self, value: datetime.date) -> str:
        """A date in words."""
        locale = "en_GB" if self.language == ENGLISH else self.language
        return format_date(value, format="long", locale=locale)

    def percentile(self, fraction: float) -> str:
        """A percentile in words: the median, or the 75th percentile."""
        if fraction == 0.5:
            return self.say("median")
        if self.language == ENGLISH:
            return numbers.ordinal_text(fraction)
        number = self._local(f"{100 * fraction:.10g}")
        return self.say("{number}th percentile", number=number)

    def _local(self, text: str) -> str:
        return text.replace(".", self._decimal)
