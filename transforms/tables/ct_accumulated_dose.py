"""`ct_accumulated_dose`: dose totals stated in a CT report (TID 10012)."""

from __future__ import annotations

import pyarrow as pa
from pydicom.sr.codedict import codes

from transforms.tables.common import REPORT_KEYS
from transforms.tables.schema import Column, Table

CT_ACCUMULATED_DOSE = Table(
    name="ct_accumulated_dose",
    grain="One row per CT accumulated dose container of a decoded report (TID 10012).",
    key=("submission_id", "object_sha256"),
    columns=(
        *REPORT_KEYS,
        Column(
            "total_number_of_irradiation_events",
            pa.float64(),
            "Number of irradiation events that the report states.",
            codes.DCM.TotalNumberOfIrradiationEvents,
            unit="1",
            minimum=0,
            maximum=100_000,
        ),
        Column(
            "dlp_total_mgy_cm",
            pa.float64(),
            "Total dose-length product that the report states; may combine both phantoms.",
            codes.DCM.CTDoseLengthProductTotal,
            unit="mGy.cm",
            minimum=0,
            maximum=1_000_000,
        ),
        Column(
            "dlp_subtotal_head_16cm_mgy_cm",
            pa.float64(),
            "Sub-total of DLP for the 16 cm head phantom.",
            codes.DCM.CTDoseLengthProductSubTotal,
            unit="mGy.cm",
            minimum=0,
            maximum=1_000_000,
        ),
        Column(
            "dlp_subtotal_body_32cm_mgy_cm",
            pa.float64(),
            "Sub-total of DLP for the 32 cm body phantom.",
            codes.DCM.CTDoseLengthProductSubTotal,
            unit="mGy.cm",
            minimum=0,
            maximum=1_000_000,
        ),
    ),
)
