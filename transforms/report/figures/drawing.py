"""A drawing: SVG marks with title and description, and the canvas that collects them.

Colours are attributes, for paper and PDF; the style sheet of the page overrides them by class for
dark screens. Shape or dash repeats what colour says. Text is escaped only here.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import pairwise

FONT = "Libertinus Serif"
"""A built-in font of the PDF writer; pages use the font of the style sheet."""
WIDTH = 720
COLOURS = {
    "ink": "#1b2733",
    "muted": "#55626f",
    "grid": "#e3e7eb",
    "below": "#3d6f9e",
    "above": "#b3460f",
    "achievable": "#0b7a5e",
    "part-1": "#3d6f9e",
    "part-2": "#b9770e",
    "part-3": "#77828d",
    "part-4": "#7a4a8c",
}
"""Blue and orange can be told apart by colour-blind readers; contrast is 3:1 except the grid."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Content of an <svg>; `title` and `description` describe it in words."""

    title: str
    description: str
    marks: str
    width: float
    height: float

    def standing_alone(self) -> str:
        """The drawing as a complete SVG file."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{self.view_box}" '
            f'width="{number(self.width)}" height="{number(self.height)}" font-family="{FONT}">'
            f"{self.marks}</svg>"
        )

    @property
    def view_box(self) -> str:
        """The SVG viewBox, in units of the drawing."""
        return f"0 0 {number(self.width)} {number(self.height)}"


def number(value: float) -> str:
    """A coordinate as text with at most two decimals, the same on all machines."""
    return f"{value:.2f}".rstrip("0").rstrip(".") if value else "0"


class Canvas:
    """Collects SVG marks in drawing order."""

    def __init__(self) -> None:
        self._marks: list[str] = []

    @property
    def marks(self) -> str:
        """All marks added so far, as SVG."""
        return "".join(self._marks)

    def line(
        self, x1: float, y1: float, x2: float, y2: float, colour: str, **look: float | str
    ) -> None:
        """A straight line; `width` in pixels and `dash` as in SVG."""
        dash = f' stroke-dasharray="{look["dash"]}"' if look.get("dash") else ""
        self._marks.append(
            f'<line class="s-{colour}" x1="{number(x1)}" y1="{number(y1)}" x2="{number(x2)}" '
            f'y2="{number(y2)}" stroke="{COLOURS[colour]}" '
            f'stroke-width="{look.get("width", 1)}"{dash}/>'
        )

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        """A filled rectangle."""
        self._marks.append(
            f'<rect class="f-{colour}" x="{number(x)}" y="{number(y)}" width="{number(width)}" '
            f'height="{number(height)}" fill="{COLOURS[colour]}"/>'
        )

    def circle(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled circle with a thin white edge."""
        self._marks.append(
            f'<circle class="f-{colour} edge" cx="{number(x)}" cy="{number(y)}" '
            f'r="{number(radius)}" fill="{COLOURS[colour]}" stroke="#ffffff" stroke-width="0.7"/>'
        )

    def triangle(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled triangle, point up."""
        self._shape([(x, y - radius), (x + radius, y + radius), (x - radius, y + radius)], colour)

    def diamond(self, x: float, y: float, radius: float, colour: str) -> None:
        """A filled diamond."""
        corners = [(x, y - radius), (x + radius, y), (x, y + radius), (x - radius, y)]
        self._shape(corners, colour)

    def _shape(self, corners: list[tuple[float, float]], colour: str) -> None:
        points = " ".join(f"{number(x)},{number(y)}" for x, y in corners)
        self._marks.append(
            f'<polygon class="f-{colour} edge" points="{points}" fill="{COLOURS[colour]}" '
            f'stroke="#ffffff" stroke-width="0.7"/>'
        )

    def path(self, points: list[tuple[float, float]], colour: str, width: float = 1.6) -> None:
        """A line through points."""
        for (x1, y1), (x2, y2) in pairwise(points):
            self.line(x1, y1, x2, y2, colour, width=width)

    def text(
        self, x: float, y: float, words: str, colour: str = "ink", **look: float | str
    ) -> None:
        """Text at a position; `anchor` is start, middle or end, `size` is in pixels."""
        self._marks.append(
            f'<text class="f-{colour}" x="{number(x)}" y="{number(y)}" '
            f'text-anchor="{look.get("anchor", "start")}" font-size="{look.get("size", 12)}" '
            f'font-weight="{look.get("weight", 400)}" fill="{COLOURS[colour]}">'
            f"{escape(words)}</text>"
        )


def shorten(words: str, length: int) -> str:
    """Shorten a label to `length` characters; the table below the figure has the full text."""
    return words if len(words) <= length else words[: length - 1].rstrip() + "…"
