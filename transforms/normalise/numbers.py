"""Reads DICOM numbers (PS3.5 section 6.2, VR DS and IS)."""

from __future__ import annotations

import math
import re

from transforms.errors import ObjectRefused

_DECIMAL_STRING = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf(inity)?)", re.IGNORECASE)


def decimal_string(text: str | None, where: str) -> float | None:
    """The number, None if absent; refuses NaN, infinity and malformed numbers.

    A comma, a list or a trailing unit is refused, since reading it would be a guess.
    """
    stripped = (text or "").strip()
    if not stripped:
        return None
    if not _DECIMAL_STRING.fullmatch(stripped):
        not_finite = _NOT_FINITE.fullmatch(stripped)
        raise ObjectRefused("number_not_finite" if not_finite else "number_malformed", where)
    return finite(float(stripped), where)


def finite(number: float, where: str) -> float:
    """The number; refuses it if its exponent or a conversion has made it infinite."""
    if not math.isfinite(number):
        raise ObjectRefused("number_not_finite", where)
    return number


def decimal_strings(text: str | None, where: str) -> list[float]:
    """The numbers of a list ("70\\\\71\\\\70"); NumericValue can have one value per pulse."""
    parts = (text or "").split("\\")
    return [number for part in parts if (number := decimal_string(part, where)) is not None]
