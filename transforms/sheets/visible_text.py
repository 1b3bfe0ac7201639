"""Text of others, shown to a person: nothing in it moves a cursor or turns a line around."""

from __future__ import annotations

import unicodedata

UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Categories of signs that no one sees: control, format, surrogate, private use, line ends."""


def inert(text: str) -> str:
    """Text of others with what cannot be seen spelt out: it could turn the line around it."""
    if text.isprintable():
        return text
    return "".join(f"[U+{ord(sign):04X}]" if is_unseen(sign) else sign for sign in text)


def is_unseen(sign: str) -> bool:
    """Whether a sign does something instead of being seen."""
    return unicodedata.category(sign) in UNSEEN
