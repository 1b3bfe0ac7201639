"""Declarations of all tables and their columns, one module per table."""

from __future__ import annotations

from transforms.tables.ct_accumulated_dose import CT_ACCUMULATED_DOSE
from transforms.tables.ct_irradiation_event import CT_IRRADIATION_EVENT
from transforms.tables.declared import DECLARED_TABLES
from transforms.tables.device_statement import DEVICE_STATEMENT
from transforms.tables.dose_report import DOSE_REPORT
from transforms.tables.facility import FACILITY
from transforms.tables.facility_pull import FACILITY_PULL
from transforms.tables.facility_summary import FACILITY_SUMMARY
from transforms.tables.finding import FINDING
from transforms.tables.mammography_accumulated_dose import MAMMOGRAPHY_ACCUMULATED_DOSE
from transforms.tables.name_review import NAME_REVIEW
from transforms.tables.object_outcome import OBJECT_OUTCOME
from transforms.tables.radiopharmaceutical_administration import RADIOPHARMACEUTICAL_ADMINISTRATION
from transforms.tables.schema import Table
from transforms.tables.shared_report import SHARED_REPORT
from transforms.tables.statement import STATEMENT
from transforms.tables.submission import SUBMISSION
from transforms.tables.xray_accumulated_dose import XRAY_ACCUMULATED_DOSE
from transforms.tables.xray_irradiation_event import XRAY_IRRADIATION_EVENT

REPORT_TABLES: tuple[Table, ...] = (
    DOSE_REPORT,
    CT_IRRADIATION_EVENT,
    CT_ACCUMULATED_DOSE,
    XRAY_IRRADIATION_EVENT,
    XRAY_ACCUMULATED_DOSE,
    MAMMOGRAPHY_ACCUMULATED_DOSE,
    RADIOPHARMACEUTICAL_ADMINISTRATION,
)
"""Tables whose rows are decoded from dose reports."""

TABLES: tuple[Table, ...] = (
    *REPORT_TABLES,
    SUBMISSION,
    OBJECT_OUTCOME,
    FINDING,
    FACILITY,
    FACILITY_PULL,
    STATEMENT,
    FACILITY_SUMMARY,
    DEVICE_STATEMENT,
    NAME_REVIEW,
    SHARED_REPORT,
    *DECLARED_TABLES,
)
"""Every table of the lake."""

__all__ = [
    "CT_ACCUMULATED_DOSE",
    "CT_IRRADIATION_EVENT",
    "DECLARED_TABLES",
    "DEVICE_STATEMENT",
    "DOSE_REPORT",
    "FACILITY",
    "FACILITY_PULL",
    "FACILITY_SUMMARY",
    "FINDING",
    "MAMMOGRAPHY_ACCUMULATED_DOSE",
    "NAME_REVIEW",
    "OBJECT_OUTCOME",
    "RADIOPHARMACEUTICAL_ADMINISTRATION",
    "REPORT_TABLES",
    "SHARED_REPORT",
    "STATEMENT",
    "SUBMISSION",
    "TABLES",
    "XRAY_ACCUMULATED_DOSE",
    "XRAY_IRRADIATION_EVENT",
]
