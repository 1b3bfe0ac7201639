"""`xray_accumulated_dose`: dose totals per plane in a projection X-ray report (TID 10002)."""

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
            "Total dose (air kerma) at the reference point, for the plane.",
            1_000,
        ),
        measured_column(
            "fluoro_dose_area_product_total_gy_m2",
            "Gy.m2",
            DCM.FluoroDoseAreaProductTotal,
            "Total dose-area product of fluoroscopy.",
            10,
        ),
        measured_column(
            "fluoro_dose_rp_total_gy",
            "Gy",
            DCM.FluoroDoseRPTotal,
            "Total dose (air kerma) at the reference point from fluoroscopy.",
            1_000,
        ),
        measured_column(
            "total_fluoro_time_s", "s", DCM.TotalFluoroTime, "Total fluoroscopy time.", 360_000
        ),
        measured_column(
            "acquisition_dose_area_product_total_gy_m2",
            "Gy.m2",
            DCM.AcquisitionDoseAreaProductTotal,
            "Total dose-area product of acquisitions (stored images).",
            10,
        ),
        measured_column(
            "acquisition_dose_rp_total_gy",
            "Gy",
            DCM.AcquisitionDoseRPTotal,
            "Total dose (air kerma) at the reference point from acquisitions (stored images).",
            1_000,
        ),
        measured_column(
            "total_acquisition_time_s",
            "s",
            DCM.TotalAcquisitionTime,
            "Total acquisition time.",
            360_000,
        ),
        measured_column(
            "total_number_of_radiographic_frames",
            "1",
            DCM.TotalNumberOfRadiographicFrames,
            "Total number of acquired frames.",
            1_000_000,
        ),
        Column(
            "reference_point_definition",
            pa.string(),
            "Definition of the reference point of Dose (RP), as text or code meaning.",
            DCM.ReferencePointDefinition,
        ),
    ),
)
