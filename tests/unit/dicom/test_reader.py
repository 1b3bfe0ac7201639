"""The reader with a memory gives the same as the strict walk, whatever it has read before."""

from __future__ import annotations

import struct

import pytest
from hypothesis import HealthCheck, given, settings

from tests.support.reports.crafted_reports import (
    CHARACTER_SET,
    CONCEPT_CODE,
    CONCEPT_NAME,
    CONTENT,
    DATE,
    MEASURED,
    NUMERIC,
    PERSON,
    TEXT,
    VALUE_TYPE,
    Encoding,
    code,
    crafted_reports,
    item,
    nested_content,
    nested_private,
)
from tests.support.reports.real_reports import (
    IDENTIFIED,
    more_exports,
    real_exports,
    require_real_reports,
)
from transforms.dicom.content_tree import ContentItem, content_tree
from transforms.dicom.identity.check import first_identifying, header_warnings
from transforms.dicom.identity.policy import DEFAULT_POLICY, IdentityPolicy, identity_policy
from transforms.dicom.reader import ReportReader
from transforms.dicom.structure import MAXIMUM_DEPTH, read_part10
from transforms.dicom.text import TextDecoder
from transforms.errors import ObjectRefused

Read = tuple[ContentItem, bool, frozenset[str]] | str
DEVICES_REFUSED = identity_policy(allows=())
"""Policy that refuses a device's serial number but not its pseudonym."""


def strictly(data: bytes, policy: IdentityPolicy = DEFAULT_POLICY) -> Read:
    """Result of the plain walk: tree, whether a person is identified, notes, or the refusal."""
    try:
        dataset = read_part10(data).dataset
        root = content_tree(dataset, TextDecoder(dataset))
    except ObjectRefused:
        return "refused"
    warnings = frozenset(header_warnings(dataset, policy))
    return root, first_identifying(dataset, policy) is not None, warnings


def remembering(data: bytes, reader: ReportReader) -> Read:
    try:
        read = reader.read(data)
    except ObjectRefused:
        return "refused"
    return read.root, read.identified_by is not None, read.identity_warnings


def reports() -> list[bytes]:
    require_real_reports()
    paths = [*real_exports(), *more_exports(120_000), *sorted(IDENTIFIED.glob("*.dcm"))]
    return [path.read_bytes() for path in paths]


@pytest.mark.parametrize("policy", [DEFAULT_POLICY, DEVICES_REFUSED])
def test_a_reader_that_has_read_everything_reads_the_same_again(policy: IdentityPolicy) -> None:
    reader = ReportReader(policy)
    for _ in range(2):
        for data in reports():
            assert remembering(data, reader) == strictly(data, policy)


@pytest.mark.slow
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
    data = head + b"\x40\0\x30\xa7UN\0\0" + struct.pack("<L", 8 + len(text)) + item(text)
    (child,) = ReportReader().read(data).root.children
    assert (child.value_type, child.text) == ("TEXT", "dose")


@pytest.mark.parametrize("length", [133, 200, 2000])
def test_a_cut_file_is_refused_by_both(length: int) -> None:
    data = reports()[0][:length]
    assert remembering(data, ReportReader()) == strictly(data) == "refused"


ENCODINGS = [Encoding(explicit=True), Encoding(explicit=False)]
IDS = ["explicit", "implicit"]


def check_again_and_again(*files: bytes) -> ReportReader:
    """One reader reads several files, twice, with the same results as the plain walk."""
    reader = ReportReader()
    for data in files * 2:
        assert remembering(data, reader) == strictly(data)
    return reader


@pytest.mark.parametrize("encoding", ENCODINGS, ids=IDS)
def test_what_identifies_below_a_remembered_item_identifies_every_time(encoding: Encoding) -> None:
    name = encoding.element(PERSON, "PN", b"Doe^Jane")
    holder = encoding.element(CONTENT, "SQ", item(name))
    data = encoding.file(nested_content(encoding, 1, holder))
    reader = check_again_and_again(data)
    assert reader.read(data).identified_by is not None


@pytest.mark.parametrize("encoding", ENCODINGS, ids=IDS)
@pytest.mark.parametrize("above", [1, 15, 20, 24])
@pytest.mark.parametrize("private", [1, 4, 5, 8, 20])
def test_what_was_learnt_in_a_shallow_place_keeps_to_the_depth_limit_in_a_deep_one(
    encoding: Encoding, above: int, private: int
) -> None:
    head = nested_private(encoding, private) + encoding.element(VALUE_TYPE, "CS", b"CODE")
    value = encoding.element(CONCEPT_CODE, "SQ", item(code(encoding, b"113830")))
    inner = encoding.element(CONTENT, "SQ", item(head + value))
    shallow, deep = (encoding.file(nested_content(encoding, depth, inner)) for depth in (1, above))
    check_again_and_again(shallow, deep)
    assert (strictly(deep) == "refused") == (above + 1 + private > MAXIMUM_DEPTH)


@pytest.mark.parametrize("encoding", ENCODINGS, ids=IDS)
def test_a_code_remembered_with_its_end_is_no_code_of_defined_length(encoding: Encoding) -> None:
    items = item(code(encoding, b"113830"))
    end = b"\xfe\xff\xdd\xe0\0\0\0\0"
    undefined = encoding.element(CONCEPT_CODE, "SQ", items, undefined=True)
    wrong = encoding.element(CONCEPT_CODE, "SQ", items + end)
    right, broken = (
        encoding.file(nested_content(encoding, 1, value)) for value in (undefined, wrong)
    )
    check_again_and_again(right, broken)
    assert strictly(broken) == "refused"


@pytest.mark.parametrize("encoding", ENCODINGS, ids=IDS)
@pytest.mark.parametrize("undefined", [True, False])
def test_further_measured_values_and_codes_are_read_by_both(
    encoding: Encoding, undefined: bool
) -> None:
    def number(text: bytes) -> bytes:
        return item(encoding.element(NUMERIC, "DS", text), undefined=undefined)

    def file(tag: int, *items: bytes) -> bytes:
        value = encoding.element(tag, "SQ", b"".join(items), undefined=undefined)
        return encoding.file(nested_content(encoding, 1, value))

    one, two = file(MEASURED, number(b"12")), file(MEASURED, number(b"12"), number(b"90"))
    reader = check_again_and_again(one, two, one)
    assert [further.text for further in reader.read(two).root.children[0].further] == ["90"]
    assert reader.read(one).root.children[0].further == ()
    codes = [item(code(encoding, value)) for value in (b"113830", b"113838")]
    reader = check_again_and_again(file(CONCEPT_CODE, codes[0]), file(CONCEPT_CODE, *codes))
    (child,) = reader.read(file(CONCEPT_CODE, *codes)).root.children
    assert [further.code and further.code.value for further in child.further] == ["113838"]


@pytest.mark.parametrize("encoding", ENCODINGS, ids=IDS)
def test_a_date_before_children_is_kept(encoding: Encoding) -> None:
    date = encoding.element(DATE, "DA", b"20240102")
    child = encoding.element(CONTENT, "SQ", item(encoding.element(TEXT, "UT", b"dose")))
    data = encoding.file(nested_content(encoding, 1, date + child))
    reader = check_again_and_again(data)
    assert reader.read(data).root.children[0].text == "20240102"


@pytest.mark.parametrize("tag", [CONCEPT_CODE, CONTENT])
def test_an_element_twice_under_two_vrs_is_refused(tag: int) -> None:
    encoding = Encoding(explicit=True)
    once = encoding.element(tag, "SQ", item(b""))
    data = encoding.file(nested_content(encoding, 1, once[:4] + b"UN" + once[6:] + once))
    check_again_and_again(data)
    assert strictly(data) == "refused"


@pytest.mark.parametrize("vr", ["OB", "UT"])
@pytest.mark.parametrize("tag", [MEASURED, CONTENT, CONCEPT_NAME])
def test_a_sequence_under_the_vr_of_a_value_is_refused_and_not_lost(tag: int, vr: str) -> None:
    encoding = Encoding(explicit=True)
    lost = encoding.element(tag, vr, item(encoding.element(NUMERIC, "DS", b"1.50")))
    data = encoding.file(nested_content(encoding, 1, lost))
    with pytest.raises(ObjectRefused, match=f"structure_invalid: VR {vr}"):
        check_again_and_again(data).read(data)


@pytest.mark.parametrize("vr", ["UL", "SQ"])
def test_a_text_under_another_kind_of_vr_is_refused(vr: str) -> None:
    encoding = Encoding(explicit=True)
    data = encoding.file(nested_content(encoding, 1, encoding.element(VALUE_TYPE, vr, b"")))
    with pytest.raises(ObjectRefused, match=rf"structure_invalid: VR {vr} of \(0040,A040\)"):
        check_again_and_again(data).read(data)


@pytest.mark.parametrize("encoding", ENCODINGS, ids=IDS)
def test_a_character_set_after_the_content_still_counts(encoding: Encoding) -> None:
    text = nested_content(encoding, 1, encoding.element(TEXT, "UT", "Schädel".encode()))
    data = encoding.file(text + encoding.element(CHARACTER_SET, "CS", b"ISO_IR 192"))
    reader = check_again_and_again(data)
    assert reader.read(data).root.children[0].text == "Schädel"


@pytest.mark.parametrize("encoding", ENCODINGS, ids=IDS)
def test_an_item_with_a_character_set_of_its_own_is_read_by_it(encoding: Encoding) -> None:
    own = encoding.element(CHARACTER_SET, "CS", b"ISO_IR 192")
    meaning = code(encoding, b"113830").replace(b"meaning ", "mäning ".encode())
    name = encoding.element(CONCEPT_NAME, "SQ", item(own + meaning))
    text = encoding.element(TEXT, "UT", "Schädel".encode())
    below = encoding.element(CONTENT, "SQ", item(text))
    items = item(own + text + below) + item(name + text)
    data = encoding.file(encoding.element(CONTENT, "SQ", items))
    first, second = check_again_and_again(data).read(data).root.children
    assert (first.text, first.children[0].text) == ("Schädel", "Schädel")
    assert (second.text, second.concept and second.concept.meaning) == ("SchÃ¤del", "mäning")


def device_item(encoding: Encoding, serial: bytes) -> bytes:
    """A content item with a device's serial number."""
    name = encoding.element(CONCEPT_NAME, "SQ", item(code(encoding, b"113880")))
    return item(name + encoding.element(TEXT, "UT", serial))


@pytest.mark.parametrize("encoding", ENCODINGS, ids=IDS)
def test_a_remembered_pseudonym_of_a_device_hides_no_serial_number(encoding: Encoding) -> None:
    files = {
        serial: encoding.file(encoding.element(CONTENT, "SQ", device_item(encoding, serial)))
        for serial in (b"D01234567 ", b"D0123456X ", b"SN-4711 ")
    }
    reader = ReportReader(DEVICES_REFUSED)
    for _ in range(3):
        for serial, data in files.items():
            assert remembering(data, reader) == strictly(data, DEVICES_REFUSED)
            refused = reader.read(data).identified_by is not None
            assert refused == (serial != b"D01234567 ")


@pytest.mark.parametrize("encoding", ENCODINGS, ids=IDS)
def test_a_serial_number_too_long_to_remember_is_taken_for_no_sequence(encoding: Encoding) -> None:
    serial = encoding.element(0x00181000, "LO", b"7" * 700)
    codes = b"".join(item(code(encoding, b"113830")) for _ in range(20))
    sequence = encoding.element(0x00081032, "SQ", codes)
    check_again_and_again(encoding.file(serial + sequence), encoding.file(sequence))


SHARED_READER = ReportReader()
"""One reader for all crafted reports: its memory must not change its results."""
CRAFTED = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.too_slow, HealthCheck.data_too_large],
}


@pytest.mark.slow
@settings(max_examples=500, **CRAFTED)
@given(data=crafted_reports())
def test_odd_and_broken_reports_are_read_as_the_strict_walk_reads_them(data: bytes) -> None:
    for policy in (DEFAULT_POLICY, DEVICES_REFUSED):
        for _ in range(2):
            assert remembering(data, SHARED_READER.for_policy(policy)) == strictly(data, policy)


@pytest.mark.soak
@settings(max_examples=50_000, **CRAFTED)
@given(data=crafted_reports())
def test_many_odd_and_broken_reports_are_read_as_the_strict_walk_reads_them(data: bytes) -> None:
    for policy in (DEFAULT_POLICY, DEVICES_REFUSED):
        for _ in range(2):
            assert remembering(data, SHARED_READER.for_policy(policy)) == strictly(data, policy)
