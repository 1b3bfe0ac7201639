"""The strip and box plot of the facilities' typical values, as SVG for the page.

Altair writes the specification, vl-convert turns it into SVG without a network. Only numbers
and fixed words go in, so no text of a hospital can reach the drawing. The colours here are for
paper and light screens; the page's style sheet sets them by class name for dark screens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert

from transforms.report.numbers import dose_text
from transforms.report.swarm import swarm_offsets

WIDTH, HEIGHT = 400, 92
MARGIN = {"left": 14, "right": 14, "top": 40, "bottom": 42}
POINT_WIDTH, SWARM_MIDDLE, SWARM_REACH = 8.5, 34.0, 28.0
BOX_TOP, BOX_BOTTOM = 72, 84
HIGH, LOW = -32, -16
"""Where the two lines of words above the points begin."""
INK, MUTED, GRID = "#1b2733", "#5b6875", "#e3e7eb"
BELOW, ABOVE, NDRL, ACHIEVABLE = "#3d6f9e", "#b3460f", "#b3460f", "#0b7a5e"


@dataclass(frozen=True, slots=True)
class Plot:
    """What one plot shows, doses in `unit`.

    `national_drl` and `achievable_dose` are None where too few facilities count; then
    `typical_value`, the median, is drawn instead, and no box.
    """

    unit: str
    values: tuple[float, ...]
    p25: float | None = None
    p75: float | None = None
    national_drl: float | None = None
    achievable_dose: float | None = None
    typical_value: float | None = None

    @property
    def limit(self) -> float:
        """Right end of the axis, which begins at zero."""
        drawn = (*self.values, self.national_drl or 0.0, self.typical_value or 0.0)
        return (max(drawn) or 1.0) * 1.04


def chart_svg(plot: Plot) -> str:
    """The drawing's inner SVG markup, for a frame of `view_box()`: same plot, same text."""
    layers = [*_box(plot), *_points(plot), *_lines(plot)]
    chart = (
        alt.layer(*layers)
        .properties(width=WIDTH, height=HEIGHT, padding=MARGIN, autosize="none")
        .configure(background="transparent", font="system-ui, sans-serif", aria=False)
        .configure_view(stroke=None)
    )
    # Altair's own check of the whole specification takes longer than the drawing.
    specification = chart.to_dict(validate=False)
    svg: str = vl_convert.vegalite_to_svg(
        specification, vl_version=_vegalite_version(), allowed_base_urls=[]
    )
    return _inner(svg)


def view_box() -> str:
    """The viewBox every plot is drawn in, in pixels of the drawing."""
    width = WIDTH + MARGIN["left"] + MARGIN["right"]
    height = HEIGHT + MARGIN["top"] + MARGIN["bottom"]
    return f"0 0 {width} {height}"


def _vegalite_version() -> str:
    return ".".join(alt.SCHEMA_VERSION.lstrip("v").split(".")[:2])


def _inner(svg: str) -> str:
    body = re.sub(r"^<svg\b[^>]*>", "", svg, count=1).removesuffix("</svg>")
    # The frame is an image with its own title and description: parts need no roles.
    return re.sub(r' (?:role|aria-[a-z]+|pointer-events)="[^"]*"', "", body)


def _x(plot: Plot, field: str) -> alt.X:
    axis = alt.Axis(
        title=plot.unit,
        tickCount=6,
        format="~f",
        labelOverlap=False,
        labelBound=False,
        labelFlush=False,
        labelFontSize=12,
        titleFontSize=12,
        titleFontWeight="normal",
        titlePadding=6,
        labelColor=MUTED,
        titleColor=MUTED,
        gridColor=GRID,
        domainColor=MUTED,
        tickColor=MUTED,
    )
    scale = alt.Scale(domain=[0, plot.limit], nice=False)
    return alt.X(f"{field}:Q", scale=scale, axis=axis)


def _layer(name: str, values: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=values), name=name)


def _points(plot: Plot) -> list[alt.Chart]:
    # Up to 60 points at full size; a crowd gets smaller ones, down to two thirds of the width.
    size = max(0.66, min(1.0, (60 / max(len(plot.values), 1)) ** 0.5))
    places = [value / plot.limit * WIDTH for value in plot.values]
    offsets = swarm_offsets(places, POINT_WIDTH * size, SWARM_REACH)
    rows = [
        {"x": value, "y": SWARM_MIDDLE + offset}
        for value, offset in zip(plot.values, offsets, strict=True)
    ]
    limit = plot.national_drl if plot.national_drl is not None else float("inf")
    below = [row for row in rows if row["x"] <= limit]
    above = [row for row in rows if row["x"] > limit]
    return [
        *_point_layer(plot, "below", below, "circle", 44 * size**2),
        *_point_layer(plot, "above", above, "triangle-up", 64 * size**2),
    ]


def _point_layer(
    plot: Plot, name: str, rows: list[dict[str, Any]], shape: str, area: float
) -> list[alt.Chart]:
    if not rows:
        return []
    y = alt.Y("y:Q", scale=alt.Scale(domain=[HEIGHT, 0]), axis=None)
    mark = _layer(name, rows).mark_point(
        shape=shape,
        size=round(area, 3),
        filled=True,
        color=BELOW if name == "below" else ABOVE,
        opacity=1,
        stroke="white",
        strokeWidth=0.7,
    )
    return [mark.encode(x=_x(plot, "x"), y=y)]


def _box(plot: Plot) -> list[alt.Chart]:
    if plot.national_drl is None or plot.p25 is None or plot.p75 is None or not plot.values:
        return []
    middle = alt.value((BOX_TOP + BOX_BOTTOM) / 2)
    span = [{"low": min(plot.values), "high": max(plot.values)}]
    whisker = _layer("whisker", span).mark_rule(color=MUTED)
    box = _layer("box", [{"low": plot.p25, "high": plot.p75}]).mark_bar(
        color="#cfdbe6", stroke=MUTED, strokeWidth=1
    )
    return [
        whisker.encode(x=_x(plot, "low"), x2="high:Q", y=middle),
        box.encode(x=_x(plot, "low"), x2="high:Q", y=alt.value(BOX_TOP), y2=alt.value(BOX_BOTTOM)),
    ]


@dataclass(frozen=True, slots=True)
class _Line:
    """One line with its words, which stand `left` or right of it at height `top`."""

    name: str
    value: float
    words: str
    color: str
    top: int
    left: bool


def _lines(plot: Plot) -> list[alt.Chart]:
    lines = []
    if plot.typical_value is not None:
        left = plot.typical_value > 0.6 * plot.limit
        lines.append(_Line("typical", plot.typical_value, "Typical value", INK, LOW, left))
    if plot.achievable_dose is not None and plot.national_drl is not None:
        # No words may cross a line: those of the achievable dose stand left of it where there
        # is room, else right of it and above the end of the NDRL's line.
        room = plot.achievable_dose > 0.36 * plot.limit
        ad_top, ndrl_top = (LOW, HIGH) if room else (HIGH, LOW)
        left = room and plot.national_drl > 0.78 * plot.limit
        lines += [
            _Line("achievable", plot.achievable_dose, "Achievable dose", ACHIEVABLE, ad_top, room),
            _Line("ndrl", plot.national_drl, "NDRL", NDRL, ndrl_top, left),
        ]
    return [layer for line in lines for layer in _line(plot, line)]


def _line(plot: Plot, line: _Line) -> list[alt.Chart]:
    rule = _layer(line.name, [{"x": line.value}]).mark_rule(
        color=line.color, strokeWidth=2, strokeDash=[1, 0] if line.name == "ndrl" else [5, 3]
    )
    text = f"{line.words} {dose_text(line.value)}"
    label = _layer(f"{line.name}_label", [{"x": line.value, "text": text}]).mark_text(
        align="right" if line.left else "left",
        dx=-5 if line.left else 5,
        baseline="top",
        fontSize=12.5,
        fontWeight=600,
        color=line.color,
    )
    x, top = _x(plot, "x"), alt.value(line.top)
    return [rule.encode(x=x, y=top, y2=alt.value(HEIGHT)), label.encode(x=x, y=top, text="text:N")]
