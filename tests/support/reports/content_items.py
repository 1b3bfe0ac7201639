"""Content items and headers for tests of the decoder, without files."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from pydicom.sr.coding import Code as PydicomCode

from transforms.decode.report import DecodedReport, decoded_report
from transforms.dicom.codes import Code
from transforms.dicom.content_tree import Children, ContentItem
from transforms.dicom.header import Header
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, Row, report_rows


def code_of(concept: PydicomCode) -> Code:
    """A concept as written in a report."""
    return Code(concept.scheme_designator, concept.value, concept.meaning)


def item(
    concept: PydicomCode | Code,
    *children: ContentItem,
    text: str | None = None,
    unit: str | None = None,
    code: PydicomCode | Code | None = None,
) -> ContentItem:
    """One content item; its value type follows from the arguments."""
    value_type = "NUM" if unit else "CODE" if code else "TEXT" if text else "CONTAINER"
    return ContentItem(
        relationship="CONTAINS",
        value_type=value_type,
        concept=code_of(concept) if isinstance(concept, PydicomCode) else concept,
        text=text,
        code=code_of(code) if isinstance(code, PydicomCode) else code,
        unit=Code("UCUM", unit, unit) if unit else None,
        children=Children(children),
    )


def header(**values: Any) -> Header:
    """A header with the UIDs that every report has."""
    uids = {
        "sop_class_uid": "1.2.840.10008.5.1.4.1.1.88.67",
        "sop_instance_uid": "2.25.1",
        "study_instance_uid": "2.25.2",
    }
    return Header(**{field.name: None for field in fields(Header)} | uids | values)


def decode_document(root: ContentItem, **values: Any) -> DecodedReport:
    """Decode a document as if it were in a file with this header."""
    return decoded_report(root, header(**values))


def rows_of(root: ContentItem, **values: Any) -> dict[str, list[Row]]:
    """The rows of a document, by table."""
    keys = ObjectKeys("F001", "F001.0", "0" * 64)
    return report_rows(decode_document(root, **values), keys, Pseudonyms(b"1" * 32))
