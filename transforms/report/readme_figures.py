"""Draws the two figures of README.md from the public database of the synthetic nation.

    python -m transforms.report.readme_figures data/lake/report/public.duckdb

They are the drawings of the reports, each in its own file in `data/figures/`, on white.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html import escape
from pathlib import Path

from transforms.reference.methods import FIRST_LINE
from transforms.report.commitment import report as commitment
from transforms.report.figures.drawing import Drawing
from transforms.report.frame.blocks import Source
from transforms.report.frame.catalogue import ENGLISH, Catalogue
from transforms.report.frame.document import Document, all_blocks
from transforms.report.frame.reference import read_reference
from transforms.report.regulator import public as regulator
from transforms.settings import REPOSITORY

FOLDER = REPOSITORY / "data" / "figures"
FIGURES = {
    "national_levels.svg": (regulator.NAME, "levels-ct"),
    "use_of_measures.svg": (commitment.NAME, "indicators-measured-2"),
}
"""File name → report name, and anchor of the block whose first drawing is used."""


def readme_figures(database: Path) -> dict[str, str]:
    """Return the SVG by file name; KeyError if the report has no such block with a drawing."""
    with Source(database) as source:
        reports = {document.name: document for document in _documents(source)}
    return {
        name: _on_white(_first_drawing(reports[report], anchor))
        for name, (report, anchor) in FIGURES.items()
    }


def _documents(source: Source) -> Iterator[Document]:
    catalogue, reference = Catalogue(ENGLISH), read_reference()
    method = next(one for one in reference.methods if one.method_id == FIRST_LINE)
    asked = regulator.ReportScope(method, regulator.default_year(source, FIRST_LINE).period)
    yield regulator.public_report(source, catalogue, asked, reference)
    yield commitment.commitment_report(source, catalogue, commitment.newest_period(source))


def _first_drawing(document: Document, anchor: str) -> Drawing:
    drawn = {
        block.anchor: block.drawings[0] for block in all_blocks(document.parts) if block.drawings
    }
    return drawn[anchor]


def _on_white(drawing: Drawing) -> str:
    """The drawing with title, description and a white background, readable on dark pages."""
    head, marks = drawing.standing_alone().split(">", 1)
    words = f"<title>{escape(drawing.title)}</title><desc>{escape(drawing.description)}</desc>"
    return f'{head}>{words}<rect width="100%" height="100%" fill="white"/>{marks}\n'


def main() -> None:
    """Write the files from the database named on the command line."""
    FOLDER.mkdir(exist_ok=True)
    for name, text in readme_figures(Path(sys.argv[1])).items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
