"""`declared_feature`: dose features of a model, and the software version from which it has them."""

from __future__ import annotations

from transforms.tables.declared.common import (
    DECLARED_BY,
    DECLARED_ON,
    EVIDENCE_URI,
    MANUFACTURER,
    MODEL_NAME,
    OF_A_LOAD,
    text,
    word,
    year,
)
from transforms.tables.schema import Table

FEATURE_STATUSES = ("standard", "option", "upgrade", "not_available", "unknown")

DECLARED_FEATURE = Table(
    name="declared_feature",
    grain="One row per model, software, feature and load; only the latest load is used.",
    key=("manufacturer", "model_name", "software_from", "feature_id", "sequence_number"),
    columns=(
        MANUFACTURER,
        MODEL_NAME,
        text(
            "software_from",
            "First software version with this status; NULL if it applies to all versions.",
        ),
        word("feature_id", "Identifier of the feature, as in features.csv."),
        word("status", "Availability of the feature for the model.", FEATURE_STATUSES),
        year("since_year", "First year with this status; NULL if unknown."),
        DECLARED_BY,
        DECLARED_ON,
        EVIDENCE_URI,
        *OF_A_LOAD,
    ),
)
