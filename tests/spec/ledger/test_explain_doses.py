"""`drlake explain` says why a dose is in no statistic, and what to do about it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import LakeRows, Report, event, projection, report
from transforms.lake.lake import Lake
from transforms.ledger.device_statements import state_values
from transforms.ledger.explain import explain
from transforms.reasons.exclusions import EXCLUSION_BY_CODE

FACILITY = "EXPLAINDOSE"
CHEST: dict[str, Any] = {"study_description": "CT Chest"}
CHEST_CODE, BROKEN = "SCT:51185008", "b" * 32
HEAD = {"study_description": "CT Schädel nativ"}
CORONARY = {"study_description": "Koronarangiographie"}


def scan(**columns: Any) -> dict[str, Any]:
    return {**event(), **columns}


def total(**columns: Any) -> dict[str, Any]:
    return {"acquisition_plane": "single_plane", "dose_rp_total_gy": 0.25, **columns}


REPORTS: dict[str, Report] = {
    "outside_hard_limits": report("XD-limits", [scan(mean_ctdivol_mgy=50_000.0)], **CHEST),
    "perfusion": report(
        "XD-perfusion",
        [
            scan(
                ct_acquisition_type="stationary",
                mean_ctdivol_mgy=230.0,
                dlp_mgy_cm=2300.0,
                ctdiw_phantom="head_16cm",
            )
        ],
        **HEAD,
    ),
    "length_unknown": report(
        "XD-length",
        [scan(dlp_mgy_cm=None), scan(dlp_mgy_cm=None, mean_ctdivol_mgy=20.0)],
        **CHEST,
    ),
    "diameter_outside_tables": report(
        "XD-diameter", [scan(water_equivalent_diameter_mm=30.0)], **CHEST
    ),
    "other_region": report(
        "XD-region",
        [
            scan(target_region="Chest", target_region_code=CHEST_CODE),
            scan(target_region="Liver", target_region_code="SCT:10200004"),
        ],
        **CHEST,
    ),
    "device_not_used": report("XD-device", [scan()], **CHEST, device_key=BROKEN),
    "age_contradicted": report("XD-ages", [scan(event_key="A")], **CHEST, key="XD-ages-1"),
    "weight_impossible": report(
        "XD-weight", [scan()], **CHEST, patient_age_days=1500, patient_weight_kg=85.0
    ),
    "other_reference_point": projection(
        "XD-point",
        totals=[
            total(
                dose_area_product_total_gy_m2=0.001,
                reference_point_definition="30cm in Front of Image Input Surface",
            )
        ],
        **CORONARY,
    ),
}
OF_ANOTHER_AGE = report(
    "XD-ages", [scan(event_key="B")], **CHEST, key="XD-ages-2", patient_age_days=3000
)
MAMMOGRAPHY = {"modality": "MG", "study_description": "Mammography"}
REPORTS["technique_unknown"] = projection(
    "XD-technique", [{"event_key": "T1", "average_glandular_dose_mgy": 1.0}], **MAMMOGRAPHY
)
REPORTS["dose_of_one_projection"] = projection(
    "XD-projection",
    [
        {
            "event_key": "T2",
            "irradiation_event_type": "rotational",
            "average_glandular_dose_mgy": 1.0,
        }
    ],
    manufacturer="SIEMENS",
    model_name="Mammomat Revelation",
    **MAMMOGRAPHY,
)
SENT: dict[str, str] = {}


def put_rows(lake_rows: LakeRows) -> None:
    submission = lake_rows.submission(FACILITY, [*REPORTS.values(), OF_ANOTHER_AGE])
    SENT.update(zip(REPORTS, lake_rows.objects(submission), strict=False))
    state_values(lake_rows.lake, "not_used", BROKEN, FACILITY, "its detector was broken")


@pytest.mark.parametrize("reason", REPORTS)
def test_a_reason_comes_with_what_to_do(warehouse: Any, reason: str) -> None:
    told = explain(Lake(str(warehouse.lake)), SENT[reason])
    of_single_scans = " of single scans" if reason == "other_region" else ""
    said = f"not used in statistics{of_single_scans}: {reason}. {EXCLUSION_BY_CODE[reason].mend}"
    assert said in told
