"""`declared_deliverable`: deliverables promised under a commitment, and their status."""

from __future__ import annotations

import pyarrow as pa

from transforms.tables.declared.common import EVIDENCE_URI, FORM, OF_A_LOAD, day, text, word
from transforms.tables.schema import Column, Table

DELIVERABLE_STATUSES = ("achieved", "ongoing", "delayed", "cancelled")

DECLARED_DELIVERABLE = Table(
    name="declared_deliverable",
    grain="One row per deliverable and load; only the latest load is used.",
    key=("commitment_number", "wording_version", "deliverable_id", "sequence_number"),
    columns=(
        Column(
            "commitment_number",
            pa.int32(),
            "Number of the commitment, 1 to 4.",
            FORM,
            nullable=False,
            minimum=1,
            maximum=4,
        ),
        word("wording_version", "Version of the commitment's wording, as in commitments.csv."),
        word("deliverable_id", "Short name of the deliverable, unique within its commitment."),
        word("deliverable", "Promised deliverable, in a sentence."),
        day("due_on", "Due date; NULL if none was stated."),
        word("status", "Status of the deliverable.", DELIVERABLE_STATUSES),
        day("status_on", "Date of the status.", nullable=False),
        day("delivered_on", "Date of delivery; NULL if not delivered or unknown."),
        text("comment", "Comment on the deliverable."),
        EVIDENCE_URI,
        *OF_A_LOAD,
    ),
)
