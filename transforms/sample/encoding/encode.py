"""Datasets to bytes, by pydicom's own writer."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from pydicom.charset import convert_encodings
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_data_element, write_file_meta_info, write_sequence_item

PYTHON_CODEC: Mapping[str, str] = {"": "ascii", "ISO_IR 100": "latin-1", "ISO_IR 192": "utf-8"}
"""Python codec by Specific Character Set, smaller character sets first."""

PREAMBLE = b"\0" * 128 + b"DICM"
CONTENT_TAG = struct.pack("<HH", 0x0040, 0xA730)
UNDEFINED = 0xFFFFFFFF
ITEM_HEADER = 8
ITEM_END = struct.pack("<HHI", 0xFFFE, 0xE00D, 0)
SEQUENCE_END = struct.pack("<HHI", 0xFFFE, 0xE0DD, 0)


def encode_header(
    header: Dataset, meta: FileMetaDataset, *, implicit_vr: bool
) -> tuple[bytes, tuple[int, ...]]:
    """Return preamble, file meta and header, and the offsets where top-level elements end.

    A file cut at one of these offsets is well-formed up to there.
    """
    file = _buffer(implicit_vr=False)
    file.write(PREAMBLE)
    write_file_meta_info(file, meta)
    ends = [file.tell()]
    data = _buffer(implicit_vr)
    for element in header:
        write_data_element(data, element, _encodings(header))
        ends.append(ends[0] + data.tell())
    return bytes(file.getvalue() + data.getvalue()), (len(PREAMBLE), *ends)


def encode_item(item: Dataset, *, implicit_vr: bool, undefined_length: bool) -> bytes:
    """One content item as a sequence item."""
    if undefined_length:
        _leave_lengths_open(item)
    data = _buffer(implicit_vr)
    write_sequence_item(data, item, convert_encodings("ISO_IR 100"))
    return bytes(data.getvalue())


def content_frame(length: int, *, implicit_vr: bool, undefined_length: bool) -> tuple[bytes, bytes]:
    """Bytes before and after the items of a content sequence (0040,A730) of this `length`."""
    vr = b"" if implicit_vr else b"SQ\0\0"
    stated = UNDEFINED if undefined_length else length
    end = SEQUENCE_END if undefined_length else b""
    return CONTENT_TAG + vr + struct.pack("<I", stated), end


def container_frame(
    item: Dataset, length: int, *, implicit_vr: bool, undefined_length: bool
) -> tuple[bytes, bytes]:
    """Bytes before and after the children (of this `length`) of a container in a sequence."""
    own = encode_item(item, implicit_vr=implicit_vr, undefined_length=False)[ITEM_HEADER:]
    before, after = content_frame(
        length, implicit_vr=implicit_vr, undefined_length=undefined_length
    )
    stated = UNDEFINED if undefined_length else len(own) + len(before) + length + len(after)
    header = struct.pack("<HHI", 0xFFFE, 0xE000, stated)
    return header + own + before, after + (ITEM_END if undefined_length else b"")


def _buffer(implicit_vr: bool) -> DicomBytesIO:
    data = DicomBytesIO()
    data.is_little_endian = True
    data.is_implicit_VR = implicit_vr
    return data


def _encodings(header: Dataset) -> list[str]:
    encodings: list[str] = convert_encodings(header.get("SpecificCharacterSet", "ISO_IR 6"))
    return encodings


def _leave_lengths_open(item: Dataset) -> None:
    """Set undefined length, with delimiters, for the item and every sequence in it."""
    item.is_undefined_length_sequence_item = True
    for element in item:
        if element.VR == "SQ":
            element.is_undefined_length = True
            for child in element.value:
                _leave_lengths_open(child)
