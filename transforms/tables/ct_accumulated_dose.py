"""`ct_accumulated_dose`: the totals a CT report states (TID 10012)."""

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
            "Number of events the report says it holds.",
            codes.DCM.TotalNumberOfIrradiationEvents,
            unit="1",
            minimum=0,
            maximum=100_000,
        ),
        Column(
            "dlp_total_mgy_cm",
            pa.float64(),
            "Total dose-length product the report states; may mix phantoms.",
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
