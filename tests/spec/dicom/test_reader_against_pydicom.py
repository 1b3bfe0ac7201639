"""The strict reader and pydicom read the same tree from every file that the reader accepts."""

from __future__ import annotations

import io
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydicom import Dataset, FileDataset, dcmwrite
from pydicom.dataset import FileMetaDataset
from pydicom.uid import ExplicitVRBigEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from tests.support.reports.pydicom_walk import PlainItem, big_endian, plain, walk
from tests.support.reports.real_reports import more_exports, real_exports, require_real_reports
from transforms.decode.report import decode
from transforms.dicom.reader import ReportReader
from transforms.errors import ObjectRefused
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, report_rows
from transforms.sample import write_nation

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:Unknown encoding")]

CHARACTER_SETS = {
    "": "Head and Neck",
    "ISO_IR 100": "Schädel Hände öß",
    "ISO_IR 144": "Голова и шея",
    "ISO_IR 192": "頭頸部 Schädel κεφαλή",
    "\\ISO 2022 IR 87": "頭部 CT",
}
SYNTAXES = [ExplicitVRLittleEndian, ImplicitVRLittleEndian, ExplicitVRBigEndian]
ASCII = "".join(map(chr, range(128)))
CODES = st.sampled_from(
    [
        ("121014", "DCM", "Device Observer Manufacturer"),
        ("113819", "DCM", "CT Acquisition"),
        ("113830", "DCM", "Mean CTDIvol"),
        ("99-long", "99LOCAL", "x" * 60),
        ("P5-08001", "SRT", "Spiral"),
    ]
)
BIG_ENDIAN = "MG-RDSR-Giotto-DBT.dcm"
"""A real report that is big endian as it was found."""

QUALIFIERS = st.sampled_from(
    [("114006", "DCM", "Measurement failure"), ("114010", "DCM", "Value unknown")]
)
UNITS = st.sampled_from([("mGy", "UCUM", "mGy"), ("mm", "UCUM", "mm"), ("1", "UCUM", "no units")])


def test_every_real_report_reads_as_pydicom_reads_it() -> None:
    require_real_reports()
    reader = ReportReader()
    files = [*real_exports(), *more_exports(500_000)]
    assert len(files) >= 36
    for _ in range(2):  # the second time from memory
        for path in files:
            data = path.read_bytes()
            assert plain(reader.read(data).root) == walk(data), path.name


def test_every_readable_file_of_a_synthetic_nation_reads_as_pydicom_reads_it(
    tmp_path: Path,
) -> None:
    write_nation(tmp_path / "n", facilities=3, seed=3, examinations=2)
    reader, compared = ReportReader(), 0
    for path in sorted((tmp_path / "n").glob("*/*.dcm")):
        data = path.read_bytes()
        try:
            root = reader.read(data).root
        except ObjectRefused:
            continue
        assert plain(root) == walk(data), path.name
        compared += 1
    assert compared > 50


def rows_or_reason(data: bytes) -> object:
    keys = ObjectKeys("H1", "H1.0", "0")
    try:
        return report_rows(decode(data), keys, Pseudonyms(b"a key of the tests"))
    except ObjectRefused as refused:
        return refused.reason.code


def test_every_real_report_reads_the_same_in_big_endian() -> None:
    require_real_reports()
    for path in [*real_exports(), *more_exports(150_000)]:
        data = path.read_bytes()
        sop_class = struct.pack(">HH2s", 0x0008, 0x0016, b"UI")
        if sop_class in data:
            assert path.name == BIG_ENDIAN
            continue
        swapped = big_endian(data)
        assert sop_class in swapped
        assert plain(ReportReader().read(swapped).root) == walk(swapped) == walk(data), path.name
        assert rows_or_reason(swapped) == rows_or_reason(data), path.name


def code_item(code: tuple[str, str, str], long: bool = False) -> Dataset:
    item = Dataset()
    setattr(item, "LongCodeValue" if long else "CodeValue", code[0])
    item.CodingSchemeDesignator, item.CodeMeaning = code[1], code[2]
    return item


@st.composite
def content(draw: st.DrawFn, text: str, depth: int = 3) -> Dataset:
    """One content item of any value type, with private and unexpected elements."""
    kind = draw(st.sampled_from(["CONTAINER", "NUM", "CODE", "TEXT", "UIDREF", "DATETIME"]))
    item = Dataset()
    item.RelationshipType = draw(st.sampled_from(["CONTAINS", "HAS CONCEPT MOD", "INFERRED FROM"]))
    item.ValueType = kind
    if draw(st.booleans()):
        item.ConceptNameCodeSequence = [code_item(draw(CODES), draw(st.booleans()))]
    _add_value(draw, item, kind, text)
    _add_extras(draw, item, text)
    _add_character_set(draw, item, text)
    if depth and (kind == "CONTAINER" or draw(st.integers(0, 3)) == 0):
        item.ContentSequence = draw(st.lists(content(text, depth - 1), max_size=4))
    return item


def _add_value(draw: st.DrawFn, item: Dataset, kind: str, text: str) -> None:
    if kind == "NUM":
        measured = Dataset()
        measured.NumericValue = draw(st.sampled_from(["1.5", "0", "-2e3", "12.30 ", "", "1\\2"]))
        if draw(st.integers(0, 4)):
            measured.MeasurementUnitsCodeSequence = [code_item(draw(UNITS))]
        item.MeasuredValueSequence = [measured] * draw(st.integers(0, 2))
        if draw(st.integers(0, 3)) == 0:
            item.NumericValueQualifierCodeSequence = [code_item(draw(QUALIFIERS))]
    elif kind == "CODE":
        item.ConceptCodeSequence = [code_item(draw(CODES))] * draw(st.integers(0, 2))
    elif kind == "TEXT":
        item.TextValue = draw(st.sampled_from([text, "", " padded ", "a\\b", "two\r\nlines"]))
    elif kind == "UIDREF":
        item.UID = draw(st.sampled_from(["1.2.3", "2.25.12345", ""]))
    elif kind == "DATETIME":
        item.DateTime = draw(st.sampled_from(["20240102030405.123456+0100", "2024", ""]))


def _add_extras(draw: st.DrawFn, item: Dataset, text: str) -> None:
    extra = draw(st.integers(0, 8))
    if extra == 0:
        item.private_block(0x0041, "MADE UP", create=True).add_new(1, "LO", text[:20])
    elif extra == 1:
        inner = Dataset()
        inner.ContentSequence = [Dataset()]
        item.private_block(0x0041, "MADE UP", create=True).add_new(2, "SQ", [inner])
    elif extra == 2:
        item.ObservationDateTime = "20240101"
    elif extra == 3:
        item.TextValue = text  # an element that the value type does not allow


def _add_character_set(draw: st.DrawFn, item: Dataset, text: str) -> None:
    """Sometimes add a character set to the item, or to its concept name."""
    which = draw(st.integers(0, 11))
    inner = item.get("ConceptNameCodeSequence") or item.get("MeasuredValueSequence") or [item]
    holder = {0: item, 1: inner[0]}.get(which)
    if holder is None:
        return
    own = draw(st.sampled_from([*sorted(CHARACTER_SETS), "ISO_IR 6", "UNKNOWN"]))
    if set(text) <= set(CHARACTER_SETS.get(own, "")) | set(ASCII):
        holder.SpecificCharacterSet = own.split("\\")


@st.composite
def reports(draw: st.DrawFn) -> bytes:
    """A file of random content, in either VR encoding, lengths defined or not."""
    character_set, text = draw(st.sampled_from(sorted(CHARACTER_SETS.items())))
    root = Dataset()
    if character_set:
        root.SpecificCharacterSet = character_set.split("\\")
    root.SOPClassUID, root.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.88.67", "2.25.1"
    root.ValueType = "CONTAINER"
    root.ConceptNameCodeSequence = [code_item(("113701", "DCM", "X-Ray Radiation Dose Report"))]
    root.ContentSequence = draw(st.lists(content(text), max_size=5))
    _set_lengths(draw, root)
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = draw(st.sampled_from(SYNTAXES))
    file = FileDataset("", root, file_meta=meta, preamble=b"\0" * 128)
    buffer = io.BytesIO()
    dcmwrite(buffer, file, enforce_file_format=False)
    return buffer.getvalue()


def _set_lengths(draw: st.DrawFn, dataset: Dataset) -> None:
    style = draw(st.sampled_from(["defined", "undefined", "mixed"]))
    for one in _sequences(dataset):
        one.is_undefined_length = style == "undefined" or (style == "mixed" and draw(st.booleans()))
        for item in one.value:
            undefined = style == "undefined" or (style == "mixed" and draw(st.booleans()))
            item.is_undefined_length_sequence_item = undefined


def _sequences(dataset: Dataset) -> list:
    found = [element for element in dataset if element.VR == "SQ"]
    return found + [
        inner for element in found for item in element.value for inner in _sequences(item)
    ]


SHARED_READER = ReportReader()
"""One reader for all variations: its memory must not change its results."""


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=reports())
def test_variations_read_as_pydicom_reads_them(data: bytes) -> None:
    expected = walk(data)
    assert plain(ReportReader().read(data).root) == expected
    assert plain(SHARED_READER.read(data).root) == expected
    assert plain(SHARED_READER.read(data).root) == expected


@pytest.mark.soak
@settings(
    max_examples=20_000,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(data=reports())
def test_many_variations_read_as_pydicom_reads_them(data: bytes) -> None:
    assert plain(SHARED_READER.read(data).root) == walk(data)


def test_the_walk_itself_sees_what_a_small_report_says() -> None:
    root = Dataset()
    root.ValueType = "CONTAINER"
    child = Dataset()
    child.RelationshipType, child.ValueType = "CONTAINS", "NUM"
    child.MeasuredValueSequence = [Dataset()]
    child.MeasuredValueSequence[0].NumericValue = "1.50"
    root.ContentSequence = [child]
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    buffer = io.BytesIO()
    dcmwrite(buffer, FileDataset("", root, file_meta=meta, preamble=b"\0" * 128))
    leaf = PlainItem("CONTAINS", "NUM", None, "1.50", None, None, ())
    assert walk(buffer.getvalue()) == PlainItem("", "CONTAINER", None, None, None, None, (leaf,))


def numeric_item(*, qualified: bool, measured: bool = True, children: bool = False) -> Dataset:
    item = Dataset()
    item.RelationshipType, item.ValueType = "CONTAINS", "NUM"
    item.ConceptNameCodeSequence = [code_item(("113830", "DCM", "Mean CTDIvol"))]
    number = Dataset()
    number.NumericValue = "0"
    number.MeasurementUnitsCodeSequence = [code_item(("mGy", "UCUM", "mGy"))]
    item.MeasuredValueSequence = [number] if measured else []
    if qualified:
        failure = code_item(("114006", "DCM", "Measurement failure"))
        item.NumericValueQualifierCodeSequence = [failure]
    if children:
        item.ContentSequence = [numeric_item(qualified=False)]
    return item


def file_of(items: list[Dataset], syntax: str, *, undefined: bool) -> bytes:
    root = Dataset()
    root.SOPClassUID, root.SOPInstanceUID = "1.2.840.10008.5.1.4.1.1.88.67", "2.25.1"
    root.ValueType, root.ContentSequence = "CONTAINER", items
    for sequence in _sequences(root):
        sequence.is_undefined_length = undefined
        for one in sequence.value:
            one.is_undefined_length_sequence_item = undefined
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = syntax
    buffer = io.BytesIO()
    dcmwrite(buffer, FileDataset("", root, file_meta=meta, preamble=b"\0" * 128))
    return buffer.getvalue()


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
@pytest.mark.parametrize("undefined", [False, True])
@pytest.mark.parametrize("measured", [True, False])
@pytest.mark.parametrize("children", [True, False])
def test_a_qualifier_is_read_also_where_the_same_number_is_known_without_it(
    syntax: str, undefined: bool, measured: bool, children: bool
) -> None:
    reader = ReportReader()
    for qualified in (False, True, False, True):
        items = [numeric_item(qualified=qualified, measured=measured, children=children)] * 2
        data = file_of(items, syntax, undefined=undefined)
        root = plain(reader.read(data).root)
        assert root == walk(data)
        reasons = [item.qualifier for item in root.children]
        assert reasons == [("DCM", "114006", "Measurement failure") if qualified else None] * 2
