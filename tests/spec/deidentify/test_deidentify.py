"""`drlake deidentify`: copies pass the identity gate, and every dose is unchanged."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pydicom
import pytest
from pydicom.sr.codedict import codes
from pydicom.uid import UID

from tests.support.in_process import drlake
from tests.support.real_process import real_drlake
from tests.support.reports.identified_reports import (
    change_report,
    in_sequence,
    set_attribute,
    top,
    with_private,
    with_text,
)
from tests.support.reports.real_reports import (
    EXPORTS,
    IDENTIFIED,
    more_exports,
    real_exports,
    require_real_reports,
)
from transforms.decode.report import decode
from transforms.deidentify.copies import GATE, deidentify_report
from transforms.deidentify.header import METHOD_CODES
from transforms.deidentify.keys import SiteKey, read_key
from transforms.deidentify.moments import date_shift
from transforms.deidentify.patients import PHANTOM_PATTERNS, age_string, is_phantom
from transforms.dicom.reader import ReportReader
from transforms.errors import ObjectRefused, UsageError
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, report_rows

pytestmark = pytest.mark.slow

KEY, OTHER_KEY = SiteKey(b"a hospital's key"), SiteKey(b"another key")
KEYS, PSEUDONYMS = ObjectKeys("F", "F.1", "0"), Pseudonyms(b"k" * 32)
CHANGED = {
    *("report_key", "study_key", "event_key", "device_key", "national_device_key"),
    *("study_date", "irradiation_started_at", "irradiation_ended_at", "started_at"),
    "identity_warnings",
}
"""Columns that may differ in a copy: keys, dates, and names of the device."""

Rows = Mapping[str, list[Mapping[str, Any]]]


def dose_reports() -> list[Path]:
    """Every real dose report, registry-safe or as found."""
    require_real_reports()
    paths = [*real_exports(), *more_exports(500_000), *sorted(IDENTIFIED.glob("*.dcm"))]
    return [path for path in paths if path.name != "ESR_non-dose.dcm"]


def rows_of(data: bytes, *, gate: bool = True) -> Rows:
    """Rows of a report: read with the strictest gate, or without any identity check."""
    reader = ReportReader(GATE)
    if gate:
        return report_rows(decode(data, reader), KEYS, PSEUDONYMS)
    read = reader.read(data)
    reader.read = lambda _: read._replace(identified_by=None)  # type: ignore[method-assign]
    return report_rows(decode(data, reader), KEYS, PSEUDONYMS)


def unchanged_columns(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    return {
        table: [{name: value for name, value in row.items() if name not in CHANGED} for row in some]
        for table, some in rows.items()
    }


@pytest.fixture(scope="module")
def copies() -> dict[str, tuple[bytes, bytes]]:
    """Original and copy of every real dose report."""
    originals = {str(path): path.read_bytes() for path in dose_reports()}
    return {name: (data, deidentify_report(data, KEY)) for name, data in originals.items()}


def test_the_gate_accepts_every_copy_and_all_doses_are_unchanged(
    copies: dict[str, tuple[bytes, bytes]],
) -> None:
    assert len(copies) == 40
    for name, (original, copy) in copies.items():
        before, after = (
            unchanged_columns(rows_of(original, gate=False)),
            unchanged_columns(rows_of(copy)),
        )
        if before["dose_report"][0]["patient_age_days"] is None:
            before["dose_report"][0]["patient_age_days"] = after["dose_report"][0][
                "patient_age_days"
            ]
        assert after == before, name


def test_dates_move_within_their_quarter_and_all_of_a_report_together(
    copies: dict[str, tuple[bytes, bytes]],
) -> None:
    moved = 0
    for original, copy in copies.values():
        before, after = rows_of(original, gate=False), rows_of(copy)
        old, new = (rows["dose_report"][0]["study_date"] for rows in (before, after))
        assert (old.year, (old.month - 1) // 3) == (new.year, (new.month - 1) // 3)
        moved += old != new
        for table in ("xray_irradiation_event", "radiopharmaceutical_administration"):
            for one, other in zip(before[table], after[table], strict=True):
                if one["started_at"]:
                    day, shifted = (row["started_at"][:10] for row in (one, other))
                    assert dt.date.fromisoformat(shifted) - dt.date.fromisoformat(day) == new - old
                    assert one["started_at"][10:] == other["started_at"][10:]
    assert moved > 15


def test_the_same_key_gives_the_same_bytes_and_another_one_does_not() -> None:
    for path in dose_reports()[:3]:
        data = path.read_bytes()
        assert deidentify_report(data, KEY) == deidentify_report(data, KEY)
        assert deidentify_report(data, KEY) != deidentify_report(data, OTHER_KEY)


def uids(data: bytes) -> list[str]:
    """Every UID of a report's header and tree that is not of the standard, in order."""
    wanted = ("SOPInstanceUID", "StudyInstanceUID", "UID", "ReferencedSOPInstanceUID")
    dataset = pydicom.dcmread(io.BytesIO(data))
    dataset.pop("ReferencedRequestSequence", None)
    found = [str(one.value) for one in dataset.iterall() if one.keyword in wanted]
    return [uid for uid in found if not uid.startswith("1.2.840.10008.")]


def test_equal_uids_are_mapped_equally_in_every_report_and_others_never(
    copies: dict[str, tuple[bytes, bytes]],
) -> None:
    new_by_old: dict[str, str] = {}
    for name, (original, copy) in copies.items():
        if "Multi" not in name and "Continued" not in name:
            continue
        for old in uids(original):
            new_by_old[old] = KEY.uid(old)
        assert set(uids(copy)) <= set(new_by_old.values())
    assert len(set(new_by_old.values())) == len(new_by_old) > 15
    assert not set(new_by_old) & set(new_by_old.values())
    assert all(UID(uid).is_valid and uid.startswith("2.25.") for uid in new_by_old.values())


def test_no_value_that_identified_stands_in_a_copy() -> None:
    require_real_reports()
    seen = 0
    for path in sorted(IDENTIFIED.glob("*.dcm")):
        dataset = pydicom.dcmread(path)
        copy = deidentify_report(path.read_bytes(), KEY)
        wanted = [one for one in dataset.iterall() if one.VR == "PN" or one.tag.is_private]
        names = ("PatientID", "AccessionNumber", "InstitutionName", "StationName")
        values = [str(one.value) for one in wanted if one.VR in ("PN", "LO", "UI")]
        values += [str(dataset.get(name, "")) for name in (*names, "DeviceSerialNumber")]
        # The name of one station is a word of its model's name, which is kept.
        model = dataset.ManufacturerModelName
        for value in (value for value in values if len(value) > 4 and value not in model):
            assert value.encode() not in copy, path.name
            seen += 1
    assert seen > 15


DCM = codes.DCM


@pytest.mark.parametrize("explicit", [True, False], ids=["explicit", "implicit"])
@pytest.mark.parametrize(
    "change",
    [
        set_attribute(top, "PatientName", "Doe^Jane"),
        set_attribute(top, "InstitutionName", "St. Elsewhere"),
        set_attribute(top, "StudyDescription", "Doe^Jane"),
        set_attribute(top, "SeriesDescription", "CT Dr. Doe"),
        set_attribute(top, "ReasonForVisit", "Doe"),
        with_private(top, "Doe"),
        with_text(DCM.PersonName, "Doe"),
        with_text(DCM.ReasonForProceeding, "Doe is large"),
        with_text(DCM.Comment, "Doe"),
        with_text(DCM.DeviceObserverPhysicalLocationDuringObservation, "Doe ward"),
        with_text(DCM.AcquisitionProtocol, "Mrs Doe"),
        in_sequence("RequestAttributesSequence", "RequestedProcedureDescription", "Doe^Jane"),
        in_sequence("OriginalAttributesSequence", "SourceOfPreviousValues", "Doe"),
    ],
)
def test_whatever_identifies_is_gone_and_the_copy_passes(change: Any, explicit: bool) -> None:
    require_real_reports()
    data = change_report(change, explicit=explicit)
    assert b"Doe" in data or b"Elsewhere" in data
    copy = deidentify_report(data, KEY)
    assert b"Doe" not in copy
    assert b"Elsewhere" not in copy
    assert rows_of(copy)["ct_irradiation_event"]


def test_a_serial_number_becomes_the_same_pseudonym_wherever_it_stands() -> None:
    require_real_reports()

    def change(dataset: pydicom.Dataset) -> None:
        dataset.DeviceSerialNumber = "SN-QX11Z"
        with_text(DCM.DeviceSerialNumber, "SN-QX11Z")(dataset)

    copy = deidentify_report(change_report(change), KEY)
    assert b"QX11Z" not in copy
    assert copy.count(KEY.device("SN-QX11Z").encode()) == 2


def test_the_copy_says_how_it_was_made() -> None:
    copy = pydicom.dcmread(io.BytesIO(deidentify_report(dose_reports()[0].read_bytes(), KEY)))
    said = [item.CodeValue for item in copy.DeidentificationMethodCodeSequence]
    assert said == [code.value for code in METHOD_CODES]
    assert copy.PatientIdentityRemoved == "YES"
    assert copy.PatientName == copy.PatientID == copy.PatientBirthDate == copy.AccessionNumber == ""


def test_a_phantom_is_marked_and_the_register_excludes_it() -> None:
    require_real_reports()
    copy = deidentify_report(
        change_report(set_attribute(top, "PatientName", "CTDI^Phantom^32cm")), KEY
    )
    with pytest.raises(ObjectRefused, match="phantom_or_test"):
        rows_of(copy)


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("QA^Daily", True),
        ("Test^Patient", True),
        ("TEST", True),
        ("Testa^Maria", False),
        ("Qadir^Ali", False),
        ("Phantom", True),
        ("", False),
    ],
)
def test_patterns_find_phantoms_and_no_patients(name: str, found: bool) -> None:
    assert is_phantom([name], PHANTOM_PATTERNS) == found


DAY = dt.date


@pytest.mark.parametrize(
    ("stated", "birth", "study", "age"),
    [
        ("067Y", DAY(1953, 1, 1), DAY(2020, 1, 1), "067Y"),
        ("095Y", None, None, "090Y"),
        ("999Y", None, None, ""),
        ("", DAY(1950, 6, 15), DAY(2020, 6, 14), "069Y"),
        ("", DAY(1950, 6, 15), DAY(2020, 6, 15), "070Y"),
        ("", DAY(1920, 6, 15), DAY(2020, 6, 15), "090Y"),
        ("", DAY(2020, 6, 1), DAY(2020, 6, 15), "014D"),
        ("", DAY(2019, 6, 1), DAY(2020, 6, 15), "012M"),
        ("", DAY(2002, 6, 16), DAY(2020, 6, 15), "215M"),
        ("", DAY(2021, 1, 1), DAY(2020, 6, 15), ""),
        ("", None, DAY(2020, 6, 15), ""),
        ("67", None, None, ""),
        ("37Y", None, None, "037Y"),
    ],
)
def test_the_age_is_made_before_the_birth_date_is_removed(
    stated: str, birth: dt.date | None, study: dt.date | None, age: str
) -> None:
    assert age_string(stated, birth, study) == age


@pytest.mark.parametrize(
    ("stated", "birth", "study", "age"),
    [
        ("067Y", DAY(1990, 1, 1), DAY(2020, 1, 1), ""),  # another patient's age
        ("050M", DAY(1970, 1, 1), DAY(2020, 6, 1), ""),  # 50 years in months
        ("030Y", DAY(2020, 5, 2), DAY(2020, 6, 1), ""),  # 30 days in years
        ("012Y", DAY(2018, 1, 1), DAY(2020, 1, 1), ""),
        ("067Y", DAY(1953, 1, 1), DAY(2010, 1, 1), ""),  # the clock is ten years late
        ("067Y", DAY(2021, 1, 1), DAY(2020, 6, 15), ""),  # born after the study
        ("066Y", DAY(1953, 1, 1), DAY(2020, 1, 1), "066Y"),  # on the birthday
        ("068Y", DAY(1953, 12, 1), DAY(2020, 1, 1), ""),
        ("067Y", DAY(1953, 12, 1), DAY(2020, 1, 1), "067Y"),  # years subtracted
        ("030M", DAY(2018, 1, 1), DAY(2020, 6, 15), "030M"),
        ("006W", DAY(2020, 5, 1), DAY(2020, 6, 15), "006W"),
        ("014D", DAY(2020, 6, 1), DAY(2020, 6, 15), "014D"),
        ("014D", DAY(2019, 6, 1), DAY(2020, 6, 15), ""),
        ("090Y", DAY(1915, 6, 1), DAY(2020, 6, 15), "090Y"),  # 90 or more
        ("090Y", DAY(1970, 6, 1), DAY(2020, 6, 15), ""),
        ("067Y", DAY(1900, 1, 1), DAY(2020, 1, 1), "067Y"),  # no birth date was entered
        ("", DAY(1900, 1, 1), DAY(2020, 1, 1), ""),
        ("067Y", DAY(9999, 12, 31), DAY(2020, 1, 1), "067Y"),
        ("000Y", DAY(2020, 1, 1), DAY(2020, 6, 15), "005M"),  # finer than "under one year"
        ("000Y", None, DAY(2020, 6, 15), "000Y"),
        ("000Y", DAY(1970, 1, 1), DAY(2020, 6, 15), ""),
    ],
)
def test_an_age_that_contradicts_the_birth_date_is_left_out(
    stated: str, birth: dt.date | None, study: dt.date, age: str
) -> None:
    assert age_string(stated, birth, study) == age


def test_the_command_says_which_copy_has_no_age(tmp_path: Path) -> None:
    require_real_reports()
    (tmp_path / "in").mkdir()
    dataset = pydicom.dcmread(sorted(IDENTIFIED.glob("*.dcm"))[0])
    dataset.PatientAge, dataset.PatientBirthDate, dataset.StudyDate = "005Y", "19600101", "20200101"
    dataset.save_as(tmp_path / "in" / "a.dcm")
    arguments = ("--key-file", tmp_path / "key", "--new-key")
    done = drlake("deidentify", tmp_path / "in", tmp_path / "out", *arguments)
    assert done.returncode == 0
    assert "file 1: copied without the age" in done.stderr
    (copy,) = (tmp_path / "out").iterdir()
    assert "PatientAge" not in pydicom.dcmread(copy)


def test_every_day_stays_in_its_quarter_and_no_two_become_one() -> None:
    days = [DAY(2024, 1, 1) + dt.timedelta(days=n) for n in range(366)]
    for patient in ("1", "2", "3"):
        moved = {day + dt.timedelta(days=date_shift(KEY, patient, day).days) for day in days}
        assert moved == set(days)
    assert {date_shift(KEY, str(n), days[45]).days for n in range(2000)} > set(range(-30, 30))


def test_the_command_copies_dose_reports_and_refuses_all_else_by_its_number(tmp_path: Path) -> None:
    require_real_reports()
    source = tmp_path / "Doe^Jane"
    source.mkdir()
    (source / "b.dcm").write_bytes((EXPORTS / "F004" / "ESR_non-dose.dcm").read_bytes())
    (source / "c.txt").write_text("Doe^Jane")
    for number, path in enumerate(sorted(IDENTIFIED.glob("*.dcm"))):
        (source / f"a{number}.dcm").write_bytes(path.read_bytes())
    key = tmp_path / "key"
    arguments = ("deidentify", source, tmp_path / "out", "--key-file", key)
    assert drlake(*arguments).returncode == 2
    done = real_drlake(*arguments, "--new-key")
    assert done.returncode == 0, done.stderr
    assert "3 copied, 2 refused" in done.stdout
    assert "file 4: not_dose_report, not copied." in done.stderr
    assert "file 5: not_dicom, not copied." in done.stderr
    assert "Doe" not in done.stdout + done.stderr
    first = {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()}
    assert len(first) == 3
    assert key.stat().st_mode & 0o777 == 0o600
    assert drlake(*arguments, "--new-key").returncode == 0
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").iterdir()} == first


def test_help_shows_an_example() -> None:
    assert "Example: drlake deidentify" in drlake("deidentify", "--help").stdout


def test_copies_beside_their_originals_and_a_broken_key_are_usage_errors(tmp_path: Path) -> None:
    source, key = tmp_path / "in", tmp_path / "key"
    source.mkdir()
    key.write_text("0" * 64)
    for target in (source, source / "out", tmp_path):
        assert drlake("deidentify", source, target, "--key-file", key).returncode == 2
    key.write_text("short")
    with pytest.raises(UsageError, match="64 hexadecimal digits"):
        read_key(key)
