"""`xray_irradiation_event`: one projection X-ray or mammography event (TID 10003)."""

from __future__ import annotations

import pyarrow as pa
from pydicom.sr.codedict import codes

from transforms.tables.common import ACQUISITION_PLANE, REPORT_KEYS, measured_column, text_column
from transforms.tables.schema import Column, Table

IRRADIATION_EVENT_TYPES = ("fluoroscopy", "stationary", "stepping", "rotational")
EVENT_LATERALITIES = ("left", "right", "both", "unilateral")

DCM = codes.DCM


PER_PULSE = "arithmetic mean if the report states one value per pulse"

IDENTITY = (
    text_column(
        "event_key",
        DCM.IrradiationEventUID,
        "Keyed HMAC of the Irradiation Event UID; NULL if the report has none.",
    ),
    Column(
        "event_index",
        pa.int32(),
        "Position of the event in the report, from 1, in document order.",
        "derived: document order",
        nullable=False,
        minimum=1,
    ),
    ACQUISITION_PLANE,
    Column(
        "irradiation_event_type",
        pa.string(),
        "Type of irradiation event (CID 10002); NULL for a maker's own type.",
        DCM.IrradiationEventType,
        allowed=IRRADIATION_EVENT_TYPES,
    ),
    text_column(
        "acquisition_protocol",
        DCM.AcquisitionProtocol,
        "Name of the acquisition protocol selected for the event.",
    ),
    text_column(
        "started_at",
        DCM.DatetimeStarted,
        "Start of the event as ISO 8601, with the precision and UTC offset stated in the report.",
    ),
    text_column("target_region", DCM.TargetRegion, "Anatomy irradiated, as code meaning."),
    text_column("target_region_code", DCM.TargetRegion, "Anatomy irradiated, as scheme:value."),
    Column(
        "laterality",
        pa.string(),
        "Laterality of the target region (CP 1676), or else of the anatomical structure.",
        codes.SCT.Laterality,
        allowed=EVENT_LATERALITIES,
    ),
    text_column(
        "image_view",
        DCM.ImageView,
        "View: cranio_caudal, medio_lateral_oblique, medio_lateral or latero_medial; any other "
        "view as code meaning.",
    ),
    text_column(
        "reference_point_definition",
        DCM.ReferencePointDefinition,
        "Definition of the reference point of Dose (RP), as text or code meaning.",
    ),
)

DOSE = (
    measured_column(
        "dose_area_product_gy_m2",
        "Gy.m2",
        DCM.DoseAreaProduct,
        "Dose-area product (kerma-area product) of the event.",
        10,
    ),
    measured_column(
        "dose_rp_gy", "Gy", DCM.DoseRP, "Dose (air kerma) at the reference point of the event.", 100
    ),
)

EXPOSURE = (
    measured_column("kvp_kv", "kV", DCM.KVP, f"Tube voltage; {PER_PULSE}.", 500),
    measured_column(
        "tube_current_ma", "mA", DCM.XRayTubeCurrent, f"Tube current; {PER_PULSE}.", 5_000
    ),
    measured_column(
        "average_tube_current_ma",
        "mA",
        DCM.AverageXRayTubeCurrent,
        "Average tube current of the event, computed by the device.",
        5_000,
    ),
    measured_column(
        "exposure_time_ms",
        "ms",
        DCM.ExposureTime,
        "Exposure time, summed over the pulses by the device.",
        36_000_000,
    ),
    measured_column("pulse_width_ms", "ms", DCM.PulseWidth, f"Pulse width; {PER_PULSE}.", 100_000),
    measured_column(
        "number_of_pulses", "1", DCM.NumberOfPulses, "Number of pulses (or frames).", 1_000_000
    ),
    measured_column("pulse_rate_per_s", "{pulse}/s", DCM.PulseRate, "Pulses per second.", 1_000),
    measured_column(
        "irradiation_duration_s",
        "s",
        DCM.IrradiationDuration,
        "Time from the first to the last pulse.",
        36_000,
    ),
    measured_column(
        "exposure_ua_s",
        "uA.s",
        DCM.Exposure,
        "Tube current-time product of the event; sum if the report states one value per pulse.",
        1e10,
    ),
)

GEOMETRY = (
    measured_column(
        "distance_source_to_detector_mm",
        "mm",
        DCM.DistanceSourceToDetector,
        "Distance from the focal spot to the detector.",
        10_000,
    ),
    measured_column(
        "distance_source_to_isocenter_mm",
        "mm",
        DCM.DistanceSourceToIsocenter,
        "Distance from the focal spot to the isocentre; C-arms only.",
        10_000,
    ),
    measured_column(
        "distance_source_to_reference_point_mm",
        "mm",
        DCM.DistanceSourceToReferencePoint,
        "Distance from the focal spot to the reference point of Dose (RP).",
        10_000,
    ),
    measured_column(
        "collimated_field_area_m2",
        "m2",
        DCM.CollimatedFieldArea,
        "Area of the collimated beam at the detector plane.",
        4,
    ),
    measured_column(
        "positioner_primary_angle_deg",
        "deg",
        DCM.PositionerPrimaryAngle,
        "Left-right (LAO/RAO) angle of the beam, as in (0018,1510).",
        360,
        minimum=-360,
    ),
    measured_column(
        "positioner_secondary_angle_deg",
        "deg",
        DCM.PositionerSecondaryAngle,
        "Cranio-caudal angle of the beam, as in (0018,1511).",
        360,
        minimum=-360,
    ),
)

MAMMOGRAPHY = (
    measured_column(
        "average_glandular_dose_mgy",
        "mGy",
        DCM.AverageGlandularDose,
        "Average glandular dose of the event.",
        1_000,
    ),
    measured_column(
        "entrance_exposure_rp_mgy",
        "mGy",
        DCM.EntranceExposureAtRP,
        "Entrance exposure at the reference point of the breast.",
        10_000,
    ),
    measured_column(
        "compression_thickness_mm",
        "mm",
        DCM.CompressionThickness,
        "Compressed breast thickness.",
        500,
    ),
    measured_column("compression_force_n", "N", DCM.CompressionForce, "Compression force.", 1_000),
    measured_column(
        "half_value_layer_mm",
        "mm",
        DCM.HalfValueLayer,
        "Half value layer of the beam in aluminium.",
        100,
    ),
    text_column(
        "anode_target_material",
        DCM.AnodeTargetMaterial,
        "Target: tungsten, molybdenum or rhodium; any other as code meaning.",
    ),
    text_column(
        "filter_material",
        DCM.XRayFilterMaterial,
        "Filter: aluminium, copper, molybdenum, niobium, rhodium, silver …; any other as code "
        "meaning; several materials joined with ' + ' in document order.",
    ),
)

XRAY_IRRADIATION_EVENT = Table(
    name="xray_irradiation_event",
    grain="One row per X-ray irradiation event of a decoded report (TID 10003), in document order.",
    key=("submission_id", "object_sha256", "event_index"),
    columns=(*REPORT_KEYS, *IDENTITY, *DOSE, *EXPOSURE, *GEOMETRY, *MAMMOGRAPHY),
)
