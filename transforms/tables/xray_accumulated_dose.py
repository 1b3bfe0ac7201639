"""`xray_accumulated_dose`: the totals a projection report states per plane (TID 10002)."""

from __future__ import annotations

import pyarrow as pa
from pydicom.sr.codedict import codes

from transforms.tables.common import ACQUISITION_PLANE, REPORT_KEYS, measured_column
from transforms.tables.schema import Column, Table

DCM = codes.DCM


XRAY_ACCUMULATED_DOSE = Table(
    name="xray_accumulated_dose",
    grain="One row per accumulated X-ray dose container that states a total (TID 10004 to 10007): "
    "one per plane.",
    key=("submission_id", "object_sha256", "plane_index"),
    columns=(
        *REPORT_KEYS,
        Column(
            "plane_index",
            pa.int32(),
            "Position of the container in the report, from 1, in document order.",
            "derived: document order",
            nullable=False,
            minimum=1,
        ),
        ACQUISITION_PLANE,
        measured_column(
            "dose_area_product_total_gy_m2",
            "Gy.m2",
            DCM.DoseAreaProductTotal,
            "Total dose-area product of the plane.",
            10,
        ),
        measured_column(
            "dose_rp_total_gy",
            "Gy",
            DCM.DoseRPTotal,
            "Total dose at the reference point of the plane.",
            1_000,
        ),
        measured_column(
            "fluoro_dose_area_product_total_gy_m2",
            "Gy.m2",
            DCM.FluoroDoseAreaProductTotal,
            "Dose-area product of fluoroscopy.",
            10,
        ),
        measured_column(
            "fluoro_dose_rp_total_gy",
            "Gy",
            DCM.FluoroDoseRPTotal,
            "Dose at the reference point of fluoroscopy.",
            1_000,
        ),
        measured_column(
            "total_fluoro_time_s", "s", DCM.TotalFluoroTime, "Time of fluoroscopy, summed.", 360_000
        ),
        measured_column(
            "acquisition_dose_area_product_total_gy_m2",
            "Gy.m2",
            DCM.AcquisitionDoseAreaProductTotal,
            "Dose-area product of acquisitions (images kept).",
            10,
        ),
        measured_column(
            "acquisition_dose_rp_total_gy",
            "Gy",
            DCM.AcquisitionDoseRPTotal,
            "Dose at the reference point of acquisitions (images kept).",
            1_000,
        ),
        measured_column(
            "total_acquisition_time_s",
            "s",
            DCM.TotalAcquisitionTime,
            "Time of acquisitions, summed.",
            360_000,
        ),
        measured_column(
            "total_number_of_radiographic_frames",
            "1",
            DCM.TotalNumberOfRadiographicFrames,
            "Frames of acquisitions.",
            1_000_000,
        ),
        Column(
            "reference_point_definition",
            pa.string(),
            "Point that the dose (RP) is stated for, as text or as the meaning of its code.",
            DCM.ReferencePointDefinition,
        ),
    ),
)
