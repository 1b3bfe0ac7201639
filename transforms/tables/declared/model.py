"""`declared_model`: a model and the standards it conforms to, as the manufacturer declares."""

from __future__ import annotations

from transforms.tables.declared.common import (
    DECLARED_BY,
    DECLARED_ON,
    EVIDENCE_URI,
    MANUFACTURER,
    MODEL_NAME,
    OF_A_LOAD,
    YES_NO_UNKNOWN,
    text,
    word,
    year,
)
from transforms.tables.dose_report import MODALITIES
from transforms.tables.schema import Column, Table


def _nema_standard(number: int, what: str) -> Column:
    return word(
        f"xr_{number}", f"Whether the model conforms to NEMA XR {number} ({what}).", YES_NO_UNKNOWN
    )


DECLARED_MODEL = Table(
    name="declared_model",
    grain="One row per model and load; only the latest load is used.",
    key=("manufacturer", "model_name", "sequence_number"),
    columns=(
        MANUFACTURER,
        MODEL_NAME,
        word("modality", "Kind of equipment.", MODALITIES),
        text("generation", "Generation of the technology in the manufacturer's words, e.g. third."),
        year("market_year", "Year of market introduction; NULL if unknown."),
        year("end_of_support_year", "Last year of support by the manufacturer; NULL if unknown."),
        _nema_standard(25, "CT Dose Check"),
        _nema_standard(26, "access controls for CT"),
        _nema_standard(28, "user information and system function related to dose in CT"),
        _nema_standard(29, "Smart Dose"),
        word(
            "can_add_modulation",
            "Whether tube current modulation can be added to an installed device.",
            YES_NO_UNKNOWN,
        ),
        word(
            "can_add_iterative",
            "Whether iterative reconstruction can be added to an installed device.",
            YES_NO_UNKNOWN,
        ),
        DECLARED_BY,
        DECLARED_ON,
        EVIDENCE_URI,
        *OF_A_LOAD,
    ),
)
