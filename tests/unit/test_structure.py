"""The strict structural walk: what does not fit is refused, whatever its bytes."""

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
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
)

from transforms.errors import ObjectRefused
from transforms.receive.structure import MAXIMUM_DEPTH, read_part10

PREFIX = 132
CONTENT_SEQUENCE = 0x0040A730


def item(depth: int) -> Dataset:
    """A content item that holds items down to a depth."""
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


def refusal(data: bytes) -> str:
    with pytest.raises(ObjectRefused) as caught:
        read_part10(data)
    return caught.value.reason.code


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.parametrize("undefined", [False, True])
def test_items_are_read_in_both_encodings_and_with_both_kinds_of_length(
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
@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_no_prefix_that_cuts_the_content_is_accepted(syntax: str, undefined: bool) -> None:
    data = part10(syntax=syntax, undefined=undefined)
    start = data.index(struct.pack("<HH", 0x0040, 0xA730)) + 1
    for length in range(start, len(data)):
        assert refusal(data[:length]) in ("structure_truncated", "structure_invalid")


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
