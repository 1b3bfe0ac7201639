"""`declared_benchmark`: image quality measured with a phantom at a stated dose."""

from __future__ import annotations

from transforms.tables.declared.common import (
    MANUFACTURER,
    MODEL_NAME,
    OF_A_LOAD,
    amount,
    day,
    text,
    word,
)
from transforms.tables.schema import Column, Table

BODY_REGIONS = ("head", "body")
OBSERVERS = ("human", "model")


def _merit(name: str, description: str, *, nullable: bool = True) -> Column:
    return amount(name, "1", description, (0, 1e6), nullable=nullable)


DECLARED_BENCHMARK = Table(
    name="declared_benchmark",
    grain="One row per measurement and load; only the latest load is used.",
    key=(
        *("manufacturer", "model_name", "body_region", "phantom", "insert_name"),
        *("insert_diameter_mm", "insert_contrast_hu", "protocol", "kvp_kv", "ctdivol_mgy"),
        *("reconstruction", "observer", "figure_of_merit", "laboratory", "measured_on"),
        "sequence_number",
    ),
    columns=(
        MANUFACTURER,
        MODEL_NAME,
        word("body_region", "CTDI phantom that the dose refers to.", BODY_REGIONS),
        word("phantom", "Phantom used to measure the image quality."),
        word("insert_name", "Phantom insert that was to be detected."),
        amount("insert_diameter_mm", "mm", "Diameter of the insert.", (0.01, 500)),
        amount(
            "insert_contrast_hu",
            "[hnsf'U]",
            "Contrast of the insert against its background.",
            (-1100, 3100),
        ),
        word("protocol", "Protocol name used by the laboratory."),
        amount("kvp_kv", "kV", "Tube voltage; NULL if not stated.", (10, 200)),
        amount(
            "ctdivol_mgy", "mGy", "CTDIvol displayed by the device.", (0.001, 1000), nullable=False
        ),
        word("reconstruction", "Reconstruction method with strength and kernel."),
        word("observer", "Kind of observer that assessed the images.", OBSERVERS),
        word("figure_of_merit", "Figure of merit measured, e.g. detectability index."),
        _merit("figure_of_merit_value", "Value of the figure of merit.", nullable=False),
        _merit(
            "figure_of_merit_lower", "Lower 95 % confidence limit of the value; NULL if not stated."
        ),
        _merit(
            "figure_of_merit_upper", "Upper 95 % confidence limit of the value; NULL if not stated."
        ),
        word("laboratory", "Laboratory that made the measurement."),
        day("measured_on", "Day of the measurement.", nullable=False),
        text("report_uri", "URI of the published measurement; NULL if not published."),
        *OF_A_LOAD,
    ),
)
