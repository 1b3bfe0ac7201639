"""`object_outcome`: what became of one received object at one stage, and why."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.tables.common import FACILITY_ID, OBJECT_INDEX, OBJECT_SHA256, SUBMISSION_ID
from transforms.tables.schema import Column, Table

STAGES = ("receive", "decode", "validate")
OUTCOMES = ("received", "decoded", "accepted", "quarantined", "duplicate")

OBJECT_OUTCOME = Table(
    name="object_outcome",
    grain="One row per object and stage it reached; the last stage says how the object ended.",
    key=("submission_id", "object_index", "stage"),
    columns=(
        FACILITY_ID,
        SUBMISSION_ID,
        replace(
            OBJECT_SHA256,
            description="SHA-256 of the received bytes; NULL where they could not be read.",
            nullable=True,
        ),
        OBJECT_INDEX,
        Column(
            "name_key",
            pa.string(),
            "Keyed HMAC of the object's name at the facility: names may identify a patient.",
            "derived: keyed HMAC",
            nullable=False,
        ),
        Column(
            "stage",
            pa.string(),
            "Station of the line that says this.",
            "derived",
            nullable=False,
            allowed=STAGES,
        ),
        Column(
            "outcome",
            pa.string(),
            "received, decoded or accepted go on; quarantined and duplicate end here.",
            "derived",
            nullable=False,
            allowed=OUTCOMES,
        ),
        Column(
            "reason_code",
            pa.string(),
            "Why it was quarantined or a duplicate; NULL where it went on.",
            "derived: transforms/reasons.py",
        ),
        Column(
            "detail",
            pa.string(),
            "Where in the object the reason was found; never a value of it.",
            "derived",
        ),
        Column(
            "signature_key",
            pa.string(),
            "Keyed HMAC of name, size and modification time of the file at the facility, of the "
            "archive for its members: a file that has it already is not read again.",
            "derived: keyed HMAC",
        ),
        Column(
            "object_bytes",
            pa.int64(),
            "Bytes of the object; NULL where they could not be read.",
            "derived: size",
            unit="By",
            minimum=0,
        ),
    ),
)
