"""Unusable values: a dose refuses the report, any other is NULL and noted."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pydicom
import pytest
from pydicom.sr.codedict import codes

from tests.support.reports.content_items import decode_document, item, rows_of
from tests.support.reports.real_reports import real_exports, require_real_reports
from transforms.decode.report import decode
from transforms.dicom.codes import Code
from transforms.dicom.content_tree import ContentItem
from transforms.errors import ObjectRefused

DCM, SCT = codes.DCM, codes.SCT
FAILURE = Code("DCM", DCM.MeasurementFailure.value, "Measurement failure")
UNKNOWN = Code("99X", "1", "Midline")


def report(*items: ContentItem) -> ContentItem:
    return item(DCM.XRayRadiationDoseReport, *items)


def event(*items: ContentItem) -> ContentItem:
    return item(DCM.IrradiationEventXRayData, *items)


def ct_event(*items: ContentItem) -> ContentItem:
    return item(DCM.CTAcquisition, item(DCM.CTDose, *items))


EMPTY = report(event())


@pytest.mark.parametrize("text", ["0", "12.5", None])
def test_a_qualified_number_is_none_and_says_why(text: str | None) -> None:
    number = item(DCM.MeanCtdivol, text=text, unit="mGy")._replace(qualifier=FAILURE)
    rows = rows_of(report(ct_event(number)))
    assert rows["ct_irradiation_event"][0]["mean_ctdivol_mgy"] is None
    (told,) = rows["dose_report"]
    assert told["qualified_columns"] == "ct_irradiation_event.mean_ctdivol_mgy=114006"
    assert told["columns_without_value"] == "ct_irradiation_event.mean_ctdivol_mgy"


def test_a_qualifier_that_is_no_code_of_dicom_is_not_repeated() -> None:
    number = item(DCM.MeanCtdivol, text="1", unit="mGy")
    qualified = number._replace(qualifier=Code("99X", "Jane Doe", ""))
    (told,) = rows_of(report(ct_event(qualified)))["dose_report"]
    assert told["qualified_columns"] == "ct_irradiation_event.mean_ctdivol_mgy=other"


def test_a_qualified_time_of_fluoroscopy_is_no_fluoroscopy() -> None:
    time = item(DCM.TotalFluoroTime, text="60", unit="s")._replace(qualifier=FAILURE)
    stand = item(DCM.ColumnAngulation, text="0", unit="deg")
    root = report(item(DCM.AccumulatedXRayDoseData, time), event(stand))
    assert decode_document(root).modality == "DX"


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (item(DCM.MeanCtdivol, text="1e308", unit="Gy"), "number_not_finite"),
        (item(DCM.MeanCtdivol, text="-0.1", unit="mGy"), "number_out_of_domain"),
        (item(DCM.DLP, text="-12.5", unit="mGy.cm"), "number_out_of_domain"),
        (item(DCM.DLP, text="12,5", unit="mGy.cm"), "number_malformed"),
        (item(DCM.DLP, text="12.5", unit="Gy"), "unit_unknown"),
    ],
)
def test_a_dose_that_cannot_be_used_refuses_the_report(number: ContentItem, reason: str) -> None:
    with pytest.raises(ObjectRefused) as refused:
        rows_of(report(ct_event(number)))
    assert refused.value.reason.code == reason


def twice(first: ContentItem, second: ContentItem) -> ContentItem:
    """An item with two measured values or codes, of which PS3.3 allows one."""
    return first._replace(further=(second,))


def dlp(text: str, unit: str = "mGy.cm") -> ContentItem:
    return item(DCM.DLP, text=text, unit=unit)


@pytest.mark.parametrize(
    ("second", "value"),
    [
        (dlp("90"), None),
        (dlp("12"), 12.0),
        (dlp("0.12", "Gy.cm"), None),
        (dlp("0.012", "Gy.cm"), 12.0),
    ],
)
def test_two_measured_values_of_one_item_contradict_each_other(
    second: ContentItem, value: float | None
) -> None:
    rows = rows_of(report(ct_event(twice(dlp("12"), second))))
    assert rows["ct_irradiation_event"][0]["dlp_mgy_cm"] == value
    noted = None if value else "ct_irradiation_event.dlp_mgy_cm"
    assert rows["dose_report"][0]["contradicted_columns"] == noted


@pytest.mark.parametrize(
    ("both", "column"),
    [
        (
            twice(item(DCM.KVP, text="70", unit="kV"), item(DCM.KVP, text="90", unit="kV")),
            "kvp_kv",
        ),
        (
            twice(
                item(DCM.IrradiationEventType, code=SCT.Fluoroscopy),
                item(DCM.IrradiationEventType, code=DCM.StationaryAcquisition),
            ),
            "irradiation_event_type",
        ),
        (
            twice(
                item(DCM.AcquisitionPlane, code=DCM.PlaneA),
                item(DCM.AcquisitionPlane, code=DCM.PlaneB),
            ),
            "acquisition_plane",
        ),
    ],
)
def test_a_second_value_is_neither_averaged_nor_left_out(both: ContentItem, column: str) -> None:
    """Values per pulse are items or lists of their own; a second measured value is an error."""
    rows = rows_of(report(event(both)))
    assert rows["xray_irradiation_event"][0][column] is None
    assert rows["dose_report"][0]["contradicted_columns"] == f"xray_irradiation_event.{column}"


@pytest.mark.parametrize(
    ("root", "column"),
    [
        (
            report(item(DCM.CTAcquisition, item(DCM.CTAcquisitionType, code=UNKNOWN))),
            "ct_irradiation_event.ct_acquisition_type",
        ),
        (
            report(ct_event(item(DCM.CtdiwPhantomType, code=UNKNOWN))),
            "ct_irradiation_event.ctdiw_phantom",
        ),
        (
            report(ct_event(item(DCM.CtdiwPhantomType, code=DCM.NEMAXR212000Phantom))),
            "ct_irradiation_event.ctdiw_phantom",
        ),
        (
            report(event(item(DCM.IrradiationEventType, code=UNKNOWN))),
            "xray_irradiation_event.irradiation_event_type",
        ),
        (
            report(event(item(DCM.AcquisitionPlane, code=UNKNOWN))),
            "xray_irradiation_event.acquisition_plane",
        ),
        (
            report(
                item(
                    DCM.AccumulatedXRayDoseData,
                    item(DCM.AcquisitionPlane, code=UNKNOWN),
                    item(DCM.DoseAreaProductTotal, text="1e-5", unit="Gy.m2"),
                )
            ),
            "xray_accumulated_dose.acquisition_plane",
        ),
    ],
)
def test_a_code_of_the_maker_is_null_and_said_so(root: ContentItem, column: str) -> None:
    """The context groups are extensible (PS3.16 section 7.2.3)."""
    table, name = column.split(".")
    rows = rows_of(root)
    assert rows[table][0][name] is None
    assert rows["dose_report"][0]["unusable_columns"] == f"{column}:code_unknown"


DOSE = item(DCM.DoseAreaProduct, text="1e-5", unit="Gy.m2")


@pytest.mark.parametrize(
    ("bad", "note"),
    [
        (
            item(DCM.TargetRegion, item(SCT.Laterality, code=UNKNOWN), code=SCT.Breast),
            "laterality:code_unknown",
        ),
        (item(DCM.PulseRate, text="7.5", unit="rpm"), "pulse_rate_per_s:unit_unknown"),
        (item(DCM.KVP, text="70,5", unit="kV"), "kvp_kv:number_malformed"),
        (item(DCM.KVP, text="1e308\\1e308", unit="kV"), "kvp_kv:number_not_finite"),
        (item(DCM.Exposure, text="1e308\\1e308", unit="uA.s"), "exposure_ua_s:number_not_finite"),
        (item(DCM.DatetimeStarted, text="Jane Doe 1950"), "started_at:time_malformed"),
    ],
)
def test_anything_else_is_null_and_the_dose_is_kept(bad: ContentItem, note: str) -> None:
    rows = rows_of(report(event(DOSE, bad)))
    (row,) = rows["xray_irradiation_event"]
    assert row["dose_area_product_gy_m2"] == 1e-5
    assert row[note.split(":")[0]] is None
    assert rows["dose_report"][0]["unusable_columns"] == f"xray_irradiation_event.{note}"


@pytest.mark.parametrize(
    ("keyword", "text", "column", "reason"),
    [
        ("patient_size", "unknown", "patient_height_cm", "number_malformed"),
        ("patient_size", "1e308", "patient_height_cm", "number_not_finite"),
        ("patient_size", "0.00", "patient_height_cm", "number_out_of_domain"),
        ("patient_weight", "72,5", "patient_weight_kg", "number_malformed"),
        ("patient_weight", "0", "patient_weight_kg", "number_out_of_domain"),
        ("patient_weight", "-5", "patient_weight_kg", "number_out_of_domain"),
        ("patient_age", "999Y", "patient_age_days", "time_malformed"),
        ("patient_age", "067", "patient_age_days", "time_malformed"),
        ("patient_age", "67y", "patient_age_days", "time_malformed"),
        ("study_date", "19000101", "study_date", "time_malformed"),
        ("study_date", "99991231", "study_date", "time_malformed"),
        ("timezone_offset", "CET", "timezone_offset", "time_malformed"),
    ],
)
def test_an_unusable_attribute_is_null_and_said_so(
    keyword: str, text: str, column: str, reason: str
) -> None:
    (row,) = rows_of(EMPTY, **{keyword: text})["dose_report"]
    assert row[column] is None
    assert row["unusable_columns"] == f"dose_report.{column}:{reason}"


def test_an_absent_attribute_is_null_and_nothing_is_said() -> None:
    (row,) = rows_of(EMPTY)["dose_report"]
    assert row["unusable_columns"] is None
    assert row["study_date"] is row["timezone_offset"] is row["patient_age_days"] is None


@pytest.mark.parametrize(
    ("values", "day"),
    [
        ({"content_date": "20250301", "series_date": "20250302"}, dt.date(2025, 3, 1)),
        ({"series_date": "20250302"}, dt.date(2025, 3, 2)),
        ({}, dt.date(2025, 3, 3)),
    ],
)
def test_without_a_study_date_other_dates_of_the_report_tell_the_day(
    values: dict[str, str], day: dt.date
) -> None:
    started = item(DCM.StartOfXRayIrradiation, text="20250303101500")
    (row,) = rows_of(report(started, event()), **values)["dose_report"]
    assert row["study_date"] == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [("201605121015+0100", "2016-05-12T10:15+01:00"), ("Jane Doe 1950", None)],
)
def test_the_start_of_irradiation_is_a_moment_and_never_text(text: str, moment: str | None) -> None:
    started = item(DCM.StartOfXRayIrradiation, text=text)
    (row,) = rows_of(report(started, event()))["dose_report"]
    assert row["irradiation_started_at"] == moment
    assert "Jane" not in repr(row)


def test_the_end_of_irradiation_is_a_moment_as_its_start() -> None:
    ended = item(DCM.EndOfXRayIrradiation, text="20160512101530.5")
    (row,) = rows_of(report(ended, event()))["dose_report"]
    assert row["irradiation_ended_at"] == "2016-05-12T10:15:30.5"


@pytest.mark.parametrize(
    ("code", "scope", "note"),
    [
        (DCM.Study, "study", None),
        (DCM.IrradiationEvent, "irradiation_event", None),
        (DCM.ProcedureStepToThisPoint, "procedure_step_to_this_point", None),
        (DCM.PlaneA, None, "dose_report.scope_of_accumulation:code_unknown"),
    ],
)
def test_the_scope_of_the_totals_is_read(code: Code, scope: str | None, note: str | None) -> None:
    (row,) = rows_of(report(item(DCM.ScopeOfAccumulation, code=code), event()))["dose_report"]
    assert (row["scope_of_accumulation"], row["unusable_columns"]) == (scope, note)


def test_the_offset_from_utc_is_kept() -> None:
    (row,) = rows_of(EMPTY, timezone_offset="-0330")["dose_report"]
    assert row["timezone_offset"] == "-03:30"


def test_a_birth_date_is_identity_and_never_an_age(tmp_path: Path) -> None:
    require_real_reports()
    dataset = pydicom.dcmread(next(path for path in real_exports() if "TAP-SS" in path.name))
    dataset.PatientBirthDate = "19500101"
    dataset.save_as(tmp_path / "x.dcm")
    with pytest.raises(ObjectRefused) as refused:
        decode((tmp_path / "x.dcm").read_bytes())
    assert refused.value.reason.code == "identity_present"
    assert "PatientBirthDate" in refused.value.detail
