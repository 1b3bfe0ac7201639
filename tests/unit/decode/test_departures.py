"""Each known departure of a vendor, by its name in `transforms.decode.departures`."""

from __future__ import annotations

import sys

import pytest
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from tests.support.reports.content_items import decode_document, header, item, rows_of
from transforms.decode import departures
from transforms.decode.departures import DEPARTURES, Departure, toshiba_slash_list
from transforms.dicom.codes import Code
from transforms.dicom.content_tree import ContentItem
from transforms.dicom.structure import Element
from transforms.dicom.text import TextDecoder

DCM, SCT = codes.DCM, codes.SCT


def report(*items: ContentItem) -> ContentItem:
    return item(DCM.XRayRadiationDoseReport, *items)


@pytest.mark.parametrize("departure", DEPARTURES, ids=lambda departure: departure.name)
def test_every_departure_has_a_test_a_device_and_a_reference(departure: Departure) -> None:
    assert hasattr(sys.modules[__name__], f"test_{departure.name}")
    assert departure.device
    assert departure.reference
    assert departure.cure


def test_azurion_is_fluoroscopy_guided() -> None:
    root = report(
        item(DCM.AcquisitionDeviceType, code=DCM.IntegratedProjectionRadiographySystem),
        item(
            DCM.IrradiationEventXRayData,
            item(DCM.IrradiationEventType, code=DCM.StationaryAcquisition),
        ),
    )
    assert decode_document(root, model_name="Azurion 7 M20").modality == "RF"
    assert decode_document(root, model_name="DigitalDiagnost").modality == "DX"


def test_canon_ultimax_units() -> None:
    root = report(
        item(
            DCM.AccumulatedXRayDoseData,
            item(DCM.DoseAreaProductTotal, text="126.596", unit="dGy.cm2"),
            item(DCM.DoseRPTotal, text="30.573", unit="mGy"),
        )
    )
    (row,) = rows_of(root)["xray_accumulated_dose"]
    assert row["dose_area_product_total_gy_m2"] == pytest.approx(0.00126596)
    assert row["dose_rp_total_gy"] == pytest.approx(0.030573)


def test_ge_fluoro_dose_rp_total() -> None:
    misspelt = Code("DCM", "113728", "Fluoro Dose(RP) Total")
    root = report(item(DCM.AccumulatedXRayDoseData, item(misspelt, text="0.01", unit="Gy")))
    rows = rows_of(root)
    assert rows["xray_accumulated_dose"][0]["fluoro_dose_rp_total_gy"] == 0.01
    assert rows["dose_report"][0]["matched_by_meaning"] is None


def test_ge_lower_case_x() -> None:
    container = Code("99GEMS", "1", "CT X-ray Source Parameters")
    root = report(
        item(DCM.CTAcquisition, item(container, item(DCM.KVP, text="120", unit="kV"))),
    )
    assert rows_of(root)["ct_irradiation_event"][0]["kvp_kv"] == 120


def test_hologic_detector_data_code() -> None:
    miscoded = item(Code("DCM", "113745", "X-Ray Detector Data Available"), code=SCT.Yes)
    event = item(
        DCM.IrradiationEventXRayData, item(DCM.AverageGlandularDose, text="1.3", unit="mGy")
    )
    with_it, without_it = rows_of(report(miscoded, event)), rows_of(report(event))
    assert with_it == without_it


@pytest.mark.parametrize(
    ("manufacturer", "code"),
    [("Philips Medical Systems", "SRT:T-D4000"), ("Other", "SRT:T-D400")],
)
def test_philips_abdomen_region(manufacturer: str, code: str) -> None:
    region = item(DCM.TargetRegion, code=Code("SRT", "T-D400", "Abdomen"))
    root = report(item(DCM.IrradiationEventXRayData, region))
    (row,) = rows_of(root, manufacturer=manufacturer)["xray_irradiation_event"]
    assert (row["target_region"], row["target_region_code"]) == ("Abdomen", code)


def test_pixelmed_empty_target_region() -> None:
    root = report(item(DCM.CTAcquisition, item(DCM.TargetRegion)))
    (row,) = rows_of(root)["ct_irradiation_event"]
    assert row["target_region"] is row["target_region_code"] is None


COMMENT = "Internal technical scan parameters: Body Size = Adult, X-ray Modulation Type = XYZ_EC"


@pytest.mark.parametrize(
    ("items", "modulation"),
    [
        ((item(DCM.Comment, text=COMMENT),), "XYZ_EC"),
        ((item(DCM.Comment, text=f"{COMMENT}, Sn Filter = no"),), "XYZ_EC"),
        ((item(DCM.XRayModulationType, text="NONE"), item(DCM.Comment, text=COMMENT)), "NONE"),
        ((item(DCM.Comment, text="no such words"),), None),
        ((), None),
    ],
)
def test_siemens_modulation_type(items: tuple[ContentItem, ...], modulation: str | None) -> None:
    rows = rows_of(report(item(DCM.CTAcquisition, *items)))
    assert rows["ct_irradiation_event"][0].get("xray_modulation_type") == modulation
    assert rows["dose_report"][0]["matched_by_meaning"] is None


def test_siemens_radiation_summary() -> None:
    def private(value: str) -> Code:
        return Code("99SMS_RADSUM", value, "")

    root = item(
        private("C-10"),
        item(private("C-200"), text="7", unit="1"),
        item(private("C-202"), text="93", unit="s"),
        item(private("C-204"), text="2.5", unit="Gy.cm^2"),
        item(private("C-210"), text="11", unit="mGy"),
    )
    rows = rows_of(root)
    (total,) = rows["xray_accumulated_dose"]
    assert total["total_number_of_radiographic_frames"] == 7
    assert total["total_fluoro_time_s"] == 93
    assert total["dose_area_product_total_gy_m2"] == pytest.approx(2.5e-4)
    assert "dose_rp_total_gy" not in total
    assert rows["xray_irradiation_event"] == []
    assert rows["dose_report"][0]["modality"] == "RF"
    assert rows["dose_report"][0]["matched_by_meaning"] is None


@pytest.mark.parametrize(
    ("text", "manufacturer", "read"),
    [
        ("10.50/ 15.00", "TOSHIBA", "10.50\\15.00"),
        ("10.50/ 15.00", "Canon Medical Systems", "10.50\\15.00"),
        ("10.50/ 15.00", "SIEMENS", "10.50/ 15.00"),
        ("10/a", "TOSHIBA", "10/a"),
        (None, "TOSHIBA", None),
    ],
)
def test_toshiba_slash_list(text: str | None, manufacturer: str, read: str | None) -> None:
    assert toshiba_slash_list(text, manufacturer) == read


def test_a_slash_of_another_maker_is_a_malformed_number() -> None:
    kvp = item(DCM.KVP, text="100/ 120", unit="kV")
    root = report(item(DCM.IrradiationEventXRayData, kvp))
    (row,) = rows_of(root, manufacturer="TOSHIBA")["xray_irradiation_event"]
    assert row["kvp_kv"] == 110
    rows = rows_of(root, manufacturer="SIEMENS")
    assert rows["xray_irradiation_event"][0]["kvp_kv"] is None
    assert rows["dose_report"][0]["unusable_columns"] == (
        "xray_irradiation_event.kvp_kv:number_malformed"
    )


@pytest.mark.parametrize(("text", "kvp"), [("120/ 120", 120), ("100/ 120", None)])
def test_a_slash_list_of_a_ct_column_is_one_value_or_a_contradiction(
    text: str, kvp: float | None
) -> None:
    source = item(DCM.CTXRaySourceParameters, item(DCM.KVP, text=text, unit="kV"))
    rows = rows_of(report(item(DCM.CTAcquisition, source)), manufacturer="TOSHIBA")
    assert rows["ct_irradiation_event"][0]["kvp_kv"] == kvp
    assert (rows["dose_report"][0]["contradicted_columns"] is None) == (kvp is not None)


def test_a_header_without_maker_or_model_departs_from_nothing() -> None:
    assert not departures.azurion_is_fluoroscopy_guided(header())
    region = item(DCM.TargetRegion, code=Code("SRT", "T-D400", "Abdomen"))
    assert departures.philips_abdomen_region(region, header()) is region


def event(*items: ContentItem) -> ContentItem:
    return item(DCM.IrradiationEventXRayData, *items)


def test_canon_no_dap() -> None:
    empty = item(DCM.DoseAreaProduct)
    rows = rows_of(report(event(empty, item(DCM.KVP, text="80", unit="kV"))))
    assert rows["xray_irradiation_event"][0]["dose_area_product_gy_m2"] is None
    assert rows["dose_report"][0]["columns_without_value"] == (
        "xray_irradiation_event.dose_area_product_gy_m2"
    )


def test_eos_plane_b_unused() -> None:
    def plane(code: PydicomCode, dose: str) -> ContentItem:
        total = item(DCM.DoseAreaProductTotal, text=dose, unit="Gy.m2")
        return item(DCM.AccumulatedXRayDoseData, item(DCM.AcquisitionPlane, code=code), total)

    root = report(
        plane(DCM.PlaneA, "2e-5"),
        plane(DCM.PlaneB, "0"),
        event(item(DCM.AcquisitionPlane, code=DCM.PlaneA)),
    )
    rows = rows_of(root)
    doses = {
        row["acquisition_plane"]: row["dose_area_product_total_gy_m2"]
        for row in rows["xray_accumulated_dose"]
    }
    assert doses == {"plane_a": 2e-5, "plane_b": 0}
    assert [row["acquisition_plane"] for row in rows["xray_irradiation_event"]] == ["plane_a"]


def test_eurocolumbus_per_pulse() -> None:
    root = report(
        event(
            *(item(DCM.KVP, text=kv, unit="kV") for kv in ("0", "70", "72")),
            item(DCM.XRayTubeCurrent, text="0\\10\\20", unit="mA"),
            item(DCM.PulseWidth, text="0\\0", unit="ms"),
            item(DCM.Exposure, text="0\\100\\200", unit="uA.s"),
        )
    )
    rows = rows_of(root)
    (row,) = rows["xray_irradiation_event"]
    assert (row["kvp_kv"], row["tube_current_ma"]) == (71, 15)
    assert (row["pulse_width_ms"], row["exposure_ua_s"]) == (0, 300)
    assert rows["dose_report"][0]["columns_with_zero_pulses"] == (
        "xray_irradiation_event.kvp_kv xray_irradiation_event.pulse_width_ms "
        "xray_irradiation_event.tube_current_ma"
    )


def test_exposure_time_not_stated() -> None:
    root = report(
        event(
            item(DCM.NumberOfPulses, text="10", unit="1"),
            item(DCM.PulseWidth, text="5", unit="ms"),
            item(DCM.XRayTubeCurrent, text="4", unit="mA"),
        )
    )
    (row,) = rows_of(root)["xray_irradiation_event"]
    assert (row["number_of_pulses"], row["pulse_width_ms"], row["tube_current_ma"]) == (10, 5, 4)
    assert row.get("exposure_time_ms") is None
    assert row.get("average_tube_current_ma") is None


def test_ge_timezone_offset() -> None:
    (row,) = rows_of(report(event()), timezone_offset="UTC-04:00")["dose_report"]
    assert row["timezone_offset"] == "-04:00"
    assert row["unusable_columns"] is None


def test_ge_ucm_units() -> None:
    dap = item(DCM.DoseAreaProduct, text="1e-5", unit="Gy.m2")
    (row,) = rows_of(report(event(dap._replace(unit=Code("UCM", "Gy.m2", "Gy.m2")))))[
        "xray_irradiation_event"
    ]
    assert row["dose_area_product_gy_m2"] == 1e-5


def breast(dose: str, side: PydicomCode | Code) -> ContentItem:
    return item(
        DCM.AccumulatedXRayDoseData,
        item(
            DCM.AccumulatedAverageGlandularDose,
            item(SCT.Laterality, code=side),
            text=dose,
            unit="mGy",
        ),
    )


def test_hologic_accumulated_per_breast() -> None:
    rows = rows_of(report(breast("1.5", SCT.LeftBreast), breast("2.5", SCT.RightBreast)))
    found = [
        (row["breast_index"], row["laterality"], row["accumulated_average_glandular_dose_mgy"])
        for row in rows["mammography_accumulated_dose"]
    ]
    assert found == [(1, "left", 1.5), (2, "right", 2.5)]


def test_siemens_effective_dose() -> None:
    private = Code("99SHS", "220001", "Effective Dose Information")
    dose = item(private, item(DCM.EffectiveDose, text="7.486", unit="mSv"))
    elsewhere = item(Code("99X", "1", ""), item(DCM.EffectiveDose, text="99", unit="mSv"))
    root = report(item(DCM.RadiopharmaceuticalAdministration, elsewhere, dose))
    (row,) = rows_of(root)["radiopharmaceutical_administration"]
    assert row["effective_dose_msv"] == 7.486


def test_siemens_revelation_laterality() -> None:
    side = Code("SRT", "T-04030", "Left Breast")
    rows = rows_of(report(breast("1.5", side)))
    assert rows["mammography_accumulated_dose"][0]["laterality"] == "left"
    assert rows["dose_report"][0]["matched_by_meaning"] is None


def test_siemens_undeclared_utf8() -> None:
    latin = TextDecoder({0x00080005: Element("CS", b"ISO_IR 100", ())})
    assert latin.decode("test\u00e6".encode()) == "test\u00c3\u00a6"


BOMB = "<!DOCTYPE a [<!ENTITY b 'bbbb'><!ENTITY c '&b;&b;'>]><a>&c;<SRData>17</SRData></a>"


def test_siemens_xml_comment() -> None:
    dose = item(DCM.DoseRP, text="0.1", unit="Gy")
    with_it = rows_of(report(event(dose, item(DCM.Comment, text=BOMB))))
    assert with_it == rows_of(report(event(dose)))


def test_spectrum_veriton() -> None:
    reason = item(DCM.ReasonForProceeding)
    person = item(DCM.PersonObserverName)._replace(value_type="PERSON NAME")
    alert = item(Code("99X", "1", "CTDIVol Alert Value Configured"), code=SCT.No)
    details = item(DCM.DoseCheckAlertDetails, alert, reason, person)
    region = item(DCM.TargetRegion, code=Code("SRT", "", "Other"))
    rows = rows_of(report(item(DCM.CTAcquisition, region, item(DCM.CTDose, details))))
    (row,) = rows["ct_irradiation_event"]
    assert row["ctdivol_alert_configured"] is False
    assert (row["target_region"], row["target_region_code"]) == ("Other", None)
    assert rows["dose_report"][0]["matched_by_meaning"] == (
        "ct_irradiation_event.ctdivol_alert_configured"
    )
