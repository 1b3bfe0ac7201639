"""`dose_report`: one RDSR instance."""

from __future__ import annotations

import pyarrow as pa
from pydicom.sr.codedict import codes

from transforms.tables.common import REPORT_KEYS
from transforms.tables.schema import Column, Table

MODALITIES = ("CT", "MG", "RF", "DX", "NM")

DOSE_REPORT = Table(
    name="dose_report",
    grain="One row per decoded dose report (one DICOM SR instance).",
    key=("submission_id", "object_sha256"),
    columns=(
        *REPORT_KEYS,
        Column(
            "template_id",
            pa.string(),
            "Template the report says it follows; empty where it does not say.",
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
            "Kind of equipment, decided from the content tree and not from one attribute; CT where "
            "a report holds CT and an administration, whose rows stand in their own tables.",
            "derived: content items present",
            nullable=False,
            allowed=MODALITIES,
        ),
        Column("manufacturer", pa.string(), "Maker of the device.", "Manufacturer (0008,0070)"),
        Column(
            "model_name",
            pa.string(),
            "Model of the device as its maker writes it.",
            "ManufacturerModelName (0008,1090)",
        ),
        Column(
            "device_key",
            pa.string(),
            "One X-ray unit of one facility: keyed HMAC of facility, maker, model and serial "
            "number (observer UID where no serial number is given).",
            "derived: keyed HMAC",
            nullable=False,
        ),
        Column(
            "software_versions",
            pa.string(),
            "Software of the device; several are joined with a backslash.",
            "SoftwareVersions (0018,1020)",
        ),
        Column(
            "study_date",
            pa.date32(),
            "Day of the study: of study, content and series date and the start of irradiation the "
            "first that the report states; NULL where that day lies before 1990 or after 2099.",
            "StudyDate (0008,0020)",
        ),
        Column(
            "patient_age_days",
            pa.int32(),
            "Age at the study in days: years x 365.25, months x 30.4375, weeks x 7, rounded down; "
            "from 18 years on the days of whole years, and those of 90 years for all ages above; "
            "NULL where it is no age or of more than 130 years.",
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
            "Weight; NULL where the report has none.",
            "PatientWeight (0010,1030)",
            unit="kg",
            minimum=0,
        ),
        Column(
            "patient_height_cm",
            pa.float64(),
            "Height; the attribute is in metres and is converted.",
            "PatientSize (0010,1020)",
            unit="cm",
            minimum=0,
        ),
        Column(
            "completion_flag",
            pa.string(),
            "Whether the device called the report complete.",
            "CompletionFlag (0040,A491)",
            allowed=("COMPLETE", "PARTIAL"),
        ),
        Column(
            "study_description",
            pa.string(),
            "Free text of the study; a key for procedure mapping.",
            "StudyDescription (0008,1030)",
        ),
        Column(
            "requested_procedure",
            pa.string(),
            "Description of the requested procedure; a key for procedure mapping.",
            "RequestedProcedureDescription (0032,1060)",
        ),
        Column(
            "procedure_code",
            pa.string(),
            "Requested (else performed) procedure code as scheme:value.",
            "RequestedProcedureCodeSequence (0032,1064)",
        ),
        Column(
            "irradiation_started_at",
            pa.string(),
            "Start of X-ray irradiation as ISO 8601, with the precision and the offset stated.",
            codes.DCM.StartOfXRayIrradiation,
        ),
        Column(
            "timezone_offset",
            pa.string(),
            "Offset from UTC of the times that state none, as +hh:mm; it is not applied.",
            "TimezoneOffsetFromUTC (0008,0201)",
        ),
        Column(
            "doubtful_text_columns",
            pa.string(),
            "Columns whose text stands as the declared character set reads it although its bytes "
            "cannot be, or most likely are not, of that set (UTF-8 declared as Latin-1), as "
            "table.column; NULL where there is none.",
            "derived: SpecificCharacterSet (0008,0005) against bytes",
        ),
        Column(
            "matched_by_meaning",
            pa.string(),
            "Columns whose concept or word was recognised by its meaning since its code did not "
            "name it, as table.column in order, joined with a blank (table.* where it is the row's "
            "own container); NULL where all codes did.",
            "derived: how concepts matched",
        ),
        Column(
            "columns_without_value",
            pa.string(),
            "Columns whose content item stands in the report without a number (a numeric value "
            "qualifier or nothing at all), as table.column; NULL where there is none.",
            "derived: content items without a number",
        ),
        Column(
            "contradicted_columns",
            pa.string(),
            "Columns left NULL since the report states the quantity twice with different values, "
            "as table.column; NULL where there is none.",
            "derived: repeated content items",
        ),
        Column(
            "qualified_columns",
            pa.string(),
            "Columns left NULL since the report qualifies the number (CID 42), as table.column="
            "code value, or =other where the code is none of DICOM's; NULL where there is none.",
            "NumericValueQualifierCodeSequence (0040,A301)",
        ),
        Column(
            "unusable_columns",
            pa.string(),
            "Columns left NULL since what the report says cannot be used, as table.column:reason "
            "code; NULL where there is none. A dose that cannot be used refuses the report.",
            "derived: why a value was left out",
        ),
        Column(
            "columns_with_zero_pulses",
            pa.string(),
            "Columns whose mean leaves out pulses stated as zero, as table.column; NULL where "
            "there is none.",
            "derived: per-pulse values",
        ),
        Column(
            "identity_warnings",
            pa.string(),
            "Attributes and content items that name a place or a device and that the facility's "
            "agreement or the level of the identity check lets through, in order, joined with a "
            "semicolon; never their values. NULL where there is none.",
            "derived: identity check (PS3.15 Table E.1-1)",
        ),
    ),
)
