"""`declared_benchmark`: image quality measured in a phantom at a stated dose."""

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
    grain="One row per measurement and load; the newest load counts as a whole.",
    key=(
        *("manufacturer", "model_name", "body_region", "phantom", "insert_name"),
        *("insert_diameter_mm", "insert_contrast_hu", "protocol", "kvp_kv", "ctdivol_mgy"),
        *("reconstruction", "observer", "figure_of_merit", "laboratory", "measured_on"),
        "sequence_number",
    ),
    columns=(
        MANUFACTURER,
        MODEL_NAME,
        word("body_region", "Which CTDI phantom the dose is stated for.", BODY_REGIONS),
        word("phantom", "Phantom in which the image quality was measured."),
        word("insert_name", "Insert of the phantom that was to be seen."),
        amount("insert_diameter_mm", "mm", "Diameter of the insert.", (0.01, 500)),
        amount(
            "insert_contrast_hu",
            "[hnsf'U]",
            "Contrast of the insert against what surrounds it.",
            (-1100, 3100),
        ),
        word("protocol", "Protocol as the laboratory names it."),
        amount("kvp_kv", "kV", "Tube voltage; NULL where not stated.", (10, 200)),
        amount("ctdivol_mgy", "mGy", "CTDIvol shown by the device.", (0.001, 1000), nullable=False),
        word("reconstruction", "Reconstruction with its strength and kernel."),
        word("observer", "Who or what judged the images.", OBSERVERS),
        word("figure_of_merit", "What was measured, as detectability index."),
        _merit("figure_of_merit_value", "Value of the figure of merit.", nullable=False),
        _merit("figure_of_merit_lower", "Lower 95 % limit of the value; NULL where not stated."),
        _merit("figure_of_merit_upper", "Upper 95 % limit of the value; NULL where not stated."),
        word("laboratory", "Who measured."),
        day("measured_on", "Day of the measurement.", nullable=False),
        text("report_uri", "Where the measurement can be read; NULL where nowhere."),
        *OF_A_LOAD,
    ),
)
