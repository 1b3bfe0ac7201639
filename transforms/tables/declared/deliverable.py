"""`declared_deliverable`: what was promised under a commitment, and how it stands."""

from __future__ import annotations

import pyarrow as pa

from transforms.tables.declared.common import EVIDENCE_URI, FORM, OF_A_LOAD, day, text, word
from transforms.tables.schema import Column, Table

DELIVERABLE_STATUSES = ("achieved", "ongoing", "delayed", "cancelled")

DECLARED_DELIVERABLE = Table(
    name="declared_deliverable",
    grain="One row per deliverable and load; the newest load counts as a whole.",
    key=("commitment_number", "wording_version", "deliverable_id", "sequence_number"),
    columns=(
        Column(
            "commitment_number",
            pa.int32(),
            "Commitment it belongs to, 1 to 4.",
            FORM,
            nullable=False,
            minimum=1,
            maximum=4,
        ),
        word("wording_version", "Wording of the commitment, as in commitments.csv."),
        word("deliverable_id", "Short name of the deliverable, unique in its commitment."),
        word("deliverable", "What was promised."),
        day("due_on", "Day by which it was promised; NULL where no day was stated."),
        word("status", "How it stands.", DELIVERABLE_STATUSES),
        day("status_on", "Day on which it stood so.", nullable=False),
        day("delivered_on", "Day on which it was delivered; NULL where not, or not known."),
        text("comment", "What else is to be said of it."),
        EVIDENCE_URI,
        *OF_A_LOAD,
    ),
)
