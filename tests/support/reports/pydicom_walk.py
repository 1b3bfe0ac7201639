"""The content tree as pydicom reads it: the reference for the strict reader.

No code of `transforms` reads here: pydicom opens the file and decodes text and sequences; the walk
returns them as plain tuples.
"""

from __future__ import annotations

import io
import warnings
from typing import Any, NamedTuple

import pydicom
from pydicom import config
from pydicom.multival import MultiValue
from pydicom.uid import ExplicitVRBigEndian

PADDING = "\0 \n\r\t"
VALUE_KEYWORDS = ("TextValue", "UID", "DateTime", "Date", "Time")
CODE_KEYWORDS = ("CodeValue", "LongCodeValue", "URNCodeValue")

PlainCode = tuple[str, str, str]


class PlainItem(NamedTuple):
    """One content item: scheme, value and meaning of a code."""

    relationship: str
    value_type: str
    concept: PlainCode | None
    text: str | None
    code: PlainCode | None
    unit: PlainCode | None
    children: tuple[PlainItem, ...]
    qualifier: PlainCode | None = None


def walk(data: bytes) -> PlainItem:
    """The tree of a file, by pydicom."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        config.settings.reading_validation_mode = config.IGNORE
        return _item(pydicom.dcmread(io.BytesIO(data)))


def plain(item: Any) -> PlainItem:
    """A tree of `transforms.dicom.content_tree.ContentItem` in the same form."""
    return PlainItem(
        item.relationship,
        item.value_type,
        _plain_code(item.concept),
        item.text,
        _plain_code(item.code),
        _plain_code(item.unit),
        tuple(plain(child) for child in item.children),
        _plain_code(item.qualifier),
    )


def big_endian(data: bytes) -> bytes:
    """The report as pydicom writes it in Explicit VR Big Endian."""
    dataset = pydicom.dcmread(io.BytesIO(data))
    dataset.decode()
    _resolve(dataset)
    dataset.file_meta.TransferSyntaxUID = ExplicitVRBigEndian
    buffer = io.BytesIO()
    pydicom.dcmwrite(buffer, dataset, implicit_vr=False, little_endian=False)
    return buffer.getvalue()


def _resolve(dataset: pydicom.Dataset) -> None:
    """Read every element, so that pydicom writes values and not the raw bytes it keeps."""
    for element in dataset:
        for item in element.value if element.VR == "SQ" else ():
            _resolve(item)


def _plain_code(code: Any) -> PlainCode | None:
    return None if code is None else (code.scheme, code.value, code.meaning)


def _item(dataset: pydicom.Dataset) -> PlainItem:
    measured = _first(dataset, "MeasuredValueSequence")
    children = dataset.get("ContentSequence") or ()
    return PlainItem(
        _text(dataset, "RelationshipType") or "",
        _text(dataset, "ValueType") or "",
        _code(dataset, "ConceptNameCodeSequence"),
        _value(dataset) if measured is None else _text(measured, "NumericValue"),
        _code(dataset, "ConceptCodeSequence"),
        None if measured is None else _code(measured, "MeasurementUnitsCodeSequence"),
        tuple(_item(child) for child in children),
        _code(dataset, "NumericValueQualifierCodeSequence"),
    )


def _value(dataset: pydicom.Dataset) -> str | None:
    found = [keyword for keyword in VALUE_KEYWORDS if keyword in dataset]
    return _text(dataset, found[0]) if found else None


def _code(dataset: pydicom.Dataset, keyword: str) -> PlainCode | None:
    item = _first(dataset, keyword)
    if item is None:
        return None
    values = [text for each in CODE_KEYWORDS if (text := _text(item, each))]
    value, meaning = (values or [""])[0], _text(item, "CodeMeaning") or ""
    if not value and not meaning:
        return None
    return _text(item, "CodingSchemeDesignator") or "", value, meaning


def _first(dataset: pydicom.Dataset, keyword: str) -> pydicom.Dataset | None:
    items = dataset.get(keyword)
    return items[0] if items else None


def _text(dataset: pydicom.Dataset, keyword: str) -> str | None:
    value = dataset.get(keyword)
    if value is None:
        return None
    if isinstance(value, MultiValue):
        value = "\\".join(str(one) for one in value)
    return str(value).strip(PADDING) or None
