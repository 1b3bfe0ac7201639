"""Texts that attack a program that displays them: spreadsheet, web page, template, line reader.

Facilities write them beside names and as names that nothing maps; they change no number.
"""

from __future__ import annotations

from collections.abc import Mapping

TEXTS: tuple[str, ...] = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "{{7*7}}",
    "\"'; drop table x; --",
    "\N{RIGHT-TO-LEFT OVERRIDE}lanimod",
)
FACILITY_NAMES: Mapping[int, str] = {
    2: "=cmd|' /C calc'!A0",
    3: "Klinik <script>alert(1)</script>",
    5: '"Sankt Anna\'s" {{7*7}} & Partner',
}
"""Registered names, by the number of the facility."""

WIDTH = 48
EVERY = 2
"""Every second facility has a hostile text beside its names of procedures."""


def requested_text(number: int, codec: str) -> str:
    """What the facility writes as requested procedure where it names it elsewhere, or nothing."""
    text = TEXTS[number // EVERY % len(TEXTS)]
    return text if number % EVERY == 0 and fits(text, codec) else ""


def unmapped_name(number: int, ordinary: str, codec: str) -> str:
    """The facility's name of an examination that no rule maps; hostile for every third."""
    text = TEXTS[number // 3 % len(TEXTS)]
    return text if number % 3 == 0 and fits(text, codec) else ordinary


def fits(name: str, codec: str) -> bool:
    """Whether a report can encode the name."""
    try:
        return len(name.encode(codec)) <= WIDTH
    except UnicodeEncodeError:
        return False
