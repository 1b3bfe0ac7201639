"""Each known departure of a vendor, by the name it has in `transforms.decode.departures`."""

from __future__ import annotations

import sys

import pytest
from pydicom.sr.codedict import codes

from tests.content_items import decoded, header, item, rows_of
from transforms.decode import departures
from transforms.decode.concepts import Code
from transforms.decode.content import ContentItem
from transforms.decode.departures import DEPARTURES, Departure, toshiba_slash_list
from transforms.errors import ObjectRefused

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
    assert decoded(root, model_name="Azurion 7 M20").modality == "RF"
    assert decoded(root, model_name="DigitalDiagnost").modality == "DX"


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
    with pytest.raises(ObjectRefused) as refused:
        rows_of(root, manufacturer="SIEMENS")
    assert refused.value.reason.code == "number_malformed"


def test_a_header_without_maker_or_model_departs_from_nothing() -> None:
    assert not departures.azurion_is_fluoroscopy_guided(header())
    region = item(DCM.TargetRegion, code=Code("SRT", "T-D400", "Abdomen"))
    assert departures.philips_abdomen_region(region, header()) is region
