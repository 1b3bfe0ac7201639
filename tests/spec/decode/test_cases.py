"""Small invented reports of ../shared/cases, decoded as received and after `drlake deidentify`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.support.reports.real_reports import (
    CASES,
    ExpectedValue,
    case_file,
    expected_values,
    require_real_reports,
)
from transforms.decode.report import decode
from transforms.deidentify.copies import deidentify_report
from transforms.deidentify.keys import SiteKey
from transforms.errors import ObjectRefused
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, report_rows
from transforms.tables import REPORT_TABLES

KEYS, PSEUDONYMS = ObjectKeys("F001", "F001.0", "0" * 64), Pseudonyms(b"1" * 32)
TABLES = {table.name for table in REPORT_TABLES}
AFTER = "after drlake deidentify"
NULL_AND_SAID = ("NULL", "a word of its own or NULL")
OPEN = {"gate_folder_and_protocol_of_the_hospital.dcm"}
"""Cases of a later issue: a folder of the hospital's own protocols has the form of a name."""

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def of_decoder() -> list[ExpectedValue]:
    """What is expected of the rows of one report, before and after de-identification."""
    if not CASES.is_dir():
        return []
    expected = (one for one in expected_values(CASES) if one.file not in OPEN)
    return [one for one in expected if table_of(one) in TABLES or is_outcome(one)]


def table_of(expected: ExpectedValue) -> str:
    return expected.table.removeprefix(f"{AFTER}: ")


def is_outcome(expected: ExpectedValue) -> bool:
    return "outcome" in (expected.table, expected.column)


def bytes_of(expected: ExpectedValue) -> bytes:
    data = case_file(expected.file).read_bytes()
    return deidentify_report(data, SiteKey(b"k")) if expected.table.startswith(AFTER) else data


def rows_of(data: bytes) -> Rows:
    return report_rows(decode(data), KEYS, PSEUDONYMS)


def value_of(expected: ExpectedValue, rows: Rows) -> Any:
    table = table_of(expected)
    row = rows[table][int(expected.row or 1) - 1]
    if expected.value.startswith(NULL_AND_SAID) and row.get(expected.column) is None:
        assert f"{table}.{expected.column}:" in rows["dose_report"][0]["unusable_columns"]
        return None
    return row[expected.column]


def agrees(got: Any, value: str) -> bool:
    """Whether a value is as expected.csv says, in its words."""
    if value.startswith("a word of its own"):
        return got not in ("head_16cm", "body_32cm")
    if value.startswith("not RF"):
        return bool(got) and got != "RF"
    if value.startswith("NULL"):
        return got is None
    if isinstance(got, float):
        return math.isclose(got, float(value), rel_tol=1e-12)
    return str(got) == value.split(" (")[0]


@pytest.mark.parametrize(
    "expected", of_decoder(), ids=lambda one: f"{one.file}-{one.table}-{one.column}"
)
def test_every_case_of_the_decoder_is_met(expected: ExpectedValue) -> None:
    if not is_outcome(expected):
        assert agrees(value_of(expected, rows_of(bytes_of(expected))), expected.value)
        return
    outcome, _, reason = expected.value.partition(" ")
    if outcome == "quarantined":
        with pytest.raises(ObjectRefused) as refused:
            rows_of(bytes_of(expected))
        assert refused.value.reason.code == reason
    else:
        assert outcome.startswith("decoded")
        assert rows_of(bytes_of(expected))["dose_report"]


def test_there_are_cases_to_meet() -> None:
    require_real_reports()
    assert len(of_decoder()) >= 45


def test_a_copy_has_no_word_of_its_own_names_and_all_doses() -> None:
    require_real_reports()
    data = case_file("deid_own_name_in_texts.dcm").read_bytes()
    copy = deidentify_report(data, SiteKey(b"k"))
    for word in (b"Musterfrau", b"Erika", b"ACX99821", b"471147"):
        assert word not in copy
    rows = rows_of(copy)
    assert rows["dose_report"][0]["study_description"] == "CT Thorax"
    assert rows["ct_irradiation_event"][0]["acquisition_protocol"] == "Thorax"
    assert rows["ct_irradiation_event"][0]["dlp_mgy_cm"] == 300
