"""Draws levels with 95 % limits in one row each, levels over the years, and stacked shares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from transforms.report.figures.drawing import WIDTH, Canvas, shorten
from transforms.report.figures.scale import Scale, axis_below, axis_left, from_zero, short_tick

LABELS, LINE, TOP = 340, 22, 12
LETTERS = 48
"""Characters of a label that fit in the wider of the two fonts."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level; a missing limit is None, and the bar then has no end mark on that side."""

    label: str
    value: float
    lower: float | None = None
    upper: float | None = None
    second: float | None = None


Picture = tuple[str, float, float]
"""Marks, width and height."""


def interval_bars(
    levels: Sequence[Level], axis: str, write: Callable[[float], str] = short_tick
) -> Picture:
    """One row per level: circle at `value`, bar from `lower` to `upper`, diamond at `second`."""
    canvas, bottom = Canvas(), TOP + LINE * len(levels)
    drawn = [part for one in levels for part in (one.value, one.upper, one.second)]
    scale = from_zero(drawn, LABELS, WIDTH - 20)
    axis_below(canvas, scale, TOP, bottom, axis, write)
    for number, level in enumerate(levels):
        y = TOP + LINE * (number + 0.5)
        canvas.text(LABELS - 8, y + 4, shorten(level.label, LETTERS), anchor="end")
        _whisker(canvas, scale, level, y)
        if level.second is not None:
            canvas.diamond(scale.at(level.second), y, 4.5, "achievable")
        canvas.circle(scale.at(level.value), y, 4.5, "above")
    return canvas.marks, WIDTH, bottom + 42


def _whisker(canvas: Canvas, scale: Scale, level: Level, y: float) -> None:
    for limit in (level.lower, level.upper):
        if limit is not None:
            canvas.line(scale.at(limit), y, scale.at(level.value), y, "above", width=2)
            canvas.line(scale.at(limit), y - 5, scale.at(limit), y + 5, "above", width=2)


@dataclass(frozen=True, slots=True)
class Year:
    """A level in one year with its 95 % limits."""

    year: int
    value: float
    lower: float | None = None
    upper: float | None = None


TREND_WIDTH, TREND_HEIGHT, LEFT = 420, 190, 56


def trend(years: Sequence[Year], axis: str, write: Callable[[float], str] = short_tick) -> Picture:
    """A level over the years: circles joined by a line, each with a bar for its limits."""
    canvas, bottom = Canvas(), TREND_HEIGHT
    drawn = [part for one in years for part in (one.value, one.upper)]
    up = from_zero(drawn, bottom, 26)
    first, last = min(one.year for one in years), max(one.year for one in years)
    along = Scale(first, max(last, first + 1), LEFT + 30, TREND_WIDTH - 40)
    axis_left(canvas, up, LEFT, TREND_WIDTH - 10, axis, write)
    for year in sorted({one.year for one in years}):
        canvas.text(along.at(year), bottom + 18, str(year), "muted", anchor="middle")
    canvas.path([(along.at(one.year), up.at(one.value)) for one in years], "below")
    for one in years:
        x = along.at(one.year)
        for limit in (one.lower, one.upper):
            if limit is not None:
                canvas.line(x, up.at(one.value), x, up.at(limit), "above", width=2)
                canvas.line(x - 5, up.at(limit), x + 5, up.at(limit), "above", width=2)
        canvas.circle(x, up.at(one.value), 4.5, "above")
    return canvas.marks, TREND_WIDTH, bottom + 28


@dataclass(frozen=True, slots=True)
class Stack:
    """One bar; its parts add up to 1."""

    label: str
    parts: tuple[float, ...]


PATTERNS = ("part-1", "part-2", "part-3", "part-4")


def stacked_shares(
    stacks: Sequence[Stack],
    names: Sequence[str],
    axis: str,
    write: Callable[[float], str] = short_tick,
) -> Picture:
    """One bar per stack, parts in the order of `names`, separated by gaps."""
    top = TOP + 20
    canvas, bottom = Canvas(), top + LINE * len(stacks)
    x = 10.0
    for colour, name in zip(PATTERNS, names, strict=False):
        canvas.box(x, 4, 12, 12, colour)
        canvas.text(x + 17, 14, name)
        x += 34 + 6.6 * len(name)
    scale = Scale(0.0, 100.0, LABELS, WIDTH - 20)
    axis_below(canvas, scale, top, bottom, axis, write)
    for number, stack in enumerate(stacks):
        y, done = top + LINE * number + 4, 0.0
        canvas.text(LABELS - 8, y + 11, shorten(stack.label, LETTERS), anchor="end")
        for colour, part in zip(PATTERNS, stack.parts, strict=False):
            start, end = scale.at(100 * done), scale.at(100 * (done + part))
            canvas.box(start, y, max(end - start - 1.5, 0.0), LINE - 8, colour)
            done += part
    return canvas.marks, WIDTH, bottom + 42
