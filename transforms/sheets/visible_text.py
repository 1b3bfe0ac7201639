"""Makes untrusted text safe to display: invisible characters are shown as [U+XXXX]."""

from __future__ import annotations

import unicodedata

INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Categories of invisible characters: control, format, surrogate, private use, line ends."""


def visible(text: str) -> str:
    """The text with control, bidirectional and other invisible characters as [U+XXXX]."""
    if text.isprintable():
        return text
    return "".join(f"[U+{ord(sign):04X}]" if is_invisible(sign) else sign for sign in text)


def is_invisible(sign: str) -> bool:
    """Whether a character is invisible, such as a control or bidirectional character."""
    return unicodedata.category(sign) in INVISIBLE
