"""Real CT reports, from the file to the rows in the lake, against values read independently."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.real_reports import EXPORTS, expected_ct, real_exports, require_real_reports
from transforms.lake import Lake
from transforms.pipeline import facilities, ingest_facility
from transforms.settings import Settings
from transforms.tables import REPORT_TABLES

CT_REPORTS = 11
Rows = Mapping[tuple[str, str], list[dict[str, object]]]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    require_real_reports()
    settings = Settings(lake=str(tmp_path_factory.mktemp("lake")), exports=str(EXPORTS))
    for facility_id in facilities(settings):
        ingest_facility(settings, facility_id)
    return Lake(settings.lake)


@pytest.fixture(scope="module")
def rows(lake: Lake) -> Rows:
    """Rows by (table, object checksum), in document order."""
    found: dict[tuple[str, str], list[dict[str, object]]] = {}
    for table in REPORT_TABLES:
        for submission_id in lake.submissions("decode"):
            for row in lake.read_table("decoded", table, submission_id).to_pylist():
                found.setdefault((table.name, row["object_sha256"]), []).append(row)
    return found


def checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_expected_ct_value_is_met(rows: Rows) -> None:
    checksums = {path.name: checksum(path) for path in real_exports()}
    wrong, checked = [], 0
    for expected in expected_ct():
        if expected.table == "counts":
            got = len(rows.get(("ct_irradiation_event", checksums[expected.file]), []))
            agrees = got == int(expected.value)
        else:
            got = rows[expected.table, checksums[expected.file]][expected.row - 1][expected.column]
            agrees = (
                got == expected.value
                if isinstance(got, str)
                else got is not None and abs(got - float(expected.value)) < 1e-9
            )
        checked += 1
        if not agrees:
            wrong.append((*expected, got))
    assert not wrong
    assert checked > 700


def test_every_real_ct_report_is_decoded_and_every_other_says_why(lake: Lake) -> None:
    outcomes = [
        row
        for submission_id in lake.submissions("decode")
        for row in lake.read_outcomes("decode", submission_id).to_pylist()
    ]
    by_checksum = {row["object_sha256"]: row for row in outcomes}
    assert sum(row["outcome"] == "decoded" for row in outcomes) == CT_REPORTS
    for path in real_exports():
        row = by_checksum[checksum(path)]
        expected = (
            None
            if "CT-" in path.name
            else "not_dose_report"
            if path.name == "ESR_non-dose.dcm"
            else "modality_not_supported"
        )
        assert row["reason_code"] == expected, path.name


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
