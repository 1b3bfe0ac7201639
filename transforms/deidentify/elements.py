"""Helpers for elements; an element that is kept is not decoded and encoded again."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from transforms.dicom.identity.check import decode_any_charset


def keep_only(dataset: Dataset, keywords: Iterable[str]) -> None:
    """Remove every element that is not listed."""
    kept = _tags(tuple(keywords))
    for tag in list(dataset.keys()):
        if int(tag) not in kept:
            del dataset[tag]


def text_of(dataset: Dataset, keyword: str) -> str:
    """Text of an element, which is left as it was read; empty where it is absent."""
    tag = tag_for_keyword(keyword)
    if tag is None or tag not in dataset:
        return ""
    value = dataset.get_item(tag).value
    if isinstance(value, bytes):
        text = decode_any_charset(value)
    elif isinstance(value, MultiValue | list):
        text = "\\".join(str(one or "") for one in value)
    else:
        text = str("" if value is None else value)
    return text.strip("\0 \r\n\t")


@cache
def _tags(keywords: tuple[str, ...]) -> frozenset[int]:
    tags = (tag_for_keyword(keyword) for keyword in keywords)
    return frozenset(int(tag) for tag in tags if tag is not None)
