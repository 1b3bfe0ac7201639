"""A value is read only from the container in which its template places it."""

from __future__ import annotations

import pytest
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from tests.support.reports.content_items import item, rows_of
from transforms.dicom.codes import Code
from transforms.dicom.content_tree import ContentItem
from transforms.errors import ObjectRefused

DCM, SCT = codes.DCM, codes.SCT
PRIVATE = Code("99X", "1", "Previous event")


def report(*items: ContentItem) -> ContentItem:
    return item(DCM.XRayRadiationDoseReport, *items)


def acquisition(*items: ContentItem) -> ContentItem:
    return item(DCM.CTAcquisition, *items)


def event(*items: ContentItem) -> ContentItem:
    return item(DCM.IrradiationEventXRayData, *items)


def dap(value: str, concept: PydicomCode = DCM.DoseAreaProduct) -> ContentItem:
    return item(concept, text=value, unit="Gy.m2")


def dlp(value: str, concept: PydicomCode = DCM.DLP, *children: ContentItem) -> ContentItem:
    return item(concept, *children, text=value, unit="mGy.cm")


def plane(code: PydicomCode) -> ContentItem:
    return item(DCM.AcquisitionPlane, code=code)


def test_a_plane_never_takes_the_dose_of_another_nested_in_it() -> None:
    other = item(PRIVATE, plane(DCM.PlaneB), dap("9", DCM.DoseAreaProductTotal))
    time = item(DCM.TotalFluoroTime, text="61", unit="s")
    root = report(item(DCM.AccumulatedXRayDoseData, plane(DCM.PlaneA), time, other))
    (row,) = rows_of(root)["xray_accumulated_dose"]
    assert row["acquisition_plane"] == "plane_a"
    assert "dose_area_product_total_gy_m2" not in row


def test_an_event_never_takes_the_dose_of_a_previous_event() -> None:
    before = item(PRIVATE, item(DCM.IrradiationEventUID, text="2.25.9"), dap("9"))
    pulses = item(Code("99X", "2", "Pulses"), *(item(DCM.KVP, text="7", unit="kV"),) * 3)
    (row,) = rows_of(report(event(before, pulses)))["xray_irradiation_event"]
    assert {name for name, value in row.items() if isinstance(value, float)} == set()
    assert row.get("event_key") is None


def test_the_ctdivol_of_a_dose_check_is_none_of_the_event() -> None:
    ctdivol = item(DCM.MeanCtdivol, text="99", unit="mGy")
    root = report(acquisition(item(DCM.CTDose, item(DCM.DoseCheckAlertDetails, ctdivol))))
    assert "mean_ctdivol_mgy" not in rows_of(root)["ct_irradiation_event"][0]


@pytest.mark.parametrize("nested", [True, False])
def test_a_ct_event_is_read_through_the_containers_of_its_template(nested: bool) -> None:
    source = item(DCM.CTXRaySourceParameters, item(DCM.KVP, text="120", unit="kV"))
    alert = item(DCM.DoseCheckAlertDetails, dlp("1000", DCM.DLPAlertValue))
    size = item(DCM.WaterEquivalentDiameter, text="300", unit="mm")
    ssde = item(DCM.SizeSpecificDoseEstimate, size, text="9", unit="mGy")
    dose = [dlp("100"), ssde]
    inside = (
        item(DCM.CTAcquisitionParameters, source),
        item(DCM.CTDose, *dose, alert),
    )
    beside = (source, item(DCM.CTDose, *dose), alert)
    (row,) = rows_of(report(acquisition(*(inside if nested else beside))))["ct_irradiation_event"]
    assert (row["kvp_kv"], row["dlp_mgy_cm"], row["dlp_alert_value_mgy_cm"]) == (120, 100, 1000)
    assert (row["ssde_mgy"], row["water_equivalent_diameter_mm"]) == (9, 300)


def test_of_two_xray_sources_the_first_is_read_even_where_it_says_less() -> None:
    def source(*numbers: tuple[PydicomCode, str, str]) -> ContentItem:
        values = (item(concept, text=text, unit=unit) for concept, text, unit in numbers)
        return item(DCM.CTXRaySourceParameters, *values)

    tubes = (
        source((DCM.KVP, "100", "kV")),
        source((DCM.KVP, "140", "kV"), (DCM.XRayTubeCurrent, "50", "mA")),
    )
    rows = rows_of(report(acquisition(item(DCM.CTAcquisitionParameters, *tubes))))
    (row,) = rows["ct_irradiation_event"]
    assert row["kvp_kv"] == 100
    assert "tube_current_ma" not in row
    assert rows["dose_report"][0]["contradicted_columns"] is None


def algorithm(code: PydicomCode | Code | None = None, text: str | None = None) -> ContentItem:
    return item(DCM.ReconstructionAlgorithm, code=code, text=text)


ITERATIVE, FILTERED = DCM.IterativeReconstruction, DCM.FilteredBackProjection
BY_THE_STANDARD, BESIDE = "below the acquisition type", "in the event"


@pytest.mark.parametrize("place", [BY_THE_STANDARD, BESIDE])
@pytest.mark.parametrize(
    ("algorithms", "said"),
    [
        ([algorithm(ITERATIVE)], "Iterative Reconstruction"),
        (
            [algorithm(FILTERED), algorithm(ITERATIVE)],
            "Filtered Back Projection + Iterative Reconstruction",
        ),
        (
            [algorithm(Code("DCM", "113963", "Iterative Rekonstruktion"))],
            "Iterative Reconstruction",
        ),
        ([algorithm(Code("99X", "7", "Deep learning"))], "Deep learning"),
        ([algorithm(text="filtered back projection")], "Filtered Back Projection"),
        ([algorithm()], None),
    ],
)
def test_reconstruction_algorithms_are_read_where_the_standard_has_them_and_beside(
    place: str, algorithms: list[ContentItem], said: str | None
) -> None:
    """TID 10013 row 4b: 1-n below CT Acquisition Type; many devices write them into the event."""
    below, beside = (algorithms, []) if place == BY_THE_STANDARD else ([], algorithms)
    kind = item(DCM.CTAcquisitionType, *below, code=SCT.SpiralAcquisition)
    (row,) = rows_of(report(acquisition(kind, *beside)))["ct_irradiation_event"]
    assert (row["reconstruction_algorithm"], row["ct_acquisition_type"]) == (said, "spiral")


def test_a_reconstruction_algorithm_in_both_places_is_one() -> None:
    kind = item(DCM.CTAcquisitionType, algorithm(ITERATIVE), code=SCT.SpiralAcquisition)
    rows = rows_of(report(acquisition(kind, algorithm(ITERATIVE))))
    assert rows["ct_irradiation_event"][0]["reconstruction_algorithm"] == "Iterative Reconstruction"


BODY = item(DCM.CtdiwPhantomType, code=DCM.IECBodyDosimetryPhantom)
HEAD = item(DCM.CtdiwPhantomType, code=DCM.IECHeadDosimetryPhantom)
CONTRADICTIONS = {
    "ct_irradiation_event.dlp_mgy_cm": acquisition(item(DCM.CTDose, dlp("100"), dlp("200"))),
    "ct_irradiation_event.mean_ctdivol_mgy": acquisition(
        *(item(DCM.CTDose, item(DCM.MeanCtdivol, text=value, unit="mGy")) for value in ("10", "20"))
    ),
    "ct_irradiation_event.ctdiw_phantom": acquisition(item(DCM.CTDose, HEAD, BODY)),
    "ct_irradiation_event.ct_acquisition_type": acquisition(
        item(DCM.CTAcquisitionType, code=SCT.SpiralAcquisition),
        item(DCM.CTAcquisitionType, code=DCM.ConstantAngleAcquisition),
    ),
    "ct_irradiation_event.event_key": acquisition(
        *(item(DCM.IrradiationEventUID, text=uid) for uid in ("2.25.1", "2.25.2"))
    ),
    "ct_irradiation_event.acquisition_protocol": acquisition(
        *(item(DCM.AcquisitionProtocol, text=name) for name in ("Head", "Abdomen"))
    ),
    "ct_accumulated_dose.dlp_total_mgy_cm": item(
        DCM.CTAccumulatedDoseData,
        *(dlp(value, DCM.CTDoseLengthProductTotal) for value in ("100", "200")),
    ),
    "ct_accumulated_dose.dlp_subtotal_body_32cm_mgy_cm": item(
        DCM.CTAccumulatedDoseData,
        *(dlp(value, DCM.CTDoseLengthProductSubTotal, BODY) for value in ("100", "200")),
    ),
    "xray_irradiation_event.acquisition_plane": event(plane(DCM.PlaneA), plane(DCM.PlaneB)),
    "xray_irradiation_event.laterality": event(
        item(DCM.TargetRegion, item(SCT.Laterality, code=SCT.Right), code=SCT.Breast),
        item(SCT.AnatomicalStructure, item(SCT.Laterality, code=SCT.Left), code=SCT.Breast),
    ),
}


@pytest.mark.parametrize("name", CONTRADICTIONS)
def test_what_a_report_states_twice_and_differently_is_null(name: str) -> None:
    table, column = name.split(".")
    rows = rows_of(report(CONTRADICTIONS[name]))
    assert rows[table][0][column] is None
    assert rows["dose_report"][0]["contradicted_columns"] == name


def test_doses_in_a_container_of_both_breasts_are_of_neither_side() -> None:
    sides = [item(SCT.Laterality, code=code) for code in (SCT.LeftBreast, SCT.RightBreast)]
    doses = [
        item(DCM.AccumulatedAverageGlandularDose, text=value, unit="mGy") for value in ("1", "2")
    ]
    rows = rows_of(report(item(DCM.AccumulatedXRayDoseData, *sides, *doses)))
    assert [row["laterality"] for row in rows["mammography_accumulated_dose"]] == [None, None]
    assert rows["dose_report"][0]["contradicted_columns"] == (
        "mammography_accumulated_dose.laterality"
    )


@pytest.mark.parametrize(
    ("phantom", "column"),
    [
        (Code("DCM", "113690", ""), "dlp_subtotal_head_16cm_mgy_cm"),
        (Code("99X", "1", "IEC body dosimetry phantom"), "dlp_subtotal_body_32cm_mgy_cm"),
    ],
)
def test_the_phantom_of_a_sub_total_is_told_by_code_then_meaning(
    phantom: Code, column: str
) -> None:
    total = dlp("100", DCM.CTDoseLengthProductSubTotal, item(DCM.CtdiwPhantomType, code=phantom))
    rows = rows_of(report(item(DCM.CTAccumulatedDoseData, total)))
    assert rows["ct_accumulated_dose"][0][column] == 100


def test_a_phantom_is_not_told_by_its_digits_in_another_scheme() -> None:
    phantom = item(DCM.CtdiwPhantomType, code=Code("99X", "113690", "child"))
    total = dlp("100", DCM.CTDoseLengthProductSubTotal, phantom)
    rows = rows_of(report(item(DCM.CTAccumulatedDoseData, total)))
    assert 100 not in rows["ct_accumulated_dose"][0].values()
    assert rows["dose_report"][0]["unusable_columns"] == (
        "ct_accumulated_dose.dlp_subtotal:code_unknown"
    )


def test_events_known_by_code_and_by_meaning_are_all_read_in_document_order() -> None:
    named = Code("99X", "1", "Irradiation event X-ray data")
    events = [event(dap("1")), item(named, dap("2")), event(dap("3"))]
    rows = rows_of(report(*events))
    doses = [row["dose_area_product_gy_m2"] for row in rows["xray_irradiation_event"]]
    assert doses == [1, 2, 3]
    assert rows["dose_report"][0]["matched_by_meaning"] == "xray_irradiation_event.*"


def test_columns_of_a_container_known_by_its_meaning_are_noted() -> None:
    root = report(acquisition(item(Code("99X", "1", "CT dose"), dlp("100"))))
    rows = rows_of(root)
    assert rows["ct_irradiation_event"][0]["dlp_mgy_cm"] == 100
    assert rows["dose_report"][0]["matched_by_meaning"] == "ct_irradiation_event.dlp_mgy_cm"


def test_a_word_known_by_its_meaning_is_noted_and_free_text_is_not() -> None:
    rhodium = item(DCM.AnodeTargetMaterial, code=Code("99X", "1", "Rhodium"))
    view = item(DCM.ImageView, code=Code("99X", "2", "From above"))
    rows = rows_of(report(event(rhodium, view)))
    (row,) = rows["xray_irradiation_event"]
    assert (row["anode_target_material"], row["image_view"]) == ("rhodium", "From above")
    assert rows["dose_report"][0]["matched_by_meaning"] == (
        "xray_irradiation_event.anode_target_material"
    )


@pytest.mark.parametrize(
    "root",
    [
        report(event(), item(PRIVATE, event(dap("1")))),
        report(event(), item(PRIVATE, item(PRIVATE, item(DCM.AccumulatedXRayDoseData, dap("1"))))),
        report(event(item(PRIVATE, event(dap("1"))))),
        report(acquisition(item(PRIVATE, item(PRIVATE, acquisition(item(DCM.CTDose)))))),
        report(event(event(dap("1")))),
        report(acquisition(), item(PRIVATE, acquisition(item(DCM.CTDose)))),
        report(acquisition(acquisition())),
    ],
)
def test_a_report_whose_events_stand_elsewhere_is_refused(root: ContentItem) -> None:
    with pytest.raises(ObjectRefused) as refused:
        rows_of(root)
    assert refused.value.reason.code == "content_malformed"
