"""Text is read as declared; text that contradicts the declared character set is flagged."""

from __future__ import annotations

import pytest
from pydicom.datadict import tag_for_keyword

from tests.support.reports.real_reports import real_exports, require_real_reports
from transforms.decode.report import decode
from transforms.dicom.header import read_header
from transforms.dicom.structure import DataSet, Element
from transforms.dicom.text import SPECIFIC_CHARACTER_SET, TextDecoder
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, report_rows

ESCAPED_KANJI = b"\x1b$B@V\x1b(B"

CASES = [
    # declared,          bytes,                         text,          doubtful
    (b"", b"head", "head", False),
    (b"", b"Sch\xe4del", "Schädel", True),
    (b"", "Schädel".encode(), "SchÃ¤del", True),
    (b"ISO_IR 6", b"Sch\xe4del", "Schädel", True),
    (b"ISO_IR 100", b"Sch\xe4del", "Schädel", False),
    (b"ISO_IR 100", "Schädel".encode(), "SchÃ¤del", True),
    (b"ISO IR 100", b"head", "head", False),
    (b"ISO_IR 192", "Schädel 頭".encode(), "Schädel 頭", False),
    (b"ISO_IR 192", b"Sch\xe4del", "Sch\ufffddel", True),
    (b"ISO_IR 144", "Голова".encode("iso8859_5"), "Голова", False),
    (b"ISO_IR 144", "Голова".encode(), None, True),
    (b"GB18030", "联通".encode("gb18030"), "联通", False),
    (b"\\ISO 2022 IR 87", ESCAPED_KANJI, "赤", False),
    (b"", ESCAPED_KANJI, None, True),
    (b"NO SUCH SET", b"head", "head", False),
    (b"NO SUCH SET", b"Sch\xe4del", "Schädel", True),
    (b"UTF-8", "Schädel".encode(), "Schädel", True),
    (b"zlib", b"head", "head", False),
    (b"I\0O_IR 100", b"head", "head", False),
    (b"ISO_IR 100\0", b"Sch\xe4del", "Schädel", False),
]


def declaring(term: bytes) -> TextDecoder:
    return TextDecoder({SPECIFIC_CHARACTER_SET: Element("CS", term, ())})


@pytest.mark.parametrize(("declared", "value", "text", "doubtful"), CASES)
def test_text_is_read_as_declared_and_doubted_where_the_bytes_say_otherwise(
    declared: bytes, value: bytes, text: str | None, doubtful: bool
) -> None:
    decoder = declaring(declared)
    read = decoder.decode(value)
    assert text is None or read == text
    assert decoder.is_doubtful(read) == doubtful


def test_an_item_without_a_character_set_is_read_by_the_one_around_it() -> None:
    outer, none = declaring(b"ISO_IR 192"), DataSet()
    assert outer.for_item(none) is outer
    own = {SPECIFIC_CHARACTER_SET: Element("CS", b"ISO_IR 100", ())}
    assert outer.for_item(own).decode(b"\xe4") == "ä"


def test_a_request_that_declares_a_character_set_is_read_by_it() -> None:
    request = {
        SPECIFIC_CHARACTER_SET: Element("CS", b"ISO_IR 192", ()),
        tag_for_keyword("RequestedProcedureDescription"): Element("LO", "Schädel".encode(), ()),
    }
    dataset = {
        tag_for_keyword(keyword): Element("UI", b"2.25.1", ())
        for keyword in ("SOPClassUID", "SOPInstanceUID", "StudyInstanceUID")
    }
    dataset[tag_for_keyword("RequestAttributesSequence")] = Element("SQ", b"", (request,))
    assert read_header(dataset, TextDecoder(dataset)).requested_procedure == "Schädel"


def test_the_report_with_utf_8_under_latin_1_keeps_its_text_and_says_so() -> None:
    require_real_reports()
    told = {}
    for path in real_exports():
        if path.name != "ESR_non-dose.dcm":
            rows = report_rows(
                decode(path.read_bytes()), ObjectKeys("H1", "H1.0", "0"), Pseudonyms(b"key")
            )
            told[path.name] = rows["dose_report"][0]["doubtful_text_columns"]
            protocols = [
                event.get("acquisition_protocol") for event in rows["ct_irradiation_event"]
            ]
            assert any("Ã¦" in (text or "") for text in protocols) == (told[path.name] is not None)
    doubted = {name: columns for name, columns in told.items() if columns}
    assert doubted == {
        "CT-RDSR-Siemens_Flash-TAP-SS.dcm": "ct_irradiation_event.acquisition_protocol"
    }
