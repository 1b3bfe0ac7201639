"""Small decoded submissions for the tests of expectations/: synthetic, each value set by hand."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from transforms.lake.lake import Lake
from transforms.tables import (
    CT_ACCUMULATED_DOSE,
    CT_IRRADIATION_EVENT,
    DOSE_REPORT,
    FINDING,
    MAMMOGRAPHY_ACCUMULATED_DOSE,
    RADIOPHARMACEUTICAL_ADMINISTRATION,
    REPORT_TABLES,
    SUBMISSION,
    XRAY_ACCUMULATED_DOSE,
    XRAY_IRRADIATION_EVENT,
)

SUBMISSION_ID = "F001.0123456789abcdef"
Row = dict[str, Any]

REPORT: Row = {
    "sop_class_uid": "1.2.840.10008.5.1.4.1.1.88.67",
    "modality": "CT",
    "device_key": "device",
    "study_date": datetime.date(2025, 3, 4),
    "patient_age_days": 20_000,
}
EVENT: Row = {
    "target_region": "Chest",
    "ct_acquisition_type": "spiral",
    "scanning_length_mm": 300.0,
    "pitch_factor": 1.0,
    "kvp_kv": 120.0,
    "tube_current_ma": 150.0,
    "maximum_tube_current_ma": 200.0,
    "mean_ctdivol_mgy": 10.0,
    "ctdiw_phantom": "body_32cm",
    "dlp_mgy_cm": 300.0,
}
LOCALIZER: Row = {
    **EVENT,
    "ct_acquisition_type": "constant_angle",
    "pitch_factor": None,
    "mean_ctdivol_mgy": None,
    "ctdiw_phantom": None,
    "dlp_mgy_cm": None,
}


def report(*events: Row, total: float | None = 300.0, **values: Any) -> Row:
    """A report: its own values, its events (one good spiral unless given), its totals."""
    events = events or (EVENT,)
    totals = {"total_number_of_irradiation_events": float(len(events)), "dlp_total_mgy_cm": total}
    given = {name: values.pop(name) for name in list(values) if name in totals or "sub" in name}
    tables = {CT_IRRADIATION_EVENT.name: events, CT_ACCUMULATED_DOSE.name: [{**totals, **given}]}
    return {"report": {**REPORT, **values}, "tables": tables}


def other_report(
    *events: Row,
    totals: Iterable[Row] = (),
    breasts: Iterable[Row] = (),
    administrations: Iterable[Row] = (),
    modality: str = "RF",
    **values: Any,
) -> Row:
    """A report of another modality than CT, with the rows of its tables."""
    tables = {
        XRAY_IRRADIATION_EVENT.name: events,
        XRAY_ACCUMULATED_DOSE.name: totals,
        MAMMOGRAPHY_ACCUMULATED_DOSE.name: breasts,
        RADIOPHARMACEUTICAL_ADMINISTRATION.name: administrations,
    }
    return {"report": {**REPORT, "modality": modality, **values}, "tables": tables}


def sha256(index: int) -> str:
    """The checksum of the index-th object of a test submission."""
    return f"{index:064x}"


def write(
    lake: Lake,
    reports: Iterable[Row],
    quarantined: Iterable[str] = (),
    submission_id: str = SUBMISSION_ID,
) -> str:
    """Write a submission as ingest does: decoded tables, and outcomes up to stage decode.

    `quarantined` gives the reason codes of objects that stage decode refused, after the others.
    """
    reports, reasons = list(reports), list(quarantined)
    keys = {"facility_id": submission_id.rpartition(".")[0], "submission_id": submission_id}
    lake.prepare()
    _write_report_tables(lake, keys, reports)
    count = len(reports) + len(reasons)
    counts = {"objects_received": count, "bytes_received": count, "objects_decoded": len(reports)}
    lake.write_table("decoded", SUBMISSION, submission_id, [{**keys, **counts}])
    _write_outcomes(lake, keys, len(reports), reasons)
    return submission_id


def _write_report_tables(lake: Lake, keys: Row, reports: list[Row]) -> None:
    rows: dict[str, list[Row]] = {table.name: [] for table in REPORT_TABLES}
    for index, item in enumerate(reports, start=1):
        report_keys = {**keys, "object_sha256": sha256(index)}
        report_keys |= {"report_key": f"report{index}", "study_key": f"study{index}"}
        rows[DOSE_REPORT.name].append({**report_keys, **item["report"]})
        for name, children in item["tables"].items():
            rows[name] += [
                {**report_keys, **_positions(index, position), **child}
                for position, child in enumerate(children, start=1)
            ]
    for table in REPORT_TABLES:
        lake.write_table("decoded", table, keys["submission_id"], rows[table.name])


def _positions(report_index: int, position: int) -> Row:
    """Key columns of the rows of one report, by the name they have in each table."""
    indexes = dict.fromkeys(("event_index", "plane_index", "breast_index"), position)
    return {"event_key": f"event{report_index}.{position}", **indexes}


def _write_outcomes(lake: Lake, keys: Row, decoded: int, reasons: list[str]) -> None:
    received, outcomes = [], []
    for index, reason in enumerate([*[None] * decoded, *reasons], start=1):
        row = {**keys, "object_sha256": sha256(index), "object_index": index, "name_key": "name"}
        received.append({**row, "stage": "receive", "outcome": "received"})
        outcome = "quarantined" if reason else "decoded"
        outcomes.append({**row, "stage": "decode", "outcome": outcome, "reason_code": reason})
    lake.write_outcomes("receive", keys["submission_id"], received)
    lake.write_outcomes("decode", keys["submission_id"], outcomes)


def findings(lake: Lake, submission_id: str = SUBMISSION_ID) -> list[Row]:
    """The findings that validation wrote."""
    rows: list[Row] = lake.read_table("validated", FINDING, submission_id).to_pylist()
    return rows
