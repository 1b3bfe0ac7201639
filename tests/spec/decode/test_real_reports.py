"""Real dose reports of all kinds, from the file to the rows in the lake.

The expected values were read independently of drlake; the test also reads the documents with
pydicom, to check that no row holds a value that its report does not state.
"""

from __future__ import annotations

import hashlib
import io
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.dataset import Dataset
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from tests.support.reports.real_reports import (
    ENHANCED,
    EXPORTS,
    MORE,
    MORE_EXPORTS,
    SHARED,
    ExpectedValue,
    expected_values,
    more_exports,
    real_exports,
    require_real_reports,
)
from transforms.decode.report import decode, decoded_report
from transforms.deidentify.copies import deidentify_report
from transforms.deidentify.keys import SiteKey
from transforms.dicom.codes import canonical
from transforms.dicom.content_tree import Children, ContentItem
from transforms.dicom.header import Header, read_header
from transforms.dicom.reader import ReportReader
from transforms.errors import ObjectRefused
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, report_rows
from transforms.normalise.values import PER_PULSE
from transforms.pipeline.facility import facilities, ingest_facility
from transforms.settings import Settings
from transforms.tables import DOSE_REPORT, REPORT_TABLES
from transforms.tables.schema import Table

pytestmark = pytest.mark.slow

NO_DOSE_REPORT = "ESR_non-dose.dcm"
PRIVATE_CODES = "RF-ESR-Siemens-Varic.dcm"
EXPECTED_VALUES = {SHARED: 1120, MORE: 2281}
SMALL = 120_000
"""Bytes of the largest report of the second set that is taken apart number by number."""
MODALITIES = {
    "CT": "CT",
    "NM-CT": "CT",
    "NM": "NM",
    "MG": "MG",
    "RF": "RF",
    "Dual-RDSR-RF": "RF",
    "Dual-RDSR-DX": "DX",
    "DX": "DX",
}
"""The kind that each file's name begins with, and the modality that its content must give."""

Row = Mapping[str, Any]
Rows = Mapping[tuple[str, str], list[Row]]
VALUE_TABLES = tuple(table for table in REPORT_TABLES if table is not DOSE_REPORT)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    require_real_reports()
    folder = str(tmp_path_factory.mktemp("lake"))
    for exports in (EXPORTS, MORE_EXPORTS):
        settings = Settings(lake=folder, exports=str(exports))
        for facility_id in facilities(settings):
            ingest_facility(settings, facility_id)
    return Lake(folder)


@pytest.fixture(scope="module")
def rows(lake: Lake) -> Rows:
    """Rows by (table, object checksum), in document order."""
    found: dict[tuple[str, str], list[Row]] = {}
    for table in REPORT_TABLES:
        for submission_id in lake.submissions("decode"):
            for row in lake.read_table("decoded", table, submission_id).to_pylist():
                found.setdefault((table.name, row["object_sha256"]), []).append(row)
    return found


def checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def dose_reports(most_bytes: int | None = None) -> list[Path]:
    require_real_reports()
    paths = [*real_exports(), *more_exports(most_bytes)]
    return [path for path in paths if path.name != NO_DOSE_REPORT]


def got_value(rows: Rows, expected: ExpectedValue, sha256: str) -> object:
    """Value in the lake where a value is expected."""
    if expected.table == "counts":
        return len(rows.get((expected.column.removesuffix("s"), sha256), []))
    found = rows.get((expected.table, sha256), [])
    if expected.row.isdigit():
        return found[int(expected.row) - 1][expected.column]
    (row,) = [row for row in found if row["laterality"] == expected.row]
    return row[expected.column]


def agrees(got: object, value: str) -> bool:
    """Whether equal as text, or as numbers within rounding of the unit's factor; never for NULL."""
    if isinstance(got, int | float):
        return math.isclose(got, float(value), rel_tol=1e-12)
    return got == value


@pytest.mark.parametrize("folder", EXPECTED_VALUES, ids=lambda folder: folder.name)
def test_every_expected_value_is_met(rows: Rows, folder: Path) -> None:
    checksums = {path.name: checksum(path) for path in [*real_exports(), *more_exports()]}
    expected = expected_values(folder)
    compared = [(one, got_value(rows, one, checksums[one.file])) for one in expected]
    assert [pair for pair in compared if not agrees(pair[1], pair[0].value)] == []
    assert len(compared) == EXPECTED_VALUES[folder]


def test_every_dose_report_is_decoded_and_nothing_else(lake: Lake) -> None:
    outcomes = {
        row["object_sha256"]: (row["outcome"], row["reason_code"])
        for submission_id in lake.submissions("decode")
        for row in lake.read_outcomes("decode", submission_id).to_pylist()
    }
    for path in [*real_exports(), *more_exports()]:
        refused = path.name == NO_DOSE_REPORT
        expected = ("quarantined", "not_dose_report") if refused else ("decoded", None)
        assert outcomes[checksum(path)] == expected, path.name


def test_an_enhanced_report_is_kept_and_says_what_to_send() -> None:
    """drlake reads no TID 10040 (Enhanced X-Ray Radiation Dose SR). This one states a name."""
    require_real_reports()
    (path,) = ENHANCED.glob("*.dcm")
    assert refusal_of(path.read_bytes()) == "identity_present"
    copy = deidentify_report(path.read_bytes(), SiteKey(b"k"))
    assert refusal_of(copy) == "enhanced_rdsr_not_supported"


def refusal_of(data: bytes) -> str:
    """The reason for which a report is refused."""
    with pytest.raises(ObjectRefused) as refused:
        decode(data)
    return str(refused.value.reason.code)


def test_the_modality_is_what_the_report_holds(rows: Rows) -> None:
    for path in dose_reports():
        (report,) = rows["dose_report", checksum(path)]
        kind = max((k for k in MODALITIES if path.name.startswith(k)), key=len)
        assert report["modality"] == MODALITIES[kind], path.name


def test_what_a_report_does_not_say_is_null_and_not_zero(rows: Rows) -> None:
    localizers = [
        event
        for (table, _), events in rows.items()
        if table == "ct_irradiation_event"
        for event in events
        if event["ct_acquisition_type"] == "constant_angle" and event["mean_ctdivol_mgy"] is None
    ]
    assert localizers
    assert all(event["dlp_mgy_cm"] is None for event in localizers)


def walk(dataset: Dataset) -> Iterator[Dataset]:
    """Every content item of a document, as pydicom sees it."""
    for item in dataset.get("ContentSequence") or []:
        yield item
        yield from walk(item)


def concept_of(item: Dataset) -> tuple[str, str] | None:
    names = item.get("ConceptNameCodeSequence")
    if not names:
        return None
    return canonical(names[0].get("CodingSchemeDesignator", ""), names[0].get("CodeValue", ""))


def numbers_stated(path: Path) -> dict[tuple[str, str] | None, list[float]]:
    """Numbers of a document, by the concept of their item."""
    found: dict[tuple[str, str] | None, list[float]] = {}
    for item in walk(pydicom.dcmread(path)):
        for measured in item.get("MeasuredValueSequence") or []:
            value = measured.get("NumericValue")
            values = value if isinstance(value, pydicom.multival.MultiValue) else [value]
            for one in values:
                # Toshiba separates the values of a list with a slash.
                for part in filter(None, ("" if one is None else str(one)).split("/")):
                    found.setdefault(concept_of(item), []).append(float(part))
    return found


def values_of(rows: Rows, table: Table, sha256: str) -> Iterator[tuple[str, Code, object]]:
    for row in rows.get((table.name, sha256), []):
        for column in table.columns:
            if isinstance(column.source, Code) and row[column.name] is not None:
                yield column.name, column.source, row[column.name]


def test_no_row_says_what_its_report_does_not(rows: Rows) -> None:
    checked = zeros = 0
    for path in dose_reports():
        if path.name == PRIVATE_CODES:
            continue
        concepts = {concept_of(item) for item in walk(pydicom.dcmread(path))}
        numbers = numbers_stated(path)
        (told,) = rows["dose_report", checksum(path)]
        by_meaning = (told["matched_by_meaning"] or "").split()
        for table in VALUE_TABLES:
            for name, source, value in values_of(rows, table, checksum(path)):
                concept = canonical(source.scheme_designator, source.value)
                checked += 1
                if f"{table.name}.{name}" in by_meaning:
                    continue  # written with another code
                assert concept in concepts or name == "xray_modulation_type", (path.name, name)
                if value == 0 and isinstance(value, float):
                    zeros += 1
                    assert 0.0 in numbers[concept], (path.name, name)
    assert checked > 1500
    assert zeros > 10


@pytest.mark.parametrize("cut", ["measured value", "item"])
def test_a_report_without_its_numbers_has_none(cut: str) -> None:
    keys = ObjectKeys("F001", "F001.0", "0" * 64)
    for path in dose_reports(SMALL):
        dataset = pydicom.dcmread(path)
        without_numbers(dataset, cut)
        file = io.BytesIO()
        dataset.save_as(file)
        tables = report_rows(decode(file.getvalue()), keys, Pseudonyms(b"1" * 32))
        for table in VALUE_TABLES:
            for row in tables[table.name]:
                invented = {k: v for k, v in row.items() if isinstance(v, float)}
                assert not invented, (path.name, table.name, invented)
        noted = tables["dose_report"][0]["columns_without_value"]
        assert bool(noted) == (cut == "measured value"), path.name


@pytest.mark.parametrize("cut", ["measured value", "item"])
def test_each_number_taken_away_alone_leaves_its_column_null_and_nothing_else(cut: str) -> None:
    removed = emptied = 0
    for path in dose_reports(SMALL // 4):
        if path.name == PRIVATE_CODES:
            continue
        read = ReportReader().read(path.read_bytes())
        header = read_header(read.dataset, read.text)
        whole = flat_rows(read.root, header)
        for root, concept in without_each_number(read.root, cut):
            if cut == "item" and concept == ROW_OF_ITS_OWN:
                continue
            changed = differences(whole, flat_rows(root, header))
            names = {name for _, _, name in changed}
            assert {SOURCE_OF.get(name) for name in names} <= {concept}, (path.name, names)
            assert all(cell is None for cell in changed.values()) or names <= set(PER_PULSE)
            removed += 1
            emptied += bool(changed)
    assert removed > 1500
    assert emptied > 1000


ROW_OF_ITS_OWN = ("DCM", codes.DCM.AccumulatedAverageGlandularDose.value)
"""The total of a breast has a row of its own, which is absent without it."""

SOURCE_OF = {
    column.name: canonical(column.source.scheme_designator, column.source.value)
    for table in VALUE_TABLES
    for column in table.columns
    if isinstance(column.source, Code)
}


def flat_rows(root: ContentItem, header: Header) -> dict[tuple[str, int, str], object]:
    """Every cell that is not NULL, by table, row and column, without notes."""
    keys = ObjectKeys("F001", "F001.0", "0" * 64)
    tables = report_rows(decoded_report(root, header), keys, Pseudonyms(b"1" * 32))
    return {
        (table.name, number, name): cell
        for table in VALUE_TABLES
        for number, row in enumerate(tables[table.name])
        for name, cell in row.items()
        if cell is not None
    }


def differences(
    whole: Mapping[tuple[str, int, str], object], cut: Mapping[tuple[str, int, str], object]
) -> dict[tuple[str, int, str], object]:
    return {cell: cut.get(cell) for cell in {*whole, *cut} if whole.get(cell) != cut.get(cell)}


def without_each_number(
    root: ContentItem, what: str
) -> Iterator[tuple[ContentItem, tuple[str, str]]]:
    """The tree without one of its numbers, for each of them, with that number's concept."""
    for index, child in enumerate(root.children):
        before, after = root.children[:index], root.children[index + 1 :]
        if child.value_type == "NUM" and child.concept is not None:
            left = () if what == "item" else (child._replace(text=None, unit=None),)
            number = canonical(child.concept.scheme, child.concept.value)
            yield root._replace(children=Children((*before, *left, *after))), number
        for cut, number in without_each_number(child, what):
            yield root._replace(children=Children((*before, cut, *after))), number


def without_numbers(dataset: Dataset, cut: str) -> None:
    """Remove every number: its measured value, or the whole content item."""
    items = dataset.get("ContentSequence") or []
    for item in items:
        without_numbers(item, cut)
        if item.get("ValueType") == "NUM":
            item.MeasuredValueSequence = []
    if items and cut == "item":
        dataset.ContentSequence = [item for item in items if item.get("ValueType") != "NUM"]
