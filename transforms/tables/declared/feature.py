"""`declared_feature`: which features for dose a model has, from which software on."""

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
    grain="One row per model, software, feature and load; the newest load counts as a whole.",
    key=("manufacturer", "model_name", "software_from", "feature_id", "sequence_number"),
    columns=(
        MANUFACTURER,
        MODEL_NAME,
        text("software_from", "First software version it holds for; NULL where for every one."),
        word("feature_id", "Feature, as in features.csv."),
        word("status", "How the model is sold with the feature.", FEATURE_STATUSES),
        year("since_year", "First year in which it is so; NULL where not known."),
        DECLARED_BY,
        DECLARED_ON,
        EVIDENCE_URI,
        *OF_A_LOAD,
    ),
)
