"""`drlake describe` shows the content of a report, even of a refused one, and names no person."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from pathlib import Path

import pydicom
import pytest
from pydicom.sr.codedict import codes

from tests.support.faults.file_bombs import bombs
from tests.support.in_process import drlake
from tests.support.reports.content_items import item
from tests.support.reports.crafted_reports import VALUE_TYPE, Encoding
from tests.support.reports.real_reports import (
    EXPORTS,
    IDENTIFIED,
    more_exports,
    real_exports,
    require_real_reports,
)
from transforms.describe.report import describe, describe_file
from transforms.describe.tree import MASKED, item_line
from transforms.dicom.codes import Code
from transforms.dicom.content_tree import ContentItem
from transforms.dicom.identity.attributes import IDENTIFYING_KEYWORDS
from transforms.errors import UsageError
from transforms.lake.lake import Lake
from transforms.lake.received import keep_objects

PLAIN = EXPORTS / "F001" / "CT-RDSR-Siemens_Flash-TAP-SS.dcm"


def test_a_decoded_report_shows_outcome_rows_and_tree() -> None:
    require_real_reports()
    text = describe_file(str(PLAIN))
    assert text.startswith("outcome: decoded\n")
    assert "row 1 of dose_report" in text
    assert "row 1 of ct_irradiation_event" in text
    assert "Mean CTDIvol" in text
    assert "mGy" in text


def test_a_truncated_report_shows_its_reason_and_what_stands_before_the_fault() -> None:
    require_real_reports()
    data = PLAIN.read_bytes()
    text = describe(data[: len(data) // 2])
    assert text.startswith("outcome: quarantined, structure_truncated\n")
    assert "fix: " in text
    assert "content tree up to the fault" in text
    assert len(text.splitlines()) > 50
    assert "row 1" not in text


def names(dataset: pydicom.Dataset) -> set[str]:
    """Values of identity attributes, person names and UIDs that are long enough to search for."""
    found: set[str] = set()
    meanings = ""
    for element in dataset.iterall():
        if element.keyword == "CodeMeaning":
            meanings += str(element.value)
        if element.keyword in IDENTIFYING_KEYWORDS or element.VR in ("PN", "UI"):
            found.update(str(element.value).split("^"))
    # A department may be named with a word of the standard, which then occurs in the tree too.
    named = {value for value in found if len(value) >= 5 and value not in meanings}
    return named - {str(dataset.SOPClassUID)}


@pytest.mark.slow
def test_no_name_number_or_uid_of_an_identified_report_is_shown() -> None:
    require_real_reports()
    seen: set[str] = set()
    for path in [*sorted(IDENTIFIED.glob("*.dcm")), *real_exports(), *more_exports(120_000)]:
        dataset = pydicom.dcmread(io.BytesIO(path.read_bytes()))
        text = describe_file(str(path))
        shown = {value for value in names(dataset) if value in text}
        assert not shown, path.name
        seen |= names(dataset)
    assert len(seen) > 100


JANE = "Dr. Jane Doe 1950"


@pytest.mark.parametrize(
    "one",
    [
        item(codes.DCM.TargetRegion, code=Code("99L", "X", JANE)),
        item(codes.DCM.TargetRegion, code=Code("DCM", JANE, "")),
        item(codes.DCM.TargetRegion, code=Code(JANE, "1", "")),
        item(Code("99L", "1", JANE), text="x"),
        item(Code("DCM", codes.DCM.Comment.value, JANE), text=JANE),
        item(codes.DCM.StartOfXRayIrradiation, text=JANE),
        item(codes.DCM.MeanCtdivol, text=JANE),
        item(codes.DCM.MeanCtdivol, text=JANE, unit="mGy"),
        item(codes.DCM.MeanCtdivol, text="1", unit=JANE),
        item(codes.DCM.MeanCtdivol)._replace(value_type=JANE),
        item(codes.DCM.MeanCtdivol)._replace(qualifier=Code("99L", "1", JANE)),
    ],
)
def test_no_line_of_the_tree_shows_what_may_be_a_name(one: ContentItem) -> None:
    line = item_line(one)
    assert "Jane" not in line
    assert MASKED in line or "Comment" in line


def test_a_line_shows_a_number_its_unit_and_why_it_is_none() -> None:
    failure = Code("DCM", codes.DCM.MeasurementFailure.value, "")
    number = item(codes.DCM.MeanCtdivol, text="0", unit="mGy")._replace(qualifier=failure)
    assert item_line(number) == (
        f"NUM DCM {codes.DCM.MeanCtdivol.value} 'Mean CTDIvol' = 0 mGy, "
        f"qualified DCM {failure.value} 'Measurement failure'"
    )


@pytest.mark.parametrize("unit", ["mGy.cm", "Gy*m**2", "{X-Ray sources}", "{pulse}/s", "%"])
def test_a_unit_is_shown_as_it_is_written(unit: str) -> None:
    assert f"1 {unit}" in item_line(item(codes.DCM.DLP, text="1", unit=unit))


@pytest.mark.slow
def test_nothing_crashes_the_description() -> None:
    for name, (reason, data) in bombs().items():
        if reason == "not_dose_report" and name != "200,000 empty items":
            continue  # as large, and no other
        assert describe(data).startswith("outcome: quarantined"), name
    assert "nothing can be read" in describe(b"no dicom")


def test_a_text_under_the_vr_of_a_number_is_named_and_its_tree_not_shown() -> None:
    encoding = Encoding(explicit=True)
    data = encoding.file(encoding.element(VALUE_TYPE, "UL", b"TEXT"))
    text = describe(data)
    assert text.startswith("outcome: quarantined, structure_invalid\nwhere: VR UL of (0040,A040)")
    assert "(cannot be shown" in text


def test_the_command_prints_the_description() -> None:
    require_real_reports()
    command = [sys.executable, "-m", "transforms.cli", "describe", str(PLAIN)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == describe_file(str(PLAIN)).strip()


def test_a_file_that_is_not_there_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        describe_file(str(tmp_path / "absent.dcm"))


def test_an_object_of_the_lake_is_described_by_its_checksum(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    lake.prepare()
    data = b"no dicom"
    sha256 = hashlib.sha256(data).hexdigest()
    keep_objects(lake, "F001.a", tmp_path, [(sha256, data)])
    row = {"facility_id": "F001", "submission_id": "F001.a", "object_sha256": sha256}
    said = {"object_index": 1, "name_key": "n", "stage": "receive", "outcome": "received"}
    lake.write_outcomes("receive", "F001.a", [{**row, **said}])
    done = drlake("describe", sha256, "--lake", lake.url)
    assert done.stdout.strip() == describe(data).strip()
    missing = drlake("describe", "0" * 64, "--lake", lake.url)
    assert missing.returncode == 1
    assert "The lake has no object" in missing.stderr
