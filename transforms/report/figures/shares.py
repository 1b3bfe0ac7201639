"""Draws shares as stacked bars whose parts differ in pattern, so that no colour is needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from transforms.report.figures.drawing import WIDTH, Canvas, shorten
from transforms.report.figures.intervals import LABELS, LETTERS, LINE, TOP, Picture
from transforms.report.figures.scale import Scale, axis_below, short_tick

HEIGHT, STEP, GAP = 14.0, 5.0, 1.5
SOLID, HATCHED, STRIPED, EMPTY = "solid", "hatched", "striped", "empty"


@dataclass(frozen=True, slots=True)
class Shares:
    """One bar: fractions of 1 in the order of the legend; None is not drawn."""

    label: str
    parts: tuple[float | None, ...]


def share_bars(
    bars: Sequence[Shares],
    legend: Sequence[tuple[str, str]],
    axis: str,
    write: Callable[[float], str] = short_tick,
) -> Picture:
    """One bar per item; `legend` has pattern and name of each part, in order."""
    top = TOP + 24.0
    canvas, bottom = Canvas(), top + LINE * len(bars)
    _legend(canvas, legend)
    scale = Scale(0.0, 100.0, LABELS, WIDTH - 20)
    axis_below(canvas, scale, top, bottom, axis, write)
    for number, bar in enumerate(bars):
        y, done = top + LINE * number + 4, 0.0
        canvas.text(LABELS - 8, y + 11, shorten(bar.label, LETTERS), anchor="end")
        for (pattern, _), part in zip(legend, bar.parts, strict=True):
            if part is None:
                continue
            start, end = scale.at(100 * done), scale.at(100 * (done + part))
            _part(canvas, start, y, end - start - GAP, pattern)
            done += part
    return canvas.marks, WIDTH, bottom + 42


def _legend(canvas: Canvas, legend: Sequence[tuple[str, str]]) -> None:
    x = 10.0
    for pattern, name in legend:
        _part(canvas, x, 4, 20, pattern)
        canvas.text(x + 26, 15, name)
        x += 48 + 6.6 * len(name)


def _part(canvas: Canvas, x: float, y: float, width: float, pattern: str) -> None:
    if width <= 0:
        return
    if pattern == SOLID:
        canvas.box(x, y, width, HEIGHT, "below")
        return
    if pattern == HATCHED:
        _hatch(canvas, x, y, width)
    elif pattern == STRIPED:
        for n in range(1, int(width / STEP) + 1):
            place = x + n * STEP
            if place < x + width:
                canvas.line(place, y, place, y + HEIGHT, "muted")
    dash = "3 2" if pattern == EMPTY else ""
    corners = [(x, y), (x + width, y), (x + width, y + HEIGHT), (x, y + HEIGHT)]
    for one, other in zip(corners, [*corners[1:], corners[0]], strict=True):
        canvas.line(*one, *other, "muted", dash=dash)


def _hatch(canvas: Canvas, x: float, y: float, width: float) -> None:
    """Slanted lines, cut at the edges of the part."""
    foot = x - HEIGHT + STEP
    while foot < x + width:
        left, right = max(foot, x), min(foot + HEIGHT, x + width)
        if right > left:
            canvas.line(left, y + HEIGHT - (left - foot), right, y + HEIGHT - (right - foot), "ink")
        foot += STEP
