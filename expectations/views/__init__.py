"""Tables of one submission as pandas frames with the derived columns that rules check.

A derived column is NULL where its rule does not apply, and Great Expectations does not check NULLs.
So the exceptions of a rule are defined here, in one place, and can be tested without Great
Expectations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandas as pd

from expectations.views.accumulated import accumulated_dose_frame
from expectations.views.administrations import administration_frame
from expectations.views.breasts import breast_total_frame
from expectations.views.device_doses import device_dose_frame
from expectations.views.device_weights import device_weight_frame
from expectations.views.events import event_frame
from expectations.views.frames import ROW_NUMBER, SubmissionTables, to_frame
from expectations.views.impossible import with_impossible_columns
from expectations.views.reports import report_frame
from expectations.views.submissions import submission_frame
from expectations.views.xray_events import xray_event_frame
from expectations.views.xray_totals import xray_total_frame
from transforms.tables import (
    CT_ACCUMULATED_DOSE,
    CT_IRRADIATION_EVENT,
    DOSE_REPORT,
    MAMMOGRAPHY_ACCUMULATED_DOSE,
    RADIOPHARMACEUTICAL_ADMINISTRATION,
    SUBMISSION,
    TABLES,
    XRAY_ACCUMULATED_DOSE,
    XRAY_IRRADIATION_EVENT,
)

FRAMES: Mapping[str, Callable[[SubmissionTables], pd.DataFrame]] = {
    SUBMISSION.name: submission_frame,
    DOSE_REPORT.name: report_frame,
    CT_ACCUMULATED_DOSE.name: accumulated_dose_frame,
    CT_IRRADIATION_EVENT.name: event_frame,
    XRAY_ACCUMULATED_DOSE.name: xray_total_frame,
    XRAY_IRRADIATION_EVENT.name: xray_event_frame,
    MAMMOGRAPHY_ACCUMULATED_DOSE.name: breast_total_frame,
    RADIOPHARMACEUTICAL_ADMINISTRATION.name: administration_frame,
}
"""The frame of each table, in the order in which findings are listed."""

DEVICE_DOSE = "device_dose"
"""Frame of the devices' medians from all tables; it is checked after them."""
DEVICE_WEIGHT = "device_weight"
"""Frame of the patient weights that each device states; it is checked last."""

FRAMES_CHECKED = (*FRAMES, DEVICE_DOSE, DEVICE_WEIGHT)
"""Every frame, in the order in which findings are listed."""


def plain_frames(tables: SubmissionTables) -> dict[str, pd.DataFrame]:
    """The tables without derived columns, in the same order."""
    named = {
        SUBMISSION.name: tables.submission,
        DOSE_REPORT.name: tables.reports,
        CT_ACCUMULATED_DOSE.name: tables.accumulated,
        CT_IRRADIATION_EVENT.name: tables.events,
        XRAY_ACCUMULATED_DOSE.name: tables.xray_accumulated,
        XRAY_IRRADIATION_EVENT.name: tables.xray_events,
        MAMMOGRAPHY_ACCUMULATED_DOSE.name: tables.breast_accumulated,
        RADIOPHARMACEUTICAL_ADMINISTRATION.name: tables.administrations,
    }
    return {name: to_frame(named[name]) for name in FRAMES}


def checked_frames(tables: SubmissionTables, names: Iterable[str]) -> dict[str, pd.DataFrame]:
    """The named tables with their derived columns, and the frames of devices that have rows."""
    declared = {table.name: table for table in TABLES}
    frames = {name: with_impossible_columns(FRAMES[name](tables), declared[name]) for name in names}
    devices = {
        DEVICE_DOSE: device_dose_frame(frames),
        DEVICE_WEIGHT: device_weight_frame(frames),
    }
    return {**frames, **{name: frame for name, frame in devices.items() if len(frame)}}


__all__ = [
    "DEVICE_DOSE",
    "DEVICE_WEIGHT",
    "FRAMES",
    "FRAMES_CHECKED",
    "ROW_NUMBER",
    "SubmissionTables",
    "checked_frames",
    "plain_frames",
]
