"""The HTML page: templates filled from the marts, self-contained, the same every time."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from transforms.report import numbers
from transforms.report.attrition import Level, levels
from transforms.report.chart import chart_svg, view_box
from transforms.report.facilities import facility_lines, period
from transforms.report.marts import Marts, newest_period
from transforms.report.reference import Method, Reference
from transforms.report.sections import Figure, quantities_used, sections, uncounted

TEMPLATES = Path(__file__).parent / "templates"
POSITIONS = {
    "above": "above",
    "possibly_above": "possibly above",
    "consistently_above": "consistently above",
    "at_or_below": "at or below",
    "unusually_low": "unusually low",
    "no_ndrl": "no NDRL",
    "too_few_examinations": "too few examinations",
}
ATTENDANCE = {
    "visit_failed": "last visit failed",
    "missing": "nothing received",
    "late": "late",
    "incomplete": "files still being written",
}
"""What the page says of facilities that are neither present nor gone."""


def render_page(marts: Marts, reference: Reference) -> str:
    """The whole page as text; every text of the data is escaped, none is run or fetched."""
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    template = _environment().get_template("report.html")
    return template.render(
        style=Markup(style),  # noqa: S704 - our own file
        style_hash=_csp_hash(style),
        view_box=view_box(),
        **_content(marts, reference),
    )


def _content(marts: Marts, reference: Reference) -> dict[str, Any]:
    parts = sections(marts, reference)
    flow = levels(marts.attrition)
    return {
        "method": _method(marts, reference),
        "sections": parts,
        "quantities": quantities_used(parts, reference),
        "uncounted": uncounted(marts),
        "levels": flow,
        "facilities": facility_lines(marts),
        "absent": [line for line in marts.attendance if line.attendance in ATTENDANCE],
        "held": [item for item in marts.submissions if item.status == "held"],
        "facts": _facts(marts, flow),
    }


def _method(marts: Marts, reference: Reference) -> Method:
    used = {(row.method_id, row.method_version) for row in marts.national_drls}
    used |= {(row.method_id, row.method_version) for row in marts.typical_values}
    return reference.method(used)


def _facts(marts: Marts, flow: tuple[Level, ...]) -> dict[str, Any]:
    accepted = [item for item in marts.submissions if item.status != "held"]
    first, last = period(accepted)
    counting = {row.facility_id for row in marts.typical_values if row.is_sufficient}
    return {
        "first_quarter": first,
        "last_quarter": last,
        "n_facilities": len({item.facility_id for item in marts.submissions}),
        "n_counting": len(counting),
        "year": newest_period(marts.typical_values),
        "n_ndrls": sum(row.status == "ndrl" for row in marts.national_drls),
        "through": {level.counted: (level.first, level.last) for level in flow},
    }


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {
        "dose": numbers.dose_text,
        "ratio": numbers.ratio_text,
        "number": numbers.count_text,
        "ordinal": numbers.ordinal_text,
        "unit": numbers.unit_text,
        "attendance": lambda code: ATTENDANCE.get(code, code),
        "position": lambda code: POSITIONS.get(code, code),
    }
    environment.globals |= {"share": numbers.share_text, "drawing": _drawing}
    return environment


def _drawing(figure: Figure) -> Markup:
    # Made by vl-convert from numbers and the unit, which it escapes.
    return Markup(chart_svg(figure.plot))  # noqa: S704


def _csp_hash(style: str) -> str:
    digest = hashlib.sha256(style.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
