"""Codes and texts of content items, as the tables store them."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.dicom.codes import Code, scheme_name
from transforms.dicom.content_tree import ContentItem


def with_further(items: Sequence[ContentItem]) -> Sequence[ContentItem]:
    """The items, with those that hold further values of one item (`ContentItem.further`)."""
    if len(items) == 1 and not items[0].further:
        return items
    return [one for item in items for one in (item, *item.further)]


def code_or_text(item: ContentItem) -> Code | None:
    """The code, or a text as a code that has only a meaning."""
    return item.code or (Code("", "", item.text) if item.text else None)


def code_of(item: ContentItem) -> str | None:
    """The code as scheme:value; None if the item has no code value."""
    if item.code is None or not item.code.value:
        return None
    return str(item.code._replace(scheme=scheme_name(item.code.scheme)))


def text_of(item: ContentItem) -> str | None:
    """The text, or the meaning of the code (its value if it has no meaning)."""
    return item.text if item.code is None else item.code.meaning or item.code.value
