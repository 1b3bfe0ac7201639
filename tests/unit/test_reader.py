"""The reader with a memory reads what the strict walk reads, whatever it has read before."""

from __future__ import annotations

import struct

import pytest

from tests.real_reports import IDENTIFIED, real_exports, require_real_reports
from transforms.decode.content import ContentItem, content_tree
from transforms.decode.reader import ReportReader
from transforms.decode.text import TextDecoder
from transforms.errors import ObjectRefused
from transforms.receive.identity import first_identifying
from transforms.receive.structure import read_part10

Read = tuple[ContentItem, bool] | str


def strictly(data: bytes) -> Read:
    """By the plain walk: tree and whether somebody is identified, or the refusal."""
    try:
        dataset = read_part10(data).dataset
    except ObjectRefused:
        return "refused"
    return content_tree(dataset, TextDecoder(dataset)), first_identifying(dataset) is not None


def remembering(data: bytes, reader: ReportReader) -> Read:
    try:
        read = reader.read(data)
    except ObjectRefused:
        return "refused"
    return read.root, read.identified_by is not None


def reports() -> list[bytes]:
    require_real_reports()
    return [path.read_bytes() for path in [*real_exports(), *sorted(IDENTIFIED.glob("*.dcm"))]]


def test_a_reader_that_has_read_everything_reads_the_same_again() -> None:
    reader = ReportReader()
    for _ in range(2):
        for data in reports():
            assert remembering(data, reader) == strictly(data)


def test_truncated_files_neither_profit_from_the_memory_nor_poison_it() -> None:
    reader = ReportReader()
    for data in reports():
        for length in range(140, len(data), len(data) // 60):
            assert remembering(data[:length], reader) == strictly(data[:length])
        assert remembering(data, reader) == strictly(data)


def test_a_content_sequence_under_vr_un_is_read_as_implicit_items() -> None:
    head = b"\0" * 128 + b"DICM" + b"\x02\0\x10\0UI\x14\x001.2.840.10008.1.2.1\0"
    text = b"\x40\0\x40\xa0" + struct.pack("<L", 4) + b"TEXT"
    text += b"\x40\0\x60\xa1" + struct.pack("<L", 4) + b"dose"
    item = b"\xfe\xff\0\xe0" + struct.pack("<L", len(text)) + text
    data = head + b"\x40\0\x30\xa7UN\0\0" + struct.pack("<L", len(item)) + item
    (child,) = ReportReader().read(data).root.children
    assert (child.value_type, child.text) == ("TEXT", "dose")


@pytest.mark.parametrize("length", [133, 200, 2000])
def test_a_cut_file_is_refused_by_both(length: int) -> None:
    data = reports()[0][:length]
    assert remembering(data, ReportReader()) == strictly(data) == "refused"
