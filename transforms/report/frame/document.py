"""A report in one language, for all formats: parts with headings and filled blocks.

To add a report, define its blocks, fill them, put them into parts and return a Document. page.py
and pdf.py write it, with the appendix of queries.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from transforms.report.frame.blocks import FilledBlock, Query
from transforms.report.frame.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with sentences, blocks and parts one level below; texts are translated."""

    anchor: str
    title: str
    sentences: tuple[str, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()
    blocks: tuple[FilledBlock, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One report: `name` is the file name without suffix, `notice` is shown at the top."""

    name: str
    catalogue: Catalogue
    title: str
    subtitle: str
    notice: str
    is_restricted: bool
    facts: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = field(default=())

    @property
    def queries(self) -> tuple[tuple[Query, tuple[tuple[str, str], ...]], ...]:
        """Each query once, in reading order, with all values of its parameters."""
        given: dict[str, list[FilledBlock]] = {}
        for block in all_blocks(self.parts):
            given.setdefault(block.query.name, []).append(block)
        return tuple((blocks[0].query, _shared_parameters(blocks)) for blocks in given.values())


def all_blocks(parts: tuple[Part, ...]) -> Iterator[FilledBlock]:
    """The blocks of the parts and of the parts below them, in reading order."""
    for part in parts:
        yield from part.blocks
        yield from all_blocks(part.parts)


def _shared_parameters(blocks: list[FilledBlock]) -> tuple[tuple[str, str], ...]:
    """Name and values of each parameter; all values if the blocks differ."""
    values: dict[str, dict[str, None]] = {}
    for block in blocks:
        for name, value in block.parameters:
            values.setdefault(name, {})[value] = None
    return tuple((name, ", ".join(found)) for name, found in values.items())
