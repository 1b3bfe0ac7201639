"""Writes a document as one HTML page: self-contained, without script, reproducible."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from transforms.report.figures.drawing import Drawing
from transforms.report.frame.catalogue import Catalogue
from transforms.report.frame.document import Document

TEMPLATES = Path(__file__).parent.parent / "templates"


def page_html(document: Document) -> str:
    """Return the page as text; all text from the data is escaped."""
    return _render("document.html", document.catalogue, document=document)


def index_html(listed: list[tuple[str, str, str, str]], catalogue: Catalogue) -> str:
    """Return the list of reports; each entry is path, language, title and a description."""
    return _render("index.html", catalogue, listed=listed)


def _render(name: str, catalogue: Catalogue, **content: object) -> str:
    style = (TEMPLATES / "style.css").read_text(encoding="utf-8")
    return (
        _environment()
        .get_template(name)
        .render(
            style=Markup(style),  # noqa: S704 - our own file
            style_hash=_csp_hash(style),
            say=catalogue.say,
            language=catalogue.language,
            **content,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["marks"] = _marks
    return environment


def _marks(drawing: Drawing) -> Markup:
    # Canvas escapes all text and formats all numbers.
    return Markup(drawing.marks)  # noqa: S704


def _csp_hash(style: str) -> str:
    digest = hashlib.sha256(style.encode("utf-8")).digest()
    return f"sha256-{base64.b64encode(digest).decode('ascii')}"
