"""The drawing: points that do not hide one another, lines where the values are, same bytes."""

import re
import subprocess
import sys

import pytest

from transforms.report.chart import WIDTH, Plot, chart_svg
from transforms.report.swarm import swarm_offsets, swarm_rows

VALUES = (4.0, 5.0, 5.01, 5.02, 8.0, 10.0)
PLOT = Plot("mGy", VALUES, p25=5.0, p75=8.0, national_drl=8.0, achievable_dose=5.015)
OF_ANOTHER_PROCESS = """
from transforms.report.chart import Plot, chart_svg
values = (4.0, 5.0, 5.01, 5.02, 8.0, 10.0)
plot = Plot("mGy", values, p25=5.0, p75=8.0, national_drl=8.0, achievable_dose=5.015)
print(chart_svg(plot), end="")
"""


def line_position(svg: str, name: str) -> float:
    found = re.search(rf'{name}_marks"><line transform="translate\(([\d.]+),', svg)
    assert found, f"no {name} line"
    return float(found.group(1))


def test_close_points_never_share_a_row() -> None:
    assert swarm_rows([10.0, 11.0, 12.0, 40.0], width=8) == [0, 1, -1, 0]


def test_a_crowd_stays_within_reach() -> None:
    offsets = swarm_offsets([5.0] * 41, width=8, reach=28)
    assert max(offsets) == 28 and min(offsets) == -28
    assert len(set(offsets)) == 41
    assert swarm_offsets([], width=8, reach=28) == []


def test_lines_stand_at_their_values() -> None:
    svg = chart_svg(PLOT)
    assert line_position(svg, "ndrl") == pytest.approx(8.0 / PLOT.limit * WIDTH)
    assert line_position(svg, "achievable") == pytest.approx(5.015 / PLOT.limit * WIDTH)
    assert "NDRL 8.00" in svg and "Achievable dose 5.01" in svg


def test_words_never_cross_the_line_of_the_ndrl() -> None:
    svg = chart_svg(Plot("mGy", (1.0, 30.0), p25=8, p75=12, national_drl=12, achievable_dose=10))
    tops = dict(
        re.findall(r'(ndrl|achievable)_marks"><line transform="translate\([^,]+,(-\d+)', svg)
    )
    assert tops == {"achievable": "-32", "ndrl": "-16"}
    assert svg.count('text-anchor="start"') == 2


def test_points_above_the_ndrl_have_another_shape() -> None:
    svg = chart_svg(PLOT)
    above = svg.split('above_marks">')[1].split("</g>")[0]
    below = svg.split('below_marks">')[1].split("</g>")[0]
    assert (below.count("<path"), above.count("<path")) == (5, 1)


def test_too_few_facilities_have_neither_ndrl_nor_box() -> None:
    svg = chart_svg(Plot("mGy", VALUES[:3], typical_value=5.0))
    assert "Typical value 5.00" in svg
    assert not re.search("ndrl|achievable|box_marks|NDRL", svg)


def test_same_plot_same_bytes_in_another_process() -> None:
    command = [sys.executable, "-c", OF_ANOTHER_PROCESS]
    other = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    assert other == chart_svg(PLOT)


def test_a_unit_is_escaped() -> None:
    svg = chart_svg(Plot("<script>x</script>", VALUES, typical_value=5.0))
    assert "<script" not in svg and "&lt;script" in svg


def test_a_single_zero_has_an_axis() -> None:
    svg = chart_svg(Plot("mGy", (0.0,), typical_value=0.0))
    assert "role-axis-label" in svg and "NaN" not in svg
