"""Objects that still identify a person are quarantined, and their values are stored nowhere."""

from __future__ import annotations

import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pydicom
import pytest

from tests.support.lakes.kept_objects import packs
from tests.support.reports.real_reports import EXPORTS, IDENTIFIED, require_real_reports
from transforms.decode.report import decode
from transforms.dicom.identity.attributes import IDENTIFYING_KEYWORDS
from transforms.errors import ObjectRefused
from transforms.lake.lake import Lake

PLAIN = EXPORTS / "F001" / "CT-RDSR-Siemens_Flash-TAP-SS.dcm"


@pytest.fixture(scope="module")
def ingested(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A lake after the command ingested the identified reports, and its output."""
    require_real_reports()
    folder = tmp_path_factory.mktemp("identified")
    shutil.copytree(IDENTIFIED, folder / "exports" / "F001")
    command = [sys.executable, "-m", "transforms.cli", "ingest"]
    where = ["--exports", str(folder / "exports"), "--lake", str(folder / "lake")]
    done = subprocess.run([*command, *where], capture_output=True, text=True, check=True)
    return folder / "lake", done.stdout + done.stderr


def identity_values() -> set[str]:
    """Values of the identity attributes of the identified reports, long enough to look for."""
    values = set()
    for path in IDENTIFIED.glob("*.dcm"):
        dataset = pydicom.dcmread(path)
        for element in dataset:
            if element.keyword in IDENTIFYING_KEYWORDS or element.VR == "PN":
                values.update(str(element.value).split("^"))
        values.update(str(dataset[name].value) for name in ("SOPInstanceUID", "StudyInstanceUID"))
    return {value for value in values if len(value) >= 4}


def test_every_identified_report_is_quarantined_for_identity(ingested: tuple[Path, str]) -> None:
    lake = Lake(str(ingested[0]))
    (submission_id,) = lake.submissions("decode")
    rows = lake.read_outcomes("decode", submission_id).to_pylist()
    assert [row["reason_code"] for row in rows] == ["identity_present"] * 3


def test_no_identity_value_is_outside_received(ingested: tuple[Path, str]) -> None:
    lake, printed = ingested
    values = identity_values()
    assert len(values) > 10
    files = [path for path in lake.rglob("*") if path.is_file() and "received" not in path.parts]
    assert files
    for value in values:
        assert value not in printed
        for path in files:
            assert value.encode() not in path.read_bytes(), path.name


def test_received_objects_are_readable_by_their_owner_only(ingested: tuple[Path, str]) -> None:
    received = ingested[0] / "received"
    assert received.stat().st_mode & 0o777 == 0o700
    found = packs(ingested[0])
    assert [path.stat().st_mode & 0o777 for path in found] == [0o600] * len(found) != []


def test_a_pack_has_no_identity_in_its_name_or_metadata(ingested: tuple[Path, str]) -> None:
    for path in packs(ingested[0]):
        about = pq.ParquetFile(path).metadata
        contents = [about.row_group(n).column(1) for n in range(about.num_row_groups)]
        assert not any(column.is_stats_set for column in contents), "extremes would be contents"
        (end,) = struct.unpack("<I", path.read_bytes()[-8:-4])
        shown = path.read_bytes()[-8 - end :] + path.name.encode()
        assert not [value for value in identity_values() if value.encode() in shown]


def write(dataset: pydicom.Dataset, path: Path) -> bytes:
    dataset.save_as(path)
    return path.read_bytes()


@pytest.mark.parametrize("keyword", ["PatientName", "PatientID", "OperatorsName", "StationName"])
def test_one_attribute_with_a_value_is_enough(keyword: str, tmp_path: Path) -> None:
    require_real_reports()
    dataset = pydicom.dcmread(PLAIN)
    setattr(dataset, keyword, "Made^Up")
    with pytest.raises(ObjectRefused) as refused:
        decode(write(dataset, tmp_path / "x.dcm"))
    assert refused.value.reason.code == "identity_present"
    assert keyword in refused.value.detail
    assert "Made" not in refused.value.detail


def test_a_person_name_deep_in_the_content_tree_is_found(tmp_path: Path) -> None:
    require_real_reports()
    dataset = pydicom.dcmread(PLAIN)
    person = pydicom.Dataset()
    person.RelationshipType, person.ValueType, person.PersonName = "CONTAINS", "PNAME", "Made^Up"
    dataset.ContentSequence[-2].ContentSequence.append(person)
    with pytest.raises(ObjectRefused, match="identity_present"):
        decode(write(dataset, tmp_path / "x.dcm"))
