"""The one declaration of every column: one module per table."""

from __future__ import annotations

from transforms.schema import Table
from transforms.tables.ct_accumulated_dose import CT_ACCUMULATED_DOSE
from transforms.tables.ct_irradiation_event import CT_IRRADIATION_EVENT
from transforms.tables.dose_report import DOSE_REPORT
from transforms.tables.finding import FINDING
from transforms.tables.object_outcome import OBJECT_OUTCOME
from transforms.tables.submission import SUBMISSION

REPORT_TABLES: tuple[Table, ...] = (DOSE_REPORT, CT_IRRADIATION_EVENT, CT_ACCUMULATED_DOSE)
"""Tables whose rows come out of a dose report."""

TABLES: tuple[Table, ...] = (*REPORT_TABLES, SUBMISSION, OBJECT_OUTCOME, FINDING)
"""Every table of the lake."""

__all__ = [
    "CT_ACCUMULATED_DOSE",
    "CT_IRRADIATION_EVENT",
    "DOSE_REPORT",
    "FINDING",
    "OBJECT_OUTCOME",
    "REPORT_TABLES",
    "SUBMISSION",
    "TABLES",
]
