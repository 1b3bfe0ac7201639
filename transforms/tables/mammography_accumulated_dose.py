"""`mammography_accumulated_dose`: accumulated average glandular dose per breast (TID 10005)."""

from __future__ import annotations

import pyarrow as pa
from pydicom.sr.codedict import codes

from transforms.tables.common import REPORT_KEYS
from transforms.tables.schema import Column, Table

BREAST_LATERALITIES = ("left", "right", "both")

MAMMOGRAPHY_ACCUMULATED_DOSE = Table(
    name="mammography_accumulated_dose",
    grain="One row per accumulated average glandular dose of a decoded report: one per breast.",
    key=("submission_id", "object_sha256", "breast_index"),
    columns=(
        *REPORT_KEYS,
        Column(
            "breast_index",
            pa.int32(),
            "Position of the value in the report, from 1, in document order.",
            "derived: document order",
            nullable=False,
            minimum=1,
        ),
        Column(
            "laterality",
            pa.string(),
            "Breast that the value refers to.",
            codes.SCT.Laterality,
            allowed=BREAST_LATERALITIES,
        ),
        Column(
            "accumulated_average_glandular_dose_mgy",
            pa.float64(),
            "Average glandular dose summed over the events of the breast; a device may state "
            "zero for a breast that was not exposed.",
            codes.DCM.AccumulatedAverageGlandularDose,
            unit="mGy",
            minimum=0,
            maximum=1_000,
        ),
    ),
)
