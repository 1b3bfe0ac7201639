"""`shared_report`: reports of examinations that several facilities have sent."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.tables.common import FACILITY_ID, OBJECT_SHA256, SUBMISSION_ID
from transforms.tables.dose_report import DOSE_REPORT, NATIONAL_DEVICE_KEY
from transforms.tables.schema import Column, Table

DECISIONS = ("stated", "declared", "more_reports", "undecided")
STEP = "derived: sql/between_facilities"

_OWN = {column.name: column for column in DOSE_REPORT.columns}

SHARED_REPORT = Table(
    name="shared_report",
    grain="One row per accepted report of an examination that another facility has sent too.",
    key=("submission_id", "object_sha256"),
    columns=(
        FACILITY_ID,
        SUBMISSION_ID,
        OBJECT_SHA256,
        _OWN["device_key"],
        NATIONAL_DEVICE_KEY,
        _OWN["study_date"],
        Column(
            "other_facilities",
            pa.string(),
            "Facilities that have sent the same object, report, event or study of this device, "
            "separated by semicolons.",
            STEP,
            nullable=False,
        ),
        Column(
            "n_reports_of_device",
            pa.int64(),
            "Number of different reports of this device that the facility has sent, over all time.",
            STEP,
            nullable=False,
            minimum=1,
        ),
        Column(
            "is_device_declared",
            pa.bool_(),
            "Whether the facility has declared the device (drlake declared load devices).",
            STEP,
            nullable=False,
        ),
        Column(
            "decided_by",
            pa.string(),
            "Why the examination counts where it does. stated: by a statement of the authority; "
            "declared: one facility has declared the device; more_reports: one facility has sent "
            "more reports of the device; undecided: none of these.",
            STEP,
            nullable=False,
            allowed=DECISIONS,
        ),
        replace(
            FACILITY_ID,
            name="counted_at",
            description="Facility at which the examination counts; NULL if undecided.",
            source=STEP,
            nullable=True,
        ),
        Column(
            "shared_exclusion",
            pa.string(),
            "Reason why the report is not used at this facility; NULL where it is used.",
            STEP,
            allowed=(
                "counted_at_another_facility",
                "claimed_by_two_facilities",
                "parted_between_facilities",
            ),
        ),
    ),
)
