"""Templates of dose reports that the real reports lack, with documents made here."""

from __future__ import annotations

import pytest
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from tests.support.reports.content_items import decode_document, item, rows_of
from transforms.dicom.codes import Code
from transforms.dicom.content_tree import ContentItem
from transforms.errors import ObjectRefused

DCM, SCT = codes.DCM, codes.SCT


def report(*items: ContentItem, title: PydicomCode = DCM.XRayRadiationDoseReport) -> ContentItem:
    return item(title, *items)


def plane(word: PydicomCode, *items: ContentItem) -> ContentItem:
    return item(DCM.AccumulatedXRayDoseData, item(DCM.AcquisitionPlane, code=word), *items)


def event(*items: ContentItem) -> ContentItem:
    return item(DCM.IrradiationEventXRayData, *items)


def fluoro_time(seconds: str) -> ContentItem:
    return item(DCM.TotalFluoroTime, text=seconds, unit="s")


STATIONARY = item(DCM.IrradiationEventType, code=DCM.StationaryAcquisition)
FLUOROSCOPY = item(DCM.IrradiationEventType, code=SCT.Fluoroscopy)


def test_the_planes_of_a_biplane_report_are_told_by_their_code() -> None:
    dap = item(DCM.DoseAreaProductTotal, text="12", unit="uGy.m2")
    root = report(
        plane(DCM.PlaneB, dap, fluoro_time("0")),
        plane(DCM.PlaneA, fluoro_time("61")),
        event(item(DCM.AcquisitionPlane, code=DCM.PlaneB), FLUOROSCOPY),
    )
    rows = rows_of(root)
    b, a = rows["xray_accumulated_dose"]
    assert (b["acquisition_plane"], a["acquisition_plane"]) == ("plane_b", "plane_a")
    assert (b["plane_index"], a["plane_index"]) == (1, 2)
    assert b["dose_area_product_total_gy_m2"] == pytest.approx(12e-6)
    assert "dose_area_product_total_gy_m2" not in a
    assert b["total_fluoro_time_s"] == 0
    assert rows["xray_irradiation_event"][0]["acquisition_plane"] == "plane_b"


def test_a_plane_that_was_not_used_keeps_its_zero() -> None:
    root = report(plane(DCM.PlaneB, item(DCM.DoseAreaProductTotal, text="0", unit="Gy.m2")))
    assert rows_of(root)["xray_accumulated_dose"][0]["dose_area_product_total_gy_m2"] == 0


def test_one_container_per_breast_and_one_for_both_read_alike() -> None:
    def dose(value: str, *children: ContentItem) -> ContentItem:
        return item(DCM.AccumulatedAverageGlandularDose, *children, text=value, unit="mGy")

    left = item(SCT.Laterality, code=Code("UMLS", "C0222601", "linke Brust"))
    right = item(SCT.Laterality, code=Code("SRT", "T-04020", "Right Breast"))
    apart = report(
        item(DCM.AccumulatedXRayDoseData, left, dose("1.5")),
        item(DCM.AccumulatedXRayDoseData, right, dose("2.5")),
    )
    together = report(item(DCM.AccumulatedXRayDoseData, dose("1.5", left), dose("2.5", right)))
    for root in (apart, together):
        rows = rows_of(root)["mammography_accumulated_dose"]
        doses = {r["laterality"]: r["accumulated_average_glandular_dose_mgy"] for r in rows}
        assert doses == {"left": 1.5, "right": 2.5}
        assert decode_document(root).modality == "MG"
        assert rows_of(root)["xray_accumulated_dose"] == []


def test_a_tomosynthesis_event_has_the_mean_of_its_pulses_and_one_filter() -> None:
    rhodium = item(
        DCM.XRayFilterMaterial, code=Code("SRT", "C-167F9", "Rhodium or Rhodium compound")
    )
    root = report(
        event(
            item(DCM.AverageGlandularDose, text="1.2", unit="mGy"),
            *(item(DCM.KVP, text=kv, unit="kV") for kv in ("30", "31", "32")),
            item(DCM.XRayTubeCurrent, text="2\\4", unit="mA"),
            item(DCM.Exposure, text="100\\150\\50", unit="uAs"),
            item(DCM.AnodeTargetMaterial, code=Code("SRT", "C-164F9", "Tungsten or …")),
            *(item(DCM.XRayFilters, rhodium) for _ in range(3)),
        )
    )
    (row,) = rows_of(root)["xray_irradiation_event"]
    assert row["kvp_kv"] == pytest.approx(31)
    assert row["tube_current_ma"] == pytest.approx(3)
    assert row["exposure_ua_s"] == pytest.approx(300)
    assert (row["anode_target_material"], row["filter_material"]) == ("tungsten", "rhodium")


def test_two_filters_are_both_named_and_an_unknown_one_keeps_its_meaning() -> None:
    copper = item(DCM.XRayFilterMaterial, code=Code("SRT", "C-127F9", "Copper"))
    wood = item(DCM.XRayFilterMaterial, code=Code("99X", "1", "Wood"))
    root = report(event(item(DCM.XRayFilters, copper), item(DCM.XRayFilters, wood)))
    (row,) = rows_of(root)["xray_irradiation_event"]
    assert row["filter_material"] == "copper + Wood"


def test_a_quantity_stated_twice_with_different_values_is_null_and_said_so() -> None:
    dap = [item(DCM.DoseAreaProduct, text=value, unit="Gy.m2") for value in ("1e-5", "2e-5")]
    rows = rows_of(report(event(*dap, item(DCM.DoseRP, text="0.1", unit="Gy"))))
    assert rows["xray_irradiation_event"][0]["dose_area_product_gy_m2"] is None
    assert rows["xray_irradiation_event"][0]["dose_rp_gy"] == 0.1
    (told,) = rows["dose_report"]
    assert told["contradicted_columns"] == "xray_irradiation_event.dose_area_product_gy_m2"


def test_a_quantity_repeated_with_one_value_is_that_value() -> None:
    dap = item(DCM.DoseAreaProduct, text="1e-5", unit="Gy.m2")
    rows = rows_of(report(event(dap, dap)))
    assert rows["xray_irradiation_event"][0]["dose_area_product_gy_m2"] == 1e-5
    assert rows["dose_report"][0]["contradicted_columns"] is None


def test_a_list_where_one_value_belongs_loses_that_value_and_not_the_report() -> None:
    pulses = item(DCM.NumberOfPulses, text="10\\12", unit="1")
    same = item(DCM.PulseRate, text="7.5\\7.5", unit="{pulse}/s")
    rows = rows_of(report(event(pulses, same)))
    (row,) = rows["xray_irradiation_event"]
    assert (row["number_of_pulses"], row["pulse_rate_per_s"]) == (None, 7.5)
    assert rows["dose_report"][0]["contradicted_columns"] == (
        "xray_irradiation_event.number_of_pulses"
    )


def test_a_list_of_doses_in_a_ct_report_is_refused() -> None:
    dose = item(DCM.CTDose, item(DCM.DLP, text="100\\120", unit="mGy.cm"))
    with pytest.raises(ObjectRefused) as refused:
        rows_of(report(item(DCM.CTAcquisition, dose)))
    assert refused.value.reason.code == "number_malformed"


def test_what_matched_by_its_meaning_only_is_recorded() -> None:
    translated = Code("99X", "7", "Dose  area PRODUCT")
    word = item(DCM.IrradiationEventType, code=Code("99X", "8", "fluoroscopy"))
    rows = rows_of(report(event(item(translated, text="1e-5", unit="Gy.m2"), word)))
    assert rows["xray_irradiation_event"][0]["dose_area_product_gy_m2"] == 1e-5
    assert rows["dose_report"][0]["matched_by_meaning"] == (
        "xray_irradiation_event.dose_area_product_gy_m2 "
        "xray_irradiation_event.irradiation_event_type"
    )


def test_a_retired_code_matches_by_code() -> None:
    retired = Code("DCM", "113735", "Expositionszeit")
    rows = rows_of(report(event(item(retired, text="12", unit="ms"))))
    assert rows["xray_irradiation_event"][0]["exposure_time_ms"] == 12
    assert rows["dose_report"][0]["matched_by_meaning"] is None


def test_an_event_type_of_the_maker_is_null_and_noted() -> None:
    unknown = item(DCM.IrradiationEventType, code=Code("99X", "1", "Something"))
    rows = rows_of(report(event(unknown)))
    assert rows["xray_irradiation_event"][0]["irradiation_event_type"] is None
    assert (
        rows["dose_report"][0]["unusable_columns"]
        == "xray_irradiation_event.irradiation_event_type:code_unknown"
    )


def test_a_breast_is_never_of_an_unnamed_side() -> None:
    side = item(SCT.Laterality, code=SCT.Unilateral)
    dose = item(DCM.AccumulatedAverageGlandularDose, side, text="1", unit="mGy")
    rows = rows_of(report(item(DCM.AccumulatedXRayDoseData, dose)))
    assert rows["mammography_accumulated_dose"][0]["laterality"] is None
    assert rows["dose_report"][0]["unusable_columns"] == (
        "mammography_accumulated_dose.laterality:code_unknown"
    )


@pytest.mark.parametrize("holder", [DCM.TargetRegion, SCT.AnatomicalStructure])
def test_the_side_stands_under_the_region_or_the_structure(holder: PydicomCode) -> None:
    side = item(SCT.Laterality, code=Code("SRT", "G-A101", "Left"))
    root = report(event(item(holder, side, code=SCT.Breast)))
    assert rows_of(root)["xray_irradiation_event"][0]["laterality"] == "left"


def test_an_administration_has_its_agent_activity_and_moment() -> None:
    agent = item(
        Code("SRT", "F-61FDB", "Radiopharmaceutical agent"),
        item(
            Code("SRT", "C-10072", "Radionuclide"), code=Code("SRT", "C-163A8", "^99m^Technetium")
        ),
        code=Code("SRT", "C-B1200", "Tc-99m MDP"),
    )
    root = report(
        item(
            DCM.RadiopharmaceuticalAdministration,
            agent,
            item(DCM.AdministeredActivity, text="600000000", unit="Bq"),
            item(DCM.RadiopharmaceuticalStartDatetime, text="202503011015+0100"),
        ),
        title=DCM.RadiopharmaceuticalRadiationDoseReport,
    )
    assert decode_document(root).modality == "NM"
    (row,) = rows_of(root)["radiopharmaceutical_administration"]
    assert (row["agent"], row["radionuclide"]) == ("Tc-99m MDP", "^99m^Technetium")
    assert row["administered_activity_mbq"] == pytest.approx(600)
    assert row["started_at"] == "2025-03-01T10:15+01:00"


CASES = {
    "a fluoroscopy": ((event(FLUOROSCOPY),), {}, "RF"),
    "a fluoroscopy on a device that calls itself integrated": (
        (
            item(DCM.AcquisitionDeviceType, code=DCM.IntegratedProjectionRadiographySystem),
            event(FLUOROSCOPY),
        ),
        {},
        "RF",
    ),
    "a C-arm that did no fluoroscopy, by its totals": (
        (plane(DCM.SinglePlane, fluoro_time("0")), event(STATIONARY)),
        {},
        "RF",
    ),
    "a C-arm that did no fluoroscopy, by its isocentre": (
        (event(STATIONARY, item(DCM.DistanceSourceToIsocenter, text="785", unit="mm")),),
        {},
        "RF",
    ),
    "a C-arm that calls itself integrated and did no fluoroscopy, by its isocentre": (
        (
            item(DCM.AcquisitionDeviceType, code=DCM.IntegratedProjectionRadiographySystem),
            plane(DCM.SinglePlane, fluoro_time("0")),
            event(STATIONARY, item(DCM.DistanceSourceToIsocenter, text="785", unit="mm")),
        ),
        {},
        "RF",
    ),
    "a C-arm that calls itself cassette-based, by its rotation": (
        (
            item(DCM.AcquisitionDeviceType, code=DCM.CassetteBasedProjectionRadiographySystem),
            event(item(DCM.IrradiationEventType, code=DCM.RotationalAcquisition)),
        ),
        {},
        "RF",
    ),
    "a CT report with an administration": (
        (item(DCM.CTAcquisition), item(DCM.RadiopharmaceuticalAdministration)),
        {},
        "CT",
    ),
    "a C-arm that says what it is, device type after the doses": (
        (
            event(STATIONARY),
            item(DCM.AcquisitionDeviceType, code=DCM.FluoroscopyGuidedProjectionRadiographySystem),
        ),
        {},
        "RF",
    ),
    "a radiograph on a fluoroscopy stand": (
        (
            plane(DCM.SinglePlane, fluoro_time("0")),
            event(STATIONARY, item(DCM.ColumnAngulation, text="0", unit="deg")),
        ),
        {},
        "DX",
    ),
    "a radiograph on an integrated device with empty totals": (
        (
            item(DCM.AcquisitionDeviceType, code=DCM.IntegratedProjectionRadiographySystem),
            plane(DCM.SinglePlane, fluoro_time("0")),
            event(STATIONARY),
        ),
        {},
        "DX",
    ),
    "a radiograph": ((event(STATIONARY),), {}, "DX"),
    "a report without totals": ((item(DCM.CTAcquisition),), {}, "CT"),
}


ROTATIONAL = item(DCM.IrradiationEventType, code=DCM.RotationalAcquisition)
CT_EVENT, X_RAY_EVENT = item(DCM.CTAcquisition), event(STATIONARY)
C_ARM = item(DCM.DistanceSourceToIsocenter, text="700", unit="mm")


@pytest.mark.parametrize(
    ("procedures", "dose", "modality"),
    [
        ([SCT.ConeBeamComputedTomography], event(ROTATIONAL), "CBCT"),
        ([Code("SRT", "R-FFB4A", "DVT")], event(ROTATIONAL), "CBCT"),
        ([Code("99X", "1", "Cone Beam Computed Tomography")], event(ROTATIONAL), "CBCT"),
        ([SCT.ConeBeamComputedTomography], CT_EVENT, "CBCT"),
        ([SCT.ComputedTomography], CT_EVENT, "CT"),
        ([SCT.DentalRadiography], event(ROTATIONAL, C_ARM), "DENTAL"),
        ([SCT.DentalRadiography], X_RAY_EVENT, "DENTAL"),
        ([SCT.DualEnergyXRayAbsorptiometry], X_RAY_EVENT, "DXA"),
        ([SCT.PlainRadiography], event(STATIONARY, C_ARM), "DX"),
        ([SCT.PlainRadiography], event(FLUOROSCOPY), "RF"),
        ([SCT.Fluoroscopy], X_RAY_EVENT, "RF"),
        ([SCT.FluoroscopyAndRadiography], X_RAY_EVENT, "DX"),
        ([SCT.Mammography], X_RAY_EVENT, "MG"),
        ([DCM.ProjectionXRay], event(ROTATIONAL), "RF"),
        ([SCT.ConeBeamComputedTomography, SCT.Fluoroscopy], event(ROTATIONAL), "RF"),
        ([], event(ROTATIONAL), "RF"),
    ],
)
def test_the_procedure_reported_tells_equipment_apart_that_looks_alike(
    procedures: list[PydicomCode | Code], dose: ContentItem, modality: str
) -> None:
    """CID 10005."""
    reported = [item(DCM.ProcedureReported, code=code) for code in procedures]
    rows = rows_of(report(*reported, dose))
    assert rows["dose_report"][0]["modality"] == modality


@pytest.mark.parametrize("name", CASES)
def test_the_modality_follows_from_the_content(name: str) -> None:
    items, values, modality = CASES[name]
    assert decode_document(report(*items), **values).modality == modality


@pytest.mark.parametrize("time", ["", "NaN", "inf", "four", "-1"])
def test_what_is_no_time_of_fluoroscopy_makes_no_fluoroscopy(time: str) -> None:
    stand = item(DCM.ColumnAngulation, text="0", unit="deg")
    root = report(plane(DCM.SinglePlane, fluoro_time(time)), event(STATIONARY, stand))
    assert decode_document(root).modality == "DX"


@pytest.mark.parametrize(
    ("sop_class", "reason"),
    [
        ("67", "modality_not_supported"),
        ("73", "patient_rdsr_not_supported"),
        ("76", "enhanced_rdsr_not_supported"),
    ],
)
def test_a_report_without_dose_that_is_read_says_which_kind_it_is(
    sop_class: str, reason: str
) -> None:
    root = report(item(DCM.SourceOfDoseInformation, code=DCM.AutomatedDataCollection))
    with pytest.raises(ObjectRefused) as refused:
        decode_document(root, sop_class_uid=f"1.2.840.10008.5.1.4.1.1.88.{sop_class}")
    assert refused.value.reason.code == reason


def test_an_enhanced_report_is_read_where_its_concepts_are_the_same() -> None:
    root = report(event(FLUOROSCOPY))
    assert decode_document(root, sop_class_uid="1.2.840.10008.5.1.4.1.1.88.76").modality == "RF"


@pytest.mark.parametrize(("said", "expected"), [(SCT.Yes, True), (SCT.No, False), (None, None)])
def test_a_repeated_ct_acquisition_is_told_by_its_code(
    said: PydicomCode | None, expected: bool | None
) -> None:
    items = [item(DCM.IsRepeatedAcquisition, code=said)] if said else []
    reason = item(DCM.ReasonForRepeatingAcquisition, code=DCM.PatientMotion)
    (row,) = rows_of(report(item(DCM.CTAcquisition, *items, reason)))["ct_irradiation_event"]
    assert row.get("is_repeated_acquisition") is expected
