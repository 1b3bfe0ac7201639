"""Linear scales with round ticks, and axes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from transforms.report.figures.drawing import Canvas


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps values to pixels: `low` to `start`, `high` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Position of a value in pixels."""
        span = (self.high - self.low) or 1.0
        return self.start + (value - self.low) / span * (self.end - self.start)

    def ticks(self, wanted: int = 6) -> list[float]:
        """Round values from `low` to `high`, about `wanted` of them."""
        step = _round_step((self.high - self.low) / wanted)
        first = math.ceil(round(self.low / step, 9))
        last = math.floor(round(self.high / step, 9))
        return [round(n * step, 10) for n in range(first, last + 1)]


def from_zero(values: Iterable[float | None], start: float, end: float) -> Scale:
    """A scale from zero to a little above the largest value."""
    highest = max((value for value in values if value is not None), default=0.0)
    return Scale(0.0, (highest or 1.0) * 1.06, start, end)


def _round_step(least: float) -> float:
    if least <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * one for one in (1, 2, 5, 10) if power * one >= least * 0.999999)


def axis_below(
    canvas: Canvas,
    scale: Scale,
    top: float,
    bottom: float,
    title: str,
    write: Callable[[float], str],
) -> None:
    """Draw vertical grid lines with their values below, and the title of the axis."""
    for tick in scale.ticks():
        x = scale.at(tick)
        canvas.line(x, top, x, bottom, "grid")
        canvas.text(x, bottom + 16, write(tick), "muted", anchor="middle")
    canvas.line(scale.start, bottom, scale.end, bottom, "muted")
    canvas.text((scale.start + scale.end) / 2, bottom + 33, title, "muted", anchor="middle")


def axis_left(
    canvas: Canvas,
    scale: Scale,
    left: float,
    right: float,
    title: str,
    write: Callable[[float], str],
) -> None:
    """Draw horizontal grid lines with their values on the left, and the axis title above."""
    for tick in scale.ticks(5):
        y = scale.at(tick)
        canvas.line(left, y, right, y, "grid")
        canvas.text(left - 6, y + 4, write(tick), "muted", anchor="end")
    canvas.line(left, scale.start, left, scale.end, "muted")
    canvas.text(left, scale.end - 10, title, "muted")


def short_tick(value: float) -> str:
    """Format a tick without trailing zeros."""
    return f"{value:.10g}"
