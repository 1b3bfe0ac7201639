"""Writes a document as PDF/UA with typst and its built-in fonts; no other file is read.

The template is fixed. All text is passed as JSON and shown as a string, so text from the data is
never interpreted as markup.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import typst

from transforms.report.frame.blocks import Cell, FilledBlock
from transforms.report.frame.document import Document, Part
from transforms.report.frame.page import TEMPLATES

TEMPLATE = TEMPLATES / "document.typ"
SIGNS = {"up": "▲ ", "down": "▼ "}


def page_pdf(document: Document, template: Path = TEMPLATE) -> bytes:
    """Return the document as PDF; the same document gives the same bytes."""
    written: bytes = typst.compile(
        str(template),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"document": json.dumps(_document(document), ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=0,
    )
    return written


def _document(document: Document) -> dict[str, Any]:
    say = document.catalogue.say
    return {
        "title": document.title,
        "subtitle": document.subtitle,
        "language": document.catalogue.language,
        "notice": document.notice,
        "contents": say("Contents"),
        "facts": document.facts,
        "parts": [_part(part, document) for part in document.parts],
        "queries_title": say("Models and queries"),
        "queries_note": say(
            "Each table and figure is the result of one of these queries. To repeat it, run the "
            "query on the database with the parameters given."
        ),
        "queries": [
            {
                "name": query.name,
                "text": query.text,
                "models": f"{say('Reads:')} {', '.join(query.models)}",
                "parameters": [f"${name} = {value}" for name, value in parameters],
            }
            for query, parameters in document.queries
        ],
    }


def _part(part: Part, document: Document) -> dict[str, Any]:
    return {
        "title": part.title,
        "sentences": part.sentences,
        "definitions": part.definitions,
        "blocks": [_block(block, document) for block in part.blocks],
        "parts": [_part(below, document) for below in part.parts],
    }


def _block(block: FilledBlock, document: Document) -> dict[str, Any]:
    heads = [f"{head.text} ({head.unit})" if head.unit else head.text for head in block.heads]
    body = [[_cell_text(cell) for cell in row] for row in block.body]
    return {
        "title": block.title,
        "note": block.note,
        "empty": block.empty,
        "heads": heads,
        "numbers": [head.is_number for head in block.heads],
        "body": body,
        "drawings": [
            {
                "title": one.title,
                "description": one.description,
                "svg": one.standing_alone(),
                "broad": one.width > 500,
            }
            for one in block.drawings
        ],
        "source": f"{document.catalogue.say('Source:')} {_source(block)}",
    }


def _source(block: FilledBlock) -> str:
    given = ", ".join(f"${name} = {value}" for name, value in block.parameters)
    return ", ".join(block.query.models) + (f"; {given}" if given else "")


def _cell_text(cell: Cell) -> str:
    return SIGNS.get(cell.mark, "") + cell.text
