"""Columns that several tables share."""

from __future__ import annotations

import pyarrow as pa
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from transforms.tables.schema import Column


def measured_column(
    name: str,
    unit: str,
    source: Code,
    description: str,
    maximum: float,
    minimum: float = 0,
) -> Column:
    """A measured value as float64; NULL if the report has none, zero only if it states zero."""
    return Column(
        name=name,
        type=pa.float64(),
        description=description,
        source=source,
        unit=unit,
        minimum=minimum,
        maximum=maximum,
    )


def text_column(name: str, source: Code | str, description: str) -> Column:
    """A text of the report; NULL if it has none."""
    return Column(name, pa.string(), description, source)


FACILITY_ID = Column(
    name="facility_id",
    type=pa.string(),
    description="Facility that submitted: the authority's identifier, never a DICOM attribute.",
    source="derived: folder of the export",
    nullable=False,
)
SUBMISSION_ID = Column(
    name="submission_id",
    type=pa.string(),
    description="Submission: the objects received from a facility in one pull.",
    source="derived: facility and SHA-256 of the objects",
    nullable=False,
)
OBJECT_SHA256 = Column(
    name="object_sha256",
    type=pa.string(),
    description="SHA-256 checksum of the received file, in hexadecimal.",
    source="derived: SHA-256 of the object",
    nullable=False,
)
OBJECT_INDEX = Column(
    name="object_index",
    type=pa.int32(),
    description="Position of the object in its submission, from 1, in order of object names.",
    source="derived: order in the export",
    nullable=False,
    minimum=1,
)
REPORT_KEY = Column(
    name="report_key",
    type=pa.string(),
    description="Keyed HMAC of the SOP Instance UID: equal UIDs give equal keys.",
    source="SOPInstanceUID (0008,0018)",
    nullable=False,
)
STUDY_KEY = Column(
    name="study_key",
    type=pa.string(),
    description="Keyed HMAC of the Study Instance UID.",
    source="StudyInstanceUID (0020,000D)",
    nullable=False,
)

OBJECT_KEYS = (FACILITY_ID, SUBMISSION_ID, OBJECT_SHA256)
REPORT_KEYS = (*OBJECT_KEYS, REPORT_KEY, STUDY_KEY)

ACQUISITION_PLANES = ("single_plane", "plane_a", "plane_b", "all_planes")
ACQUISITION_PLANE = Column(
    name="acquisition_plane",
    type=pa.string(),
    description="Plane of a biplane system, from its code (never from the order of containers).",
    source=codes.DCM.AcquisitionPlane,
    allowed=ACQUISITION_PLANES,
)
