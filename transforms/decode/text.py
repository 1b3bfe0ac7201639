"""Text of elements, by the character set the data set declares (PS3.3 C.12.1.1.2)."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache

from pydicom import charset
from pydicom.datadict import tag_for_keyword

from transforms.receive.structure import DataSet

SPECIFIC_CHARACTER_SET = 0x00080005
_DELIMITERS = {"\n", "\r", "\t", "\f", "^", "="}


class TextDecoder:
    """Decodes the text of one data set; bytes its character set lacks become U+FFFD."""

    def __init__(self, dataset: DataSet) -> None:
        declared = dataset.get(SPECIFIC_CHARACTER_SET)
        terms = declared.value.strip(b"\0 ").decode("ascii", "replace") if declared else ""
        self._encodings = _python_encodings([term.strip() for term in terms.split("\\")])

    def decode(self, value: bytes) -> str:
        """The text without its padding."""
        if len(self._encodings) == 1:
            return value.decode(self._encodings[0], "replace").strip("\0 \n\r\t")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = charset.decode_bytes(value, self._encodings, _DELIMITERS)
        return str(text).strip("\0 \n\r\t")

    def text(self, dataset: DataSet, keyword_or_tag: str | int) -> str | None:
        """Text of an attribute; None where it is absent or empty."""
        element = dataset.get(_tag(keyword_or_tag))
        if element is None or element.items:
            return None
        return self.decode(element.value) or None


@cache
def _tag(keyword_or_tag: str | int) -> int:
    if isinstance(keyword_or_tag, int):
        return keyword_or_tag
    tag = tag_for_keyword(keyword_or_tag)
    if tag is None:
        raise KeyError(keyword_or_tag)
    return int(tag)


def _python_encodings(terms: Sequence[str]) -> list[str]:
    """Python codecs of the defined terms; an unknown term reads as the default repertoire."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return list(charset.convert_encodings(list(terms)))
        except LookupError:
            return [charset.default_encoding]
