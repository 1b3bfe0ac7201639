"""Completeness of the reports of each manufacturer, model and software: reports in, shares out."""

from __future__ import annotations

from tests.support.lakes.lake_rows import event, projection, report
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

CT = {"manufacturer": "A", "model_name": "One", "software_versions": "1"}
MG = {"manufacturer": "B", "model_name": None, "software_versions": None}


def test_shares_are_of_the_reports_and_events_of_a_model() -> None:
    reports = {
        "F1": [
            report("S1", [event("E1"), event("E2", ctdivol=None, dlp=None)], **CT),
            report("S2", [event(None)], **{**CT, "patient_age_days": None}),
            report("S3", [], **{**CT, "study_description": "CT Chest"}),
        ],
        "F2": [
            report("S4", [event("E4", protocol="Thorax")], **{**CT, "patient_weight_kg": 80.0}),
            projection(
                "S5",
                [{"event_key": "E5", "average_glandular_dose_mgy": 1.0, "kvp_kv": 28.0}],
                modality="MG",
                **MG,
            ),
        ],
    }
    models = SqlModels("data_quality_by_device_model")
    models.run(staging_tables(reports))
    columns = (
        "modality, model_name, n_facilities, n_devices, n_reports, n_events, age_share, "
        "weight_share, examination_name_share, event_key_share, dose_share, protocol_share, "
        "kvp_share"
    )
    query = f"select {columns} from data_quality_by_device_model order by modality"  # noqa: S608
    assert models.rows(query) == [
        ("CT", "One", 2, 2, 4, 4, 0.75, 0.25, 0.25, 0.75, 0.75, 0.25, 0.0),
        ("MG", "unknown", 1, 1, 1, 1, 1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0),
    ]


def test_a_report_without_events_has_no_share_of_them() -> None:
    models = SqlModels("data_quality_by_device_model")
    models.run(staging_tables({"F1": [report("S1", [], **CT)]}))
    query = "select n_events, dose_share, study_date_share from data_quality_by_device_model"
    assert models.rows(query) == [(0, None, 1.0)]
