"""`ct_irradiation_event`: one CT acquisition (TID 10013, with TID 10014 and TID 10015)."""

from __future__ import annotations

import pyarrow as pa
from pydicom.sr.codedict import codes

from transforms.tables.common import REPORT_KEYS, measured_column
from transforms.tables.schema import Column, Table

CT_ACQUISITION_TYPES = (
    *("constant_angle", "spiral", "sequenced", "stationary", "free", "cone_beam"),
)
LEVEL_PHANTOMS = ("head_16cm", "body_32cm")
"""Phantoms that reference levels and sub-totals of DLP refer to."""

CTDIW_PHANTOMS = (*LEVEL_PHANTOMS, "small_10cm")

DCM = codes.DCM


def _dose_check(prefix: str, word: str) -> tuple[Column, ...]:
    """The four columns of TID 10015 for one of the two thresholds (alert, notification)."""
    dlp_flag, ctdi_flag, dlp_value, ctdi_value = {
        "alert": (
            DCM.DLPAlertValueConfigured,
            DCM.CtdivolAlertValueConfigured,
            DCM.DLPAlertValue,
            DCM.CtdivolAlertValue,
        ),
        "notification": (
            DCM.DLPNotificationValueConfigured,
            DCM.CtdivolNotificationValueConfigured,
            DCM.DLPNotificationValue,
            DCM.CtdivolNotificationValue,
        ),
    }[prefix]
    return (
        Column(
            f"ctdivol_{prefix}_configured",
            pa.bool_(),
            f"Whether a CTDIvol {word} value was configured on the scanner (NEMA XR 25).",
            ctdi_flag,
        ),
        measured_column(
            f"ctdivol_{prefix}_value_mgy",
            "mGy",
            ctdi_value,
            f"Configured CTDIvol {word} value.",
            100_000,
        ),
        Column(
            f"dlp_{prefix}_configured",
            pa.bool_(),
            f"Whether a DLP {word} value was configured on the scanner (NEMA XR 25).",
            dlp_flag,
        ),
        measured_column(
            f"dlp_{prefix}_value_mgy_cm",
            "mGy.cm",
            dlp_value,
            f"Configured DLP {word} value.",
            1_000_000,
        ),
    )


CT_IRRADIATION_EVENT = Table(
    name="ct_irradiation_event",
    grain="One row per CT acquisition of a decoded report (TID 10013), in document order.",
    key=("submission_id", "object_sha256", "event_index"),
    columns=(
        *REPORT_KEYS,
        Column(
            "event_key",
            pa.string(),
            "Keyed HMAC of the Irradiation Event UID; NULL if the report has none.",
            DCM.IrradiationEventUID,
        ),
        Column(
            "event_index",
            pa.int32(),
            "Position of the event in the report, from 1, in document order.",
            "derived: document order",
            nullable=False,
            minimum=1,
        ),
        Column(
            "acquisition_protocol",
            pa.string(),
            "Acquisition protocol name selected by the operator.",
            DCM.AcquisitionProtocol,
        ),
        Column(
            "target_region",
            pa.string(),
            "Anatomy scanned, as code meaning.",
            DCM.TargetRegion,
        ),
        Column(
            "target_region_code",
            pa.string(),
            "Anatomy scanned, as scheme:value.",
            DCM.TargetRegion,
        ),
        Column(
            "ct_acquisition_type",
            pa.string(),
            "CT acquisition type (CID 10013); constant_angle is the localizer. NULL for a maker's "
            "own type.",
            DCM.CTAcquisitionType,
            allowed=CT_ACQUISITION_TYPES,
        ),
        Column(
            "is_repeated_acquisition",
            pa.bool_(),
            "Whether the scan repeats one that was unsatisfactory; NULL if not stated.",
            DCM.IsRepeatedAcquisition,
        ),
        measured_column("exposure_time_s", "s", DCM.ExposureTime, "Total exposure time.", 36_000),
        measured_column(
            "scanning_length_mm", "mm", DCM.ScanningLength, "Length of the scan.", 10_000
        ),
        measured_column(
            "exposed_range_mm",
            "mm",
            DCM.ExposedRange,
            "Length of the patient in the beam, including over-ranging.",
            10_000,
        ),
        measured_column(
            "nominal_single_collimation_width_mm",
            "mm",
            DCM.NominalSingleCollimationWidth,
            "Width of one detector row at the isocentre.",
            1_000,
        ),
        measured_column(
            "nominal_total_collimation_width_mm",
            "mm",
            DCM.NominalTotalCollimationWidth,
            "Total width of the active detector rows at the isocentre.",
            10_000,
        ),
        measured_column(
            "pitch_factor",
            "1",
            DCM.PitchFactor,
            "Table feed per rotation divided by the total collimation width.",
            100,
        ),
        measured_column(
            "number_of_xray_sources",
            "1",
            DCM.NumberOfXRaySources,
            "Number of X-ray sources used in the event.",
            10,
        ),
        measured_column("kvp_kv", "kV", DCM.KVP, "Tube voltage of the first source.", 500),
        measured_column(
            "tube_current_ma", "mA", DCM.XRayTubeCurrent, "Mean current of the first source.", 5_000
        ),
        measured_column(
            "maximum_tube_current_ma",
            "mA",
            DCM.MaximumXRayTubeCurrent,
            "Highest current of the first source.",
            5_000,
        ),
        measured_column(
            "exposure_time_per_rotation_s",
            "s",
            DCM.ExposureTimePerRotation,
            "Rotation time of the first source.",
            100,
        ),
        measured_column(
            "mean_ctdivol_mgy", "mGy", DCM.MeanCtdivol, "Mean CTDIvol of the event.", 100_000
        ),
        Column(
            "ctdiw_phantom",
            pa.string(),
            "Phantom that CTDIvol and DLP refer to (CID 4052); NULL for a phantom that is not "
            "listed.",
            DCM.CtdiwPhantomType,
            allowed=CTDIW_PHANTOMS,
        ),
        measured_column(
            "dlp_mgy_cm", "mGy.cm", DCM.DLP, "Dose-length product of the event.", 1_000_000
        ),
        measured_column(
            "ssde_mgy",
            "mGy",
            DCM.SizeSpecificDoseEstimate,
            "Size-specific dose estimate (SSDE); NULL if the scanner does not give it.",
            100_000,
        ),
        measured_column(
            "water_equivalent_diameter_mm",
            "mm",
            DCM.WaterEquivalentDiameter,
            "Patient size as water-equivalent diameter.",
            2_000,
        ),
        Column(
            "xray_modulation_type",
            pa.string(),
            "Tube current modulation, in the scanner's own words.",
            DCM.XRayModulationType,
        ),
        Column(
            "reconstruction_algorithm",
            pa.string(),
            "Reconstruction algorithms: Iterative Reconstruction or Filtered Back Projection; any "
            "other as code meaning; several joined with ' + ' in document order.",
            DCM.ReconstructionAlgorithm,
        ),
        *_dose_check("alert", "alert"),
        *_dose_check("notification", "notification"),
    ),
)
