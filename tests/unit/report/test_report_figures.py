"""Figures: positions in pixels, marks that differ by more than colour, texts kept as text."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from transforms.report.figures.drawing import COLOURS, Canvas, Drawing
from transforms.report.figures.facilities import Lines, Site, caterpillar, funnel, strip
from transforms.report.figures.intervals import (
    Level,
    Picture,
    Stack,
    Year,
    interval_bars,
    stacked_shares,
    trend,
)
from transforms.report.figures.scale import Scale, from_zero

HOSTILE = '<script>alert(1)</script> & "quotes"'
SITES = [Site(4, 30, 3, 5), Site(8, 12, 6, None), Site(12, 50, 11, 13)]
LINES = Lines(10.0, 8.0, None, "NDRL", "Achievable dose")


def elements(picture: Picture) -> list[ElementTree.Element]:
    svg = Drawing("title", "description", *picture).standing_alone()
    return list(ElementTree.fromstring(svg))  # noqa: S314 - our own


def shapes(picture: Picture, tag: str, colour: str) -> list[dict[str, str]]:
    return [
        one.attrib
        for one in elements(picture)
        if one.tag.endswith(tag) and colour in one.attrib.get("class", "").split(" ")[0]
    ]


def texts(picture: Picture) -> list[str]:
    return [one.text or "" for one in elements(picture) if one.tag.endswith("text")]


def test_a_scale_goes_from_start_to_end_with_round_ticks() -> None:
    scale = Scale(0, 50, 100, 200)
    assert (scale.at(0), scale.at(25), scale.at(50)) == (100, 150, 200)
    assert scale.ticks() == [0, 10, 20, 30, 40, 50]
    assert Scale(0, 0.31, 0, 1).ticks()[1] == 0.1
    assert from_zero([], 0, 1).high > 0


def test_a_level_stands_at_its_value_and_its_bar_over_its_limits() -> None:
    picture = interval_bars([Level("CT head", 10, 8, 12, 9)], "mGy")
    (circle,) = shapes(picture, "circle", "f-above")
    ends = sorted(
        float(one["x1"]) for one in shapes(picture, "line", "s-above") if one["x1"] == one["x2"]
    )
    assert ends[0] < float(circle["cx"]) < ends[1]
    middle = (ends[0] + ends[1]) / 2
    assert abs(middle - float(circle["cx"])) < 0.02
    assert len(shapes(picture, "polygon", "f-achievable")) == 1


def test_a_limit_that_is_not_stated_leaves_the_bar_open() -> None:
    both = shapes(interval_bars([Level("a", 10, 8, 12)], "mGy"), "line", "s-above")
    one = shapes(interval_bars([Level("a", 10, 8, None)], "mGy"), "line", "s-above")
    none = shapes(interval_bars([Level("a", 10)], "mGy"), "line", "s-above")
    assert (len(both), len(one), len(none)) == (4, 2, 0)


def test_facilities_above_are_triangles_and_the_others_circles() -> None:
    for picture in (
        strip(SITES, LINES, "mGy"),
        funnel(SITES, LINES, ("n", "mGy")),
        caterpillar(SITES, LINES, ("rank", "mGy")),
    ):
        assert len(shapes(picture, "polygon", "f-above")) == 1
        assert len(shapes(picture, "circle", "f-below")) == 2
        assert len(shapes(picture, "line", "s-above")) == 1
        (dashed,) = shapes(picture, "line", "s-achievable")
        assert dashed["stroke-dasharray"] == "5 3"


def test_without_an_ndrl_no_line_and_no_triangle_is_drawn() -> None:
    picture = strip(SITES, Lines(None, None, 8.0, middle_words="Typical value 8.00"), "mGy")
    assert shapes(picture, "polygon", "f-above") == [] == shapes(picture, "line", "s-above")
    assert "Typical value 8.00" in texts(picture)


def test_the_curve_reaches_every_facility() -> None:
    steps = shapes(strip(SITES, LINES, "mGy"), "line", "s-muted")
    curve = [one for one in steps if one["stroke-width"] == "1.4"]
    assert len(curve) == 2 * len(SITES)


def test_a_trend_goes_through_its_years_in_order() -> None:
    picture = trend([Year(2023, 10, 9, 11), Year(2025, 8, 7, 9)], "mGy")
    circles = shapes(picture, "circle", "f-above")
    assert float(circles[0]["cx"]) < float(circles[1]["cx"])
    assert float(circles[0]["cy"]) < float(circles[1]["cy"])
    assert {"2023", "2025"} <= set(texts(picture)) and "2024" not in texts(picture)


def test_stacked_parts_follow_each_other() -> None:
    picture = stacked_shares([Stack("a", (0.25, 0.75))], ("yes", "no"), "%")
    first, second = (shapes(picture, "rect", f"f-part-{n}")[1] for n in (1, 2))
    assert float(first["x"]) + float(first["width"]) < float(second["x"])
    assert abs(float(second["width"]) + 1.5 - 3 * (float(first["width"]) + 1.5)) < 0.05


def test_text_is_escaped_and_never_markup() -> None:
    picture = interval_bars([Level(HOSTILE, 1)], HOSTILE)
    assert "<script" not in picture[0]
    assert any(text.startswith("<script>") for text in texts(picture))


def test_the_same_marks_give_the_same_text() -> None:
    assert strip(SITES, LINES, "mGy") == strip(SITES, LINES, "mGy")
    assert not re.search(r"\d\.\d{3,}", strip(SITES, LINES, "mGy")[0])
    assert Canvas().marks == ""


def test_every_colour_but_the_grid_stands_out_from_white_paper() -> None:
    for name, colour in COLOURS.items():
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [
            one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts
        ]
        light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
        assert name == "grid" or 1.05 / (light + 0.05) >= 3, name
