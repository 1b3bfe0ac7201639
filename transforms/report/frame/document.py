"""A report in one language: parts with headings, each with filled blocks; for every format.

Adding a report: make its blocks, fill them into parts, return a Document. page.py and pdf.py do
the rest, the appendix of queries included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from transforms.report.frame.blocks import FilledBlock, Query
from transforms.report.frame.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with sentences, blocks and further parts one level below; texts are in words."""

    anchor: str
    title: str
    sentences: tuple[str, ...] = ()
    definitions: tuple[tuple[str, str], ...] = ()
    blocks: tuple[FilledBlock, ...] = ()
    parts: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One report: `name` is that of its file, `notice` stands above all else."""

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
        """Every query once, in the order of reading, with the parameters all its blocks share."""
        given: dict[str, list[FilledBlock]] = {}
        for block in all_blocks(self.parts):
            given.setdefault(block.query.name, []).append(block)
        return tuple((blocks[0].query, _shared_parameters(blocks)) for blocks in given.values())


def all_blocks(parts: tuple[Part, ...]) -> Iterator[FilledBlock]:
    """The blocks of parts and of what is below them, in the order of reading."""
    for part in parts:
        yield from part.blocks
        yield from all_blocks(part.parts)


def _shared_parameters(blocks: list[FilledBlock]) -> tuple[tuple[str, str], ...]:
    """Name and values of each parameter: all values, where blocks differ."""
    values: dict[str, dict[str, None]] = {}
    for block in blocks:
        for name, value in block.parameters:
            values.setdefault(name, {})[value] = None
    return tuple((name, ", ".join(found)) for name, found in values.items())
