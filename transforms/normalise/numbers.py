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
    if _NOT_FINITE.fullmatch(stripped):
        raise ObjectRefused("number_not_finite", where)
    if not _DECIMAL_STRING.fullmatch(stripped):
        raise ObjectRefused("number_malformed", where)
    number = float(stripped)
    if not math.isfinite(number):
        raise ObjectRefused("number_not_finite", where)
    return number
