"""`object_outcome`: outcome of one received object at one stage, with the reason."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.tables.common import FACILITY_ID, OBJECT_INDEX, OBJECT_SHA256, SUBMISSION_ID
from transforms.tables.schema import Column, Table

STAGES = ("receive", "decode", "validate")
OUTCOMES = ("received", "decoded", "accepted", "quarantined", "duplicate", "held")

OBJECT_OUTCOME = Table(
    name="object_outcome",
    grain="One row per object and stage reached; the last stage has the final outcome.",
    key=("submission_id", "object_index", "stage"),
    columns=(
        FACILITY_ID,
        SUBMISSION_ID,
        replace(
            OBJECT_SHA256,
            description="SHA-256 checksum of the received file; NULL if it could not be read.",
            nullable=True,
        ),
        OBJECT_INDEX,
        Column(
            "name_key",
            pa.string(),
            "Keyed HMAC of the object's file name at the facility, since names may identify a "
            "patient.",
            "derived: keyed HMAC",
            nullable=False,
        ),
        Column(
            "stage",
            pa.string(),
            "Processing stage that assigned the outcome.",
            "derived",
            nullable=False,
            allowed=STAGES,
        ),
        Column(
            "outcome",
            pa.string(),
            "received, decoded and accepted objects continue to the next stage; quarantined and "
            "duplicate objects end here; a held object waits until it is validated again.",
            "derived",
            nullable=False,
            allowed=OUTCOMES,
        ),
        Column(
            "reason_code",
            pa.string(),
            "Reason code of a quarantined, held or duplicate object; NULL otherwise.",
            "derived: transforms/reasons/objects.py",
        ),
        Column(
            "detail",
            pa.string(),
            "Place in the object where the reason was found; never a value of the object.",
            "derived",
        ),
        Column(
            "signature_key",
            pa.string(),
            "Keyed HMAC of name, size and modification time of the file at the facility (for "
            "members of an archive: of the archive). A file with a known signature is not read "
            "again.",
            "derived: keyed HMAC",
        ),
        Column(
            "object_bytes",
            pa.int64(),
            "Size of the object in bytes; NULL if it could not be read.",
            "derived: size",
            unit="By",
            minimum=0,
        ),
    ),
)
