"""A report's content tree as text that a physicist can read and pass on: nobody is named in it.

Numbers and codes are shown. Text is shown only where a column of the lake takes it; names, dates
and free text are masked, and a UID is shown as the beginning of its SHA-256.

`python -m transforms.decode.describe FILE` prints the whole description, as `drlake describe`.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator

from transforms.decode.concepts import Code
from transforms.decode.content import ContentItem
from transforms.receive.identity import is_identifying_concept
from transforms.tables import REPORT_TABLES

MASKED = "(masked)"
UID_HEX_DIGITS = 8
MAXIMUM_LINES = 5_000
"""A larger tree is cut: nobody reads it, and a file can be made to have millions of items."""

SHOWN_TEXTS = frozenset(
    (column.source.scheme_designator, column.source.value)
    for table in REPORT_TABLES
    for column in table.columns
    if not isinstance(column.source, str)
)
"""Concepts whose value becomes a column."""


def tree_lines(root: ContentItem) -> Iterator[str]:
    """The tree, one line per content item, indented by its depth."""
    for number, (depth, item) in enumerate(_with_depth(root, 0)):
        if number == MAXIMUM_LINES:
            yield f"... more than {MAXIMUM_LINES} items"
            return
        yield "  " * depth + item_line(item)


def item_line(item: ContentItem) -> str:
    """Value type, concept and value of one content item."""
    concept = "(no concept)" if item.concept is None else code_text(item.concept)
    line = f"{item.value_type or '(no value type)'} {concept}"
    value = value_text(item)
    return f"{line} = {value}" if value else line


def code_text(code: Code) -> str:
    """A code with its meaning."""
    return f"{code.scheme} {code.value} {code.meaning!r}"


def value_text(item: ContentItem) -> str:
    """The value of a content item, masked unless it is known to identify nobody."""
    if item.text is None and item.code is None:
        return ""
    if item.concept and is_identifying_concept(item.concept.scheme, item.concept.value):
        return MASKED
    if item.code is not None:
        return code_text(item.code)
    if item.value_type == "NUM":
        return f"{item.text} {item.unit.value if item.unit else '(no unit)'}"
    return _text(item)


def _text(item: ContentItem) -> str:
    if item.value_type == "UIDREF":
        return short_uid(item.text or "")
    shown = item.concept and (item.concept.scheme, item.concept.value) in SHOWN_TEXTS
    return repr(item.text) if shown and item.value_type == "TEXT" else MASKED


def short_uid(uid: str) -> str:
    """Enough of a UID's SHA-256 to see which UIDs are equal."""
    return f"uid:{hashlib.sha256(uid.encode()).hexdigest()[:UID_HEX_DIGITS]}"


def _with_depth(item: ContentItem, depth: int) -> Iterator[tuple[int, ContentItem]]:
    yield depth, item
    for child in item.children:
        yield from _with_depth(child, depth + 1)


def main() -> None:
    """Print the description of the file named on the command line."""
    from transforms.describe import describe_file  # reads the file, which this package never does

    if len(sys.argv) != 2:
        sys.exit("usage: python -m transforms.decode.describe FILE")
    sys.stdout.write(describe_file(sys.argv[1]) + "\n")


if __name__ == "__main__":
    main()
