"""Typical values of facilities: cumulative curve with points, funnel, and caterpillar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from transforms.report.figures.drawing import Canvas
from transforms.report.figures.intervals import Picture
from transforms.report.figures.scale import Scale, axis_below, axis_left, from_zero, short_tick
from transforms.report.figures.strip_plot import swarm_offsets

WIDTH, LEFT, RIGHT = 420, 20, 408
POINT, REACH = 8.5, 26.0


@dataclass(frozen=True, slots=True)
class Site:
    """One facility's typical value, its limits and its number of examinations."""

    value: float
    n_examinations: int = 0
    lower: float | None = None
    upper: float | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """National levels drawn as lines, with labels; None if too few facilities contribute."""

    national_drl: float | None
    achievable_dose: float | None
    middle: float | None = None
    ndrl_words: str = "NDRL"
    achievable_words: str = ""
    middle_words: str = ""


def strip(
    sites: Sequence[Site], lines: Lines, axis: str, write: Callable[[float], str] = short_tick
) -> Picture:
    """One point per facility, and above them the cumulative distribution as a curve."""
    canvas, top, bottom = Canvas(), 40, 206
    values = sorted(site.value for site in sites)
    scale = from_zero([*values, lines.national_drl, lines.middle], LEFT, RIGHT)
    axis_below(canvas, scale, top, bottom, axis, write)
    share = Scale(0.0, 1.0, 130.0, top + 6.0)
    height, before = [(scale.at(values[0]), share.at(0))] if values else [], 0.0
    for number, value in enumerate(values, start=1):
        height += [
            (scale.at(value), share.at(before)),
            (scale.at(value), share.at(number / len(values))),
        ]
        before = number / len(values)
    canvas.path(height, "muted", 1.4)
    _points(canvas, scale, values, lines.national_drl)
    _draw_vertical_lines(canvas, scale, lines, bottom)
    return canvas.marks, WIDTH, bottom + 40


def _points(canvas: Canvas, scale: Scale, values: Sequence[float], limit: float | None) -> None:
    size = max(0.66, min(1.0, (60 / max(len(values), 1)) ** 0.5))
    places = [scale.at(value) for value in values]
    offsets = swarm_offsets(places, POINT * size, REACH)
    for value, x, offset in zip(values, places, offsets, strict=True):
        _point(canvas, x, 170 + offset, 3.7 * size, value, limit)


def _point(
    canvas: Canvas, x: float, y: float, size: float, value: float, limit: float | None
) -> None:
    if limit is not None and value > limit:
        canvas.triangle(x, y, size, "above")
    else:
        canvas.circle(x, y, size, "below")


def _draw_vertical_lines(canvas: Canvas, scale: Scale, lines: Lines, bottom: float) -> None:
    drawn = (
        (lines.middle, lines.middle_words, "ink", "5 3"),
        (lines.achievable_dose, lines.achievable_words, "achievable", "5 3"),
        (lines.national_drl, lines.ndrl_words, "above", ""),
    )
    for number, (value, words, colour, dash) in enumerate(drawn):
        if value is None:
            continue
        x, height = scale.at(value), 14 + 16 * (number % 2)
        canvas.line(x, height - 10, x, bottom, colour, width=2, dash=dash)
        left = x > (LEFT + RIGHT) / 2
        place, anchor = (x - 5, "end") if left else (x + 5, "start")
        canvas.text(place, height, words, colour, anchor=anchor, weight=600)


def funnel(
    sites: Sequence[Site],
    lines: Lines,
    axes: tuple[str, str],
    write: Callable[[float], str] = short_tick,
) -> Picture:
    """Typical value against the number of examinations."""
    canvas, top, bottom, left = Canvas(), 28, 180, 56
    along = from_zero([float(site.n_examinations) for site in sites], left, RIGHT)
    up = from_zero([*(site.value for site in sites), lines.national_drl], bottom, top)
    axis_left(canvas, up, left, RIGHT, axes[1], write)
    axis_below(canvas, along, bottom, bottom, axes[0], short_tick)
    _draw_horizontal_lines(canvas, up, lines, left)
    for site in sites:
        x, y = along.at(site.n_examinations), up.at(site.value)
        _point(canvas, x, y, 3.7, site.value, lines.national_drl)
    return canvas.marks, WIDTH, bottom + 40


def caterpillar(
    sites: Sequence[Site],
    lines: Lines,
    axes: tuple[str, str],
    write: Callable[[float], str] = short_tick,
) -> Picture:
    """Facilities in ascending order of typical value, each with its 95 % limits."""
    canvas, top, bottom, left = Canvas(), 28, 180, 56
    ordered = sorted(sites, key=lambda site: (site.value, site.n_examinations))
    highest = [part for site in ordered for part in (site.value, site.upper)]
    up = from_zero([*highest, lines.national_drl], bottom, top)
    along = Scale(0.0, float(len(ordered) + 1), left, RIGHT)
    axis_left(canvas, up, left, RIGHT, axes[1], write)
    canvas.line(left, bottom, RIGHT, bottom, "muted")
    canvas.text((left + RIGHT) / 2, bottom + 20, axes[0], "muted", anchor="middle")
    _draw_horizontal_lines(canvas, up, lines, left)
    for rank, site in enumerate(ordered, start=1):
        x = along.at(rank)
        for limit in (site.lower, site.upper):
            if limit is not None:
                canvas.line(x, up.at(site.value), x, up.at(limit), "muted", width=1.4)
        _point(canvas, x, up.at(site.value), 3.4, site.value, lines.national_drl)
    return canvas.marks, WIDTH, bottom + 30


def _draw_horizontal_lines(canvas: Canvas, up: Scale, lines: Lines, left: float) -> None:
    if lines.national_drl is not None:
        y = up.at(lines.national_drl)
        canvas.line(left, y, RIGHT, y, "above", width=2)
    if lines.achievable_dose is not None:
        y = up.at(lines.achievable_dose)
        canvas.line(left, y, RIGHT, y, "achievable", width=2, dash="5 3")
