"""`dose_report`: one radiation dose structured report (RDSR)."""

from __future__ import annotations

import pyarrow as pa
from pydicom.sr.codedict import codes

from transforms.tables.common import REPORT_KEYS
from transforms.tables.schema import Column, Table

SCOPES = (
    "study",
    "series",
    "performed_procedure_step",
    "procedure_step_to_this_point",
    "irradiation_event",
)

MODALITIES = ("CT", "MG", "RF", "DX", "NM", "CBCT", "DENTAL", "DXA")
"""Kinds of equipment, with the codes of DICOM where it has one: CBCT is cone beam CT, DENTAL dental
radiography, DXA dual energy X-ray absorptiometry."""

NATIONAL_DEVICE_KEY = Column(
    "national_device_key",
    pa.string(),
    "One X-ray unit, whichever facility sends its reports: keyed HMAC of manufacturer, model and "
    "serial number (or device observer UID if there is no serial number); NULL if the report "
    "states neither.",
    "derived: keyed HMAC",
)

DOSE_REPORT = Table(
    name="dose_report",
    grain="One row per decoded dose report (one DICOM SR instance).",
    key=("submission_id", "object_sha256"),
    columns=(
        *REPORT_KEYS,
        Column(
            "template_id",
            pa.string(),
            "Template identifier that the report states; NULL if it states none.",
            "TemplateIdentifier (0040,DB00)",
        ),
        Column(
            "sop_class_uid",
            pa.string(),
            "SOP class of the report.",
            "SOPClassUID (0008,0016)",
            nullable=False,
        ),
        Column(
            "modality",
            pa.string(),
            "Kind of equipment, determined from the content tree and not from a single "
            "attribute. CT if a report contains both CT and an administration; each has rows in "
            "its own table.",
            "derived: content items present",
            nullable=False,
            allowed=MODALITIES,
        ),
        Column(
            "manufacturer", pa.string(), "Manufacturer of the device.", "Manufacturer (0008,0070)"
        ),
        Column(
            "model_name",
            pa.string(),
            "Model name as the manufacturer writes it.",
            "ManufacturerModelName (0008,1090)",
        ),
        Column(
            "device_key",
            pa.string(),
            "One X-ray unit of one facility: keyed HMAC of facility, manufacturer, model and "
            "serial number (or device observer UID if there is no serial number).",
            "derived: keyed HMAC",
            nullable=False,
        ),
        NATIONAL_DEVICE_KEY,
        Column(
            "software_versions",
            pa.string(),
            "Software versions of the device, separated by a backslash.",
            "SoftwareVersions (0018,1020)",
        ),
        Column(
            "study_date",
            pa.date32(),
            "Date of the study: the first one stated of study date, content date, series date "
            "and start of irradiation; NULL if it is before 1990 or after 2099.",
            "StudyDate (0008,0020)",
        ),
        Column(
            "patient_age_days",
            pa.int32(),
            "Age at the study in days: years x 365.25, months x 30.4375, weeks x 7, rounded "
            "down; from 18 years on in whole years only, and 90 years for all older patients; "
            "NULL if it is not an age or above 130 years.",
            "PatientAge (0010,1010)",
            unit="d",
            minimum=0,
            maximum=32_872,
        ),
        Column(
            "patient_sex",
            pa.string(),
            "Sex as the report states it.",
            "PatientSex (0010,0040)",
            allowed=("M", "F", "O"),
        ),
        Column(
            "patient_weight_kg",
            pa.float64(),
            "Patient weight; NULL if the report has none, or one of 0 or less (not entered).",
            "PatientWeight (0010,1030)",
            unit="kg",
            minimum=0,
        ),
        Column(
            "patient_height_cm",
            pa.float64(),
            "Patient height, converted from metres; NULL if the report has none, or one of 0 or "
            "less (not entered).",
            "PatientSize (0010,1020)",
            unit="cm",
            minimum=0,
        ),
        Column(
            "completion_flag",
            pa.string(),
            "Whether the device marked the report as complete.",
            "CompletionFlag (0040,A491)",
            allowed=("COMPLETE", "PARTIAL"),
        ),
        Column(
            "study_description",
            pa.string(),
            "Study description (free text); used for procedure mapping.",
            "StudyDescription (0008,1030)",
        ),
        Column(
            "requested_procedure",
            pa.string(),
            "Description of the requested procedure; used for procedure mapping.",
            "RequestedProcedureDescription (0032,1060)",
        ),
        Column(
            "procedure_code",
            pa.string(),
            "Requested procedure code, or else performed procedure code, as scheme:value.",
            "RequestedProcedureCodeSequence (0032,1064)",
        ),
        Column(
            "irradiation_started_at",
            pa.string(),
            "Start of X-ray irradiation as ISO 8601, with the precision and UTC offset stated in "
            "the report.",
            codes.DCM.StartOfXRayIrradiation,
        ),
        Column(
            "irradiation_ended_at",
            pa.string(),
            "End of X-ray irradiation, in the form of its start.",
            codes.DCM.EndOfXRayIrradiation,
        ),
        Column(
            "scope_of_accumulation",
            pa.string(),
            "What the totals of the report cover (CID 10000): totals of two reports on the same "
            "study overlap. NULL if the report does not say.",
            codes.DCM.ScopeOfAccumulation,
            allowed=SCOPES,
        ),
        Column(
            "timezone_offset",
            pa.string(),
            "UTC offset of times that state none, as +hh:mm; it is not applied.",
            "TimezoneOffsetFromUTC (0008,0201)",
        ),
        Column(
            "doubtful_text_columns",
            pa.string(),
            "Columns with text whose bytes contradict the declared character set (for example "
            "UTF-8 declared as Latin-1), as table.column. The text is decoded as declared. NULL "
            "if there are none.",
            "derived: SpecificCharacterSet (0008,0005) against bytes",
        ),
        Column(
            "matched_by_meaning",
            pa.string(),
            "Columns whose concept or value was recognised by its code meaning because the code "
            "was unknown, as table.column in order, separated by a space (table.* for the row's "
            "own container); NULL if all codes were known.",
            "derived: how concepts matched",
        ),
        Column(
            "columns_without_value",
            pa.string(),
            "Columns whose content item has no number in the report (a numeric value qualifier "
            "or nothing), as table.column; NULL if there are none.",
            "derived: content items without a number",
        ),
        Column(
            "contradicted_columns",
            pa.string(),
            "Columns left NULL because the report states the quantity twice with different "
            "values, as table.column; NULL if there are none.",
            "derived: repeated content items",
        ),
        Column(
            "qualified_columns",
            pa.string(),
            "Columns left NULL because the report qualifies the number (CID 42), as "
            "table.column=code value, or =other if the code is not a DICOM code; NULL if there "
            "are none.",
            "NumericValueQualifierCodeSequence (0040,A301)",
        ),
        Column(
            "unusable_columns",
            pa.string(),
            "Columns left NULL because the stated value cannot be used, as table.column:reason "
            "code; NULL if there are none. A report with an unusable dose value is refused.",
            "derived: why a value was left out",
        ),
        Column(
            "columns_with_zero_pulses",
            pa.string(),
            "Columns whose mean excludes pulses stated as zero, as table.column; NULL if there "
            "are none.",
            "derived: per-pulse values",
        ),
        Column(
            "identity_warnings",
            pa.string(),
            "Attributes and content items that identify a place or a device and are allowed by "
            "the facility's agreement or the identity check level, in order, separated by a "
            "semicolon; never their values. NULL if there are none.",
            "derived: identity check (PS3.15 Table E.1-1)",
        ),
    ),
)
