"""The commitment report's tables as dbt builds them: contracts hold, one facility is withheld."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from tests.support.lakes.lake_rows import LakeRows, Row, event, report
from transforms.lake.lake import parquet_bytes
from transforms.tables.declared import KINDS

FACILITY = "COMMITMENT1"
MAKER: Row = {"manufacturer": "SIEMENS", "model_name": "SOMATOM Commitment"}
DAY = datetime.date(2025, 2, 1)
SAID: Row = {"declared_by": "maker", "declared_on": DAY}
DECLARED: dict[str, Row] = {
    "device": {
        **MAKER,
        "facility_id": FACILITY,
        "device_key": f"{FACILITY}-CT1",
        "modality": "CT",
        "country": "SE",
        "installed_on": datetime.date(2019, 5, 1),
    },
    "model": {
        **{**MAKER, **SAID, "modality": "CT", "generation": "third", "market_year": 2018},
        **dict.fromkeys(("xr_25", "xr_26", "xr_28", "xr_29"), "yes"),
        **dict.fromkeys(("can_add_modulation", "can_add_iterative"), "unknown"),
    },
    "feature": {**MAKER, **SAID, "feature_id": "dose_check", "status": "standard"},
    "benchmark": {
        **MAKER,
        **{"body_region": "body", "phantom": "P1", "insert_name": "I1", "protocol": "Abdomen"},
        **{"ctdivol_mgy": 8.0, "reconstruction": "FBP", "observer": "model"},
        **{"figure_of_merit": "d'", "figure_of_merit_value": 2.5},
        **{"laboratory": "Laboratory", "measured_on": DAY},
        **{"insert_diameter_mm": 5.0, "insert_contrast_hu": 10.0, "kvp_kv": 120.0},
    },
    "training": {
        **{"year": 2025, "provider": "Society", "course": "Dose in CT", "audience": "physicist"},
        **{"country": "SE", "n_sessions": 2, "n_participants": 30},
        **{"curriculum_id": "eutempe_rx_01"},
    },
    "deliverable": {
        **{"commitment_number": 1, "wording_version": "2013-12", "deliverable_id": "phantom"},
        **{"deliverable": "Reference phantom", "due_on": DAY, "status": "achieved"},
        **{"status_on": DAY, "delivered_on": datetime.date(2025, 3, 1)},
    },
    "facility": {
        **{"facility_id": FACILITY, "period": 2025, "modality": "CT", "n_examinations": 20},
        **{"has_dose_management_system": "yes"},
    },
}


def put_rows(lake_rows: LakeRows) -> None:
    scan = {**event(), "kvp_kv": 100.0, "xray_modulation_type": "XYZ_EC"}
    lake_rows.submission(
        FACILITY,
        [
            report(f"commitment-{number}", [scan], study_description="CT Neck", **MAKER)
            for number in range(10)
        ],
    )
    lake_rows.submission(
        FACILITY,
        [
            report(
                f"commitment-few-{number}",
                [{**event(), "dlp_mgy_cm": 900.0}],
                study_description="CT Neck",
                **{**MAKER, "device_key": f"{FACILITY}-CT2"},
            )
            for number in range(9)
        ],
    )
    for kind, row in DECLARED.items():
        load = {**row, "sequence_number": 1, "file_sha256": "0" * 64}
        table = KINDS[kind]
        lake_rows.lake.write_bytes(
            lake_rows.lake.declared_path(table, 1), parquet_bytes(table, [load])
        )


def test_the_declared_device_is_the_one_that_sends(warehouse: Any) -> None:
    rows = warehouse.rows(
        "select manufacturer_id, generation, age_years, age_band_id, is_declared, n_reports "
        "from marts.installed_base where facility_id = ? and period = 2025 order by device_key",
        FACILITY,
    )
    assert rows == [
        ("siemens", "third", 6, "from_6_to_10", True, 10),
        ("siemens", "third", None, "unknown", False, 9),
    ]


def test_ten_examinations_of_a_device_are_a_typical_value_of_its_age(warehouse: Any) -> None:
    """The other device has nine examinations and no typical value."""
    of_nine = "from intermediate.int_device_typical_values where device_key = ?"
    assert warehouse.rows(of_nine, f"{FACILITY}-CT2") == []
    rows = warehouse.rows(
        "select n_devices, p50 from marts.age_band_doses where age_band_id = 'from_6_to_10' "
        "and procedure_id = 'ct_neck' and patient_group_id = 'adult' and drl_quantity = 'dlp'"
    )
    assert rows == [(1, 300.0)]


def test_scans_of_the_device_are_counted_under_its_generation(warehouse: Any) -> None:
    rows = warehouse.rows(
        "select indicator_id, numerator, denominator from marts.commitment_indicators "
        "where dimension = 'generation' and stratum = 'third' "
        "and indicator_id in ('modulation_use', 'voltage_below_120') order by indicator_id"
    )
    # The nine scans of the other device state neither, and are in no denominator.
    assert rows == [("modulation_use", 10, 10), ("voltage_below_120", 10, 10)]


def test_a_deliverable_is_late_by_days(warehouse: Any) -> None:
    rows = warehouse.rows("select status, n_days_late from public.public_commitment_deliverables")
    assert rows == [("achieved", 28)]


@pytest.mark.parametrize(
    ("table", "stratum"),
    [
        ("public_commitment_indicators", "stratum = 'third' and indicator_id = 'modulation_use'"),
        ("public_age_profile", "country = 'SE'"),
        ("public_age_band_doses", "age_band_id = 'from_6_to_10'"),
        ("public_generation_doses", "generation = 'third'"),
        (
            "public_feature_diffusion",
            "period = 2025 and age_band_id <> 'all' and feature_id = 'tube_current_modulation'",
        ),
        ("public_model_declarations", "statement = 'xr_25'"),
        ("public_benchmark_measurements", "phantom = 'P1'"),
    ],
)
def test_one_facility_and_one_maker_are_shown_nowhere(
    warehouse: Any, table: str, stratum: str
) -> None:
    query = f"select distinct disclosure from public.{table} where {stratum}"  # noqa: S608
    assert warehouse.rows(query) == [("suppressed",)]
