"""Decodes text elements by the declared character set (PS3.3 C.12.1.1.2).

Text is decoded as declared. Only texts that are stored in a row are checked against the
declaration, so reading is not slowed down.
"""

from __future__ import annotations

import codecs
import warnings
from collections.abc import Sequence
from functools import cache

from pydicom import charset
from pydicom.datadict import tag_for_keyword

from transforms.dicom.structure import DataSet, Element
from transforms.errors import ObjectRefused

SPECIFIC_CHARACTER_SET = 0x00080005
_ASCII_TERMS = ("", "ISO_IR 6", "ISO 2022 IR 6")
_DELIMITERS = {"\n", "\r", "\t", "\f", "^", "="}
_REPLACEMENT, _ESCAPE = "\N{REPLACEMENT CHARACTER}", "\x1b"
_CODECS = frozenset(codecs.lookup(name).name for name in charset.python_encoding.values())
_NOT_TEXT = frozenset(
    ["AT", "FD", "FL", "OB", "OD", "OF", "OL", "OV", "OW", "SL", "SQ", "SS", "SV", "UL", "US", "UV"]
)
SHORT_BYTES, TEXTS_REMEMBERED = 64, 8192
"""Lengths and numbers of the texts that a decoder remembers."""

_ONE_BYTE_CODECS = ("latin_1", "iso8859", "iso_ir_1")
"""Prefixes of pydicom's codecs for single-byte character sets."""


class TextDecoder:
    """Decodes the text of one data set; bytes outside its character set become U+FFFD."""

    def __init__(self, dataset: DataSet) -> None:
        element = dataset.get(SPECIFIC_CHARACTER_SET)
        self._declared = element.value if element else b""
        terms = self._declared.strip(b"\0 ").decode("ascii", "replace").split("\\")
        self._terms = [term.strip() for term in terms]
        self._encodings = _python_encodings(self._terms)
        only = self._encodings[0] if len(self._encodings) == 1 else None
        self._texts: dict[bytes, str] = {}
        # Python finds a codec by its own name three times as fast as by another name of it.
        self._codec = None if only is None else codecs.lookup(only).name

    def for_item(self, item: DataSet) -> TextDecoder:
        """The decoder for an item: its own if it declares a character set."""
        own = item.get(SPECIFIC_CHARACTER_SET)
        return self if own is None or own.value == self._declared else TextDecoder(item)

    def decode(self, value: bytes) -> str:
        """The decoded text without padding."""
        if self._codec is not None:
            return value.decode(self._codec, "replace").strip("\0 \n\r\t")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            text = charset.decode_bytes(value, self._encodings, _DELIMITERS)
        return str(text).strip("\0 \n\r\t")

    def is_doubtful(self, text: str) -> bool:
        """Whether the bytes of a text contradict the declared character set.

        This is certain or most likely if they are not in the character set, are not ASCII although
        no or an unknown character set is declared, contain an escape sequence, or are UTF-8 in a
        single-byte character set.
        """
        if text.isascii():
            return _ESCAPE in text
        if _REPLACEMENT in text or _ESCAPE in text or self._beyond_ascii_is_undeclared():
            return True
        return self._encodings[0].startswith(_ONE_BYTE_CODECS) and _is_utf8(
            text, self._encodings[0]
        )

    def _beyond_ascii_is_undeclared(self) -> bool:
        known = charset.python_encoding.keys()
        return not any(term in known and term not in _ASCII_TERMS for term in self._terms)

    def text(self, dataset: DataSet, keyword_or_tag: str | int) -> str | None:
        """Text of an attribute; None if absent or empty, refused if the VR is not a text VR."""
        tag = keyword_or_tag if isinstance(keyword_or_tag, int) else tag_of(keyword_or_tag)
        element = dataset.get(tag)
        if element is None:
            return None
        if element.vr in _NOT_TEXT:
            raise wrong_vr(tag, element)
        value = element.value
        found = self._texts.get(value)
        return (self._remembered(value) if found is None else found) or None

    def _remembered(self, value: bytes) -> str:
        """Decode a value; short ones are remembered, since attributes of a device repeat."""
        text = self.decode(value)
        if len(value) <= SHORT_BYTES:
            if len(self._texts) >= TEXTS_REMEMBERED:
                self._texts.clear()
            self._texts[value] = text
        return text


def wrong_vr(tag: int, element: Element) -> ObjectRefused:
    """The error for an attribute whose VR does not agree with the standard."""
    where = f"({tag >> 16:04X},{tag & 0xFFFF:04X})"
    return ObjectRefused("structure_invalid", f"VR {element.vr} of {where}")


def _is_utf8(text: str, codec: str) -> bool:
    """Whether a text decoded with a single-byte codec was UTF-8."""
    try:
        text.encode(codec).decode("utf-8")
    except UnicodeError:
        return False
    return True


@cache
def tag_of(keyword: str) -> int:
    """The tag of an attribute in DICOM's dictionary."""
    tag = tag_for_keyword(keyword)
    if tag is None:
        raise KeyError(keyword)
    return int(tag)


def _python_encodings(terms: Sequence[str]) -> list[str]:
    """Python codecs for defined terms; unknown terms are read as the default repertoire.

    pydicom corrects misspelt terms and accepts any Python codec name as a term. Here only codecs
    that DICOM defines are accepted (e.g. UTF-8), since others (zlib) are not text encodings.
    """
    usable = [term if _is_term(term) else "ISO_IR 6" for term in terms]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return list(charset.convert_encodings(usable))
        except LookupError:
            return [charset.default_encoding]


def _is_term(term: str) -> bool:
    """Whether pydicom may look up a term: a DICOM term, a similar spelling, or its codec name."""
    if term.startswith("ISO") or term in charset.python_encoding:
        return "\0" not in term
    try:
        return "\0" not in term and codecs.lookup(term).name in _CODECS
    except LookupError:
        return False


NO_CHARACTER_SET = TextDecoder({})
"""The decoder for a report that declares no character set."""
