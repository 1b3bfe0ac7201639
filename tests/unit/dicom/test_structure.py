"""The strict structural walk refuses every inconsistency, whatever its bytes."""

from __future__ import annotations

import io
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom import Dataset, FileDataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.uid import (
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from transforms.dicom.lenient import read_leniently
from transforms.dicom.structure import MAXIMUM_DEPTH, read_part10
from transforms.errors import ObjectRefused

PREFIX = 132
SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian]
CONTENT_SEQUENCE = 0x0040A730


def item(depth: int) -> Dataset:
    """A content item with nested items down to a depth."""
    dataset = Dataset()
    dataset.ValueType = "CONTAINER"
    if depth:
        dataset.ContentSequence = [item(depth - 1)]
    return dataset


def part10(
    *, depth: int = 2, syntax: str = ExplicitVRLittleEndian, undefined: bool = False
) -> bytes:
    """A small DICOM file written by pydicom."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    dataset = FileDataset("", item(depth), file_meta=meta, preamble=b"\0" * 128)
    dataset.SOPClassUID = "1.2.840.10008.5.1.4.1.1.88.67"
    dataset.SOPInstanceUID = "2.25.1"
    if depth:
        dataset["ContentSequence"].is_undefined_length = undefined
    for one in dataset.get("ContentSequence", []):
        one.is_undefined_length_sequence_item = undefined
    buffer = io.BytesIO()
    dcmwrite(buffer, dataset, enforce_file_format=False)
    return buffer.getvalue()


META = (
    (0x0010, "UI", b"1.2.840.10008.1.2.1\0"),
    (0x0002, "UI", b"1.2.840.10008.5.1.4.1.1.88.67\0"),
)


def with_meta(*elements: tuple[int, str, bytes], length_is_wrong_by: int | None = None) -> bytes:
    """A file of one element, SOPClassUID, with these elements of group 0002."""
    meta = b"".join(
        struct.pack("<HH2sH", 2, number, vr.encode(), len(value)) + value
        for number, vr, value in elements
    )
    if length_is_wrong_by is not None:
        length = struct.pack("<L", len(meta) + length_is_wrong_by)
        meta = struct.pack("<HH2sH", 2, 0, b"UL", 4) + length + meta
    uid = b"1.2.840.10008.5.1.4.1.1.88.67"
    body = struct.pack("<HH2sH", 8, 0x16, b"UI", len(uid) + 1) + uid + b" "
    return b"\0" * 128 + b"DICM" + meta + body


def test_file_meta_information_is_read_with_and_without_its_length() -> None:
    for data in (with_meta(*META), with_meta(*META, length_is_wrong_by=0), with_meta(META[0])):
        assert len(read_part10(data).dataset) == 1


@pytest.mark.parametrize("wrong_by", [40, -1, 2])
def test_a_wrong_length_of_the_file_meta_information_is_invalid(wrong_by: int) -> None:
    refused = refusal_of(with_meta(*META, length_is_wrong_by=wrong_by))
    assert refused == ("structure_invalid", "wrong length in (0002,0000)")


@pytest.mark.parametrize("length", [("US", b"\x5a\0"), ("UL", b""), ("UN", b"\x5a\0\0\0")])
def test_a_length_that_is_no_number_is_invalid(length: tuple[str, bytes]) -> None:
    assert refusal(with_meta((0, *length), *META)) == "structure_invalid"


def test_a_transfer_syntax_stated_twice_is_invalid() -> None:
    assert refusal(with_meta(*META, META[0])) == "structure_invalid"


def test_a_file_that_announces_another_sop_class_is_invalid() -> None:
    enhanced_sr = (0x0002, "UI", b"1.2.840.10008.5.1.4.1.1.88.22\0")
    code, detail = refusal_of(with_meta(META[0], enhanced_sr))
    assert code == "structure_invalid"
    assert "(0002,0002)" in detail


def test_an_unknown_sequence_in_a_big_endian_file_is_implicit_and_little_endian() -> None:
    value_type = struct.pack("<HHL", 0x40, 0xA040, 4) + b"TEXT"
    inner = struct.pack("<HHL", 0xFFFE, 0xE000, len(value_type)) + value_type
    element = struct.pack(">HH2sHL", 0x40, 0xA730, b"UN", 0, len(inner)) + inner
    data = part10(depth=0, syntax=ExplicitVRBigEndian) + element
    (child,) = read_part10(data).dataset[CONTENT_SEQUENCE].items
    assert child[0x0040A040].value == b"TEXT"


def refusal_of(data: bytes) -> tuple[str, str]:
    with pytest.raises(ObjectRefused) as caught:
        read_part10(data)
    return caught.value.reason.code, caught.value.detail


def refusal(data: bytes) -> str:
    with pytest.raises(ObjectRefused) as caught:
        read_part10(data)
    return caught.value.reason.code


@pytest.mark.parametrize("syntax", SYNTAXES)
@pytest.mark.parametrize("undefined", [False, True])
def test_items_are_read_in_all_encodings_and_with_both_kinds_of_length(
    syntax: str, undefined: bool
) -> None:
    dataset = read_part10(part10(syntax=syntax, undefined=undefined)).dataset
    (child,) = dataset[CONTENT_SEQUENCE].items
    assert child[0x0040A040].value.strip() == b"CONTAINER"
    assert child[CONTENT_SEQUENCE].items[0][0x0040A040].value.strip() == b"CONTAINER"


def test_text_is_no_dicom() -> None:
    assert refusal(b"dose;12.3\n" * 40) == "not_dicom"


def test_deflated_is_refused_with_its_own_reason() -> None:
    assert refusal(part10(syntax=DeflatedExplicitVRLittleEndian)) == "transfer_syntax_not_supported"


def test_nesting_beyond_the_limit_is_refused_before_the_interpreter_gives_up() -> None:
    assert refusal(part10(depth=MAXIMUM_DEPTH + 1)) == "structure_invalid"


def test_an_item_longer_than_its_sequence_is_invalid() -> None:
    data = bytearray(part10())
    at = data.index(struct.pack("<HH", 0xFFFE, 0xE000))
    length = struct.unpack_from("<L", data, at + 4)[0]
    struct.pack_into("<L", data, at + 4, length + 2)
    assert refusal(bytes(data)) in ("structure_invalid", "structure_truncated")


def test_an_element_that_stands_twice_is_invalid() -> None:
    data = part10(depth=0)
    again = data[data.index(struct.pack("<HH", 0x0040, 0xA040)) :]
    assert refusal(data + again) == "structure_invalid"


@pytest.mark.parametrize("undefined", [False, True])
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_no_prefix_that_cuts_the_content_is_accepted(syntax: str, undefined: bool) -> None:
    data = part10(syntax=syntax, undefined=undefined)
    order = ">" if syntax == ExplicitVRBigEndian else "<"
    start = data.index(struct.pack(order + "HH", 0x0040, 0xA730)) + 1
    for length in range(start, len(data)):
        assert refusal(data[:length]) in ("structure_truncated", "structure_invalid")


@pytest.mark.parametrize("undefined", [False, True])
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_the_lenient_walk_shows_what_stands_before_a_fault(syntax: str, undefined: bool) -> None:
    data = part10(syntax=syntax, undefined=undefined)
    dataset, refusal = read_leniently(data[:-1] if undefined else data[:-2])
    assert refusal is not None
    (child,) = dataset[CONTENT_SEQUENCE].items
    assert child[0x0040A040].value.strip() == b"CONTAINER"
    assert read_leniently(data)[1] is None


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_any_change_of_a_byte_is_read_or_refused_and_never_crashes(data: st.DataObject) -> None:
    changed = bytearray(part10())
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(PREFIX, len(changed) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_part10(bytes(changed))
    except ObjectRefused as refused:
        assert refused.reason.stage == "decode"
