"""Reports of the synthetic nation as the decoder reads them: other modalities, CT features."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import pytest

from transforms.dicom.reader import ReportReader
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys
from transforms.pipeline.decode_job import decode_object
from transforms.sample.catalogue import ADULT, PROCEDURES
from transforms.sample.ct_features import with_scanner_settings
from transforms.sample.devices import MODELS, DeviceModel
from transforms.sample.examinations import Examination, draw_examination
from transforms.sample.facilities import Device, facility, generator, uid
from transforms.sample.other_catalogue import OTHER_PROCEDURES, OtherProcedure
from transforms.sample.other_devices import OTHER_MODELS, OtherModel
from transforms.sample.other_examinations import OtherDevice, OtherExamination, other_examinations
from transforms.sample.other_templates import OtherReportTemplates
from transforms.sample.other_truth import doses
from transforms.sample.stamping import report_bytes
from transforms.sample.templates import ReportTemplates
from transforms.tables import DOSE_REPORT

CASES = [
    (procedure, model)
    for procedure in OTHER_PROCEDURES
    for model in OTHER_MODELS
    if model.use == procedure.use
]
NOTES = ("contradicted_columns", "columns_without_value", "matched_by_meaning", "unusable_columns")
CHEST = next(one for one in PROCEDURES if one.procedure_id == "ct_chest")
EVEN, ODD = "1000200010", "1000300010"
"""Serial numbers of a device that is updated in the year, and of one that is not."""

Rows = dict[str, list[defaultdict[str, Any]]]


def decode_rows(data: bytes) -> Rows:
    keys = ObjectKeys("F001", "F001.0", "0")
    found = decode_object(data, keys, Pseudonyms(b"key"), ReportReader())
    return {
        getattr(table, "name", table): [defaultdict(lambda: None, row) for row in rows]
        for table, rows in found.items()
    }


def other(procedure: OtherProcedure, model: OtherModel) -> OtherExamination:
    rng = generator(3, 1)
    device = OtherDevice(model, "1234500012", uid(rng))
    name, level = "Lungröntgen", float(procedure.dose_median)
    return next(other_examinations(procedure, device, name, level, 1, 365, rng))


@pytest.mark.parametrize("procedure,model", CASES, ids=lambda one: str(one.use))
def test_other_reports_are_read_as_they_were_stamped(
    procedure: OtherProcedure, model: OtherModel
) -> None:
    examination = other(procedure, model)
    rows = decode_rows(OtherReportTemplates().report_bytes(examination, "", generator(4, 1)))
    (report,) = rows[DOSE_REPORT.name]
    assert report["modality"] == procedure.modality
    assert report["study_description"] == "Lungröntgen"
    assert [report[name] for name in NOTES] == [None] * len(NOTES)
    told = {name: values for (group, name), values in doses(examination).items() if group == ADULT}
    assert doses_read(rows, model) == {
        name: pytest.approx(values, rel=1e-12) for name, values in told.items()
    }


def doses_read(rows: Rows, model: OtherModel) -> dict[str, list[float]]:
    if administered := rows.get("radiopharmaceutical_administration"):
        activity = administered[0]["administered_activity_mbq"]
        weight = rows[DOSE_REPORT.name][0]["patient_weight_kg"]
        return {
            "administered_activity": [activity],
            "administered_activity_per_kg": [activity / weight],
        }
    events = rows["xray_irradiation_event"]
    if rows.get("mammography_accumulated_dose"):
        name = "agd_tomosynthesis" if model.tomosynthesis else "agd"
        return {name: [event["average_glandular_dose_mgy"] for event in events]}
    (total,) = rows["xray_accumulated_dose"]
    kap = {"kap": [1e4 * total["dose_area_product_total_gy_m2"]]}
    assert [1e4 * sum(event["dose_area_product_gy_m2"] for event in events)] == pytest.approx(
        kap["kap"]
    )
    if total["total_fluoro_time_s"] is None:
        return kap
    return kap | {
        "air_kerma_rp": [1e3 * total["dose_rp_total_gy"]],
        "fluoro_time": [total["total_fluoro_time_s"]],
    }


def test_a_mammography_has_its_four_views_and_says_where_it_is_tomosynthesis() -> None:
    for model in (one for one in OTHER_MODELS if one.use == "mammography"):
        examination = other(OTHER_PROCEDURES[0], model)
        rows = decode_rows(OtherReportTemplates().report_bytes(examination, "", generator(4, 1)))
        events = rows["xray_irradiation_event"]
        views = {(event["image_view"], event["laterality"]) for event in events}
        sides = ("left", "right")
        assert views == {(v, s) for v in ("cranio_caudal", "medio_lateral_oblique") for s in sides}
        kind = "rotational" if model.tomosynthesis else "stationary"
        assert {event["irradiation_event_type"] for event in events} == {kind}
        assert {event["filter_material"] for event in events} == {model.filter}


def chest_at(model: DeviceModel, serial: str, weight_kg: float, day: int) -> Examination:
    rng = generator(3, 1)
    place = replace(facility(1, 1, rng), devices=(Device(model, serial, uid(rng)),))
    drawn = draw_examination(place, CHEST, 6.6, rng)
    events = (*drawn.events[:-1], replace(drawn.events[-1], uid=f"{uid(rng)[:-1]}1"))
    patient = replace(drawn.patient, weight_kg=weight_kg)
    return with_scanner_settings(replace(drawn, events=events, patient=patient, day=day))


def scan_read(examination: Examination) -> dict[str, Any]:
    place = facility(1, 1, generator(3, 1))
    data = report_bytes(
        ReportTemplates(), place, examination, examination.events, "", generator(4, 1)
    )
    rows = decode_rows(data)
    scan = rows["ct_irradiation_event"][-1]
    scan["software_versions"] = rows[DOSE_REPORT.name][0]["software_versions"]
    return scan


@pytest.mark.parametrize("weight_kg,kvp_kv", [(30.0, 80), (60.0, 100), (80.0, 120), (120.0, 140)])
def test_some_models_choose_the_voltage_by_patient_and_others_do_not(
    weight_kg: float, kvp_kv: int
) -> None:
    for model in MODELS:
        scan = scan_read(chest_at(model, ODD, weight_kg, 10))
        assert scan["kvp_kv"] == (kvp_kv if model.kvp_by_size else 120)


def test_reconstruction_is_said_after_the_update_only() -> None:
    for model in MODELS:
        before = scan_read(chest_at(model, EVEN, 80.0, 10))
        after = scan_read(chest_at(model, EVEN, 80.0, 300))
        assert after["software_versions"] == model.software
        assert before["software_versions"] == (model.older_software or model.software)
        named = "Filtered Back Projection" if model.reconstruction == "filtered" else None
        iterative = "iterative" in model.reconstruction or model.reconstruction == "filtered_head"
        expected = "Iterative Reconstruction" if iterative else named
        assert after["reconstruction_algorithm"] == expected
        assert before["reconstruction_algorithm"] == (None if model.older_software else expected)


def test_only_the_device_that_departs_writes_the_reconstruction_into_the_event() -> None:
    """TID 10013 row 4b has it below CT Acquisition Type."""
    assert [model.model_name for model in MODELS if model.reconstruction_in_event] == [
        "Aquilion ONE"
    ]


def test_modulation_has_the_word_of_the_model() -> None:
    for model in MODELS:
        scan = scan_read(chest_at(model, ODD, 80.0, 10))
        word = model.modulation or ("XYZ_EC" if model.comment else None)
        assert scan["xray_modulation_type"] == word


def test_dose_check_values_are_as_the_facility_set_them() -> None:
    settings = set()
    for number in range(3):
        scan = scan_read(chest_at(MODELS[2], f"1000{number}00010", 80.0, 10))
        configured = scan["ctdivol_alert_configured"], scan["ctdivol_notification_configured"]
        assert (scan["ctdivol_alert_value_mgy"] == 1000) == configured[0]
        assert (scan["dlp_notification_value_mgy_cm"] == 1500) == configured[1]
        settings.add(configured)
    assert settings == {(False, False), (True, False), (True, True)}


def test_the_size_specific_dose_falls_with_the_diameter() -> None:
    model = next(one for one in MODELS if one.ssde)
    thin, thick = (scan_read(chest_at(model, ODD, weight, 10)) for weight in (50.0, 110.0))
    assert thin["water_equivalent_diameter_mm"] == 250
    assert thick["water_equivalent_diameter_mm"] == 346
    assert thin["ssde_mgy"] > thin["mean_ctdivol_mgy"] * 1.3 > thick["ssde_mgy"]
