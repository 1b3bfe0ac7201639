"""Numbers as DICOM writes them (PS3.5 section 6.2, VR DS and IS)."""

from __future__ import annotations

import math
import re

from transforms.errors import ObjectRefused

_DECIMAL_STRING = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_NOT_FINITE = re.compile(r"[+-]?(nan|inf(inity)?)", re.IGNORECASE)


def decimal_string(text: str | None, where: str) -> float | None:
    """The number, None where there is none; refuses NaN, infinity and other grammar.

    A comma, a list or a trailing unit is refused, since any reading of it would be a guess.
    """
    stripped = (text or "").strip()
    if not stripped:
        return None
    if not _DECIMAL_STRING.fullmatch(stripped):
        not_finite = _NOT_FINITE.fullmatch(stripped)
        raise ObjectRefused("number_not_finite" if not_finite else "number_malformed", where)
    return finite(float(stripped), where)


def finite(number: float, where: str) -> float:
    """The number, which too large a power of ten or a conversion may have made infinite."""
    if not math.isfinite(number):
        raise ObjectRefused("number_not_finite", where)
    return number


def decimal_strings(text: str | None, where: str) -> list[float]:
    """The numbers of a list ("70\\\\71\\\\70"), which NumericValue may be: one value per pulse."""
    parts = (text or "").split("\\")
    return [number for part in parts if (number := decimal_string(part, where)) is not None]
